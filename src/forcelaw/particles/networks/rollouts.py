"""Motion of recorded bodies under a network."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from forcelaw.errors import InvalidSetting
from forcelaw.files import many
from forcelaw.particles.data import Recording
from forcelaw.particles.matter.rollouts import Start
from forcelaw.particles.networks.fitted import FittedRecordings
from forcelaw.particles.networks.windows import Moving

_Array = Float[np.ndarray, "body number"]
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
    for name, value in (("steps", steps), ("dt", dt), ("every", every)):
        if not (np.isfinite(value) and value > 0):
            raise InvalidSetting(f"rollout: found {name}={value}, expected a positive number")
    if steps % every or steps < 2 * every:
        raise InvalidSetting(
            f"rollout: found {many(steps, 'step')} of which one in {every} is kept, expected at "
            f"least two frames; choose a multiple of {every}"
        )
    start = Start.of(part, fitted.order.number)
    there = fitted.moving(_standing(start))

    def rate(position: _Array, velocity: _Array) -> _Array:
        return fitted.values_of(_at(there, position), 0, velocity)

    step = _stepper(fitted, rate, dt)
    position, velocity = start.position, start.velocity
    if fitted.order.number == 1:
        velocity = rate(position, 0 * velocity)
    kept = [(position, velocity)]
    for index in range(1, steps + 1):
        position, velocity = step(position, velocity)
        if not np.isfinite(position).all():
            raise InvalidSetting(
                f"{start.name}: found that the rollout is no longer finite at time "
                f"{index * dt:g}, expected bodies to stay near; choose a shorter step than {dt:g}"
            )
        if index % every == 0:
            kept.append((position, velocity))
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
) -> Callable[[_Array, _Array], tuple[_Array, _Array]]:
    if fitted.order.number == 1:

        def drift(x: _Array) -> _Array:
            return rate(x, np.zeros_like(x))

        def first_order(x: _Array, v: _Array) -> tuple[_Array, _Array]:
            del v
            x = _fourth_order(drift, x, dt)
            return x, drift(x)

        return first_order
    if not fitted.law.reads_velocity:

        def verlet(x: _Array, v: _Array) -> tuple[_Array, _Array]:
            half = v + dt / 2 * rate(x, v)
            x = x + dt * half
            return x, half + dt / 2 * rate(x, half)

        return verlet

    def both(y: _Array) -> _Array:
        x, v = np.split(y, 2, axis=1)
        return np.hstack([v, rate(x, v)])

    def runge_kutta(x: _Array, v: _Array) -> tuple[_Array, _Array]:
        x, v = np.split(_fourth_order(both, np.hstack([x, v]), dt), 2, axis=1)
        return x, v

    return runge_kutta


def _fourth_order(rate: Callable[[_Array], _Array], y: _Array, dt: float) -> _Array:
    first = rate(y)
    second = rate(y + dt / 2 * first)
    third = rate(y + dt / 2 * second)
    return y + dt / 6 * (first + 2 * second + 2 * third + rate(y + dt * third))
