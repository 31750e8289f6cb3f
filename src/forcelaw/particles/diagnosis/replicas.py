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
from forcelaw.particles.diagnosis.settings import DIAGNOSIS, DiagnosisSettings
from forcelaw.particles.equations import Design, formula_acceleration
from forcelaw.particles.kinematics import measure_noise
from forcelaw.particles.preparation import denoise, estimate_white_noise, median_size


class Replicate(NamedTuple):
    """Data that a formula would have given."""

    data: Trajectories
    acceleration_error: float
    """Mean error of its accelerations, as estimated, relative to their size: see
    `forcelaw.particles.equations.snapshots.relative_error`."""


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
    moved = adaptive_rollout(
        formula,
        data.graph,
        some.position[:, first],
        some.velocity[:, first],
        some.attributes,
        times=time,
        tolerance=settings.replicas.tolerance,
        most_steps=settings.replicas.steps,
    )
    kept = moved.finished & _within(moved.position, some.position, settings)
    if not kept.any():
        return ()
    some = some.select(np.flatnonzero(kept))
    exact = {"position": moved.position[kept], "velocity": moved.velocity[kept]}
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
        try:
            whole = _seen(some, seen, time, settings)
        except InputError:
            # Frames too far apart for this motion: its velocities seem to contradict positions.
            continue
        found.append(Replicate(whole, _error(whole, accelerations)))
    return tuple(found)


def _error(data: Trajectories, exact: Float[np.ndarray, "trajectory time body dim"]) -> float:
    """See `Replicate.acceleration_error`; of the snapshots that are used."""
    known = replace(data, acceleration=exact).samples().acceleration
    estimated = data.samples().acceleration
    size = np.linalg.norm(known, axis=-1)
    weight = 1 / (size + median_size(size))
    return float(np.mean(np.abs(estimated - known) * weight[..., None]))


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
    attributes = {name: np.repeat(v, times, axis=0) for name, v in data.attributes.items()}
    design = Design.build(
        position.reshape(flat), velocity.reshape(flat), np.zeros(flat), attributes, data.graph
    )
    return formula_acceleration(formula, design).reshape(position.shape)


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
            settings=data.settings,
        ),
        settings=settings.preparation,
    )
