"""Units that a file leaves open, told by what it says twice: steps, velocities and forces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from forcelaw.particles.data import Cell, nearest_steps
from forcelaw.particles.kinematics import KINEMATICS, KinematicsSettings, check_agreement

_FRAMES = 1_000
"""Snapshots that are compared."""
_LEAST_FRAMES = 4
"""Of which a spline is made."""
_FEW = 10
"""Bodies below which changes over long spans are alike by chance."""
_NUMBERS = 200_000
"""Numbers that are compared at most."""
_SPANS = (1, 2, 4, 8, 16, 32)
"""In snapshots."""
_LEAST_SPANS = 8
"""Of longer spans, so many lie in the window."""
_CLEAR = 0.95
"""Correlation from which one array follows the other."""
_SAME = 0.08
"""Share by which they may differ: less may be coarse snapshots."""
_ROUND = 2e-3
"""Share within which a step is a number of two digits."""


class Window(NamedTuple):
    """A stretch of the motion in which the same bodies are always present."""

    time: Float[np.ndarray, " time"]
    position: Float[np.ndarray, "time body dim"]
    """Unwrapped by smallest steps."""
    bodies: tuple[int, ...]
    frames: int

    def of(self, array: Float[np.ndarray, "time body dim"]) -> Float[np.ndarray, "time body dim"]:
        """The same stretch of another array."""
        return array[: self.frames][:, list(self.bodies)]


def window_of(
    position: Float[np.ndarray, "time body dim"],
    present: Bool[np.ndarray, "time body"],
    time: Float[np.ndarray, " time"],
    cell: Cell | None,
) -> Window | None:
    """The first snapshots, of bodies that are there throughout, as many as tell most together.

    None where there are too few.
    """
    best = 0, 0
    frames = min(_FRAMES, len(time))
    while frames >= _LEAST_FRAMES:
        best = max(best, (int(present[:frames].all(axis=0).sum()) * frames, frames))
        frames //= 2
    if not best[0]:
        return None
    frames = best[1]
    kept = np.flatnonzero(present[:frames].all(axis=0))
    most = max(1, _NUMBERS // (frames * position.shape[2]))
    kept = kept[:: max(1, -(-len(kept) // most))]
    x = position[:frames][:, kept]
    steps = nearest_steps(x, None if cell is None else cell.between(0, frames))
    path = np.concatenate([x[:1], x[:1] + np.cumsum(steps, axis=0)])
    return Window(time[:frames], path, tuple(kept.tolist()), frames)


class Fit(NamedTuple):
    """How many times as large changes are as what should make them, and their correlation."""

    factor: float
    likeness: float

    @property
    def clear(self) -> bool:
        """Whether one follows from the other, but for the factor."""
        return self.likeness > _CLEAR

    @property
    def same(self) -> bool:
        """Whether they agree."""
        return self.clear and abs(self.factor - 1) < _SAME


def compare(
    value: Float[np.ndarray, "time body dim"],
    rate: Float[np.ndarray, "time body dim"],
    time: Float[np.ndarray, " time"],
) -> Fit:
    """Changes of `value` beside the integral of `rate`, over the span at which they are most alike.

    Noise hides short spans, and what the integral misses of quick motion cancels over longer ones.
    """
    from scipy.interpolate import CubicSpline

    since = time - time[0]
    moved = np.asarray(CubicSpline(since, rate, axis=0).antiderivative()(since))
    spans = [span for span in _SPANS if span == 1 or span * _LEAST_SPANS <= len(time)]
    fits = [_fit(*((a[s:] - a[:-s]).ravel() for a in (value, moved))) for s in spans]
    return max(fits, key=lambda fit: abs(fit.likeness))


def _fit(changes: Float[np.ndarray, " n"], moved: Float[np.ndarray, " n"]) -> Fit:
    product, one, other = changes @ moved, changes @ changes, moved @ moved
    if not (one > 0 and other > 0):
        return Fit(1.0, 0.0)
    return Fit(float(product / other), float(product / np.sqrt(one * other)))


def compare_twice(
    position: Float[np.ndarray, "time body dim"],
    acceleration: Float[np.ndarray, "time body dim"],
    time: Float[np.ndarray, " time"],
) -> Fit:
    """Changes of the mean velocity between snapshots beside `acceleration`."""
    steps = np.diff(time)[:, None, None]
    speed = np.diff(position, axis=0) / steps
    changes = np.diff(speed, axis=0) / ((steps[1:] + steps[:-1]) / 2)
    return _fit(changes.ravel(), acceleration[1:-1].ravel())


class Clock(NamedTuple):
    """Times in the unit of velocities, and a sentence about them."""

    unit: float
    """By what the times that are stated are multiplied."""
    followed: bool
    """Whether positions follow velocities."""
    notes: tuple[str, ...]


def set_clock(
    window: Window | None,
    velocity: Float[np.ndarray, "time body dim"] | None,
    counted: str,
    place: str,
    *,
    forces: bool,
    settings: KinematicsSettings = KINEMATICS,
) -> Clock:
    """How long a step is, told by velocities where times are only `counted` (in these words).

    **Raises** `InputError` where times are stated and velocities are in another unit.
    """
    words = f"times are counted in {counted}"
    said = (words,) if counted else ()
    if window is None or velocity is None:
        return Clock(1.0, False, said)
    given = window.of(velocity)
    found = compare(window.position, given, window.time)
    if counted:
        if not found.clear or found.factor <= 0:
            return Clock(
                1.0, False, (f"{words}: velocities do not tell how long one is, too coarse",)
            )
        unit = _rounded(found.factor)
        return Clock(unit, True, (f"{words}: by positions and velocities, one lasts {unit:.6g}",))
    if len(window.bodies) < _FEW and abs(found.likeness) <= _CLEAR:
        return Clock(1.0, False, ())
    notes = check_agreement(
        window.position[None],
        given[None],
        window.time,
        [str(body) for body in window.bodies],
        place,
        snapshots=forces,
        settings=settings,
    )
    return Clock(1.0, found.same, tuple(notes))


def _rounded(value: float) -> float:
    """The number of at most two digits where it is as good."""
    for digits in (1, 2):
        near = float(f"{value:.{digits}g}")
        if abs(near / value - 1) < _ROUND:
            return near
    return value


class Pushed(NamedTuple):
    """Accelerations that forces tell, None where they tell none, and sentences about it."""

    acceleration: Float[np.ndarray, "time body dim"] | None
    notes: tuple[str, ...]


def accelerations(
    force: Float[np.ndarray, "time body dim"],
    velocity: Float[np.ndarray, "time body dim"] | None,
    window: Window | None,
    attributes: Mapping[str, Float[np.ndarray, " body"]],
    species: tuple[str, ...],
    *,
    counted: bool,
) -> Pushed:
    """Forces over masses, in the units of positions and times.

    Forces in another unit, or over masses that are not stated, are brought to these units by the
    changes of velocities (of positions where there are none), kind by kind.
    """
    mass = attributes.get("mass")
    given = force if mass is None else force / mass[:, None]
    if window is None:
        return Pushed(given if mass is not None else None, ())
    part = window.of(given)
    kinds = np.array([species[body] if species else "" for body in window.bodies])
    if mass is not None:
        kinds[:] = ""
    every = dict.fromkeys([*species] if species and mass is None else [""])
    factors: dict[str, float] = {}
    for kind in every:
        rows = kinds == kind
        if velocity is None:
            found = compare_twice(window.position[:, rows], part[:, rows], window.time)
        else:
            found = compare(window.of(velocity)[:, rows], part[:, rows], window.time)
        if found.clear and found.factor > 0:
            factors[kind] = 1.0 if found.same else found.factor
    if len(factors) < len(every):
        if counted or (mass is None and len(every) > 1):
            return Pushed(
                None, ("forces are left aside: masses or units to make them accelerations lack",)
            )
        what = "positions" if velocity is None else "velocities"
        words = f"forces and changes of {what} have little to do with each other"
        alone = "" if mass is not None else "; masses are taken as 1"
        return Pushed(given, (words + alone,))
    if set(factors.values()) == {1.0}:
        return Pushed(given, ())
    shown = ", ".join(f"{k}: {f:.4g}".removeprefix(": ") for k, f in list(factors.items())[:8])
    over = "forces" if mass is None else "forces over masses"
    one = next(iter(factors.values()))
    scale = np.array([factors.get(kind, one) for kind in species or [""] * force.shape[1]])
    return Pushed(
        given * scale[:, None], (f"accelerations are {over}, times what motion tells ({shown})",)
    )
