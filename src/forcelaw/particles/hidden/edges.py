"""Who acts on whom, where that is not given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.hidden.findings import FoundPairs, HiddenEdges
from forcelaw.particles.hidden.inferred_couplings import (
    InferredCouplings,
    deviations,
    infer_couplings,
)
from forcelaw.particles.hidden.level_probabilities import level_probabilities
from forcelaw.particles.hidden.pair_equations import Couplings
from forcelaw.particles.hidden.steps import PairIndex


def infer_edges(
    data: Recordings,
    order: int,
    cutoff: float | None = None,
    *,
    seed: int = 0,
    say: Callable[[str], None] = lambda line: None,
) -> HiddenEdges:
    """Which pairs act on each other in each recording, with probabilities.

    The force against distance is learned with it: one for all pairs, times a number for each,
    which takes few values (Kipf et al., Neural Relational Inference, ICML 2018, set this task).

    **Raises** as `infer_couplings`.
    """
    return read_edges(data, infer_couplings(data, order, cutoff, seed=seed, say=say))


def read_edges(data: Recordings, found: InferredCouplings) -> HiddenEdges:
    """Pairs with the values that their numbers take."""
    # The sign of the force is free where all values but zero have one.
    turn = float(np.sign(found.levels.value[np.argmax(np.abs(found.levels.value))]))
    unit = turn * found.unit
    order = np.argsort(found.levels.value / unit)
    zero = found.levels.zero
    return HiddenEdges(
        found.levels.value[order] / unit,
        found.levels.share[order],
        None if zero is None else int(np.flatnonzero(order == zero)[0]),
        found.reciprocal,
        tuple(
            _pairs(part, one, found, unit, np.argsort(order))
            for part, one in zip(data, found.recordings, strict=True)
        ),
    )


def with_edges(data: Recordings, hidden: HiddenEdges) -> Recordings:
    """The recordings with the edges that were found in place of any others."""
    parts = tuple(
        replace(part, edges=hidden.edges(found))
        for part, found in zip(data, hidden.recordings, strict=True)
    )
    return replace(data, parts=parts)


def _pairs(
    part: Recording, one: Couplings, found: InferredCouplings, unit: float, place: np.ndarray
) -> FoundPairs:
    index = PairIndex.of(part.n_bodies)
    receiver, sender = index.first, index.second
    if not found.reciprocal:
        receiver, sender = np.r_[receiver, index.second], np.r_[sender, index.first]
    level, probability = level_probabilities(one, found.levels)
    error = found.levels.inflation * deviations(one) / found.unit
    return FoundPairs(
        part.name,
        part.bodies,
        receiver,
        sender,
        one.value / unit,
        np.where(np.isfinite(error), error, 1.0),
        place[level],
        probability[:, np.argsort(place)],
    )
