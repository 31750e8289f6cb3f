"""Trajectories of ASE (`.traj`), in which numbers and JSON stand, and nothing is executed.

The container is read (https://ase-lib.org/ase/io/ulm.html), not the objects that ASE makes of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.errors import unreadable
from forcelaw.particles.formats.libraries import check_size, element_masses, library, reading
from forcelaw.particles.snapshots import Snapshot, Source

_WHAT = "ASE trajectory"
_TAG = "ASE-Trajectory"


def read_ase(path: Path, species: str | None = None) -> Source:
    """The snapshots of a trajectory; kinds are elements, or what the array `species` tells.

    Times are not stored there but for `info`; velocities tell them.

    **Raises** `InputError` without ASE, and for a damaged file.
    """
    ulm = library(path, "ase.io.ulm", "ase")
    with path.open("rb") as file, reading(path, _WHAT):
        container = ulm.open(file, "r")
        tag, count = container.get_tag(), len(container)
    if tag != _TAG:
        raise unreadable(
            path, found=f"a container of {tag!r}", expected=_TAG, then="write it by ase.io.write"
        )
    check_size(path, (count,), 1, "snapshots")
    return Source(_snapshots(path, ulm, count, species), units="ASE: Å, eV, u")


def _snapshots(path: Path, ulm: Any, count: int, species: str | None) -> Iterator[Snapshot]:
    head: dict[str, Any] = {}
    with path.open("rb") as file:
        with reading(path, _WHAT):
            container = ulm.open(file, "r")
        for index in range(count):
            with reading(path, _WHAT):
                item = container[index]
                if "numbers" in item:
                    head = {name: item.get(name) for name in ("numbers", "pbc", "masses")}
                found = _snapshot(item, head, species)
            yield found


def _snapshot(item: Any, head: dict[str, Any], species: str | None) -> Snapshot:
    from ase.data import chemical_symbols

    position = np.asarray(item.positions, float)
    elements = np.array(chemical_symbols)[np.asarray(head["numbers"], int)]
    given = head["masses"]
    mass = element_masses(elements) if given is None else np.asarray(given, float)
    momenta = item.get("momenta")
    calculator = item.get("calculator")
    forces = calculator.get("forces") if calculator is not None else None
    info = item.get("info") or {}
    time = info.get("time") if isinstance(info, dict) else None
    constants = {} if mass is None else {"mass": mass}
    for name, key in (("charges", "charge"), ("tags", "tags")):
        if item.get(name) is not None and name != species:
            constants[key] = np.asarray(item.get(name), float)
    kind = elements if species is None else np.asarray(item.get(species))
    cell = np.asarray(item.cell, float).reshape(3, 3)
    return Snapshot(
        position=position,
        velocity=None if momenta is None or mass is None else momenta / mass[:, None],
        force=None if forces is None else np.asarray(forces, float),
        kind=kind.astype(str),
        constants=constants,
        vectors=cell,
        periodic=tuple(bool(p) for p in head["pbc"]),
        time=float(time) if isinstance(time, int | float) else None,
    )
