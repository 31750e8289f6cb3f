"""What the motion in recordings says of each force, distance by distance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Formula
from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import (
    Block,
    Fit,
    KnownFunctions,
    MomentSettings,
    Order,
    Reference,
    StepFunctions,
    along_edges,
    find_pairs,
    sum_moments,
)
from forcelaw.particles.matter import MatterResult
from forcelaw.particles.matter.force_law import PairForce
from forcelaw.storage import ParsedObject

_PARTS = 30
"""Of the distances, in each of which the force is measured."""
_LEAST_PAIRS = 20
"""Of those that are looked at, in each part."""
_ROWS = 30_000
"""Changes of bodies that tell where there is no chance, at most."""
_PAIRS = 200_000
"""Whose distances are looked at, about."""
_SNAPSHOTS = 2_000
"""In which these are, at most."""
_BAND = 1.959964
"""Standard errors on either side: 95 % of a normal distribution."""


@dataclass(frozen=True, eq=False)
class MeasuredForce:
    """A force for each of some parts of all distances, with 95 % bands."""

    r: Float[np.ndarray, " part"]
    force: Float[np.ndarray, " part"]
    half: Float[np.ndarray, " part"]
    """Half the width of the band."""
    pairs: Float[np.ndarray, " part"]
    """That tell of it, about."""

    def to_json(self) -> ParsedObject:
        """`x`, `y`, half the width of the band, `error`, and how many `pairs`; in five digits."""
        named = {"x": self.r, "y": self.force, "error": self.half}
        rows = {key: [float(f"{one:.5g}") for one in values] for key, values in named.items()}
        return {**rows, "pairs": [int(one) for one in self.pairs]}


def measure_forces(found: MatterResult, *, seed: int) -> list[MeasuredForce | None]:
    """For each force of the law, what changes of motion say of it; None where they are too few."""
    forces, order = iter(found.law.pairs), found.order.order
    measured: list[MeasuredForce | None] = []
    for fit in found.fits:
        own = list(islice(forces, len(fit.terms.blocks)))
        measured += measure_fitted(found.data, fit, own, order, found.cutoff, seed=seed)
    return measured + [None for _ in forces]


def true_forces(
    forces: Sequence[PairForce], truth: Formula | None
) -> list[Float[np.ndarray, " point"] | None]:
    """The force along the line as the true law has it, at the distances of each curve.

    Like the curve without what it is proportional to. None where it is not known, or is
    proportional to something else.
    """
    return [None if truth is None else _true(force, truth) for force in forces]


def _true(force: PairForce, truth: Formula) -> Float[np.ndarray, " point"] | None:
    if force.name not in ("pair", "bond"):
        return None
    known = set(force.coupling.text.split("*")) - {""}
    if set(truth.pair.variables) - {"r"} != known:
        return None
    at = {"r": force.curve.r} | {name: np.ones(1) for name in known}
    value = np.broadcast_to(truth.pair.at(at), force.curve.r.shape)
    return np.where(np.isfinite(value), value, np.nan)


def measure_fitted(
    data: Recordings,
    fit: Fit,
    forces: Sequence[PairForce],
    order: Order,
    cutoff: float,
    *,
    seed: int,
) -> list[MeasuredForce | None]:
    """The same of the forces whose curves come from one fit, in the order of its blocks.

    To the curve of each force comes a constant in each part of the distances, all constants and all
    other terms at once, as the curves themselves were fitted. The curve decides how the force runs
    within a part, not how large it is there.
    """
    if not forces:
        return []
    lengths = [_distances(data, fit.terms.receiver, one, seed) for one in fit.terms.blocks]
    parts = [_cut(some, force.reach) for (some, _), force in zip(lengths, forces, strict=True)]
    told = [k for k, edges in enumerate(parts) if edges is not None]
    steps = {k: StepFunctions(edges) for k, edges in enumerate(parts) if edges is not None}
    known = [
        replace(block, basis=KnownFunctions(_column(force), 1, force.reach))
        for block, force in zip(fit.terms.blocks, forces, strict=True)
    ]
    free = [replace(fit.terms.blocks[k], basis=steps[k]) for k in told]
    terms = replace(fit.terms, blocks=(*free, *known))
    fixed = np.zeros(terms.size)
    start = int(terms.offsets[len(free)])
    fixed[start : start + len(known)] = 1
    law = fixed.copy()
    law[int(terms.offsets[-1]) :] = fit.factors[int(fit.terms.offsets[-1]) :]
    chance = fit.estimator.instruments
    sums = sum_moments(
        data,
        terms,
        order,
        cutoff,
        seed=seed,
        reference=Reference(law, fit.residuals.median, chance),
        lag=fit.lag,
        settings=MomentSettings() if chance else MomentSettings(rows=_ROWS),
    )
    squares = np.diagonal(sums.xx.sum(axis=0))
    columns = np.flatnonzero((fixed == 0) & (squares > 0))
    beyond = replace(sums, xy=sums.xy - sums.xx @ fixed, zy=sums.zy - sums.zx @ fixed)
    beyond = beyond.within(np.eye(terms.size)[:, columns])
    if not len(columns) or beyond.count.sum() <= 2 * len(columns):
        return [None for _ in forces]
    more, spread = np.full((2, terms.size), np.nan)
    more[columns] = fit.estimator.solve(beyond)
    covariance = fit.estimator.covariance(beyond, fit.residuals.long_run)
    spread[columns] = np.sqrt(np.maximum(np.diag(covariance), 0))
    rows = float(sums.count.sum()) / fit.terms.components(data.dim)
    measured: list[MeasuredForce | None] = [None for _ in forces]
    for place, k in enumerate(told):
        own = terms.columns_of(place)
        (some, receivers), part = lengths[k], np.arange(steps[k].size)
        step = steps[k].nonzero(some)[0]
        middle = np.array([np.median(some[step == one]) for one in part])
        force = forces[k].curve.at(middle) + more[own]
        counts = np.bincount(step, minlength=len(part)) * (rows / max(receivers, 1))
        there = np.isfinite(force) & np.isfinite(spread[own])
        numbers = (middle, force, _BAND * spread[own], counts)
        measured[k] = MeasuredForce(*(row[there] for row in numbers))
    return measured


def _column(
    force: PairForce,
) -> Callable[[Float[np.ndarray, " pair"]], Float[np.ndarray, "pair 1"]]:
    return lambda r: force.curve.at(r)[:, None]


def _cut(length: Float[np.ndarray, " pair"], reach: float) -> Float[np.ndarray, " edge"] | None:
    """Ends of the parts, each with enough pairs; None where these are too few for two.

    Half in equal steps, half in equal ratios: short distances are few, but forces change the most
    there.
    """
    length = np.sort(length[(length > 0) & (length <= reach)])
    if len(length) < 2 * _LEAST_PAIRS:
        return None
    low, share = float(length[0]), np.linspace(0, 1, _PARTS + 1)
    edges = (low + share * (reach - low) + low * (reach / low) ** share) / 2
    ends, last = [low], 0
    for edge in edges[1:-1]:
        index = int(np.searchsorted(length, edge))
        if min(index - last, len(length) - index) >= _LEAST_PAIRS:
            ends.append(float(edge))
            last = index
    return np.array([*ends, reach]) if len(ends) > 1 else None


def _distances(
    data: Recordings, receiver: int, block: Block, seed: int
) -> tuple[Float[np.ndarray, " pair"], int]:
    """Of some pairs of these kinds, and of how many receivers these are all."""
    snapshots = [(part, index) for part in data for index in range(part.n_times)]
    found, count, receivers = [np.zeros(0)], 0, 0
    reach = float(block.splines.breaks[-1])
    for row in np.random.default_rng(seed).permutation(len(snapshots))[:_SNAPSHOTS]:
        part, index = snapshots[row]
        there, kinds = part.present[index], data.kind_of(part)
        places = np.where(there[:, None], part.position[index], 0)
        pairs = find_pairs(part, places[None], there[None], index, reach)
        chosen = (kinds[pairs.receiver] == receiver) & (kinds[pairs.sender] == block.sender)
        if block.joined is not None:
            chosen &= along_edges(part, pairs.receiver, pairs.sender) == block.joined
        found.append(pairs.length[chosen])
        receivers, count = (
            receivers + int(there[kinds == receiver].sum()),
            count + int(chosen.sum()),
        )
        if count > _PAIRS:
            break
    return np.concatenate(found), receivers
