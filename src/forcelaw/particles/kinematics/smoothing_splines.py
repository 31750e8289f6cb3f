"""Smoothing splines of many series at once, stiff enough and no stiffer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from forcelaw.particles.kinematics.settings import KINEMATICS, KinematicsSettings

_DEGREE = 5
"""Of quintic splines."""


class Smooth(NamedTuple):
    """Smoothed series and their derivatives."""

    values: Float[np.ndarray, "time series"]
    derivatives: list[Float[np.ndarray, "time series"]]
    reach: int
    """Frames over which one frame's noise is spread, typically."""


def smooth(
    measured: Sequence[Float[np.ndarray, "time series"]],
    time: Float[np.ndarray, " time"],
    *,
    dim: int,
    orders: int,
    noise: Sequence[float] = (1.0,),
    settings: KinematicsSettings = KINEMATICS,
) -> Smooth:
    """Quintic splines with a penalty on the third derivative, and their first derivatives.

    **Arguments:** `measured` are the series and, if known, their first derivatives, with the
    standard deviation of each in `noise` (only their ratios matter): one spline goes through all.

    The penalty's weight is one for every `dim` neighbouring series (the components of one body),
    by generalised cross-validation. Long series are smoothed in overlapping windows of 1024
    frames, whose outer quarters are discarded.

    Wahba, Spline Models for Observational Data (1990); Kim and Gu, J. R. Statist. Soc. B 66, 337
    (2004), for the factor 1.4 on the degrees of freedom; Eilers and Marx, Statist. Sci. 11, 89
    (1996), for fewer knots than frames.
    """
    out = [np.empty_like(measured[0]) for _ in range(orders + 1)]
    reaches = []
    for start, stop, first, last in _windows(len(time), settings):
        parts = [part[start:stop] for part in measured]
        curves, reach = _fit(parts, time[start:stop], dim, orders, noise, settings)
        reaches.append(reach)
        for whole, part in zip(out, curves, strict=True):
            whole[first:last] = part[first - start : last - start]
    return Smooth(out[0], out[1:], max(reaches))


def find_missed(
    errors: Float[np.ndarray, "some time body dim"],
    *,
    settings: KinematicsSettings = KINEMATICS,
) -> Bool[np.ndarray, "some time body"]:
    """Frames near which the mean error, in standard deviations, is too large to be noise."""
    from scipy.ndimage import maximum_filter1d, uniform_filter1d

    mean = uniform_filter1d(errors, settings.smoothing.span, axis=1, mode="nearest")
    large = np.abs(mean).max(axis=3) * np.sqrt(settings.smoothing.span) > settings.smoothing.missed
    return maximum_filter1d(large, settings.smoothing.span, axis=1)


