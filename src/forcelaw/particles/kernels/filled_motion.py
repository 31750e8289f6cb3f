"""Where bodies are in every snapshot that they act in, and how fast they move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float
from scipy.interpolate import Akima1DInterpolator

from forcelaw.files import many
from forcelaw.particles.data import Recording


@dataclass(frozen=True)
class FillingSettings:
    """What decides which gaps are bridged."""

    longest: int = 3
    """Snapshots that a body may miss in a row and still act on others from places in between: over
    longer gaps curves through what was seen say little, and the body may have been away."""


FILLING = FillingSettings()


class FilledMotion(NamedTuple):
    """Positions and velocities of bodies; zeros where not known."""

    position: Float[np.ndarray, "time body dim"]
    known: Bool[np.ndarray, "time body"]
    """Where a body was seen, or its gap is short: it acts on others there."""
    velocity: Float[np.ndarray, "time body dim"]
    """Recorded, or central differences."""
    moving: Bool[np.ndarray, "time body"]
    """Where the velocity is known."""
    earlier_velocity: Float[np.ndarray, "time body dim"]
    """Recorded, or the difference to the snapshot before: it knows nothing of what comes after."""
    bridged: int
    """Entries in between that were filled."""
    heading: Float[np.ndarray, "time body"] | None
    """Likewise, in radians; None where none were recorded."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was filled, in words."""
        if not self.bridged:
            return ()
        return (
            f"{many(self.bridged, 'missing position')} between two that were seen were "
            "interpolated, for the forces on others alone",
        )


def fill_motion(part: Recording, *, settings: FillingSettings = FILLING) -> FilledMotion:
    """Bridges short gaps, for bodies as senders; what acts on a body is not looked at there."""
    position, known = np.where(part.present[..., None], part.position, 0), part.present.copy()
    if not part.complete:
        for body in np.flatnonzero(~known.all(axis=0) & (known.sum(axis=0) > 1)):
            gap = _short_gaps(known[:, body], settings.longest)
            seen = part.present[:, body]
            curve = Akima1DInterpolator(part.time[seen], part.position[seen, body])
            position[gap, body] = curve(part.time[gap])
            known[gap, body] = True
    velocity, moving, earlier = _velocities(part, position, known)
    bridged = int(known.sum() - part.present.sum())
    return FilledMotion(position, known, velocity, moving, earlier, bridged, _headings(part, known))


def _headings(
    part: Recording, known: Bool[np.ndarray, "time body"]
) -> Float[np.ndarray, "time body"] | None:
    """Those recorded, and in bridged gaps the shorter way round at an even rate."""
    if part.heading is None:
        return None
    heading = np.where(part.present, part.heading, 0)
    for body in np.flatnonzero((known & ~part.present).any(axis=0)):
        seen, gap = part.present[:, body], known[:, body] & ~part.present[:, body]
        angles = np.unwrap(heading[seen, body])
        heading[gap, body] = np.interp(part.time[gap], part.time[seen], angles)
    return heading


def _short_gaps(seen: Bool[np.ndarray, " time"], longest: int) -> Bool[np.ndarray, " time"]:
    """Where nothing was seen for at most so many snapshots, between two where it was."""
    index = np.arange(len(seen))
    last = np.maximum.accumulate(np.where(seen, index, -1))
    following = np.where(seen, index, len(seen))
    following = np.minimum.accumulate(following[::-1])[::-1]
    inside = ~seen & (last >= 0) & (following < len(seen))
    return inside & (following - last - 1 <= longest)


def _velocities(
    part: Recording,
    position: Float[np.ndarray, "time body dim"],
    known: Bool[np.ndarray, "time body"],
) -> tuple[
    Float[np.ndarray, "time body dim"],
    Bool[np.ndarray, "time body"],
    Float[np.ndarray, "time body dim"],
]:
    if part.velocity is not None:
        velocity = np.where(part.present[..., None], part.velocity, 0)
        return velocity, part.present, velocity
    step = np.diff(part.time)[:, None, None]
    slope = np.diff(position, axis=0) / step
    velocity, earlier = np.zeros_like(position), np.zeros_like(position)
    # A parabola through three snapshots.
    velocity[1:-1] = (slope[:-1] * step[1:] + slope[1:] * step[:-1]) / (step[1:] + step[:-1])
    earlier[1:] = slope
    moving = np.zeros_like(known)
    moving[1:-1] = known[:-2] & known[1:-1] & known[2:]
    return np.where(moving[..., None], velocity, 0), moving, earlier
