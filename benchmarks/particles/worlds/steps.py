"""Steps through time: Brownian, Langevin (Verlet where there is no drag) and Runge-Kutta.

Leimkuhler, Matthews, Applied Mathematics Research eXpress 2013 (34-56): BAOAB.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

Rate = Callable[[np.ndarray, float], np.ndarray]
"""The rate of a state at a time."""


def brownian(
    drift: Rate,
    state: Float[np.ndarray, "body coordinate"],
    *,
    diffusion: float | Float[np.ndarray, " coordinate"],
    step: float,
    snapshots: int,
    substeps: int,
    rng: np.random.Generator,
    burn_in: int = 0,
) -> Float[np.ndarray, "time body coordinate"]:
    """Euler-Maruyama; snapshots are `step` apart, after `burn_in` steps that are left out."""
    fine = step / substeps
    jump = np.sqrt(2 * diffusion * fine)
    kept = np.empty((snapshots, *state.shape))
    state = state.copy()
    for number in range(-burn_in, snapshots):
        if number >= 0:
            kept[number] = state
        for part in range(substeps):
            rate = drift(state, (number * substeps + part) * fine)
            state = state + fine * rate + jump * rng.standard_normal(state.shape)
    return kept


def langevin(
    acceleration: Rate,
    position: Float[np.ndarray, "body dim"],
    velocity: Float[np.ndarray, "body dim"],
    *,
    drag: float,
    temperature: float,
    step: float,
    snapshots: int,
    substeps: int,
    rng: np.random.Generator,
    burn_in: int = 0,
) -> tuple[Float[np.ndarray, "time body dim"], Float[np.ndarray, "time body dim"]]:
    """Positions and velocities of bodies of mass one, by BAOAB; without drag velocity Verlet."""
    fine = step / substeps
    keeps = np.exp(-drag * fine)
    kick = np.sqrt(temperature * (1 - keeps**2))
    kept = np.empty((2, snapshots, *position.shape))
    position, velocity = position.copy(), velocity.copy()
    pull = acceleration(position, -burn_in * step)
    for number in range(-burn_in, snapshots):
        if number >= 0:
            kept[:, number] = position, velocity
        for part in range(substeps):
            velocity = velocity + fine / 2 * pull
            position = position + fine / 2 * velocity
            if drag:
                velocity = keeps * velocity + kick * rng.standard_normal(velocity.shape)
            position = position + fine / 2 * velocity
            pull = acceleration(position, (number * substeps + part + 1) * fine)
            velocity = velocity + fine / 2 * pull
    return kept[0], kept[1]


def runge_kutta(
    rate: Rate,
    state: Float[np.ndarray, "body coordinate"],
    *,
    step: float,
    snapshots: int,
    substeps: int,
) -> Float[np.ndarray, "time body coordinate"]:
    """The classical method of fourth order."""
    fine = step / substeps
    kept = np.empty((snapshots, *state.shape))
    for number in range(snapshots):
        kept[number] = state
        for part in range(substeps):
            t = (number * substeps + part) * fine
            first = rate(state, t)
            second = rate(state + fine / 2 * first, t + fine / 2)
            third = rate(state + fine / 2 * second, t + fine / 2)
            fourth = rate(state + fine * third, t + fine)
            state = state + fine / 6 * (first + 2 * second + 2 * third + fourth)
    return kept


def along(rate: Rate, states: np.ndarray, step: float) -> np.ndarray:
    """The rate at every recorded state."""
    return np.stack([rate(state, number * step) for number, state in enumerate(states)])
