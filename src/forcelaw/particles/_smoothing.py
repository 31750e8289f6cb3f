"""Smoothing splines of many series at once, stiff enough and no stiffer."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

_DEGREE = 5
_WINDOW = 1024
_KNOTS = 256
_CAUTION = 1.4
"""Weight of a degree of freedom: above 1, cross-validation rarely follows the noise."""


class Smooth(NamedTuple):
    """Smoothed series and their derivatives."""

    values: Float[np.ndarray, "time series"]
    derivatives: list[Float[np.ndarray, "time series"]]
    reach: int
    """Frames over which one frame's noise is spread, typically."""


def smooth(
    frames: Float[np.ndarray, "time series"],
    time: Float[np.ndarray, " time"],
    *,
    dim: int,
    orders: int,
) -> Smooth:
    """Quintic splines with a penalty on the third derivative, and their first derivatives.

    The penalty's weight is one for every `dim` neighbouring series (the components of one body),
    by generalised cross-validation. Long series are smoothed in overlapping windows of 1024
    frames, whose outer quarters are discarded.

    Wahba, Spline Models for Observational Data (1990); Kim and Gu, J. R. Statist. Soc. B 66, 337
    (2004), for the factor 1.4 on the degrees of freedom; Eilers and Marx, Statist. Sci. 11, 89
    (1996), for fewer knots than frames.
    """
    out = [np.empty_like(frames) for _ in range(orders + 1)]
    reaches = []
    for start, stop, first, last in _windows(len(time)):
        curves, reach = _fit(frames[start:stop], time[start:stop], dim, orders)
        reaches.append(reach)
        for whole, part in zip(out, curves, strict=True):
            whole[first:last] = part[first - start : last - start]
    return Smooth(out[0], out[1:], max(reaches))


def _windows(length: int):
    """Windows `start, stop` and the part `first, last` of each that is kept."""
    if length <= _WINDOW:
        return [(0, length, 0, length)]
    count = -(-(length - _WINDOW) // (_WINDOW // 2)) + 1
    starts = np.round(np.linspace(0, length - _WINDOW, count)).astype(int)
    cuts = [0, *((starts[1:] + starts[:-1] + _WINDOW) // 2), length]
    return [
        (start, start + _WINDOW, first, last)
        for start, first, last in zip(starts, cuts[:-1], cuts[1:], strict=True)
    ]


def _fit(frames: np.ndarray, time: np.ndarray, dim: int, orders: int):
    """One window: values and derivatives, and the reach of the smoothing."""
    from scipy.linalg import eigh

    unit = (time - time[0]) / (time[-1] - time[0])
    bases, penalty = _bases(unit, orders)
    gram = bases[0].T @ bases[0]
    # In the basis of Demmler and Reinsch both matrices are diagonal for every stiffness.
    ridge = 1e-12 * np.trace(gram) / len(gram) * np.eye(len(gram))
    roughness, basis = eigh(penalty, gram + ridge)
    roughness = np.maximum(roughness, 0)
    designs = [part @ basis for part in bases]
    content = designs[0].T @ frames
    most = min(0.98 * len(roughness), 0.6 * len(time))
    freedom_wanted = np.geomspace(min(4, most), most, 50)
    shrinks = np.stack([_shrink(roughness, wanted) for wanted in freedom_wanted])
    energy = (content**2).reshape(len(roughness), -1, dim).sum(axis=2)
    outside = (frames**2).reshape(len(time), -1, dim).sum(axis=(0, 2)) - energy.sum(axis=0)
    residual = np.maximum(outside, 0) + (1 - shrinks) ** 2 @ energy
    freedom = _CAUTION * shrinks.sum(axis=1, keepdims=True)
    left = 1 - freedom / len(time)
    best = np.argmin(residual / left**2, axis=0)
    kept = content * np.repeat(shrinks[best].T, dim, axis=1)
    span = time[-1] - time[0]
    curves = [design @ kept / span**order for order, design in enumerate(designs)]
    return curves, int(np.ceil(len(time) / np.median(shrinks[best].sum(axis=1))))


def _shrink(roughness: np.ndarray, freedom: float) -> np.ndarray:
    """Shrinkage factors whose sum, the degrees of freedom, is `freedom`."""
    low, high = -60.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        if (1 / (1 + np.exp(middle) * roughness)).sum() > freedom:
            low = middle
        else:
            high = middle
    return 1 / (1 + np.exp(low) * roughness)


def _bases(unit: np.ndarray, orders: int):
    """B-splines and their derivatives at the frames, and the penalty on the third derivative."""
    from scipy.interpolate import BSpline

    # Two frames a piece at least: with more pieces the Gram matrix would be singular.
    pieces = min(_KNOTS, len(unit) // 2)
    breaks = np.quantile(unit, np.linspace(0, 1, pieces + 1))
    knots = np.concatenate([np.zeros(_DEGREE), breaks, np.ones(_DEGREE)])
    splines = BSpline(knots, np.eye(pieces + _DEGREE), _DEGREE)
    bases = [splines(unit)] + [splines.derivative(order)(unit) for order in range(1, orders + 1)]
    # Products of two second-degree polynomials: three Gauss points a piece are exact.
    nodes, weights = np.polynomial.legendre.leggauss(3)
    half = np.diff(breaks)[:, None] / 2
    points = (breaks[:-1, None] + half * (nodes + 1)).ravel()
    third = splines.derivative(3)(points) * np.sqrt(half * weights).reshape(-1, 1)
    return bases, third.T @ third
