"""Motion in discrete steps of one length, of which no equation of rates is the law.

Each body takes a direction, then goes on (Vicsek et al., Physical Review Letters 75, 1226, 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.kernels import fill_motion, find_pairs, largest_cutoff, nearest_image
from forcelaw.particles.matter.searches.thinned import thin


@dataclass(frozen=True)
class StepSettings:
    """What decides whether motion is in discrete steps."""

    rows: int = 10_000
    """Turns that are looked at."""
    window: int = 12
    """Snapshots of one stretch of these."""
    turning: float = 0.05
    """By how much directions must turn from step to step, root mean square, in radians."""
    even: float = 0.25
    """Of the spread that lengths would have if bodies turned while they moved, that of steps: a
    body that turns evenly by an angle comes as far as a chord, shorter by its square over 24."""
    places: int = 60
    """Radii that are tried, and again as many around the best."""
    sure: float = 6.0
    """Standard errors by which neighbours must tell more of a direction than the one before."""


STEPS = StepSettings()


@dataclass(frozen=True)
class DiscreteSteps:
    """What was found; lengths in the positions' unit."""

    length: float
    """Of every step."""
    turn: float
    """From step to step, root mean square, in radians."""
    radius: float | None
    """Each takes the mean direction of all within it; None where none explains turns."""
    error: float
    """Of directions beside that mean, root mean square, in radians."""

    @property
    def sentence(self) -> str:
        """In words."""
        words = (
            f"all steps from snapshot to snapshot are {self.length:.4g} long although directions "
            f"turn by {self.turn:.2g} from one to the next: bodies move in discrete steps of "
            "constant speed, of which rates are no law"
        )
        if self.radius is None:
            return words
        return (
            f"{words}; at each step a body takes the mean direction of all within "
            f"{self.radius:.4g}, itself among them, and an error of {self.error:.2g}"
        )


def find_discrete_steps(
    data: Recordings, *, seed: int = 0, settings: StepSettings = STEPS
) -> DiscreteSteps | None:
    """None where steps differ in length as those of bodies that turn while they move."""
    if data.dim < 2:
        return None
    some = thin(data, settings.rows, settings.window, seed=seed)
    moves = [_steps_of(part) for part in some if part.n_times > 2]
    length = np.concatenate([np.zeros(0), *(np.linalg.norm(m, axis=-1).ravel() for m in moves)])
    length = length[np.isfinite(length)]
    if len(length) < 2 or not length.min() > 0:
        return None
    ways = [m / np.linalg.norm(m, axis=-1, keepdims=True) for m in moves]
    turn = np.concatenate([_angle(way[1:], way[:-1]).ravel() for way in ways])
    squares = float(np.nanmean(turn**2))
    spread = float(np.std(length) / length.mean())
    if squares < settings.turning**2 or spread > settings.even * squares / 24:
        return None
    parts = [part for part in some if part.n_times > 2]
    radius, error = _best_radius(parts, ways, settings)
    return DiscreteSteps(float(length.mean()), float(np.sqrt(squares)), radius, error)


def _steps_of(part: Recording) -> Float[np.ndarray, "step body dim"]:
    """NaN where a body was not seen."""
    position = np.where(part.present[..., None], part.position, np.nan)
    moves = np.diff(position, axis=0)
    if part.cell is None:
        return moves
    return np.stack(
        [nearest_image(m, part.cell.at(k), part.cell.periodic) for k, m in enumerate(moves)]
    )


def _angle(
    one: Float[np.ndarray, "... dim"], other: Float[np.ndarray, "... dim"]
) -> Float[np.ndarray, "..."]:
    return np.arccos(np.clip((one * other).sum(axis=-1), -1, 1))


def _best_radius(
    parts: Sequence[Recording],
    ways: Sequence[Float[np.ndarray, "step body dim"]],
    settings: StepSettings,
) -> tuple[float | None, float]:
    """The radius within which mean directions tell the next ones best, and their error."""
    reach = min(_extent(part) for part in parts)
    best: tuple[float, float, float] | None = None
    for later in (0, 1):
        # Neighbours may be those before a step, or those after it.
        radii = np.linspace(0, reach, settings.places + 1)[1:]
        index = _nearest_to_next(_all_told(parts, ways, radii, later))
        near = radii[max(index - 1, 0)], radii[min(index + 1, len(radii) - 1)]
        radii = np.linspace(*near, settings.places)
        told = _all_told(parts, ways, radii, later)
        index = _nearest_to_next(told)
        if len(told) < 2:
            return None, np.nan
        cosine = told[:, 1 + index]
        gain = cosine - told[:, 0]
        sure = gain.mean() > settings.sure * gain.std() / np.sqrt(len(gain))
        error = float(np.sqrt(np.mean(np.arccos(np.clip(cosine, -1, 1)) ** 2)))
        if sure and (best is None or cosine.mean() > best[0]):
            best = float(cosine.mean()), float(radii[index]), error
    return (None, np.nan) if best is None else best[1:]


def _all_told(
    parts: Sequence[Recording],
    ways: Sequence[Float[np.ndarray, "step body dim"]],
    radii: Float[np.ndarray, " radius"],
    later: int,
) -> Float[np.ndarray, "row radius_and_one"]:
    found = [_told(part, way, radii, later) for part, way in zip(parts, ways, strict=True)]
    told = np.concatenate(found)
    return told[np.isfinite(told).all(axis=1)]


def _nearest_to_next(told: Float[np.ndarray, "row radius_and_one"]) -> int:
    return int(np.argmax(told[:, 1:].sum(axis=0)))


def _extent(part: Recording) -> float:
    if part.cell is not None and any(part.cell.periodic):
        return largest_cutoff(part.cell)
    seen = part.position[part.present]
    return float(np.ptp(seen, axis=0).max())


def _told(
    part: Recording,
    way: Float[np.ndarray, "step body dim"],
    radii: Float[np.ndarray, " radius"],
    later: int,
) -> Float[np.ndarray, "row radius_and_one"]:
    """Cosines between each direction and the mean one before; first its own, then by radius."""
    filled, rows = fill_motion(part), []
    for step in range(len(way) - 1):
        at = slice(step + later, step + later + 1)
        known = filled.known[at] & np.isfinite(way[step]).all(axis=-1)
        pairs = find_pairs(part, filled.position[at], known, step + later, float(radii[-1]))
        place = np.searchsorted(radii, pairs.length)
        count, dim = way.shape[1:]
        total = np.zeros((len(radii), count, dim))
        np.add.at(total, (place, pairs.receiver), way[step][pairs.sender])
        mean = np.cumsum(np.concatenate([way[step][None], total]), axis=0)
        size = np.maximum(np.linalg.norm(mean, axis=-1, keepdims=True), 1e-300)
        rows.append(((mean / size) * way[step + 1]).sum(axis=-1).T)
    return np.concatenate(rows)