def _windows(length: int, settings: KinematicsSettings):
    """Windows `start, stop` and the part `first, last` of each that is kept."""
    if length <= settings.smoothing.window:
        return [(0, length, 0, length)]
    count = -(-(length - settings.smoothing.window) // (settings.smoothing.window // 2)) + 1
    starts = np.round(np.linspace(0, length - settings.smoothing.window, count)).astype(int)
    cuts = [0, *((starts[1:] + starts[:-1] + settings.smoothing.window) // 2), length]
    return [
        (start, start + settings.smoothing.window, first, last)
        for start, first, last in zip(starts, cuts[:-1], cuts[1:], strict=True)
    ]


def _fit(
    measured: Sequence[np.ndarray],
    time: np.ndarray,
    dim: int,
    orders: int,
    noise: Sequence[float],
    settings: KinematicsSettings,
):
    """One window: values and derivatives, and the reach of the smoothing."""
    from scipy.linalg import solve_triangular

    span = time[-1] - time[0]
    unit = (time - time[0]) / span
    bases, third = _bases(unit, max(orders, len(measured) - 1), settings)
    # In unit time and in units of the noise of the series itself.
    known = range(len(measured))
    counts = [noise[0] / (noise[k] * span**k) for k in known]
    seen = np.concatenate([count * bases[k] for k, count in zip(known, counts, strict=True)])
    frames = np.concatenate(
        [count * span**k * measured[k] for k, count in zip(known, counts, strict=True)]
    )
    # In the basis of Demmler and Reinsch both quadratic forms are diagonal for every stiffness.
    # Derivatives weigh a million times more than values: triangular factors keep the digits that
    # Gram matrices would lose, and a trace of the identity keeps them regular.
    columns = seen.shape[1]
    trace = settings.smoothing.trace * np.linalg.norm(bases[0]) / np.sqrt(columns) * np.eye(columns)
    orthogonal, triangle = np.linalg.qr(np.concatenate([seen, trace]))
    rough = solve_triangular(triangle, third.T, trans=1).T
    _, stiffness, turn = np.linalg.svd(rough, full_matrices=len(rough) < columns)
    roughness = np.zeros(columns)
    roughness[: len(stiffness)] = stiffness**2
    basis = solve_triangular(triangle, turn.T)
    content = turn @ (orthogonal[: len(seen)].T @ frames)
    rows = len(frames)
    most = min(0.98 * len(roughness), 0.6 * rows)
    freedom_wanted = np.geomspace(min(4, most), most, 50)
    shrinks = _shrinks(roughness, freedom_wanted)
    energy = (content**2).reshape(len(roughness), -1, dim).sum(axis=2)
    outside = (frames**2).reshape(rows, -1, dim).sum(axis=(0, 2)) - energy.sum(axis=0)
    residual = np.maximum(outside, 0) + (1 - shrinks) ** 2 @ energy
    left = 1 - settings.smoothing.caution * shrinks.sum(axis=1, keepdims=True) / rows
    # Freedom beyond what the factor of caution allows would be free of charge.
    scores = np.where(left > 0, residual / np.where(left > 0, left, 1) ** 2, np.inf)
    best = np.argmin(scores, axis=0)
    kept = content * np.repeat(shrinks[best].T, dim, axis=1)
    curves = [design @ (basis @ kept) / span**k for k, design in enumerate(bases[: orders + 1])]
    return curves, int(np.ceil(len(time) / np.median(shrinks[best].sum(axis=1))))


def _shrinks(
    roughness: Float[np.ndarray, " basis"], freedom: Float[np.ndarray, " option"]
) -> Float[np.ndarray, "option basis"]:
    """For every option the shrinkage factors whose sum, the degrees of freedom, is `freedom`."""
    low, high = np.full((2, len(freedom)), [[-60.0], [40.0]])
    for _ in range(50):
        middle = (low + high) / 2
        much = (1 / (1 + np.exp(middle)[:, None] * roughness)).sum(axis=1) > freedom
        low, high = np.where(much, middle, low), np.where(much, high, middle)
    return 1 / (1 + np.exp(low)[:, None] * roughness)


def _bases(unit: np.ndarray, orders: int, settings: KinematicsSettings):
    """B-splines, their derivatives at the frames, and the root of the penalty on the third one."""
    from scipy.interpolate import BSpline

    # Two frames a piece at least: with more pieces the Gram matrix would be singular.
    pieces = min(settings.smoothing.knots, len(unit) // 2)
    breaks = np.quantile(unit, np.linspace(0, 1, pieces + 1))
    knots = np.concatenate([np.zeros(_DEGREE), breaks, np.ones(_DEGREE)])
    splines = BSpline(knots, np.eye(pieces + _DEGREE), _DEGREE)
    bases = [splines(unit)] + [splines.derivative(order)(unit) for order in range(1, orders + 1)]
    # Products of two second-degree polynomials: three Gauss points a piece are exact.
    nodes, weights = np.polynomial.legendre.leggauss(3)
    half = np.diff(breaks)[:, None] / 2
    points = (breaks[:-1, None] + half * (nodes + 1)).ravel()
    third = splines.derivative(3)(points) * np.sqrt(half * weights).reshape(-1, 1)
    return bases, third
