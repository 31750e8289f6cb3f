"""A network that was learned from pairs of states, on disk: one file; loading runs nothing."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import get_args

import jax
import numpy as np

from forcelaw.documents import JsonObject, ParsedObject, described
from forcelaw.errors import UnreadableFile
from forcelaw.particles.pairs_of_states.forces.central_forces import Cap
from forcelaw.particles.pairs_of_states.networks.fitting import NetworkForce
from forcelaw.particles.pairs_of_states.networks.radial_network import (
    RadialNetwork,
    TableForce,
    weights_of,
)
from forcelaw.particles.pairs_of_states.networks.result import NetworkFromPairs
from forcelaw.particles.pairs_of_states.networks.search import NetworkCandidate
from forcelaw.particles.pairs_of_states.state_pairs import MOST_STEPS
from forcelaw.particles.pairs_of_states.stretches import (
    EncounterSteps,
    EulerSteps,
    LeapfrogSteps,
    Scheme,
)
from forcelaw.storage import check_file
from forcelaw.storage.arrays import (
    build_sized,
    check_sizes,
    load_arrays,
    read_document,
    save_arrays,
)

_KIND = "network from pairs of states"
_IN_STEPS: dict[str, type[EulerSteps] | type[LeapfrogSteps]] = {
    "euler": EulerSteps,
    "leapfrog": LeapfrogSteps,
}
_ENCOUNTERS = "encounters"
_FARTHEST = 500.0
"""Natural logarithm of a distance at most, whatever the unit of length."""


def save_pairs_network(
    path: str | os.PathLike[str], learned: NetworkFromPairs, *, force: bool = False
) -> Path:
    """Saves what `learn_from_pairs` found into one safetensors file, whole or not at all.

    **Arguments:** `force` an existing file is overwritten.

    **Raises** `InputError` for an existing file, or a folder that is missing.
    """
    path = Path(path)
    check_file(path, force=force)
    found = learned.chosen
    table = found.force.table
    document: JsonObject = {
        "kind": _KIND,
        "width": found.force.network.layers.width_size,
        "middle": found.force.network.middle,
        "table": [table.first, table.gap, table.count, table.unit],
        "cap": [table.cap, found.force.limit],
        "coupling": found.coupling,
        "scheme": _scheme_document(found.scheme),
        "missed": len(found.misses),
        "distances": list(learned.distances),
        "seconds": dict(learned.seconds),
    }
    with jax.enable_x64():
        save_arrays(path, (found.force.network, found.misses), document)
    return path


def load_pairs_network(path: str | os.PathLike[str]) -> NetworkFromPairs:
    """What `save_pairs_network` wrote.

    **Raises** `UnreadableFile` naming the file for anything missing or damaged.
    """
    path = Path(path)
    document = read_document(path)
    if document.get("kind") != _KIND:
        raise UnreadableFile(
            f"{path}: found another model, expected one that `save_pairs_network` wrote; "
            "give another file"
        )
    with described(path, "a network from pairs of states", "restore it or learn again"):
        return _read(path, document)


def _read(path: Path, document: ParsedObject) -> NetworkFromPairs:
    width, missed = _whole(document["width"]), _whole(document["missed"])
    middle = _logarithm(document["middle"])

    def build() -> tuple[RadialNetwork, np.ndarray]:
        return RadialNetwork.new(width=width, middle=middle, seed=0), np.zeros(missed)

    with jax.enable_x64():
        like = build_sized(path, [width, missed], build)
        (network, misses), _ = load_arrays(path, like)
    if not (np.isfinite(weights_of(network)[0]).all() and np.isfinite(misses).all()):
        raise ValueError("weights or misses that are no finite numbers")
    first, gap, count, unit = document["table"]
    check_sizes(path, _whole(count), least=4)
    cap, limit = document["cap"]
    if cap not in get_args(Cap) or (cap == "none") != (limit is None):
        raise ValueError(f"a cap {cap!r} of {limit!r}")
    table = TableForce(_logarithm(first), _positive(gap), count, _positive(unit), cap=cap)
    force = NetworkForce(network, table, None if limit is None else _positive(limit))
    coupling = document["coupling"]
    if not isinstance(coupling, str | None) or coupling == "":
        raise ValueError(f"an attribute {coupling!r}")
    low, high = map(_positive, document["distances"])
    if low > high:
        raise ValueError(f"distances from {low} to {high}")
    return NetworkFromPairs(
        NetworkCandidate(
            force,
            coupling,
            _scheme(document["scheme"]),
            misses,
        ),
        (low, high),
        {str(phase): float(seconds) for phase, seconds in document["seconds"].items()},
    )


def _scheme_document(scheme: Scheme) -> JsonObject:
    if isinstance(scheme, EncounterSteps):
        return {"kind": _ENCOUNTERS}
    name = next(name for name, kind in _IN_STEPS.items() if type(scheme) is kind)
    assert isinstance(scheme, EulerSteps | LeapfrogSteps)
    return {"kind": name, "steps": scheme.steps, "step": scheme.step}


def _scheme(document: ParsedObject) -> Scheme:
    if document["kind"] == _ENCOUNTERS:
        return EncounterSteps()
    steps, step = _whole(document["steps"]), document["step"]
    if not 0 < steps <= MOST_STEPS:
        raise ValueError(f"{steps} steps")
    return _IN_STEPS[document["kind"]](steps, None if step is None else _positive(step))


def _finite(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} in place of a number")
    return float(value)


def _logarithm(value: object) -> float:
    if abs(number := _finite(value)) > _FARTHEST:
        raise ValueError(f"{number} in place of the logarithm of a distance")
    return number


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{value!r} in place of a whole number")
    return value


def _positive(value: object) -> float:
    if (number := _finite(value)) <= 0:
        raise ValueError(f"{number} in place of a number above zero")
    return number
