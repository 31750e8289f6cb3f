"""The bodies of Kipf, Fetaya, Wang, Welling & Zemel, Neural Relational Inference (ICML 2018).

Springs between half of all pairs, or charges of either sign, in a box whose walls reflect, in two
dimensions; another graph in each trajectory. As published: unit masses, semi-implicit steps of
.001, each component of a force at most 100, 49 frames a tenth of a unit of time apart with
positions and velocities, which stand half a step earlier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Float

from forcelaw.particles.data import Recording, Recordings

System: TypeAlias = Literal["springs", "charged"]

STEP = 0.001
"""Of the simulation, in time."""
EVERY = 100
"""Steps between frames."""
FRAMES = 49
"""Of a recording."""
LARGEST = 0.1 / STEP
"""Of a component of a force."""
WALLS = 5.0
"""Distance of each wall from the middle."""
SPEED = 0.5
"""At first, of each body."""
STIFFNESS = 0.1
"""Of springs and of charges: force at distance one."""
SPREAD = {"springs": 0.5, "charged": 1.0}
"""Standard deviation of first positions in each component."""


@dataclass(frozen=True, eq=False)
class InteractingBodies:
    """Simulated trajectories and the truth about who acts on whom."""

    recordings: Recordings
    couplings: Float[np.ndarray, "trajectory body body"]
    """Springs: one or zero; charges: the product of both signs, one where they repel."""


def interacting_bodies(
    system: System, *, bodies: int = 5, trajectories: int = 1000, seed: int = 0
) -> InteractingBodies:
    """Trajectories of the published task, with random numbers of one's own."""
    rng = np.random.default_rng(seed)
    shape = (trajectories, bodies, bodies)
    if system == "springs":
        upper = np.triu(rng.random(shape) < 0.5, 1).astype(float)
        couplings = upper + upper.transpose(0, 2, 1)
    else:
        charge = rng.choice([-1.0, 1.0], shape[:2])
        couplings = charge[:, :, None] * charge[:, None] * (1 - np.eye(bodies))
    x = SPREAD[system] * rng.standard_normal((trajectories, bodies, 2))
    v = rng.standard_normal(x.shape)
    v *= SPEED / np.linalg.norm(v, axis=-1, keepdims=True)
    x, v = _reflect(x, v)
    v = v + STEP * _forces(system, couplings, x)
    frames: list[tuple[np.ndarray, np.ndarray]] = []
    for step in range(1, EVERY * FRAMES + 1):
        x, v = _reflect(x + STEP * v, v)
        if step % EVERY == 0:
            frames.append((x, v))
        v = v + STEP * _forces(system, couplings, x)
    position = np.stack([frame[0] for frame in frames], axis=1)
    velocity = np.stack([frame[1] for frame in frames], axis=1)
    time = EVERY * STEP * np.arange(1.0, FRAMES + 1)
    there = np.ones((FRAMES, bodies), bool)
    parts = tuple(
        Recording(position[k], time, there, velocity=velocity[k], name=f"{system} {k}")
        for k in range(trajectories)
    )
    return InteractingBodies(Recordings(parts, f"{system}, {bodies} bodies"), couplings)


def _forces(
    system: System,
    couplings: Float[np.ndarray, "trajectory body body"],
    x: Float[np.ndarray, "trajectory body dim"],
) -> Float[np.ndarray, "trajectory body dim"]:
    """On every body, of unit mass."""
    apart = x[:, :, None] - x[:, None]
    if system == "springs":
        return np.clip(-STIFFNESS * np.einsum("tij,tijd->tid", couplings, apart), -LARGEST, LARGEST)
    square = (apart**2).sum(axis=-1)
    size = couplings / np.where(square > 0, square, 1) ** 1.5
    return np.clip(np.einsum("tij,tijd->tid", size, apart), -LARGEST, LARGEST)


def _reflect(
    x: Float[np.ndarray, "trajectory body dim"], v: Float[np.ndarray, "trajectory body dim"]
) -> tuple[Float[np.ndarray, "trajectory body dim"], Float[np.ndarray, "trajectory body dim"]]:
    """Bodies beyond a wall are thrown back."""
    for side in (1.0, -1.0):
        out = side * x > WALLS
        x = np.where(out, 2 * side * WALLS - x, x)
        v = np.where(out, -side * np.abs(v), v)
    return x, v
