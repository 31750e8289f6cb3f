"""Rollouts of laws, what they conserve, and what was found that rolls itself out."""

from __future__ import annotations

import abc
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from forcelaw.device_arrays import to_device
from forcelaw.errors import InvalidSetting, check_type
from forcelaw.files import many
from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Formula, Law, State
from forcelaw.motion import Integrator, Leapfrog, RungeKutta4, kinetic_energy, momentum, rollout
from forcelaw.particles.data import Trajectories
from forcelaw.particles.data.initial_conditions import Initial
from forcelaw.particles.preparation import initial_in_units, initial_units, state_in_units


@dataclass(frozen=True, eq=False, repr=False)
class Rollout:
    """The motion of many trajectories under a law, and what it conserved."""

    state: State
    """`[trajectory, frame, node, dim]`, the initial frame first."""
    time: Float[np.ndarray, " frame"]
    acceleration: Float[Array, "trajectory frame node dim"]
    energy: Float[np.ndarray, "trajectory frame"] | None
    """Change of the total energy since the start, relative to the initial kinetic energy plus the
    size of the potential energy. None of laws that know no energy or lose it."""
    momentum: Float[np.ndarray, "trajectory frame"]
    """Length of the change of total momentum, relative to the largest sum of momenta's lengths."""

    def __repr__(self) -> str:
        trajectories, frames, nodes, dim = self.state.position.shape
        size = f"{trajectories} of {many(nodes, 'body')} in {many(dim, 'dimension')}"
        return f"Rollout({size}, {many(frames, 'frame')} to time {self.time[-1]:g})"

    @property
    def energy_drift(self) -> float | None:
        """The largest change of energy of each trajectory; the median over trajectories."""
        return None if self.energy is None else _largest(self.energy)

    @property
    def momentum_drift(self) -> float:
        """The largest change of momentum of each trajectory; the median over trajectories."""
        return _largest(self.momentum)


