"""Measured motion with less noise: positions, velocities and accelerations tell of each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from jaxtyping import Float, Int

from forcelaw.particles.data import Trajectories
from forcelaw.particles.kinematics import divided_differences, find_missed, smooth
from forcelaw.particles.preparation.settings import PREPARATION, PreparationSettings

_NAMES = ("position", "velocity", "acceleration")


def denoise(data: Trajectories, *, settings: PreparationSettings = PREPARATION) -> Trajectories:
    """The same motion, smoothed in time if it is noisy; else `data` itself.

    Noise in distances biases every fit of a force, however many samples there are, and noise in
    accelerations biases their relative errors. It is independent from frame to frame and from
    array to array, and the motion is not: one spline through positions, velocities and
    accelerations at once, each weighted by its measured noise, keeps the motion and loses most of
    the noise. Where the curve misses several neighbouring frames together (a force that jumps, a
    close encounter), they are kept as they were, and marked as not `reliable`.

    Nothing is done where frames are too few or too coarse to tell noise from motion, where
    accelerations are unknown, or where arrays were estimated (`data.estimated`).
    """
    if (
        data.acceleration is None
        or data.estimated
        or data.n_times <= 2 * max(settings.denoising.neighbours)
    ):
        return data
    arrays = [data.position, data.velocity, data.acceleration]
    measured = [
        found for array in arrays if (found := _noise(array, data.time, settings)) is not None
    ]
    if len(measured) < len(arrays):
        return data
    noise = np.stack(measured)
    sizes = np.stack([_size(array) for array in arrays])
    if (np.median(noise / sizes, axis=1) < settings.denoising.least).all():
        return data
    noise = _bounded(noise, sizes, data.time, settings)
    out = [np.empty_like(array) for array in arrays]
    reliable = np.ones(data.position.shape[:2], bool)
    for rows in _alike(noise, data.time):
        parts = [array[rows] for array in arrays]
        for whole, raw, curve, sd in zip(
            out,
            parts,
            _curves(parts, noise[:, rows], data),
            noise[:, rows],
            strict=True,
        ):
            lost = find_missed((raw - curve) / sd[:, None, None, None], settings=data.settings)
            whole[rows] = np.where(lost[..., None], raw, curve)
            reliable[rows] &= ~lost[:, :, : data.observed].any(axis=2)
    shares = ", ".join(
        f"{100 * np.median(part / size):.2g} % in the {name}"
        for name, part, size in zip(_NAMES, noise, sizes, strict=True)
    )
    note = f"noise of {shares} was measured, and smoothed in time"
    kinematics = dict(zip(_NAMES, out, strict=True))
    return replace(
        data,
        **kinematics,
        reliable=reliable,
        measured=dict(zip(_NAMES, arrays, strict=True)),
        estimated=_NAMES,
        notes=(*data.notes, note),
    )


def _size(
    array: Float[np.ndarray, "trajectory time body dim"],
) -> Float[np.ndarray, " trajectory"]:
    """The root mean square of every trajectory."""
    return np.sqrt(np.mean(array**2, axis=(1, 2, 3))) + 1e-300


def estimate_white_noise(
    array: Float[np.ndarray, "trajectory time body dim"],
    time: Float[np.ndarray, " time"],
    *,
    settings: PreparationSettings = PREPARATION,
) -> Float[np.ndarray, " trajectory"] | None:
    """The standard deviation of the noise in every trajectory; None where it cannot be told.

    Differences of any number of neighbours, their weights scaled to unit norm, pass white noise
    alike; what they pass of a signal depends on their number.
    """
    few, many = _differing(array, time, settings)
    disagreement = abs(float(np.log(np.median(many) / np.median(few)))) if few.any() else 0.0
    return many if disagreement < settings.denoising.white else None


def _noise(
    array: Float[np.ndarray, "trajectory time body dim"],
    time: Float[np.ndarray, " time"],
    settings: PreparationSettings,
) -> Float[np.ndarray, " trajectory"] | None:
    """The same; next to nothing is no noise, whatever it is."""
    _, many = _differing(array, time, settings)
    return (
        many
        if np.median(many / _size(array)) < settings.denoising.least
        else estimate_white_noise(array, time, settings=settings)
    )


def _differing(
    array: Float[np.ndarray, "trajectory time body dim"],
    time: Float[np.ndarray, " time"],
    settings: PreparationSettings,
) -> list[Float[np.ndarray, " trajectory"]]:
    """What differences of a few and of many neighbours pass, in every trajectory."""
    frames = np.moveaxis(array, 1, 0).reshape(len(time), -1)
    return [
        np.median(
            np.abs(divided_differences(frames, time, points)).reshape(
                -1, len(array), array[0, 0].size
            ),
            axis=(0, 2),
        )
        / 0.6745
        for points in settings.denoising.neighbours
    ]


def _bounded(
    noise: Float[np.ndarray, "3 trajectory"],
    sizes: Float[np.ndarray, "3 trajectory"],
    time: Float[np.ndarray, " time"],
    settings: PreparationSettings,
) -> Float[np.ndarray, "3 trajectory"]:
    """The same where it is possible: beyond the bounds one array says all, or nothing."""
    noise = np.maximum(noise, 1e-3 * settings.denoising.least * sizes)
    alike = noise[0] / (time[-1] - time[0]) ** np.arange(3)[:, None]
    return np.clip(noise, alike / settings.denoising.extreme, alike * settings.denoising.extreme)


def _alike(
    noise: Float[np.ndarray, "3 trajectory"], time: Float[np.ndarray, " time"]
) -> Iterator[Int[np.ndarray, " some"]]:
    """Trajectories with nearly the same ratios of the noise of their arrays, group by group."""
    span = (time[-1] - time[0]) ** np.array([[1], [2]])
    groups = np.round(np.log2(noise[1:] / noise[0] * span)).astype(int)
    _, group = np.unique(groups, axis=1, return_inverse=True)
    group = group.ravel()
    for index in range(group.max() + 1):
        yield np.flatnonzero(group == index)


def _curves(
    arrays: list[Float[np.ndarray, "some time body dim"]],
    noise: Float[np.ndarray, "3 some"],
    data: Trajectories,
) -> list[Float[np.ndarray, "some time body dim"]]:
    """The splines through all three, and their derivatives."""
    shape = arrays[0].shape
    series = [np.moveaxis(array, 1, 0).reshape(data.n_times, -1) for array in arrays]
    ratios = np.exp(np.mean(np.log(noise / noise[0]), axis=1)).tolist()
    fit = smooth(series, data.time, dim=shape[3], orders=2, noise=ratios, settings=data.settings)
    moved = (shape[1], shape[0], *shape[2:])
    return [np.moveaxis(curve.reshape(moved), 0, 1) for curve in (fit.values, *fit.derivatives)]
