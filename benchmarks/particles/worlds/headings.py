"""Bodies with headings beside the rival's own: Vicsek's in continuous time, and swarmalators.

Vicsek et al., Physical Review Letters 75, 1226 (1995), as differential equations: Peruani, Deutsch,
Baer, European Physical Journal Special Topics 157, 111 (2008); O'Keeffe, Hong, Strogatz, Nature
Communications 8, 1504 (2017).
"""

from __future__ import annotations

import numpy as np

from benchmarks.particles.worlds.pair_sums import Pairs
from benchmarks.particles.worlds.starts import apart
from benchmarks.particles.worlds.steps import along, brownian, runge_kutta
from benchmarks.particles.worlds.world import ALIKE, Term, World, recording
from forcelaw.particles.data import Recordings


def aligning(
    bodies: int = 60,
    snapshots: int = 1000,
    seed: int = 0,
    *,
    box: float = 6.0,
    step: float = 0.02,
    radius: float = 1.0,
    diffusion: float = 0.1,
) -> World:
    """Each swims at speed one and turns towards the headings of all within a radius.

    Headings alone have a diffusion.
    """
    rng = np.random.default_rng(seed)
    pairs = Pairs(bodies, box)

    def rate(state: np.ndarray, _: float) -> np.ndarray:
        r = pairs.between(state[:, :2])[1]
        turn = (r < radius) * np.sin(state[pairs.second, 2] - state[pairs.first, 2])
        swim = np.column_stack([np.cos(state[:, 2]), np.sin(state[:, 2])])
        return np.column_stack([swim, pairs.scatter(turn, -turn)])

    start = np.column_stack([rng.uniform(0, box, (bodies, 2)), rng.uniform(-np.pi, np.pi, bodies)])
    states = brownian(
        rate,
        start,
        diffusion=np.array([0, 0, diffusion]),
        step=step,
        snapshots=snapshots,
        substeps=4,
        rng=rng,
    )
    rates = along(rate, states, step)
    return World(
        name="aligning",
        recordings=Recordings((recording(states[:, :, :2], step, box=box),), "aligning"),
        order=1,
        torque=Term(f"sin(dtheta)*Heaviside({radius:g} - r)", lambda r: (r < radius).astype(float)),
        one_body=("(cos(theta), sin(theta))",),
        cutoff=radius,
        drift=(rates[:, :, :2],),
        heading=(states[:, :, 2],),
        turning=(rates[:, :, 2],),
    )


def swarmalators(
    bodies: int = 20,
    snapshots: int = 200,
    seed: int = 0,
    *,
    parts: int = 3,
    step: float = 0.05,
    likeness: float = 0.5,
    coupling: float = 0.5,
) -> World:
    """Like phases attract, and near ones agree; all sums are divided by the number of bodies."""
    rng = np.random.default_rng(seed)
    pairs = Pairs(bodies, None)

    def rate(state: np.ndarray, _: float) -> np.ndarray:
        vector, r = pairs.between(state[:, :2])
        turn = state[pairs.second, 2] - state[pairs.first, 2]
        size = 1 + likeness * np.cos(turn) - 1 / r
        pulled = vector * (size / (r * bodies))[:, None]
        acts = np.column_stack([pulled, coupling * np.sin(turn) / (r * bodies)])
        return pairs.scatter(acts, -acts)

    made, moves, phases, turns = [], [], [], []
    for part in range(parts):
        start = np.column_stack([apart(rng, bodies, 2, 3.0), rng.uniform(-np.pi, np.pi, bodies)])
        states = runge_kutta(rate, start, step=step, snapshots=snapshots, substeps=8)
        rates = along(rate, states, step)
        made.append(recording(states[:, :, :2], step, name=f"swarmalators-{part}"))
        moves.append(rates[:, :, :2])
        phases.append(states[:, :, 2])
        turns.append(rates[:, :, 2])
    return World(
        name="swarmalators",
        recordings=Recordings(tuple(made), "swarmalators"),
        order=1,
        pairs={
            ALIKE: Term(
                f"(1 - 1/r + {likeness:g}*cos(dtheta))/{bodies}", lambda r: (1 - 1 / r) / bodies
            )
        },
        torque=Term(f"{coupling:g}*sin(dtheta)/({bodies}*r)", lambda r: coupling / (bodies * r)),
        drift=tuple(moves),
        heading=tuple(phases),
        turning=tuple(turns),
    )
