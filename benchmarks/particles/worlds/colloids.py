"""Yukawa colloids in a periodic box, Brownian and Langevin, alike or charged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.particles.worlds.pair_sums import Pairs
from benchmarks.particles.worlds.starts import apart
from benchmarks.particles.worlds.steps import along, brownian, langevin
from benchmarks.particles.worlds.world import ALIKE, Term, World, recording
from benchmarks.particles.worlds.wrappers import masked, stays, with_noise
from forcelaw.particles.data import Recordings


def brownian_yukawa(
    bodies: int = 60,
    snapshots: int = 2000,
    seed: int = 0,
    *,
    box: float = 12.0,
    length: float = 1.0,
    step: float = 0.02,
    substeps: int = 8,
    diffusion: float | None = None,
    charged: bool = False,
    hidden: bool = False,
    come_and_go: bool = False,
    noise: float = 0.0,
    dim: int = 2,
) -> World:
    """First order. Where charged, half of the bodies have charge 1, half -1.

    Unlike charges would fall into each other, hence a core beside the charges' force. Hidden: the
    charges act and are not told. Diffusion is .1, or .2 with charges, where less would freeze them.
    Where they come and go, half of the bodies are there for 30 to 80 % of the time, and act on no
    other before and after.
    """
    rng = np.random.default_rng(seed)
    diffusion = (0.2 if charged else 0.1) if diffusion is None else diffusion
    charge = _charges(bodies, charged)
    there = _there(snapshots, bodies, seed, come_and_go)
    drift = _drift(Pairs(bodies, box), length, charge, there, step)
    states = brownian(
        drift,
        apart(rng, bodies, dim, box),
        diffusion=diffusion,
        step=step,
        snapshots=snapshots,
        substeps=substeps,
        rng=rng,
        burn_in=200,
    )
    attributes = {"charge": charge} if charge is not None and not hidden else {}
    recorded = masked(recording(states, step, box=box, attributes=attributes), there)
    world = World(
        name="brownian_yukawa",
        recordings=Recordings((recorded,), "brownian_yukawa"),
        order=1,
        pairs={ALIKE: _law(length, charged)},
        diffusion=diffusion,
        drift=(along(drift, states, step),),
    )
    return replace(world, recordings=with_noise(world.recordings, noise, seed))


def langevin_yukawa(
    bodies: int = 60,
    snapshots: int = 2000,
    seed: int = 0,
    *,
    box: float = 12.0,
    length: float = 1.0,
    step: float = 0.02,
    substeps: int = 4,
    drag: float = 1.0,
    temperature: float | None = None,
    velocities: bool = False,
    charged: bool = False,
    hidden: bool = False,
    come_and_go: bool = False,
    noise: float = 0.0,
    dim: int = 2,
) -> World:
    """Second order, mass one, with drag and a temperature (.2, or .3 with charges)."""
    rng = np.random.default_rng(seed)
    temperature = (0.3 if charged else 0.2) if temperature is None else temperature
    charge = _charges(bodies, charged)
    there = _there(snapshots, bodies, seed, come_and_go)
    force = _drift(Pairs(bodies, box), length, charge, there, step)
    position, velocity = langevin(
        force,
        apart(rng, bodies, dim, box),
        np.sqrt(temperature) * rng.standard_normal((bodies, dim)),
        drag=drag,
        temperature=temperature,
        step=step,
        snapshots=snapshots,
        substeps=substeps,
        rng=rng,
        burn_in=300,
    )
    attributes = {"charge": charge} if charge is not None and not hidden else {}
    told = velocity if velocities else None
    whole = recording(position, step, box=box, velocity=told, attributes=attributes)
    recorded = masked(whole, there)
    world = World(
        name="langevin_yukawa",
        recordings=Recordings((recorded,), "langevin_yukawa"),
        order=2,
        pairs={ALIKE: _law(length, charged)},
        one_body=(f"-{drag:g}*v",),
        diffusion=drag * temperature,
        temperature=temperature,
        drag=drag,
        drift=(along(force, position, step) - drag * velocity,),
    )
    return replace(world, recordings=with_noise(world.recordings, noise, seed))


def _there(snapshots: int, bodies: int, seed: int, come_and_go: bool) -> np.ndarray:
    return stays(np.random.default_rng([seed, 4]), snapshots, bodies, 0.5 * come_and_go)


def _charges(bodies: int, charged: bool) -> np.ndarray | None:
    return np.where(np.arange(bodies) % 2, -1.0, 1.0) if charged else None


def _yukawa(r: np.ndarray, length: float) -> np.ndarray:
    return -np.exp(-r / length) * (1 / r**2 + 1 / (length * r))


def _law(length: float, charged: bool) -> Term:
    inside = "r" if length == 1 else f"{length:g}*r"
    text = f"exp(-r/{length:g})*(1/r**2 + 1/({inside}))"
    if charged:
        return Term(f"-q_i*q_j*{text} - 0.5/r**4")
    return Term(f"-{text}", lambda r: _yukawa(r, length))


def _drift(
    pairs: Pairs, length: float, charge: np.ndarray | None, there: np.ndarray, step: float
) -> Callable[[np.ndarray, float], np.ndarray]:
    """The sum of forces by those that are there; who is not there yet keeps its distance too."""

    def drift(position: np.ndarray, time: float) -> np.ndarray:
        vector, r = pairs.between(position)
        size = _yukawa(r, length)
        if charge is not None:
            size = charge[pairs.first] * charge[pairs.second] * size - 0.5 / r**4
        pulled = vector * (size / r)[:, None]
        now = there[np.clip(int(time / step + 1e-6), 0, len(there) - 1)][:, None]
        return pairs.scatter(pulled * now[pairs.second], -pulled * now[pairs.first])

    return drift
