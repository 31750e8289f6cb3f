"""Lennard-Jones argon and the Kob-Andersen mixture, in reduced units and a periodic box.

Kob, Andersen, Physical Review E 51, 4626 (1995): the mixture.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.particles.worlds.pair_sums import Pairs
from benchmarks.particles.worlds.starts import lattice
from benchmarks.particles.worlds.steps import along, langevin
from benchmarks.particles.worlds.world import ALIKE, Term, World, recording
from forcelaw.particles.data import Recordings

CUTOFF = 2.5
STRENGTH = {("A", "A"): 1.0, ("A", "B"): 1.5, ("B", "A"): 1.5, ("B", "B"): 0.5}
SIZE = {("A", "A"): 1.0, ("A", "B"): 0.8, ("B", "A"): 0.8, ("B", "B"): 0.88}


def argon(
    bodies: int = 108,
    snapshots: int = 500,
    seed: int = 0,
    *,
    density: float = 0.84,
    temperature: float = 0.85,
    step: float = 0.002,
    every: int = 5,
    drag: float = 0.0,
    velocities: bool = True,
    settle: int = 2000,
) -> World:
    """`24/r**7 - 48/r**13` up to the cutoff; every so manieth step is recorded.

    Without drag the energy is conserved, after `settle` steps at the temperature.
    """
    alike = np.ones((1, 1))
    return _molecules(
        "argon",
        np.zeros(bodies, int),
        alike,
        alike,
        dim=3,
        box=(bodies / density) ** (1 / 3),
        snapshots=snapshots,
        seed=seed,
        temperature=temperature,
        step=step,
        every=every,
        drag=drag,
        velocities=velocities,
        settle=settle,
    )


def kob_andersen(
    bodies: int = 200,
    snapshots: int = 500,
    seed: int = 0,
    *,
    dim: int = 3,
    density: float = 1.2,
    temperature: float = 1.0,
    step: float = 0.002,
    every: int = 5,
    drag: float = 0.0,
    velocities: bool = True,
    settle: int = 3000,
) -> World:
    """Four fifths of kind A, one of kind B; the cutoff is 2.5 sizes of each pair of kinds."""
    kind = (np.arange(bodies) % 5 == 4).astype(int)
    table = [[(a, b) for b in "AB"] for a in "AB"]
    return _molecules(
        "kob_andersen",
        kind,
        np.array([[STRENGTH[pair] for pair in row] for row in table]),
        np.array([[SIZE[pair] for pair in row] for row in table]),
        dim=dim,
        box=(bodies / density) ** (1 / dim),
        snapshots=snapshots,
        seed=seed,
        temperature=temperature,
        step=step,
        every=every,
        drag=drag,
        velocities=velocities,
        settle=settle,
    )


def _molecules(
    name: str,
    kind: np.ndarray,
    strengths: np.ndarray,
    sizes: np.ndarray,
    *,
    dim: int,
    box: float,
    snapshots: int,
    seed: int,
    temperature: float,
    step: float,
    every: int,
    drag: float,
    velocities: bool,
    settle: int,
) -> World:
    rng = np.random.default_rng(seed)
    bodies = len(kind)
    pairs = Pairs(bodies, box, CUTOFF)

    def parts(position: np.ndarray) -> tuple[np.ndarray, ...]:
        """Vectors, lengths, strengths and the sixth powers (size / r)**6 of pairs."""
        vector, r = pairs.between(position)
        receiver, sender = kind[pairs.first], kind[pairs.second]
        size = sizes[receiver, sender]
        power = np.where(r < CUTOFF * size, size / r, 0.0) ** 6
        return vector, r, strengths[receiver, sender], power

    def force(position: np.ndarray, _: float) -> np.ndarray:
        vector, r, strength, power = parts(position)
        pulled = vector * (24 * strength * power * (1 - 2 * power) / r**2)[:, None]
        return pairs.scatter(pulled, -pulled)

    def potential(position: np.ndarray) -> float:
        _, _, strength, power = parts(position)
        end = CUTOFF**-6
        each = 4 * strength * (power * (power - 1) - end * (end - 1))
        return float(each[power > 0].sum())

    position = rng.permutation(lattice(bodies, dim, box))
    velocity = np.sqrt(temperature) * rng.standard_normal((bodies, dim))
    settled = langevin(
        force,
        position,
        velocity,
        drag=2.0,
        temperature=temperature,
        step=step,
        snapshots=1,
        substeps=1,
        rng=rng,
        burn_in=settle,
    )
    velocity = settled[1][0] - settled[1][0].mean(axis=0)
    position, velocity = langevin(
        force,
        settled[0][0],
        velocity,
        drag=drag,
        temperature=temperature,
        step=step * every,
        snapshots=snapshots,
        substeps=every,
        rng=rng,
    )
    kinetic = np.square(velocity).sum(axis=(1, 2)) / 2
    told = velocity if velocities else None
    species = [] if len(sizes) == 1 else [("A", "B")[k] for k in kind]
    recorded = recording(position, step * every, box=box, velocity=told, species=species)
    return World(
        name=name,
        recordings=Recordings((recorded,), name),
        order=2,
        pairs=_laws(strengths, sizes),
        one_body=(f"-{drag:g}*v",) if drag else (),
        cutoff=CUTOFF,
        diffusion=drag * temperature,
        temperature=temperature,
        drag=drag or None,
        drift=(along(force, position, step * every) - drag * velocity,),
        energy=() if drag else (kinetic + [potential(snapshot) for snapshot in position],),
    )


def _laws(strengths: np.ndarray, sizes: np.ndarray) -> dict[tuple[str, str], Term]:
    names = [""] if len(sizes) == 1 else ["A", "B"]
    return {
        (names[a], names[b]) if names[0] else ALIKE: _lennard_jones(strengths[a, b], sizes[a, b])
        for a in range(len(sizes))
        for b in range(len(sizes))
    }


def _lennard_jones(strength: float, size: float) -> Term:
    far, near = 24 * strength * size**6, 48 * strength * size**12

    def value(r: np.ndarray) -> np.ndarray:
        return np.where(r < CUTOFF * size, far / r**7 - near / r**13, 0.0)

    law: Callable[[np.ndarray], np.ndarray] = value
    return Term(f"{far:.10g}/r**7 - {near:.10g}/r**13", law)
