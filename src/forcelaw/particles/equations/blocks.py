"""Blocks of samples that depend on each other, so that those of others may test what they tell."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from forcelaw.particles.equations.settings import EquationsSettings
from forcelaw.particles.equations.snapshots import Design


def blocks_of_samples(design: Design, settings: EquationsSettings) -> Int[np.ndarray, " row"]:
    """Samples that may depend on each other: of a trajectory, or of a stretch of time of one.

    Neighbouring blocks are of either parity: a fold is every other block.
    """
    wanted = settings.regression.blocks
    if design.weak is not None:
        weak = design.weak
        rows = np.arange(len(design.acceleration))
        trajectory, equation = np.divmod(rows, weak.equations)
        window = equation // weak.functions.shape[1]
        count = int(trajectory.max()) + 1
        pieces = weak.functions.shape[0]
        if count * pieces < 2:
            return rows % 2
        return _joined(trajectory, window, count, pieces, wanted)
    count = len(design.position)
    if not design.time.size:
        return np.arange(count) % wanted
    trajectories, trajectory = np.unique(design.trajectory, return_inverse=True)
    pieces = max(1, -(-wanted // len(trajectories)))
    span = np.ptp(design.time) or 1.0
    window = np.minimum((design.time - design.time.min()) / span * pieces, pieces - 1).astype(int)
    return _joined(trajectory, window, len(trajectories), pieces, wanted)


def _joined(
    trajectory: np.ndarray, window: np.ndarray, count: int, pieces: int, wanted: int
) -> np.ndarray:
    """About so many blocks, of trajectories, or of windows within them."""
    if count >= wanted or pieces == 1:
        return trajectory % wanted
    # An odd number of windows would give neighbours in two trajectories one parity.
    even = pieces + pieces % 2
    return trajectory * even + (window + trajectory) % even
