"""One step of time under a found law: places, velocities and headings together."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from jaxtyping import Float

from forcelaw.particles.matter.rollouts.forces import Forces


class State(NamedTuple):
    """All bodies at one time."""

    position: Float[np.ndarray, "body dim"]
    velocity: Float[np.ndarray, "body dim"]
    """In first order what the law says, without chance."""
    heading: Float[np.ndarray, "body angle"]
    """One angle each, or none where bodies have no headings."""
    time: float = 0.0


Step: TypeAlias = Callable[[State], State]
_Array: TypeAlias = Float[np.ndarray, "body number"]


def choose_stepper(forces: Forces, dt: float, chance: np.random.Generator) -> Step:
    """The method for a law; see `simulate_law`."""
    law = forces.law
    if law.order == 1:
        return _first_order(forces, dt, chance)
    if law.is_stochastic:
        return _baoab(forces, dt, chance)
    # Verlet's method is for forces that read places alone.
    reads = any(force.term.reads_velocity for force in law.pairs) or any(
        one.term.reads_velocity for one in law.one_body
    )
    return _runge_kutta(forces, dt) if reads or law.reads_heading else _verlet(forces, dt)


def accelerate(forces: Forces, state: State) -> Float[np.ndarray, "body dim"]:
    """Accelerations, or velocities in first order."""
    angles = _angles(state.heading)
    return forces.accelerations(state.position, state.velocity, angles, state.time)


def _turn(forces: Forces, state: State) -> Float[np.ndarray, "body angle"]:
    angles = _angles(state.heading)
    if angles is None:
        return state.heading
    return forces.turning_rates(state.position, state.velocity, angles)[:, None]


def _angles(heading: Float[np.ndarray, "body angle"]) -> Float[np.ndarray, " body"] | None:
    return heading[:, 0] if heading.shape[1] else None


def fourth_order(
    rate: Callable[[_Array, float], _Array], dt: float
) -> Callable[[_Array, float], _Array]:
    """A step of `y` by the classical Runge-Kutta method."""

    def step(y: _Array, time: float) -> _Array:
        first = rate(y, time)
        second = rate(y + dt / 2 * first, time + dt / 2)
        third = rate(y + dt / 2 * second, time + dt / 2)
        return y + dt / 6 * (first + 2 * second + 2 * third + rate(y + dt * third, time + dt))

    return step


def _first_order(forces: Forces, dt: float, chance: np.random.Generator) -> Step:
    dim = forces.start.position.shape[1]

    def rate(y: _Array, time: float) -> _Array:
        state = State(y[:, :dim], np.zeros((len(y), dim)), y[:, dim:], time)
        return np.hstack([accelerate(forces, state), _turn(forces, state)])

    smooth = fourth_order(rate, dt)

    def step(state: State) -> State:
        y, time = np.hstack([state.position, state.heading]), state.time
        if forces.law.is_stochastic:
            size = np.stack([forces.noise, forces.turning_noise], axis=1)
            size = np.repeat(size, [dim, y.shape[1] - dim], axis=1)
            y = y + dt * rate(y, time) + size * np.sqrt(dt) * chance.normal(size=y.shape)
        else:
            y = smooth(y, time)
        return State(y[:, :dim], rate(y, time + dt)[:, :dim], y[:, dim:], time + dt)

    return step


def _verlet(forces: Forces, dt: float) -> Step:
    def step(state: State) -> State:
        v = state.velocity + dt / 2 * accelerate(forces, state)
        moved = State(state.position + dt * v, v, state.heading, state.time + dt)
        return moved._replace(velocity=v + dt / 2 * accelerate(forces, moved))

    return step


def _runge_kutta(forces: Forces, dt: float) -> Step:
    dim = forces.start.position.shape[1]

    def split(y: _Array, time: float) -> State:
        return State(y[:, :dim], y[:, dim : 2 * dim], y[:, 2 * dim :], time)

    def rate(y: _Array, time: float) -> _Array:
        state = split(y, time)
        return np.hstack([state.velocity, accelerate(forces, state), _turn(forces, state)])

    smooth = fourth_order(rate, dt)

    def step(state: State) -> State:
        return split(smooth(np.hstack(state[:3]), state.time), state.time + dt)

    return step


def _baoab(forces: Forces, dt: float, chance: np.random.Generator) -> Step:
    rate = forces.linear_friction()[:, None]
    fade = np.exp(-rate * dt)
    # The variance that chance adds in a step, faded: 2 D dt without friction.
    variance = np.where(rate == 0, dt, -np.expm1(-2 * rate * dt) / np.where(rate == 0, 1, 2 * rate))
    kick = forces.noise[:, None] * np.sqrt(variance)
    twist = forces.turning_noise[:, None] * np.sqrt(dt / 2)

    def push(state: State) -> State:
        """Half a step by all but the friction, which is not left to the steps."""
        force = accelerate(forces, state) + rate * state.velocity
        return state._replace(velocity=state.velocity + dt / 2 * force)

    def turn(state: State) -> State:
        """Half a step of headings."""
        angles = state.heading + dt / 2 * _turn(forces, state)
        return state._replace(heading=angles + twist * chance.normal(size=angles.shape))

    def step(state: State) -> State:
        x, v, heading, time = push(turn(state))
        x = x + dt / 2 * v
        v = fade * v + kick * chance.normal(size=v.shape)
        return turn(push(State(x + dt / 2 * v, v, heading, time + dt)))

    return step
