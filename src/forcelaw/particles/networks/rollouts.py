"""Motion of recorded bodies under a network."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from forcelaw.particles.data import Recording
from forcelaw.particles.matter.rollouts import Start, check_steps, fourth_order, keep_frames
from forcelaw.particles.networks.fitted import FittedRecordings
from forcelaw.particles.networks.windows import Moving

_Array = Float[np.ndarray, "body number"]
_State = tuple[_Array, _Array]
"""Positions and velocities."""
_STILL = 3
"""Snapshots that a recording has at least."""


def roll_out(
    fitted: FittedRecordings, part: Recording, *, steps: int, dt: float, every: int = 1
) -> Recording:
    """Moves the bodies of a recording from its first snapshot, in the box of that start.

    By velocity Verlet; by the classical Runge-Kutta method in first order and where the network
    reads velocities. Without chance.

    **Arguments:** `dt` in the recording's unit of time; `every` keeps one frame of so many steps.

    **Raises** `InvalidSetting` for steps that are not positive or fewer than two frames, and where
    motion becomes infinite.
    """
    check_steps(steps, dt, every)
    start = Start.of(part, fitted.order.number)
    there = fitted.moving(_standing(start))

    def rate(position: _Array, velocity: _Array) -> _Array:
        return fitted.values_of(_at(there, position), 0, velocity)

    step = _stepper(fitted, rate, dt)
    position, velocity = start.position, start.velocity
    if fitted.order.number == 1:
        velocity = rate(position, 0 * velocity)
    first = (position, velocity)
    kept = keep_frames(step, first, steps=steps, dt=dt, every=every, name=start.name)
    places, velocities = (np.array(arrays) for arrays in zip(*kept, strict=True))
    return dataclasses.replace(
        _standing(start),
        position=places,
        velocity=velocities,
        time=np.arange(len(places)) * (every * dt),
        present=np.ones(places.shape[:2], bool),
    )


def _standing(start: Start) -> Recording:
    """The start as a recording in which nothing moves."""
    shape = (_STILL, len(start.position))
    return Recording(
        np.repeat(start.position[None], _STILL, axis=0),
        np.arange(float(_STILL)),
        np.ones(shape, bool),
        cell=start.cell,
        species=start.species,
        attributes=dict(start.attributes),
        edges=start.edges,
        bodies=start.bodies,
        name=start.name,
    )


def _at(there: Moving, position: _Array) -> Moving:
    """The same bodies at other places."""
    filled = there.filled._replace(position=np.repeat(position[None], _STILL, axis=0))
    return dataclasses.replace(there, filled=filled)


def _stepper(
    fitted: FittedRecordings, rate: Callable[[_Array, _Array], _Array], dt: float
) -> Callable[[_State], _State]:
    if fitted.order.number == 1:

        def drift(x: _Array, time: float = 0.0) -> _Array:
            del time
            return rate(x, np.zeros_like(x))

        move = fourth_order(drift, dt)

        def first_order(state: _State) -> _State:
            x = move(state[0], 0.0)
            return x, drift(x)

        return first_order
    if not fitted.law.reads_velocity:

        def verlet(state: _State) -> _State:
            x, v = state
            half = v + dt / 2 * rate(x, v)
            x = x + dt * half
            return x, half + dt / 2 * rate(x, half)

        return verlet

    def both(y: _Array, time: float) -> _Array:
        del time
        x, v = np.split(y, 2, axis=1)
        return np.hstack([v, rate(x, v)])

    together = fourth_order(both, dt)

    def runge_kutta(state: _State) -> _State:
        x, v = np.split(together(np.hstack(state), 0.0), 2, axis=1)
        return x, v

    return runge_kutta
