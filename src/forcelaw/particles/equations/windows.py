"""Stretches of measured motion, each with an initial state of its own: multiple shooting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.graph import Graph
from forcelaw.particles.data import Trajectories
from forcelaw.particles.equations.settings import EQUATIONS, EquationsSettings, WindowSettings
from forcelaw.particles.equations.snapshots import Design
from forcelaw.particles.equations.weak_form import Operators, WeakForm, clearance, used
from forcelaw.particles.kinematics import measure_noise

_MEDIAN_SQUARE = 0.4549
"""Of a standard normal number."""


@dataclass(frozen=True, eq=False)
class Windows:
    """Measured positions cut into stretches of equal length, and an estimate of the motion.

    With forces taken at the estimated positions, twice integrated, the distance from the measured
    positions is linear in the forces.
    """

    measured: Mapping[str, Float[np.ndarray, "trajectory window frame observed dim"]]
    """Positions, and velocities and accelerations if they were measured too."""
    position: Float[np.ndarray, "trajectory window node body dim"]
    velocity: Float[np.ndarray, "trajectory window node body dim"]
    attributes: Mapping[str, Float[np.ndarray, "trajectory body"]]
    graph: Graph
    operators: tuple[Operators, ...]
    """One a window."""
    interval: float | None
    """Time from frame to frame; None where it varies."""
    usable: Bool[np.ndarray, "trajectory window observed"]
    """Of the bodies that are looked at."""
    noise: Mapping[str, Float[np.ndarray, " trajectory"]]
    """The standard deviation of each."""
    rows: int
    """Test functions of a window."""
    time: Float[np.ndarray, "window node"]
    """When the nodes are."""
    trajectory: Int[np.ndarray, " trajectory"]
    """Which of the data's trajectories these are."""
    settings: EquationsSettings
    """What decided, and decides in `design`."""

    @classmethod
    def of(
        cls,
        data: Trajectories,
        *,
        seed: int = 0,
        most: int | None = None,
        all_frames: bool = False,
        settings: EquationsSettings = EQUATIONS,
    ) -> Windows | None:
        """The windows of motion that was smoothed; None where it was not.

        Nodes are about at `most` snapshots (those of the settings, unless given) of trajectories
        drawn at random: at every frame with
        `all_frames`, else at as many as it takes to use all trajectories. With all frames the
        motion need not be known well before, and bodies may meet closer.
        """
        raw, how = data.measured, settings.windows
        most = how.snapshots if most is None else most
        if "position" not in raw or data.acceleration is None or data.n_times < how.least:
            return None
        reach = how.spread * data.ends[0] if len(raw) == 1 else how.short
        # With few frames there are no ends to leave out, and nothing to cut.
        length = int(np.clip(reach or data.n_times, how.least, data.n_times))
        count = max(1, round(data.n_times / length))
        length = data.n_times // count
        # Accelerations tell enough: some stretches of many trajectories.
        count = min(count, how.some) if len(raw) > 1 else count
        starts = np.round(np.linspace(0, data.n_times - length, count)).astype(int)
        stride = max(1, min(length // how.nodes, data.n_trajectories * data.n_times // most))
        stride = 1 if all_frames else stride
        operators = tuple(Operators.of(data.time[s : s + length], stride) for s in starts)
        some = max(1, most // (count * len(operators[0].nodes)))
        kept = np.sort(np.random.default_rng(seed).permutation(data.n_trajectories)[:some])
        frames = starts[:, None] + np.arange(length)
        nodes = starts[:, None] + operators[0].nodes
        position, velocity = data.position[kept][:, nodes], data.velocity[kept][:, nodes]
        quick = how.steps * float(np.median(np.diff(data.time)))
        reliable = np.ones((len(kept), count), bool)
        if data.reliable is not None:
            reliable = np.asarray(data.reliable[kept][:, frames].all(axis=2))
        graph = data.graph
        edges = np.stack([np.asarray(graph.sender), np.asarray(graph.receiver)], axis=1)
        noise = {
            name: _noise(part[kept], data.time, how.exact, each=len(raw) > 1)
            for name, part in raw.items()
        }
        limit = (how.near / 2 if all_frames else how.near) * float(np.median(noise["position"]))
        observed = data.observed
        measured = {name: part[kept][:, frames, :observed] for name, part in raw.items()}
        near = clearance(position, velocity, edges, quick)[..., :observed]
        return cls(
            measured,
            position,
            velocity,
            {name: value[kept] for name, value in data.attributes.items()},
            graph,
            operators,
            _interval(data.time),
            used(near, limit, reliable, how.used),
            noise,
            _significant(measured["position"], operators, noise["position"], how),
            data.time[nodes],
            kept,
            settings,
        )

    def design(self) -> Design:
        """The equations that forces have to meet, see `WeakForm`."""
        trajectories, windows, nodes, bodies, dim = self.position.shape
        observed = self.usable.shape[2]
        modes = [part.modes(self.rows) for part in self.operators]
        raw, noise = self.measured["position"], self.noise["position"]
        series = raw.reshape(*raw.shape[:3], observed * dim)
        unit = float(np.median(noise))
        seen = np.stack([left for left, _ in modes]) @ series / unit
        seen = seen.reshape(trajectories, windows, -1, observed, dim)
        size = np.linalg.norm(seen, axis=-1) / np.sqrt(dim)
        share = (noise / unit)[:, None, None, None]
        weight = self.usable[:, :, None] / np.sqrt(
            share**2 + (self.settings.windows.model * size) ** 2
        )
        weak = WeakForm(
            np.stack([right for _, right in modes]) / unit, weight.reshape(-1, observed)
        )
        design = Design.build(
            self.position.reshape(-1, bodies, dim),
            self.velocity.reshape(-1, bodies, dim),
            seen.reshape(-1, observed, dim),
            {n: np.repeat(v, windows * nodes, axis=0) for n, v in self.attributes.items()},
            self.graph,
        )
        return replace(
            design,
            weak=weak,
            time=np.tile(self.time.ravel(), trajectories),
            trajectory=np.repeat(self.trajectory, windows * nodes),
        )


def _noise(
    frames: Float[np.ndarray, "trajectory time body dim"],
    time: Float[np.ndarray, " time"],
    exact: float,
    *,
    each: bool,
) -> Float[np.ndarray, " trajectory"]:
    """The noise of each trajectory, or one for all, which is known better."""
    series = np.moveaxis(frames, 1, 0).reshape(len(time), len(frames), -1)
    least = exact * float(np.sqrt(np.mean(frames**2))) + 1e-300
    if not each:
        noise = measure_noise(series.reshape(len(time), -1), time)
        return np.full(len(frames), max(noise, least))
    found = np.array([measure_noise(series[:, k], time) for k in range(len(frames))])
    return np.maximum(found, least)


def _interval(time: Float[np.ndarray, " time"]) -> float | None:
    steps = np.diff(time)
    return float(np.mean(steps)) if np.ptp(steps) < 1e-6 * np.mean(steps) else None


def _significant(
    measured: Float[np.ndarray, "trajectory window frame body dim"],
    operators: tuple[Operators, ...],
    noise: Float[np.ndarray, " trajectory"],
    how: WindowSettings,
) -> int:
    """Test functions to which forces contribute more than noise, and two more."""
    nodes = len(operators[0].nodes)
    left, _ = operators[0].modes(min(how.functions, nodes, measured.shape[2] - 2))
    seen = np.einsum("kf,ifbd->kibd", left, measured[:, 0]) / noise[:, None, None]
    loud = np.flatnonzero(np.median(seen**2, axis=(1, 2, 3)) > how.loud * _MEDIAN_SQUARE)
    return int(min((loud.max() if loud.size else 0) + 3, len(left)))
