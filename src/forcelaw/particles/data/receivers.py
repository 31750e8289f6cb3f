"""Where bodies are many, some of them stand for all: receivers of the forces of all others.

Every sum of forces on a receiver is complete; only the bodies whose accelerations are compared with
such sums are fewer. They are the same in all snapshots, so that each has a motion.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from forcelaw.files import many
from forcelaw.particles.data.trajectories import Trajectories

MOST_PAIRS = 20_000
"""Ordered pairs of a snapshot above which receivers are sampled, down to so many."""
_LEAST_SHARE = 0.25
"""Of the receivers asked for, that are taken though some of them are too quick at times."""


def sample_receivers(data: Trajectories, *, seed: int = 0, pairs: int = MOST_PAIRS) -> Trajectories:
    """The same motion with at most so many pairs in a snapshot, and one receiver at least.

    Receivers come first in the order of bodies, the others follow. They are drawn at random from
    the bodies that are nowhere too quick for the frames; where these are few, the least quick ones
    are added, and snapshots in which some receiver is too quick are not `reliable`. What is sampled
    already, and what has so few pairs or no more than `KinematicsSettings.crowd` bodies, stays as
    it is.
    """
    if data.receivers is not None or data.n_bodies <= data.settings.crowd or data.n_pairs <= pairs:
        return data
    chosen = _choose(data, seed, pairs)
    order = np.concatenate([chosen, np.setdiff1d(np.arange(data.n_bodies), chosen)])
    some = data.with_order(order, receivers=len(chosen), note=_note(data, len(chosen)))
    if some.quick is None:
        return some
    lost = np.asarray(some.quick[:, :, : len(chosen)].any(axis=2))
    return some.with_reliable(~lost if lost.any() else None)


def _note(data: Trajectories, receivers: int) -> str:
    return (
        f"of {many(data.n_bodies, 'body')} {receivers:,} were sampled: the forces of all bodies on "
        "these"
    )


def _choose(data: Trajectories, seed: int, pairs: int) -> Int[np.ndarray, " receiver"]:
    """The receivers, sorted."""
    incoming = np.full(data.n_bodies, data.n_bodies - 1)
    if data.edges is not None:
        incoming = np.bincount(data.edges[:, 1], minlength=data.n_bodies)
    order = np.random.default_rng(seed).permutation(data.n_bodies)
    order = order[incoming[order] > 0]
    missed = np.zeros(data.n_bodies)
    if data.quick is not None:
        inner = slice(data.ends[0], data.n_times - data.ends[1])
        missed = data.quick[:, inner].mean(axis=(0, 1))
    # The least quick first, and among these as they were drawn.
    order = order[np.argsort(missed[order], kind="stable")]
    count = max(1, int((np.cumsum(incoming[order]) <= pairs).sum()))
    good = int((missed[order] == 0).sum())
    return np.sort(order[: min(count, max(good, int(_LEAST_SHARE * count), 1))])
