"""From recordings to a trained network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, PRNGKeyArray

from forcelaw.clock import Clock
from forcelaw.device_arrays import to_device
from forcelaw.errors import InvalidSetting, check_type, suggest
from forcelaw.laws import (
    HamiltonianNetwork,
    KindEmbedding,
    Law,
    MessageNetwork,
    PairNetwork,
    Scale,
    Units,
)
from forcelaw.laws.networks.kind_embedding import embedded_names
from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import FirstOrder, Order, SecondOrder, shared_names
from forcelaw.particles.learning import network_arguments
from forcelaw.particles.matter.candidate_terms import find_candidates
from forcelaw.particles.matter.order_choice import choose_order
from forcelaw.particles.networks.arrays import Windows, on_device
from forcelaw.particles.networks.evaluation import is_mutual, weighted_means
from forcelaw.particles.networks.fitted import FittedRecordings
from forcelaw.particles.networks.objective import Draw, Learned, Loss, Validation
from forcelaw.particles.networks.settings import NETWORKS, NetworkSettings
from forcelaw.particles.networks.windows import Moving, Stretches, cut_stretches
from forcelaw.particles.preparation import median_size
from forcelaw.particles.settings import OrderName, ParticlesSettings
from forcelaw.storage.settings import check_arguments
from forcelaw.training import Epoch, Stage, one_cycle, train

STAGES = {
    "pair": (Stage(epochs=30, learning_rate=5e-3),),
    "hamiltonian": (Stage(epochs=30, learning_rate=5e-3),),
    "message": (Stage(epochs=100, learning_rate=3e-3),),
}
"""The schedule of every model unless another is given."""
_VALIDATION, _TEST = 1, 3
"""Parts of the time that choose the best network, and that judge it; neither is trained on."""


def fit_recordings(
    data: Recordings,
    *,
    model: str = "pair",
    regularise: str = "bottleneck",
    order: OrderName = "auto",
    cutoff: float | None = None,
    stages: Sequence[Stage] | None = None,
    batch: int | None = None,
    seed: int = 0,
    folder: str | Path | None = None,
    report: Callable[[Epoch], None] | None = None,
    settings: NetworkSettings = NETWORKS,
    **network: Any,
) -> FittedRecordings:
    """Train a network on the velocities or accelerations in recordings.

    See `fit`, whose arguments for recordings these are.
    """
    check_type(
        "settings",
        settings,
        NetworkSettings,
        then="change some of NetworkSettings() by dataclasses.replace",
    )
    check_arguments(ParticlesSettings, seed=seed, **({} if batch is None else {"batch": batch}))
    if model not in STAGES:
        raise InvalidSetting(f"model: found {model!r}; {suggest(model, STAGES)}")
    if order not in get_args(OrderName):
        raise InvalidSetting(
            f"order: found {order!r}, expected one of {', '.join(get_args(OrderName))}"
        )
    chosen = _arguments(model, network)
    clock = Clock()
    candidates = find_candidates(data, cutoff)
    named: Order = FirstOrder() if order == "first" else SecondOrder()
    of = choose_order(data, candidates, seed=seed).order if order == "auto" else named
    moving = tuple(Moving.of(data, part, of) for part in data)
    units = _units(moving, candidates.cutoff, of)
    stretches = cut_stretches(
        data, moving, candidates.cutoff, units, of, seed=seed, settings=settings
    )
    law_key, kind_key, train_key = jax.random.split(jax.random.key(seed), 3)
    law = _new_law(model, regularise, data, stretches, law_key, kind_key, chosen, settings)
    train_part, validation, test = _split(stretches, settings)
    pairs = int(np.prod(train_part.near.shape[1:]))
    typical = median_size(
        np.linalg.norm(stretches.windows.target, axis=-1)[stretches.windows.valid]
    )
    loss = Loss(to_device(typical), settings, is_mutual(law))
    size = min(batch or max(1, settings.pairs // pairs), len(train_part.valid))
    entries = on_device(stretches.entries)
    learned = Learned(on_device(train_part), on_device(validation), entries)
    trained = train(
        law,
        loss,
        learned,
        batches=Draw(size, settings.learning.updates),
        stages=STAGES[model] if stages is None else stages,
        key=train_key,
        schedule=one_cycle,
        validate=Validation(loss, max(1, settings.learning.validated_pairs // pairs)),
        keep_best="validation",
        folder=folder,
        report=report,
    )
    fitted = FittedRecordings(
        trained.best.rescaled(units.inverse),
        model,
        of,
        candidates.cutoff,
        data.kinds,
        data.attributes,
        data.dim,
        trained.history,
        clock.total,
        units,
    )
    return fitted.judged_on(test, stretches.entries)


def _arguments(model: str, network: Mapping[str, Any]) -> Mapping[str, Any]:
    """The network's own arguments.

    **Raises** `InvalidSetting` for those that no recordings have a place for.
    """
    chosen = network_arguments(model, network)
    if model == "hamiltonian" and chosen.get("one_body"):
        raise InvalidSetting(
            "one_body: found true for the model 'hamiltonian', expected false: recordings are "
            "learned from as bodies see each other, which knows no place; leave it out"
        )
    return chosen


def _units(moving: Sequence[Moving], cutoff: float, order: Order) -> Units:
    """Decades of distances, times and attributes; in first order the time's own."""
    size = np.concatenate(
        [np.linalg.norm(one.changes.value[one.changes.valid], axis=-1) for one in moving]
    )
    time = 1.0
    if order.number == 2:
        time = _decade(np.sqrt(cutoff / median_size(size)))
    names = moving[0].part.attributes
    own = {
        name: _decade(median_size(np.concatenate([one.part.attributes[name] for one in moving])))
        for name in names
    }
    return Units(_decade(cutoff), time, own)


