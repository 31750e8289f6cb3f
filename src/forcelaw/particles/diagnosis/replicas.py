"""The data as they would look if a formula were the law: simulated, measured, estimated alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from forcelaw.errors import InputError
from forcelaw.laws import Formula
from forcelaw.motion import adaptive_rollout
from forcelaw.particles.data import Trajectories
from forcelaw.particles.diagnosis.receiver_motion import move_receivers
from forcelaw.particles.diagnosis.settings import DIAGNOSIS, DiagnosisSettings
from forcelaw.particles.equations import Design, formula_acceleration
from forcelaw.particles.kinematics import measure_noise
from forcelaw.particles.preparation import denoise, estimate_white_noise, median_size

_PAIRS = 1_000_000
"""At a time where accelerations of whole trajectories are computed."""


class Replicate(NamedTuple):
    """Data that a formula would have given."""

    data: Trajectories
    acceleration_error: float
    """Mean error of its accelerations, as estimated, relative to their size: see
    `forcelaw.particles.equations.relative_error`."""


def replicates(
    formula: Formula,
    data: Trajectories,
    count: int | None = None,
    *,
    seed: int = 0,
    settings: DiagnosisSettings = DIAGNOSIS,
) -> tuple[Replicate, ...]:
    """Motion under the formula from the same starts, seen with the same noise at the same times.

    Velocities and accelerations are given, estimated or smoothed where they are in `data`, so that
    whatever these steps do to a motion is done to this one too: what the formula leaves
    unexplained here is what noise, frames and estimates leave. `count` draws of the noise (that
    of the settings, unless given), one where there is none; nothing where the formula cannot be
    followed from any start.

    The parametric bootstrap: Efron and Tibshirani, An Introduction to the Bootstrap (1993).
    """
    some = data.select(np.arange(min(data.n_trajectories, settings.replicas.trajectories)))
    first = data.ends[0] if 2 * data.ends[0] < data.n_times else 0
    time = data.time[first:]
    position, velocity, finished = _moved(formula, some, first, settings)
    kept = finished & _within(position, some.position, settings)
    if not kept.any():
        return ()
    some = some.select(np.flatnonzero(kept))
    exact = {"position": position[kept], "velocity": velocity[kept]}
    accelerations = _accelerations(formula, some, exact)
    exact["acceleration"] = accelerations
    noise = {
        name: _noise(raw, data.time, smoothed=name in data.measured, settings=settings)
        for name, raw in given_arrays(some).items()
    }
    wanted = settings.replicas.draws if count is None else count
    found = []
    for number in range(wanted if any(size.any() for size in noise.values()) else 1):
        draw = np.random.default_rng([seed, 1, number])
        seen = {
            name: exact[name] + size[:, None, None, None] * draw.normal(size=exact[name].shape)
            for name, size in noise.items()
        }
        for name, raw in given_arrays(some).items():
            # What moves as it was measured is seen as it was measured.
            seen[name][:, :, some.observed :] = raw[:, first:, some.observed :]
        try:
            whole = _seen(some, seen, time, settings)
        except InputError:
            # Frames too far apart for this motion: its velocities seem to contradict positions.
            continue
        found.append(Replicate(whole, _error(whole, accelerations)))
    return tuple(found)


def _error(data: Trajectories, exact: Float[np.ndarray, "trajectory time body dim"]) -> float:
    """See `Replicate.acceleration_error`; of the snapshots that are used."""
    known, estimated = (
        part.samples().acceleration[:, : data.observed]
        for part in (replace(data, acceleration=exact), data)
    )
    size = np.linalg.norm(known, axis=-1)
    weight = 1 / (size + median_size(size))
    return float(np.mean(np.abs(estimated - known) * weight[..., None]))


def _moved(
    formula: Formula, data: Trajectories, first: int, settings: DiagnosisSettings
) -> tuple[
    Float[np.ndarray, "trajectory later body dim"],
    Float[np.ndarray, "trajectory later body dim"],
    Bool[np.ndarray, " trajectory"],
]:
    """Positions and velocities from a frame on, and which trajectories could be followed."""
    if data.receivers is not None:
        return move_receivers(formula, data, first, steps=settings.replicas.between_frames)
    moved = adaptive_rollout(
        formula,
        data.graph,
        data.position[:, first],
        data.velocity[:, first],
        data.attributes,
        times=data.time[first:],
        tolerance=settings.replicas.tolerance,
        most_steps=settings.replicas.steps,
    )
    return moved.position, moved.velocity, moved.finished


def given_arrays(
    data: Trajectories,
) -> dict[str, Float[np.ndarray, "trajectory time body dim"]]:
    """What was measured of position, velocity and acceleration, as it was before any smoothing."""
    found = {"position": data.measured.get("position", data.position)}
    for name, array in (("velocity", data.velocity), ("acceleration", data.acceleration)):
        if name in data.measured:
            found[name] = data.measured[name]
        elif name not in data.estimated:
            found[name] = array
    return found


def _within(
    position: Float[np.ndarray, "trajectory later body dim"],
    measured: Float[np.ndarray, "trajectory time body dim"],
    settings: DiagnosisSettings,
) -> Bool[np.ndarray, " trajectory"]:
    """Which trajectories stay about where those of the data are."""
    centre = measured.mean(axis=(0, 1, 2))
    extent = np.abs(measured - centre).max()
    inside = np.abs(position - centre).max(axis=(1, 2, 3)) < settings.replicas.beyond * extent
    return inside & np.isfinite(position).all(axis=(1, 2, 3))


def _noise(
    raw: Float[np.ndarray, "trajectory time body dim"],
    time: Float[np.ndarray, " time"],
    *,
    smoothed: bool,
    settings: DiagnosisSettings,
) -> Float[np.ndarray, " trajectory"]:
    """The noise of every trajectory; none where it cannot be told from motion."""
    found = (
        estimate_white_noise(raw, time, settings=settings.preparation)
        if len(time) > settings.replicas.white
        else None
    )
    if found is not None:
        return found
    frames = np.moveaxis(raw, 1, 0).reshape(len(time), -1)
    return np.full(len(raw), measure_noise(frames, time) if smoothed else 0.0)


def _accelerations(
    formula: Formula,
    data: Trajectories,
    exact: Mapping[str, Float[np.ndarray, "trajectory time body dim"]],
) -> Float[np.ndarray, "trajectory time body dim"]:
    position, velocity = exact["position"], exact["velocity"]
    trajectories, times, bodies, dim = position.shape
    flat = (trajectories * times, bodies, dim)
    found = np.zeros_like(position)
    # Snapshot by snapshot: all of them together would hold too many pairs.
    block = max(1, _PAIRS // max(data.n_pairs, 1))
    attributes = {name: np.repeat(v, times, axis=0) for name, v in data.attributes.items()}
    for start in range(0, trajectories * times, block):
        rows = slice(start, start + block)
        design = Design.build(
            position.reshape(flat)[rows],
            velocity.reshape(flat)[rows],
            np.zeros(flat)[rows, : data.observed],
            {name: value[rows] for name, value in attributes.items()},
            data.graph,
        )
        found.reshape(flat)[rows, : data.observed] = formula_acceleration(formula, design)
    return found


def _seen(
    data: Trajectories,
    seen: Mapping[str, Float[np.ndarray, "trajectory time body dim"]],
    time: Float[np.ndarray, " time"],
    settings: DiagnosisSettings,
) -> Trajectories:
    """Like `data`, of what was seen; the rest is estimated."""
    velocity, acceleration = seen.get("velocity"), seen.get("acceleration")
    missing = {"velocity": velocity, "acceleration": acceleration}
    return denoise(
        Trajectories(
            seen["position"],
            velocity,
            time,
            data.attributes,
            data.edges,
            acceleration,
            bodies=data.bodies,
            name=data.name,
            estimated=tuple(name for name, array in missing.items() if array is None),
            receivers=data.receivers,
            settings=data.settings,
        ),
        settings=settings.preparation,
    )
