"""Bead-spring chains, grains in contact, and bodies in a field that varies in time."""

from __future__ import annotations

import numpy as np

from benchmarks.particles.worlds.pair_sums import Pairs
from benchmarks.particles.worlds.starts import apart
from benchmarks.particles.worlds.steps import along, langevin, runge_kutta
from benchmarks.particles.worlds.world import ALIKE, Term, World, recording
from forcelaw.particles.data import Recordings

TOUCH = 2 ** (1 / 6)


def chain(
    chains: int = 6,
    beads: int = 10,
    snapshots: int = 2000,
    seed: int = 0,
    *,
    box: float = 10.0,
    step: float = 0.01,
    substeps: int = 5,
    stiffness: float = 50.0,
    drag: float = 1.0,
    temperature: float = 1.0,
    soft: bool = False,
    velocities: bool = False,
) -> World:
    """Polymers: springs along bonds, which are told, and repulsion between all, Langevin in 2D.

    The repulsion is that of Weeks, Chandler and Andersen, or soft: `-20*max(0, 1 - r)`.
    """
    rng = np.random.default_rng(seed)
    bodies = chains * beads
    number = np.arange(bodies).reshape(chains, beads)
    ends = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    everyone, bonded = Pairs(bodies, box), Pairs(bodies, box)
    bonded.fill(ends[:, 0], ends[:, 1])

    def repulsion(r: np.ndarray) -> np.ndarray:
        if soft:
            return -20 * np.maximum(0, 1 - r)
        return np.where(r < TOUCH, 24 / r**7 - 48 / r**13, 0.0)

    def spring(r: np.ndarray) -> np.ndarray:
        return stiffness * (r - 1)

    def force(position: np.ndarray, _: float) -> np.ndarray:
        return everyone.forces(position, repulsion) + bonded.forces(position, spring)

    lines = (np.arange(chains) + 0.5) * box / chains
    start = np.stack(
        [np.tile(np.arange(beads) * min(1.0, box / beads), chains), np.repeat(lines, beads)], axis=1
    )
    position, velocity = langevin(
        force,
        start,
        np.sqrt(temperature) * rng.standard_normal((bodies, 2)),
        drag=drag,
        temperature=temperature,
        step=step,
        snapshots=snapshots,
        substeps=substeps,
        rng=rng,
        burn_in=500,
    )
    made = recording(
        position,
        step,
        box=box,
        velocity=velocity if velocities else None,
        edges=np.concatenate([ends, ends[:, ::-1]]),
    )
    text = "-20*Max(0, 1 - r)" if soft else "(24/r**7 - 48/r**13)*Heaviside(2**(1/6) - r)"
    return World(
        name="chain",
        recordings=Recordings((made,), "chain"),
        order=2,
        pairs={ALIKE: Term(text, repulsion)},
        bonds=Term(f"{stiffness:g}*(r - 1)", spring),
        one_body=(f"-{drag:g}*v",),
        cutoff=1.0 if soft else TOUCH,
        diffusion=drag * temperature,
        temperature=temperature,
        drag=drag,
        drift=(along(force, position, step) - drag * velocity,),
    )


def grains(
    bodies: int = 60,
    snapshots: int = 1000,
    seed: int = 0,
    *,
    box: float = 8.0,
    step: float = 0.01,
    substeps: int = 4,
    stiffness: float = 100.0,
    damping: float = 0.5,
    velocities: bool = True,
) -> World:
    """Discs of diameter one: `-k*max(0, 1 - r)**1.5`, and friction along the line in contact."""
    rng = np.random.default_rng(seed)
    pairs = Pairs(bodies, box)

    def repulsion(r: np.ndarray) -> np.ndarray:
        return -stiffness * np.maximum(0, 1 - r) ** 1.5

    def rate(state: np.ndarray, _: float) -> np.ndarray:
        vector, r = pairs.between(state[:, :2])
        velocity = state[:, 2:]
        line = vector / r[:, None]
        faster = np.einsum("pd,pd->p", velocity[pairs.second] - velocity[pairs.first], line)
        pulled = (repulsion(r) + damping * (r < 1) * faster)[:, None] * line
        return np.hstack([velocity, pairs.scatter(pulled, -pulled)])

    start = np.hstack([apart(rng, bodies, 2, box), 1.5 * rng.standard_normal((bodies, 2))])
    states = runge_kutta(rate, start, step=step, snapshots=snapshots, substeps=substeps)
    told = states[:, :, 2:] if velocities else None
    made = recording(states[:, :, :2], step, box=box, velocity=told)
    return World(
        name="grains",
        recordings=Recordings((made,), "grains"),
        order=2,
        pairs={ALIKE: Term(f"-{stiffness:g}*Max(0, 1 - r)**1.5", repulsion)},
        friction=Term(f"{damping:g}*Heaviside(1 - r)", lambda r: damping * (r < 1)),
        cutoff=1.0,
        drift=(along(rate, states, step)[:, :, 2:],),
    )


def swing(
    bodies: int = 8,
    snapshots: int = 400,
    seed: int = 0,
    *,
    parts: int = 5,
    step: float = 0.05,
    period: float = 3.0,
    velocities: bool = True,
) -> World:
    """Charges alike in a harmonic trap, and a field along x that varies with a period."""
    rng = np.random.default_rng(seed)
    pairs = Pairs(bodies, None)

    def repulsion(r: np.ndarray) -> np.ndarray:
        return -1 / r**2

    def rate(state: np.ndarray, time: float) -> np.ndarray:
        pull = pairs.forces(state[:, :2], repulsion) - state[:, :2]
        pull[:, 0] += 1.5 * np.cos(2 * np.pi * time / period)
        return np.hstack([state[:, 2:], pull])

    made, rates = [], []
    for part in range(parts):
        start = np.hstack([apart(rng, bodies, 2, 4.0) - 2, 0.3 * rng.standard_normal((bodies, 2))])
        states = runge_kutta(rate, start, step=step, snapshots=snapshots, substeps=20)
        told = states[:, :, 2:] if velocities else None
        made.append(recording(states[:, :, :2], step, velocity=told, name=f"swing-{part}"))
        rates.append(along(rate, states, step)[:, :, 2:])
    return World(
        name="swing",
        recordings=Recordings(tuple(made), "swing"),
        order=2,
        pairs={ALIKE: Term("-1/r**2", repulsion)},
        one_body=("-x", f"(1.5*cos(2*pi*t/{period:g}), 0)"),
        drift=tuple(rates),
    )
