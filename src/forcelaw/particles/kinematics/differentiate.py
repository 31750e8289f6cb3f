"""Velocities and accelerations where a file has none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from forcelaw.errors import InputError, NotEnoughData
from forcelaw.files import many
from forcelaw.particles.kinematics.settings import KINEMATICS, KinematicsSettings
from forcelaw.particles.kinematics.smoothing_splines import find_missed, smooth


class EstimateWarning(UserWarning):
    """Something was missing, or not as it should be, and was made up for; the text says how."""


class Estimate(NamedTuple):
    """Complete kinematics and what was done for them."""

    position: Float[np.ndarray, "trajectory time body dim"]
    velocity: Float[np.ndarray, "trajectory time body dim"]
    acceleration: Float[np.ndarray, "trajectory time body dim"]
    estimated: tuple[str, ...]
    ends: tuple[int, int]
    notes: tuple[str, ...]
    reliable: Bool[np.ndarray, "trajectory time"] | None = None
    """Snapshots whose accelerations may serve as samples; None: all."""
    quick: Bool[np.ndarray, "trajectory time body"] | None = None
    """Bodies that are too quick for the frames, in those snapshots; None: none is."""
    measured: Mapping[str, Float[np.ndarray, "trajectory time body dim"]] | None = None
    """The position, or the velocity where it was given too, as given where it was smoothed."""


def estimate_missing(
    position: Float[np.ndarray, "trajectory time body dim"],
    velocity: Float[np.ndarray, "trajectory time body dim"] | None,
    acceleration: Float[np.ndarray, "trajectory time body dim"] | None,
    time: Float[np.ndarray, " time"],
    *,
    place: str = "trajectories",
    settings: KinematicsSettings = KINEMATICS,
) -> Estimate:
    """Fills in what is None, from velocities if they are given and from positions if not.

    The noise is measured first, from the highest differences of neighbouring frames, which no
    smooth motion survives. Where it would make up less than 0.3 % of the acceleration, finite
    differences over seven frames are taken (errors of sixth order in the velocity, fifth or
    sixth in the acceleration, one-sided at both ends; times need not be equally spaced). Else
    quintic smoothing splines are fitted, their stiffness chosen by generalised cross-validation,
    and positions (or velocities) are replaced by the splines' own.

    Snapshots that are too quick for the frames are not `reliable`: those where differences over
    five frames tell something else than over seven, or that the splines miss.

    **Raises** `InputError` where there are too few frames: three, or two with velocities.
    """
    if velocity is not None and acceleration is not None:
        return Estimate(position, velocity, acceleration, (), (0, 0), ())
    known = {"position": position, "velocity": velocity, "acceleration": acceleration}
    missing = [key for key, value in known.items() if value is None]
    orders = len(missing)
    if len(time) <= orders:
        raise NotEnoughData(
            f"{place}: found {len(time)} time steps without accelerations, expected at least "
            f"{orders + 1} to estimate them; write more snapshots"
        )
    base = position if velocity is None else velocity
    name = "position" if velocity is None else "velocity"
    given = base
    frames = np.moveaxis(base, 1, 0).reshape(len(time), -1)
    noise = measure_noise(frames, time)
    differences = _differences(frames, time, orders, settings.stencil)
    typical = float(np.median(np.abs(differences[-1])))
    amplified = noise * float(
        np.median(np.linalg.norm(_stencils(time, orders, settings.stencil)[1], axis=1))
    )
    if amplified <= settings.differences.noisy * typical or len(time) < 2 * settings.stencil:
        curves, ends, touched = differences, (settings.stencil // 2, settings.stencil // 2), missing
        how = f"finite differences over {many(min(settings.stencil, len(time)), 'snapshot')}"
        quick = _too_quick(frames, time, orders, base.shape, settings)
    else:
        fit = smooth([frames], time, dim=base.shape[3], orders=orders, settings=settings)
        curves, ends = fit.derivatives, (fit.reach, fit.reach)
        base = _unflatten(fit.values, base.shape)
        touched = [name, *missing]
        raw = np.moveaxis(frames.reshape(len(time), len(base), *base.shape[2:]), 0, 1)
        quick = find_missed((raw - base) / noise, settings=settings)
        how = (
            f"quintic smoothing splines (noise of about {noise:.1e}, stiffness by generalised "
            f"cross-validation), which also smoothed the {name}"
        )
    note = f"{' and '.join(missing)} estimated from the {name} by {how}"
    known[name] = base
    known |= {k: _unflatten(v, base.shape) for k, v in zip(missing, curves, strict=True)}
    few = len(time) <= 2 * max(ends) + 2
    lost = np.asarray(quick.any(axis=2))
    share = float(lost.mean())
    some = 0 < share < 1 - settings.differences.least_reliable
    if base.shape[2] > settings.crowd:
        if share:
            note += f"; {quick.mean():.2%} of them are too quick for the time step"
    elif some:
        note += f"; {share:.2%} of the snapshots are too quick for the time step and not used"
    return Estimate(
        **known,
        estimated=tuple(touched),
        ends=(0, 0) if few else ends,
        notes=(note,),
        reliable=~lost if some else None,
        quick=quick if share else None,
        measured={name: given} if name in touched else None,
    )


def differences_over_fewer(
    base: Float[np.ndarray, "trajectory time body dim"],
    time: Float[np.ndarray, " time"],
    *,
    orders: int,
    settings: KinematicsSettings = KINEMATICS,
) -> Float[np.ndarray, "trajectory time body dim"]:
    """The accelerations of exact positions (`orders` 2) or velocities (1), two frames fewer each.

    Differences of lower order, whose distance from those of `estimate_missing` is more than these
    are off.
    """
    frames = np.moveaxis(base, 1, 0).reshape(len(time), -1)
    points = max(min(settings.stencil, len(time)) - 2, orders + 1)
    return _unflatten(_differences(frames, time, orders, points)[-1], base.shape)


def _too_quick(
    frames: Float[np.ndarray, "time series"],
    time: Float[np.ndarray, " time"],
    order: int,
    shape: tuple[int, ...],
    settings: KinematicsSettings,
) -> Bool[np.ndarray, "trajectory time body"]:
    """Where differences over fewer frames tell something else, there or next to it."""
    from scipy.ndimage import maximum_filter1d

    most = min(settings.stencil, len(time))
    if most - 2 <= order:
        return np.zeros(shape[:3], bool)
    one, other = (_differences(frames, time, order, points)[-1] for points in (most, most - 2))
    grid = (len(time), shape[0], *shape[2:])
    sizes = [np.linalg.norm(part.reshape(grid), axis=3) for part in (one - other, one)]
    typical = float(np.median(sizes[1]))
    differ = sizes[0] > settings.differences.disagreement * (sizes[1] + typical)
    # In the middle of an odd kick both agree by symmetry.
    return maximum_filter1d(np.moveaxis(differ, 0, 1), settings.differences.span, axis=1)


def measure_noise(
    frames: Float[np.ndarray, "time series"], time: Float[np.ndarray, " time"]
) -> float:
    """The standard deviation of what differs from one frame to the next without any pattern.

    The highest divided difference of `p` neighbours, its weights scaled to unit norm, passes
    white noise unchanged and stops polynomials below degree `p - 1`: the smallest of the median
    sizes over several `p` is the noise, or an upper bound of it. It is never less than what
    rounding to double precision makes.
    """
    sizes = [points for points in (5, 7, 9, 11) if points <= len(time)]
    found = [
        float(np.median(np.abs(divided_differences(frames, time, points)))) / 0.6745
        for points in sizes
    ]
    rounding = float(np.spacing(np.abs(frames).max(initial=0.0))) / math.sqrt(12)
    return max(min(found, default=0.0), rounding)


def divided_differences(
    frames: Float[np.ndarray, "time series"], time: Float[np.ndarray, " time"], points: int
) -> Float[np.ndarray, "start series"]:
    """The highest divided differences of so many neighbours, their weights of unit norm."""
    starts = np.arange(len(time) - points + 1)
    # High powers of an interval of femtoseconds are no numbers in seconds.
    steps = (time - time[0]) / np.median(np.diff(time))
    weights = _weights(steps, starts, points, starts + points // 2)[points - 1]
    weights = weights / np.linalg.norm(weights, axis=1, keepdims=True)
    return np.asarray(sum(weights[:, k, None] * frames[starts + k] for k in range(points)))


def _unflatten(curve: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    trajectories, times, *rest = shape
    return np.ascontiguousarray(np.moveaxis(curve.reshape(times, trajectories, *rest), 0, 1))


def _differences(frames: np.ndarray, time: np.ndarray, orders: int, most: int) -> list[np.ndarray]:
    """The first derivatives of every column, over at most so many frames."""
    starts, weights = _stencils(time, None, most)
    points = weights.shape[2]
    return [
        np.asarray(sum(weights[order][:, k, None] * frames[starts + k] for k in range(points)))
        for order in range(1, orders + 1)
    ]


def _stencils(time: np.ndarray, order: int | None, most: int):
    """First frame and weights (of one order or all) of the stencil of every frame."""
    points = min(most, len(time))
    at = np.arange(len(time))
    starts = np.clip(at - points // 2, 0, len(time) - points)
    weights = _weights(time, starts, points, at)
    return starts, weights if order is None else weights[order]


def _weights(time: np.ndarray, starts: np.ndarray, points: int, at: np.ndarray) -> np.ndarray:
    """Finite-difference weights `[order, stencil, point]` at frames `at`."""
    offsets = time[starts[:, None] + np.arange(points)] - time[at][:, None]
    scale = np.abs(offsets).max(axis=1)
    powers = (offsets / scale[:, None])[:, None, :] ** np.arange(points)[None, :, None]
    # Row k of the inverse's transpose differentiates k times, up to k!.
    try:
        solved = np.linalg.inv(powers)
    except np.linalg.LinAlgError:
        raise InputError(
            f"times: found steps from {np.diff(time).min():.3g} to {np.diff(time).max():.3g}, "
            "expected steps of like size; correct the times or leave those snapshots out"
        ) from None
    factors = np.array([math.factorial(order) for order in range(points)])
    scaled = solved * factors / scale[:, None, None] ** np.arange(points)
    return np.moveaxis(scaled, 2, 0)
