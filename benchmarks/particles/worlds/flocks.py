"""Bodies that align or mill: Cucker-Smale, Vicsek, and self-propelled Morse swarms.

Cucker, Smale, IEEE Transactions on Automatic Control 52, 852 (2007); Vicsek et al., Physical Review
Letters 75, 1226 (1995); D'Orsogna et al., Physical Review Letters 96, 104302 (2006).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.particles.worlds.pair_sums import Pairs
from benchmarks.particles.worlds.steps import Rate, along, runge_kutta
from benchmarks.particles.worlds.world import ALIKE, Term, World, recording
from forcelaw.particles.data import Recording, Recordings

Pull = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""The acceleration at some positions and velocities."""


def cucker_smale(
    bodies: int = 20,
    snapshots: int = 200,
    seed: int = 0,
    *,
    parts: int = 5,
    step: float = 0.05,
    dim: int = 2,
    velocities: bool = True,
) -> World:
    """`dv_i/dt = sum (v_j - v_i) / (1 + r**2) / N` in open space."""
    rng = np.random.default_rng(seed)
    pairs = Pairs(bodies, None)

    def pull(position: np.ndarray, velocity: np.ndarray) -> np.ndarray:
        _, r = pairs.between(position)
        turn = (velocity[pairs.second] - velocity[pairs.first]) / (bodies * (1 + r**2))[:, None]
        return pairs.scatter(turn, -turn)

    starts = [
        np.hstack([rng.uniform(-2.5, 2.5, (bodies, dim)), rng.standard_normal((bodies, dim))])
        for _ in range(parts)
    ]
    made, drift = _moved(pull, starts, step, snapshots, velocities, "cucker_smale")
    return World(
        name="cucker_smale",
        recordings=Recordings(made, "cucker_smale"),
        order=2,
        alignment=Term(f"1/({bodies}*(1 + r**2))", lambda r: 1 / (bodies * (1 + r**2))),
        drift=drift,
    )


def milling(
    bodies: int = 40,
    snapshots: int = 300,
    seed: int = 0,
    *,
    parts: int = 3,
    step: float = 0.05,
    velocities: bool = True,
) -> World:
    """Morse attraction and repulsion, and self-propulsion `(1.6 - .5 v**2) v`, in open space."""
    rng = np.random.default_rng(seed)
    pairs = Pairs(bodies, None)

    def attraction(r: np.ndarray) -> np.ndarray:
        return 0.25 * np.exp(-r / 2) - 2 * np.exp(-2 * r)

    def pull(position: np.ndarray, velocity: np.ndarray) -> np.ndarray:
        thrust = 1.6 - 0.5 * np.square(velocity).sum(axis=1, keepdims=True)
        return pairs.forces(position, attraction) + thrust * velocity

    starts = [
        np.hstack([rng.uniform(-2, 2, (bodies, 2)), rng.standard_normal((bodies, 2))])
        for _ in range(parts)
    ]
    made, drift = _moved(pull, starts, step, snapshots, velocities, "milling")
    return World(
        name="milling",
        recordings=Recordings(made, "milling"),
        order=2,
        pairs={ALIKE: Term("0.25*exp(-r/2) - 2*exp(-2*r)", attraction)},
        one_body=("(1.6 - 0.5*v**2)*v",),
        drift=drift,
    )


def vicsek(
    bodies: int = 100,
    snapshots: int = 500,
    seed: int = 0,
    *,
    box: float = 10.0,
    speed: float = 0.05,
    noise: float = 1.0,
) -> World:
    """Discrete time: each takes the mean heading of all within a distance of one, with an error.

    The error is uniform within half of `noise` on either side. Positions move by the new heading
    each step of time one; the velocity of a snapshot is that which led to it.
    """
    rng = np.random.default_rng(seed)
    pairs = Pairs(bodies, box)
    position, heading = rng.uniform(0, box, (bodies, 2)), rng.uniform(-np.pi, np.pi, bodies)
    places, headings, turnings = [], [], []
    for _ in range(snapshots):
        _, r = pairs.between(position)
        way = np.column_stack([np.cos(heading), np.sin(heading)])
        near = (r < 1)[:, None]
        mean = way + pairs.scatter(near * way[pairs.second], near * way[pairs.first])
        turn = _turn(np.arctan2(mean[:, 1], mean[:, 0]) - heading)
        places.append(position)
        headings.append(heading)
        turnings.append(turn)
        heading = heading + turn + noise * rng.uniform(-0.5, 0.5, bodies)
        position = position + speed * np.column_stack([np.cos(heading), np.sin(heading)])
    ways = np.stack(headings)
    velocity = speed * np.stack([np.cos(ways), np.sin(ways)], axis=-1)
    made = recording(np.stack(places), 1.0, box=box, velocity=velocity)
    return World(
        name="vicsek",
        recordings=Recordings((made,), "vicsek"),
        order=1,
        alignment=Term("Heaviside(1 - r)", lambda r: (r < 1).astype(float)),
        one_body=(f"{speed:g}*(cos(theta), sin(theta))",),
        cutoff=1.0,
        diffusion=noise**2 / 24,
        heading=(ways,),
        turning=(np.stack(turnings),),
    )


def _turn(angle: np.ndarray) -> np.ndarray:
    """The same angle between -pi and pi."""
    return (angle + np.pi) % (2 * np.pi) - np.pi


def _moved(
    pull: Pull, starts: list[np.ndarray], step: float, snapshots: int, velocities: bool, name: str
) -> tuple[tuple[Recording, ...], tuple[np.ndarray, ...]]:
    """Recordings of an acceleration of position and velocity, and what it was."""
    dim = starts[0].shape[1] // 2

    def rate(state: np.ndarray, _: float) -> np.ndarray:
        velocity = state[:, dim:]
        return np.hstack([velocity, pull(state[:, :dim], velocity)])

    law: Rate = rate
    made, drift = [], []
    for number, start in enumerate(starts):
        states = runge_kutta(law, start, step=step, snapshots=snapshots, substeps=4)
        told = states[:, :, dim:] if velocities else None
        label = f"{name}-{number}"
        made.append(recording(states[:, :, :dim], step, velocity=told, name=label))
        drift.append(along(law, states, step)[:, :, dim:])
    return tuple(made), tuple(drift)
