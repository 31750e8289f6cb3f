"""Aligning active bodies in a periodic box: the demonstration of Stochastic Force Inference 2."""

from __future__ import annotations

import numpy as np

from benchmarks.particles.worlds.pair_sums import Pairs
from benchmarks.particles.worlds.steps import along, brownian
from benchmarks.particles.worlds.world import ALIKE, Term, World, recording
from forcelaw.particles.data import Recordings


def active(
    bodies: int = 60,
    snapshots: int = 2000,
    seed: int = 0,
    *,
    box: float = 30.0,
    step: float = 0.02,
    substeps: int = 4,
    diffusion: float = 0.05,
    speed: float = 1.0,
) -> World:
    """Each swims along its heading, repels the others and turns towards their headings.

    All coordinates, the heading too, have the same diffusion, and the sums reach over all pairs by
    the nearest image, as in `examples/manual_examples/abp_align_demo.py` of its release 2.0.4.
    """
    rng = np.random.default_rng(seed)
    pairs = Pairs(bodies, box)

    def drift(state: np.ndarray, _: float) -> np.ndarray:
        vector, r = pairs.between(state[:, :2])
        turn = state[pairs.second, 2] - state[pairs.first, 2]
        push = -vector * (2 * np.exp(-r) / r)[:, None]
        torque = 0.5 * np.sin(turn) * np.exp(-r / 2)
        acts = np.column_stack([push, torque])
        total = pairs.scatter(acts, -acts)
        total[:, 0] += speed * np.cos(state[:, 2])
        total[:, 1] += speed * np.sin(state[:, 2])
        return total

    start = np.column_stack([rng.uniform(0, box, (bodies, 2)), rng.uniform(-np.pi, np.pi, bodies)])
    states = brownian(
        drift,
        start,
        diffusion=diffusion,
        step=step,
        snapshots=snapshots,
        substeps=substeps,
        rng=rng,
    )
    rates = along(drift, states, step)
    return World(
        name="active",
        recordings=Recordings((recording(states[:, :, :2], step, box=box),), "active"),
        order=1,
        pairs={ALIKE: Term("-2*exp(-r)", lambda r: -2 * np.exp(-r))},
        torque=Term("0.5*sin(dtheta)*exp(-r/2)", lambda r: 0.5 * np.exp(-r / 2)),
        one_body=(f"{speed:g}*(cos(theta), sin(theta))",),
        diffusion=diffusion,
        drift=(rates[:, :, :2],),
        heading=(states[:, :, 2],),
        turning=(rates[:, :, 2],),
    )
