"""Causes with one number that is no factor: found by trying many values of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from forcelaw.particles.diagnosis.hidden_attributes import Told
from forcelaw.particles.diagnosis.settings import DIAGNOSIS, DiagnosisSettings
from forcelaw.particles.equations import Design, Regression, evaluate_splines, spline_knots


def scan_box(
    design: Design,
    one_body: Sequence[Float[np.ndarray, "row body dim"]],
    unit: float,
    *,
    settings: DiagnosisSettings = DIAGNOSIS,
) -> Told | None:
    """Forces to the nearest image of every body, in the cubic box that explains most.

    Beside `own`, what acts on bodies alone. **Arguments:** `unit` of the lengths that are named.
    """
    extent = float(np.ptp(design.position, axis=(0, 1)).max())
    sizes = np.geomspace(settings.causes.smallest_box * extent, extent, settings.causes.boxes)
    size = _best(design, one_body, _in_box, sizes, settings)
    if size is None:
        return None
    near = np.linspace(size * 0.98, size * 1.02, 21)
    size = _best(design, one_body, _in_box, near, settings) or size
    words = f"forces across the sides of a periodic box of {unit * size:.3g}"
    return Told(words, _in_box(design, size, settings), 1)


def scan_delay(
    design: Design,
    one_body: Sequence[Float[np.ndarray, "row body dim"]],
    *,
    settings: DiagnosisSettings = DIAGNOSIS,
) -> Told | None:
    """Forces from where the others were a while ago, the while that explains most."""
    speed = float(np.median(np.linalg.norm(design.velocity, axis=-1)))
    if speed == 0:
        return None
    usual = float(np.median(design.length)) / speed
    times = usual * np.geomspace(0.01, 1, settings.causes.delays)
    time = _best(design, one_body, _delayed, times, settings)
    if time is None:
        return None
    time = (
        _best(design, one_body, _delayed, np.linspace(0.7 * time, 1.4 * time, 15), settings) or time
    )
    words = f"forces from where the others were {time / usual:.2g} of a typical time ago"
    return Told(words, _delayed(design, time, settings), 1)


def _best(
    design: Design,
    one_body: Sequence[Float[np.ndarray, "row body dim"]],
    columns: Callable[[Design, float, DiagnosisSettings], list[np.ndarray]],
    values: Float[np.ndarray, " value"],
    settings: DiagnosisSettings,
) -> float | None:
    """The value that leaves least, if that is much less than zero leaves."""
    part = design if design.weak is not None else design.first(settings.samples.tried)
    rows = len(part.acceleration)
    base = [one[:rows] for one in one_body]
    found = [
        (_squares(part, [*base, *columns(part, float(v), settings)], settings), float(v))
        for v in values
    ]
    plain = _squares(part, [*base, *columns(part, 0.0, settings)], settings)
    least, value = min(found)
    return value if least < settings.explanation.most * plain else None


def _squares(design: Design, columns: Sequence[np.ndarray], settings: DiagnosisSettings) -> float:
    left = (
        Regression.of(design, [], settings=settings.equations).on(design.acceleration, columns).left
    )
    return float(np.mean(left**2)) if left.size else 0.0


def _in_box(
    design: Design, size: float, settings: DiagnosisSettings
) -> list[Float[np.ndarray, "row body dim"]]:
    """Splines in the distance of the nearest image; plain ones for a box of no size."""
    position = design.bodies.position
    apart = position[:, design.sender] - position[:, design.receiver]
    if size:
        apart = apart - size * np.round(apart / size)
    return _along(design, apart, size / 2 if size else np.inf, settings)


def _delayed(
    design: Design, time: float, settings: DiagnosisSettings
) -> list[Float[np.ndarray, "row body dim"]]:
    before = design.bodies.position - time * design.bodies.velocity
    apart = before[:, design.sender] - design.position[:, design.receiver]
    return _along(design, apart, np.inf, settings)


def _along(
    design: Design,
    apart: Float[np.ndarray, "sample edge dim"],
    reach: float,
    settings: DiagnosisSettings,
) -> list[Float[np.ndarray, "row body dim"]]:
    length = np.linalg.norm(apart, axis=-1)
    direction = apart / np.where(length > 0, length, 1)[..., None]
    moved = replace(design, length=length, direction=direction)
    hats = evaluate_splines(length, spline_knots(length, settings.causes.scanned))
    return [moved.pair_acceleration(hat * (length <= reach)) for hat in hats]
