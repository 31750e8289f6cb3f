"""Positions that were wrapped into a periodic box, and how to undo it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.files import many
from forcelaw.particles.kinematics.differentiate import divided_differences
from forcelaw.particles.kinematics.settings import KINEMATICS, KinematicsSettings


class Unwrapped(NamedTuple):
    """Positions without jumps, how many were undone, and a sentence if any were."""

    position: Float[np.ndarray, "trajectory time body dim"]
    undone: int
    notes: tuple[str, ...]
    lengths: tuple[float, ...] = ()
    """Of the box along each axis, 0 where nothing jumps; empty: nowhere."""


class _Jumps(NamedTuple):
    """Steps along one axis that lead across the box."""

    at: Bool[np.ndarray, "trajectory step body"]
    cells: Int[np.ndarray, "trajectory time body"]
    """How many boxes were left upward since the start."""
    length: float


def unwrap(
    position: Float[np.ndarray, "trajectory time body dim"],
    velocity: Float[np.ndarray, "trajectory time body dim"] | None,
    time: Float[np.ndarray, " time"],
    *,
    settings: KinematicsSettings = KINEMATICS,
) -> Unwrapped:
    """The same motion without jumps across a periodic box.

    An axis is taken as periodic only where it is unambiguous: some steps from frame to frame are
    longer than half the range of positions, all others far shorter, and every jump, less what the
    velocity (or the steps before and after) says of the motion, has the same length, which is not
    shorter than the range, most of which bodies visit. The length itself is the one that leaves
    the motion smoothest.
    """
    said, count = [], 0
    lengths = [0.0] * position.shape[3]
    for axis in range(position.shape[3]):
        speed = None if velocity is None else velocity[..., axis]
        jumps = _jumps(position[..., axis], speed, time, settings)
        if jumps is None:
            continue
        position = position.copy()
        position[..., axis] += jumps.length * jumps.cells
        lengths[axis] = jumps.length
        count += int(jumps.at.sum())
        said.append(f"by {jumps.length:.6g} along {'xyz'[axis]}")
    if not said:
        return Unwrapped(position, 0, ())
    also = "" if velocity is None else ", while velocities do not"
    note = (
        f"positions jump {' and '.join(said)} ({many(count, 'time')}){also}, as in a periodic "
        "box: they were unwrapped; if forces act through its walls, distances between bodies are "
        "not those of their nearest images"
    )
    return Unwrapped(position, count, (note,), tuple(lengths))


def _jumps(
    x: Float[np.ndarray, "trajectory time body"],
    velocity: Float[np.ndarray, "trajectory time body"] | None,
    time: Float[np.ndarray, " time"],
    settings: KinematicsSettings,
) -> _Jumps | None:
    step = np.diff(x, axis=1)
    size = np.abs(step)
    width = float(np.ptp(x))
    at = size > settings.box.half * width
    if (
        not at.any()
        or at.mean() > settings.box.half
        or size[~at].max(initial=0.0) > settings.box.slow * width
    ):
        return None
    moved = _motion(step, at, velocity, time)
    lengths = np.abs(moved - step)[at]
    length = float(np.median(lengths))
    if (
        np.abs(lengths - length).max() > settings.box.alike * length
        or length < (1 - settings.box.outside) * width
    ):
        return None
    if (np.histogram(x, bins=settings.box.bins)[0] > 0).mean() < settings.box.filled:
        return None
    crossed = -np.sign(step).astype(int) * at
    cells = np.concatenate([np.zeros_like(crossed[:, :1]), np.cumsum(crossed, axis=1)], axis=1)
    return _Jumps(at, cells, _smoothest(x, cells, time, length, settings))


def _motion(
    step: Float[np.ndarray, "trajectory step body"],
    at: Bool[np.ndarray, "trajectory step body"],
    velocity: Float[np.ndarray, "trajectory time body"] | None,
    time: Float[np.ndarray, " time"],
) -> Float[np.ndarray, "trajectory step body"]:
    """By how much bodies went in the frames in which they jump."""
    if velocity is not None:
        return (velocity[:, 1:] + velocity[:, :-1]) / 2 * np.diff(time)[:, None]
    moved = step.copy()
    speed = step / np.diff(time)[:, None]
    for i, body in np.argwhere(at.any(axis=1)):
        lost = at[i, :, body]
        middle = (time[1:] + time[:-1]) / 2
        if not lost.all():
            guess = np.interp(middle[lost], middle[~lost], speed[i, ~lost, body])
            moved[i, lost, body] = guess * np.diff(time)[lost]
    return moved


def _smoothest(
    x: Float[np.ndarray, "trajectory time body"],
    cells: Int[np.ndarray, "trajectory time body"],
    time: Float[np.ndarray, " time"],
    guess: float,
    settings: KinematicsSettings,
) -> float:
    """The length with which the highest differences of neighbouring frames are smallest.

    A round number (or the full angle) is taken where the fit cannot tell it from that.
    """
    points = min(settings.stencil, len(time))
    crossing = np.ptp(cells, axis=1) > 0
    kept = np.moveaxis(x, 1, 2)[crossing].T
    steps = np.moveaxis(cells, 1, 2)[crossing].T.astype(float)
    if points < 3:
        return guess
    rough, jumps = (divided_differences(part, time, points) for part in (kept, steps))
    touched = np.abs(jumps) > settings.box.still * np.abs(jumps).max()
    told, weight = -rough[touched] / jumps[touched], np.abs(jumps[touched])
    # The sum of the differences' sizes is least at the weighted median: quick frames do not count.
    order = np.argsort(told)
    share = np.cumsum(weight[order])
    length = float(told[order][np.searchsorted(share, share[-1] / 2)])
    spread = float(np.median(np.abs(told - length) * weight)) / float(np.median(weight))
    doubt = spread / np.sqrt(len(told)) + 1e-12 * length
    if abs(length - guess) > settings.box.alike * guess:
        return guess
    round_numbers = [float(f"{length:.{digits}g}") for digits in range(1, settings.box.digits + 1)]
    near = [
        n for n in (2 * np.pi, *round_numbers) if abs(n - length) <= settings.significance * doubt
    ]
    return near[0] if near else length
