"""Five charged or gravitating bodies, as EGNN, SEGNN and SEGNO are judged by.

Three dimensions, unit masses, steps of .001. *Charged*: charges of either sign repel or attract by
`1/r**2`, each component of the total force on a body is at most 100; first positions are normal,
first speeds .5; a step kicks and then drifts. *Gravity*: `r/(r**2 + .1**2)**1.5` between all,
first positions and velocities are normal, the centre at rest; leapfrog steps. A learner is given
the state after some 3,000 steps and where bodies are 1,000 steps later, of 3,000 motions; it is
asked for 1,000, 1,500 and 2,000 steps of 2,000 others.

Satorras, Hoogeboom, Welling, E(n) equivariant graph neural networks (ICML 2021), with the charges
of Kipf et al. (2018); Brandstetter, Hesselink, van der Pol, Bekkers, Welling, Geometric and
physical quantities improve E(3) equivariant message passing (ICLR 2022), who add gravity; Liu et
al., SEGNO (arXiv 2308.13212), who ask for longer motion.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

System: TypeAlias = Literal["charged", "gravity"]

STEP = 0.001
"""Of the simulation, in time."""
BEFORE: dict[System, int] = {"charged": 3100, "gravity": 3000}
"""Steps before the state that is given: both are frame 30, of which the first comes later."""
HORIZONS = (1000, 1500, 2000)
"""Steps from there to the positions that are asked for; the first are given of what is learned."""
LARGEST = 100.0
"""Of a component of the total force on a charged body."""
SOFTENING = 0.1
"""Of gravity, in length."""
SPEED = 0.5
"""Of each charged body at first."""


@dataclass(frozen=True, eq=False)
class FiveBodies:
    """States, and positions after each of `HORIZONS`."""

    position: Float[np.ndarray, "motion body 3"]
    velocity: Float[np.ndarray, "motion body 3"]
    ends: Float[np.ndarray, "horizon motion body 3"]
    charge: Float[np.ndarray, "motion body"] | None


def simulate_five_bodies(
    system: System, *, motions: int, seed: int = 0, bodies: int = 5
) -> FiveBodies:
    """Motions of the published task, with random numbers of one's own."""
    rng = np.random.default_rng([seed, 5])
    charge = rng.choice([-1.0, 1.0], (motions, bodies)) if system == "charged" else None
    x = rng.standard_normal((motions, bodies, 3))
    v = rng.standard_normal(x.shape)
    if charge is None:
        v -= v.mean(axis=1, keepdims=True)
    else:
        v *= SPEED / np.linalg.norm(v, axis=-1, keepdims=True)
    now, kept, before = (x.transpose(2, 1, 0), v.transpose(2, 1, 0)), [], 0
    with jax.enable_x64():
        product = None if charge is None else charge.T[:, None] * charge.T[None]
        for mark in (BEFORE[system], *(BEFORE[system] + one for one in HORIZONS)):
            now = _moved(*now, product, mark - before)
            kept.append(tuple(np.asarray(one).transpose(2, 1, 0) for one in now))
            before = mark
    (position, velocity), *later = kept
    return FiveBodies(position, velocity, np.stack([one for one, _ in later]), charge)


@partial(jax.jit, static_argnums=3)
def _moved(x: Array, v: Array, product: Array | None, steps: int) -> tuple[Array, Array]:
    """States so many steps later, motions last."""

    def kick_and_drift(now: tuple[Array, Array], _: None) -> tuple[tuple[Array, Array], None]:
        x, v = now
        v = v + STEP * _accelerations(x, product)
        return (x + STEP * v, v), None

    def leap(now: tuple[Array, Array], _: None) -> tuple[tuple[Array, Array], None]:
        x, v = now
        v = v + STEP / 2 * _accelerations(x, product)
        x = x + STEP * v
        return (x, v + STEP / 2 * _accelerations(x, product)), None

    step = leap if product is None else kick_and_drift
    return jax.lax.scan(step, (x, v), None, length=steps)[0]


def _accelerations(x: Array, product: Array | None) -> Array:
    apart = x[:, None] - x[:, :, None]  # from receivers to senders
    square = jnp.sum(apart**2, axis=0)
    if product is None:
        return jnp.sum((square + SOFTENING**2)[None] ** -1.5 * apart, axis=2)
    other = square > 0
    size = jnp.where(other, -product * jnp.where(other, square, 1) ** -1.5, 0)
    return jnp.clip(jnp.sum(size[None] * apart, axis=2), -LARGEST, LARGEST)
