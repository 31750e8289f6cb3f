"""What laws are compared with: accelerations, or noisy positions in their place."""

from __future__ import annotations

from forcelaw.particles.data import Trajectories
from forcelaw.particles.equations.snapshots import Design
from forcelaw.particles.equations.windows import Windows

_FRAMES = 30_000
_NUMBERS = 20_000_000
"""Slopes of positions with respect to initial states that are kept at a time."""


def observe(data: Trajectories, count: int, *, seed: int = 0) -> Design:
    """At most `count` snapshots of known accelerations, or the weak form of noisy positions."""
    only_positions = set(data.measured) == {"position"}
    windows = Windows.of(data, seed=seed) if only_positions else None
    return Design.of(data, count, seed=seed) if windows is None else windows.design()


def shooting_windows(data: Trajectories, *, seed: int = 0) -> Windows | None:
    """The windows for `shoot`; None where accelerations are known or frames are uneven."""
    most = min(_FRAMES, _NUMBERS // (2 * (data.n_bodies * data.dim) ** 2))
    if len(data.measured) > 1:
        # Three times as much to compare, and more told by each frame.
        most //= 6
    windows = Windows.of(data, seed=seed, most=most, all_frames=True)
    return windows if windows is not None and windows.interval is not None else None
