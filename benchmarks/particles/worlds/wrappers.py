"""What happens to recordings on the way: gaps, bodies that come and go, noise, velocities lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Bool

from forcelaw.particles.data import Recording, Recordings


def with_gaps(recordings: Recordings, share: float = 0.2, seed: int = 0) -> Recordings:
    """Entries missing at random, each alone."""
    rng = np.random.default_rng([seed, 1])
    return _each(recordings, lambda part: masked(part, rng.random(part.present.shape) >= share))


def with_comers(recordings: Recordings, seed: int = 0, share: float = 0.5) -> Recordings:
    """A share of the bodies is recorded for a time only; unseen ones went on acting."""
    rng = np.random.default_rng([seed, 2])
    return _each(
        recordings, lambda part: masked(part, stays(rng, part.n_times, part.n_bodies, share))
    )


def stays(
    rng: np.random.Generator, times: int, bodies: int, share: float = 0.5
) -> Bool[np.ndarray, "time body"]:
    """When each body is there: a share of them for 30 to 80 % of the time, without a break."""
    number = np.arange(times)[:, None]
    lasts = (rng.uniform(0.3, 0.8, bodies) * times).astype(int)
    begins = (rng.random(bodies) * (times - lasts + 1)).astype(int)
    always = np.ones(bodies, bool)
    always[rng.permutation(bodies)[: round(share * bodies)]] = False
    return ((number >= begins) & (number < begins + lasts)) | always


def with_headings(recordings: Recordings, headings: Sequence[np.ndarray]) -> Recordings:
    """With the angles that a world tells, if it tells any."""
    if not headings:
        return recordings
    parts = [
        replace(part, heading=np.where(part.present, angles, np.nan))
        for part, angles in zip(recordings, headings, strict=True)
    ]
    return replace(recordings, parts=tuple(parts))


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


def masked(part: Recording, keep: Bool[np.ndarray, "time body"]) -> Recording:
    """Only these entries."""
    present = part.present & keep
    arrays = {name: getattr(part, name) for name in ("position", "velocity", "acceleration")}
    absent = ~present[..., None]
    return replace(
        part,
        present=present,
        **{name: None if a is None else np.where(absent, np.nan, a) for name, a in arrays.items()},
    )