def predict_motion(
    law: Law,
    initial: Initial,
    *,
    steps: int,
    dt: float,
    every: int = 1,
    integrator: Integrator | None = None,
) -> Rollout:
    """Simulate a law from every initial state.

    All computing takes place in scales of the states' own, so that numbers in SI units neither
    overflow nor vanish in single precision.

    **Arguments:** `every` keeps one frame of so many steps; `integrator` is leapfrog unless
    given, and for laws that read velocities the classical Runge-Kutta method.

    **Raises** `InvalidSetting` if `every` does not divide `steps`, or `initial` is no `Initial`.
    """
    then = "of trajectories these are data.initial, their first frames, or data.frame(index)"
    check_type("rollout", initial, Initial, then=then)
    check_type("rollout", law, Law, then="give a Formula, or a fitted law")
    if initial.state.position.ndim != 3:
        raise InvalidSetting(
            f"rollout: found positions of shape {list(initial.state.position.shape)}, expected "
            "[trajectory, node, dim]; keep the axis of trajectories"
        )
    if integrator is None:
        integrator = RungeKutta4() if law.reads_velocity else Leapfrog()
    units = initial_units(initial)
    start, back = initial_in_units(initial, units), units.inverse
    moved = _run(
        law.rescaled(units),
        start.graph,
        start.state,
        start.attributes,
        integrator,
        steps,
        to_device(dt / units.time),
        every,
    )
    state, acceleration, energy, impulse = moved
    return Rollout(
        state if units.same else state_in_units(state, back),
        np.arange(steps // every + 1) * every * dt,
        acceleration if units.same else acceleration * units.acceleration,
        None if energy is None else np.asarray(energy),
        np.asarray(impulse),
    )


class Predictor(abc.ABC):
    """What was found and moves bodies by a law; motion is the layer above the laws themselves."""

    @abc.abstractmethod
    def motion_law(self) -> Law:
        """The law that bodies follow."""

    def rollout(
        self,
        initial: Initial,
        *,
        steps: int,
        dt: float,
        every: int = 1,
        integrator: Integrator | None = None,
    ) -> Rollout:
        """The motion from every initial state, and what it conserved; see `predict_motion`."""
        return predict_motion(
            self.motion_law(), initial, steps=steps, dt=dt, every=every, integrator=integrator
        )


class FoundFormula(Formula, Predictor):
    """A `Formula` with `rollout`.

    It is saved, and loaded again, as the plain `Formula` that it is.
    """

    @classmethod
    def of(cls, formula: Formula) -> FoundFormula:
        """The same formula."""
        return cls(formula.pair, formula.one_body, formula.core, formula.shared)

    @classmethod
    def family(cls) -> str:
        """See `Law.family`."""
        return Formula.family()

    def motion_law(self) -> Law:
        """See `Predictor.motion_law`."""
        return self


@eqx.filter_jit
def _run(
    law: Law,
    graph: Graph,
    states: State,
    attributes: Attributes,
    integrator: Integrator,
    steps: int,
    dt: Float[Array, ""],
    every: int,
) -> tuple[State, Array, Array | None, Array]:
    def one(state: State, own: Attributes):
        frames = rollout(
            law, graph, state, own, steps=steps, dt=dt, every=every, integrator=integrator
        )
        pulled = jax.lax.map(lambda frame: law(graph, frame, own), frames)
        energy = _energy_change(law, graph, frames, own)
        return frames, pulled, energy, _momentum_change(frames, own)

    return jax.vmap(one)(states, attributes)


def conserved_along(
    law: Law, data: Trajectories
) -> tuple[Float[np.ndarray, " frame"] | None, Float[np.ndarray, " frame"]]:
    """Changes of energy and momentum of the first recorded trajectory, as those of a `Rollout`.

    The energy is what the law makes of the places and velocities that were measured.
    """
    first = data.select(np.arange(1))
    start = first.initial
    units = initial_units(start)
    begun = initial_in_units(start, units)
    frames = State(
        to_device(first.position[0] / units.length), to_device(first.velocity[0] / units.speed)
    )
    energy, momentum = _conserved(law.rescaled(units), begun.graph, frames, begun[0].attributes)
    return None if energy is None else np.asarray(energy), np.asarray(momentum)


@eqx.filter_jit
def _conserved(
    law: Law, graph: Graph, frames: State, own: Attributes
) -> tuple[Float[Array, " frame"] | None, Float[Array, " frame"]]:
    return _energy_change(law, graph, frames, own), _momentum_change(frames, own)


def _momentum_change(frames: State, own: Attributes) -> Float[Array, " frame"]:
    impulse = jax.vmap(momentum, in_axes=(0, None))(frames, own)
    mass = own.node.get("mass", jnp.ones(frames.position.shape[1], frames.position.dtype))
    sizes = jnp.linalg.norm(frames.velocity, axis=-1) @ mass
    change = jnp.linalg.norm(impulse - impulse[:1], axis=-1)
    return change / jnp.maximum(jnp.max(sizes), jnp.finfo(change.dtype).tiny)


def _energy_change(
    law: Law, graph: Graph, frames: State, attributes: Attributes
) -> Float[Array, " frame"] | None:
    """Relative to the initial scale of the energy; None where there is no energy to speak of."""
    if not law.has_potential(graph):
        return None
    kinetic = jax.vmap(kinetic_energy, in_axes=(0, None))(frames, attributes)
    # One by one: those of all frames at once would hold every pair in every frame.
    total = kinetic + jax.lax.map(lambda s: law.potential_energy(graph, s, attributes), frames)
    scale = kinetic[0] + jnp.abs(total[0] - kinetic[0])
    return (total - total[0]) / jnp.maximum(scale, jnp.finfo(total.dtype).tiny)


def _largest(change: Float[np.ndarray, "trajectory frame"]) -> float:
    return float(np.median(np.max(np.abs(change), axis=1)))
