"""Fixed-step integrators of second-order motion, with linear damping per unit of time."""

from __future__ import annotations

import abc
import math
from collections.abc import Callable

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from forcelaw.laws import State

Accelerate = Callable[[State], Float[Array, "node dim"]]
Scalar = Float[Array, ""] | float


class Integrator(eqx.Module):
    """Advances a state by one step of length `dt`; `damping` is the drag rate, per unit time."""

    @abc.abstractmethod
    def step(self, accelerate: Accelerate, state: State, dt: Scalar, damping: Scalar) -> State:
        """The state one step later."""


def _drift(state: State, dt: Scalar) -> State:
    return State(state.position + dt * state.velocity, state.velocity)


def _kick(accelerate: Accelerate, state: State, dt: Scalar) -> State:
    return State(state.position, state.velocity + dt * accelerate(state))


def _decay(state: State, dt: Scalar, damping: Scalar) -> State:
    """Linear drag solved exactly over `dt`: velocities shrink by `exp(-damping dt)`."""
    return State(state.position, state.velocity * jnp.exp(-damping * dt))


class SemiImplicitEuler(Integrator):
    """Kick, damp, drift: first order, symplectic without damping, one acceleration a step."""

    def step(self, accelerate: Accelerate, state: State, dt: Scalar, damping: Scalar) -> State:
        """See `Integrator.step`."""
        return _drift(_decay(_kick(accelerate, state, dt), dt, damping), dt)


class Leapfrog(Integrator):
    """Drift, kick, drift: second order, symplectic, reversible, one acceleration a step.

    Damping is split symmetrically around the kick. A law that depends on velocity loses the
    second order; use `RungeKutta4` for it.

    Verlet, Phys. Rev. 159, 98 (1967); Hairer, Lubich, Wanner, Geometric Numerical Integration.
    """

    def step(self, accelerate: Accelerate, state: State, dt: Scalar, damping: Scalar) -> State:
        """See `Integrator.step`."""
        state = _decay(_drift(state, dt / 2), dt / 2, damping)
        state = _kick(accelerate, state, dt)
        return _drift(_decay(state, dt / 2, damping), dt / 2)


class Yoshida4(Integrator):
    """Three leapfrogs of chosen lengths: fourth order, symplectic, three accelerations a step.

    Yoshida, Phys. Lett. A 150, 262 (1990).
    """

    def step(self, accelerate: Accelerate, state: State, dt: Scalar, damping: Scalar) -> State:
        """See `Integrator.step`."""
        outer = 1 / (2 - 2 ** (1 / 3))
        inner = -math.pow(2, 1 / 3) * outer
        for share in (outer, inner, outer):
            state = Leapfrog().step(accelerate, state, share * dt, damping)
        return state


class RungeKutta4(Integrator):
    """The classical four-stage method: fourth order, not symplectic, any velocity dependence."""

    def step(self, accelerate: Accelerate, state: State, dt: Scalar, damping: Scalar) -> State:
        """See `Integrator.step`."""

        def slope(at: State) -> State:
            return State(at.velocity, accelerate(at) - damping * at.velocity)

        def moved(by: State, length: Scalar) -> State:
            return State(
                state.position + length * by.position, state.velocity + length * by.velocity
            )

        first = slope(state)
        second = slope(moved(first, dt / 2))
        third = slope(moved(second, dt / 2))
        fourth = slope(moved(third, dt))
        mean = State(
            (first.position + 2 * (second.position + third.position) + fourth.position) / 6,
            (first.velocity + 2 * (second.velocity + third.velocity) + fourth.velocity) / 6,
        )
        return moved(mean, dt)
