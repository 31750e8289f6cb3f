"""What happens to recordings on the way: gaps, bodies that come and go, noise, velocities lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from jaxtyping import Bool

from forcelaw.particles.data import Recording, Recordings


def with_gaps(recordings: Recordings, share: float = 0.2, seed: int = 0) -> Recordings:
    """Entries missing at random, each alone."""
    rng = np.random.default_rng([seed, 1])
    return _each(recordings, lambda part: _masked(part, rng.random(part.present.shape) >= share))


def with_comers(recordings: Recordings, seed: int = 0, share: float = 0.5) -> Recordings:
    """A share of the bodies is there only for a time: between 30 and 80 % of the recording."""
    rng = np.random.default_rng([seed, 2])

    def keep(part: Recording) -> Recording:
        times, bodies = part.present.shape
        number = np.arange(times)[:, None]
        lasts = (rng.uniform(0.3, 0.8, bodies) * times).astype(int)
        begins = (rng.random(bodies) * (times - lasts + 1)).astype(int)
        there = (number >= begins) & (number < begins + lasts)
        stays = np.ones(bodies, bool)
        stays[rng.permutation(bodies)[: round(share * bodies)]] = False
        return _masked(part, there | stays)

    return _each(recordings, keep)


def with_noise(recordings: Recordings, sigma: float, seed: int = 0) -> Recordings:
    """Normal errors of this size on every recorded position; velocities stay as they are."""
    rng = np.random.default_rng([seed, 3])
    if not sigma:
        return recordings
    return _each(
        recordings,
        lambda part: replace(
            part, position=part.position + sigma * rng.standard_normal(part.position.shape)
        ),
    )


def positions_only(recordings: Recordings) -> Recordings:
    """Without velocities and accelerations."""
    return _each(recordings, lambda part: replace(part, velocity=None, acceleration=None))


def _each(recordings: Recordings, change: Callable[[Recording], Recording]) -> Recordings:
    return replace(recordings, parts=tuple(change(part) for part in recordings))


def _masked(part: Recording, keep: Bool[np.ndarray, "time body"]) -> Recording:
    present = part.present & keep
    arrays = {name: getattr(part, name) for name in ("position", "velocity", "acceleration")}
    absent = ~present[..., None]
    return replace(
        part,
        present=present,
        **{name: None if a is None else np.where(absent, np.nan, a) for name, a in arrays.items()},
    )