def _decade(size: float) -> float:
    return float(f"1e{round(float(np.log10(size)))}")


def _split(stretches: Stretches, settings: NetworkSettings) -> tuple[Windows, Windows, Windows]:
    """Training, validation and test part, by time; the training part where others are empty."""
    fold = stretches.fold
    kept = (fold != _VALIDATION) & (fold != _TEST)
    parts = [kept, fold == _VALIDATION, fold == _TEST]
    if not all(part.any() for part in parts):
        # So few that each part of the time has none: every fifth instead.
        place = np.arange(len(fold)) % settings.folds
        parts = [(place != _VALIDATION) & (place != _TEST), place == _VALIDATION, place == _TEST]
    return tuple(stretches.windows.take(part) for part in parts)  # type: ignore[return-value]


def _new_law(
    model: str,
    regularise: str,
    data: Recordings,
    stretches: Stretches,
    law_key: PRNGKeyArray,
    kind_key: PRNGKeyArray,
    chosen: Mapping[str, Any],
    settings: NetworkSettings,
) -> Law:
    """An untrained network of the size of the data's forces."""
    windows, entries = stretches.windows, stretches.entries
    known = {name: np.asarray(value) for name, value in entries.attributes.items()}
    names = list(shared_names(data.parts))
    mass = known.get("mass")
    if mass is not None and np.ptp(mass) > 0:
        names.append("mass")
    positive = [bool((known[name] > 0).all()) for name in names]
    moments = [_moments(known[name], log) for name, log in zip(names, positive, strict=True)]
    kinds = min(len(data.kinds), settings.components)
    size = np.linalg.norm(windows.target, axis=-1)
    force = size if mass is None else size * mass[windows.receiver]
    scale = Scale(
        length=median_size(np.linalg.norm(windows.difference[windows.near], axis=-1)),
        speed=median_size(np.linalg.norm(entries.velocity, axis=-1)),
        acceleration=median_size(force[windows.valid]),
        center=[*(center for center, _ in moments), *[0.0] * kinds],
        spread=[*(spread for _, spread in moments), *[1.0] * kinds],
    )
    every = [*names, *embedded_names(kinds)]
    arguments = {"scale": scale, "logarithmic": [*positive, *[False] * kinds], **chosen}
    power = likely_power(windows, float(scale.length), settings)
    if model == "message":
        network = MessageNetwork(data.dim, every, key=law_key, regularise=regularise, **arguments)
        law: Law = eqx.tree_at(lambda law: law.powers, network, network.powers.at[0].set(power))
        law = eqx.tree_at(_last_layer, law, replace_fn=jnp.zeros_like)
    elif model == "hamiltonian":
        law = HamiltonianNetwork(data.dim, every, key=law_key, power=power + 1, **arguments)
    else:
        law = PairNetwork(data.dim, every, key=law_key, power=power, **arguments)
    return KindEmbedding.of(law, data.kinds, kinds, key=kind_key) if data.kinds else law


def likely_power(windows: Windows, length: float, settings: NetworkSettings) -> float:
    """The power of the distance whose sum over neighbours explains most of the changes.

    Networks start from it: they bend a power, and do not find a steep core from nothing.
    """
    rows = np.unique(np.linspace(0, len(windows.valid) - 1, settings.glanced_at).astype(int))
    some = windows.take(rows)
    r = np.linalg.norm(some.difference, axis=-1, keepdims=True)
    line = np.where(some.near[..., None] & (r > 0), some.difference / np.maximum(r, 1e-300), 0)
    target, best, found = some.target[some.valid], -1.0, 0.0
    for power in settings.powers:
        sums = np.sum(line * np.maximum(r / length, settings.nearest) ** power, axis=2)
        means = weighted_means(sums, some.weights)[some.valid]
        size = np.sqrt(np.sum(means**2) * np.sum(target**2))
        alike = abs(float(np.sum(means * target))) / size if size > 0 else 0.0
        if alike > best:
            best, found = alike, power
    return found


def _last_layer(law: Any) -> Any:
    """What messages are last multiplied by: from zero on, steep powers do no harm."""
    return law.edge.weights[-1], law.edge.biases[-1]


def _moments(values: Float[np.ndarray, " entry"], log: bool) -> tuple[float, float]:
    """Where an attribute is read from, and in which steps; those of either sign keep their zero."""
    if not log:
        return 0.0, float(np.sqrt(np.mean(values**2))) or 1.0
    logs = np.log(values)
    return float(logs.mean()), float(logs.std()) or 1.0
