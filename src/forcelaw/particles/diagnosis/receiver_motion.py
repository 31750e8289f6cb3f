"""Motion of receivers under a formula, pulled by others that move as they were measured."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from forcelaw.laws import Formula
from forcelaw.particles.data import Trajectories
from forcelaw.particles.equations import Design, formula_acceleration

_DEGREE = 5
"""Of splines through the frames of the others: as smooth as the motion of receivers needs."""


def move_receivers(
    formula: Formula, data: Trajectories, first: int, *, steps: int
) -> tuple[
    Float[np.ndarray, "trajectory later body dim"],
    Float[np.ndarray, "trajectory later body dim"],
    Bool[np.ndarray, " trajectory"],
]:
    """Positions and velocities from the frame `first` on, and where they are finite.

    Receivers start as they were measured and are then led by the formula alone, in so many steps of
    the classical Runge-Kutta method from frame to frame. The others stay on their measured paths,
    which splines join. The time grows with the pairs that are looked at, not with all.
    """
    from scipy.interpolate import make_interp_spline

    some, graph, time = data.observed, data.graph, data.time
    known = {name: np.asarray(value) for name, value in data.attributes.items()}
    degree = max(1, min(_DEGREE, (len(time) - 1) // 2 * 2 - 1))
    others = make_interp_spline(time, np.moveaxis(data.position[:, :, some:], 1, 0), degree)
    speeds = others.derivative()

    def accelerate(at: float, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        position = np.concatenate([x, others(at)], axis=1)
        velocity = np.concatenate([v, speeds(at)], axis=1)
        design = Design.build(position, velocity, np.zeros_like(x), known, graph)
        return formula_acceleration(formula, design)

    position, velocity = (part[:, first:].copy() for part in (data.position, data.velocity))
    x, v = position[:, 0, :some], velocity[:, 0, :some]
    for frame in range(1, position.shape[1]):
        start, end = time[first + frame - 1], time[first + frame]
        h = (end - start) / steps
        for at in start + h * np.arange(steps):
            a = accelerate(at, x, v)
            v2 = v + h / 2 * a
            a2 = accelerate(at + h / 2, x + h / 2 * v, v2)
            v3 = v + h / 2 * a2
            a3 = accelerate(at + h / 2, x + h / 2 * v2, v3)
            v4 = v + h * a3
            a4 = accelerate(at + h, x + h * v3, v4)
            x = x + h / 6 * (v + 2 * v2 + 2 * v3 + v4)
            v = v + h / 6 * (a + 2 * a2 + 2 * a3 + a4)
        position[:, frame, :some], velocity[:, frame, :some] = x, v
    finite = np.isfinite(np.concatenate([position, velocity], axis=-1)).all(axis=(1, 2, 3))
    return position, velocity, np.asarray(finite)
