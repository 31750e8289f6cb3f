"""What laws are compared with: accelerations, or noisy positions in their place."""

from __future__ import annotations

from forcelaw.particles.data import Trajectories
from forcelaw.particles.equations.settings import EQUATIONS, EquationsSettings
from forcelaw.particles.equations.snapshots import Design
from forcelaw.particles.equations.windows import Windows


def observe(
    data: Trajectories, count: int, *, seed: int = 0, settings: EquationsSettings = EQUATIONS
) -> Design:
    """At most `count` snapshots of known accelerations, or the weak form of noisy positions."""
    only_positions = set(data.measured) == {"position"}
    windows = Windows.of(data, seed=seed, settings=settings) if only_positions else None
    return Design.of(data, count, seed=seed) if windows is None else windows.design()


def shooting_windows(
    data: Trajectories, *, seed: int = 0, settings: EquationsSettings = EQUATIONS
) -> Windows | None:
    """The windows for `shoot`; None where accelerations are known or frames are uneven.

    Neither are there any where receivers are sampled: all bodies move together.
    """
    if data.receivers is not None:
        return None
    most = min(
        settings.windows.frames, settings.windows.slopes // (2 * (data.n_bodies * data.dim) ** 2)
    )
    if len(data.measured) > 1:
        most //= settings.windows.every_array
    windows = Windows.of(data, seed=seed, most=most, all_frames=True, settings=settings)
    return windows if windows is not None and windows.interval is not None else None
