"""A learned energy whose gradient is the force."""

from __future__ import annotations

from typing import ClassVar

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from forcelaw.graph import Graph
from forcelaw.laws.networks.central_laws import CentralLaw
from forcelaw.laws.networks.perceptron import Perceptron
from forcelaw.laws.networks.radial_functions import along_lines, on_pairs, require_symmetric
from forcelaw.laws.scale import columns, inertia
from forcelaw.laws.state import Attributes, State
from forcelaw.laws.units import Units


class HamiltonianNetwork(CentralLaw):
    """`H = sum_i m_i v_i^2 / 2 + sum_pairs u(r_ij) + sum_i w(x_i)`; acceleration `-grad U / m`.

    Kinetic and potential energy are separate, so a symplectic integrator keeps the learned energy
    bounded. The pair energy `u` is a learned scalar of distance and attributes; the optional
    one-body energy `w` of position and attributes breaks translation invariance. The graph must be
    symmetric: both directions of an edge share one energy.

    Greydanus et al., Hamiltonian Neural Networks, NeurIPS 2019; Sanchez-Gonzalez et al.,
    Hamiltonian Graph Networks with ODE Integrators, arXiv 1909.12790.
    """

    one_body: Perceptron | None
    # Named again: type checkers take a class with fields for one with a constructor of its own.
    __init__ = CentralLaw.__init__
    one_body_by_default: ClassVar[bool] = False

    def _written_unit(self, units: Units) -> float:
        return units.force * units.length

    def pair_energy(
        self,
        r: Float[Array, "*batch"],
        receiver: Float[Array, "*batch attribute"],
        sender: Float[Array, "*batch attribute"],
    ) -> Float[Array, "*batch"]:
        """The energy of two bodies at distance `r`, in mass times acceleration times length."""
        scale = self.reading.scale.fixed()
        return self._scalar(scale.acceleration * scale.length, r, receiver, sender)

    def pair(
        self,
        r: Float[Array, "*batch"],
        receiver: Float[Array, "*batch attribute"],
        sender: Float[Array, "*batch attribute"],
    ) -> Float[Array, "*batch"]:
        """The scalar force, attraction positive: the derivative of `pair_energy` by distance."""
        return jax.jvp(lambda r: self.pair_energy(r, receiver, sender), (r,), (jnp.ones_like(r),))[
            1
        ]

    def one_body_energy(
        self, position: Float[Array, "node dim"], values: Float[Array, "node attribute"]
    ) -> Float[Array, ""]:
        """The sum of the bodies' energies in the external potential."""
        if self.one_body is None:
            return jnp.zeros((), position.dtype)
        scale = self.reading.scale.fixed()
        inputs = [position / scale.length, self.reading.features(values)]
        energy = self.one_body(jnp.concatenate(inputs, axis=1))
        return scale.acceleration * scale.length * jnp.sum(energy)

    @property
    def reads_velocity(self) -> bool:
        """See `Law.reads_velocity`."""
        return False

    def has_potential(self, graph: Graph) -> bool:
        """See `Law.has_potential`: on every graph on which it acts."""
        return graph.symmetric

    def energy(self, graph: Graph, state: State, attributes: Attributes) -> Float[Array, ""]:
        """Kinetic plus potential energy of all nodes."""
        mass = inertia(attributes, state.position.shape[0])
        kinetic = jnp.sum(mass * state.velocity**2) / 2
        return kinetic + self.potential_energy(graph, state, attributes)

    def potential_energy(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, ""]:
        """See `Law.potential_energy`: of all pairs and of every node alone."""
        values = columns(self.names, attributes.node, state.position.shape[0])
        potential, _ = on_pairs(self.pair_energy, graph, state.position, values)
        potential = jnp.where(graph.edge_mask, potential, 0)
        return jnp.sum(potential) / 2 + self.one_body_energy(state.position, values)

    def __call__(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, "node dim"]:
        """See `Law`.

        **Raises** `InputError` if the graph is not symmetric.
        """
        require_symmetric(graph)
        nodes = state.position.shape[0]
        values = columns(self.names, attributes.node, nodes)
        force = along_lines(self.pair, graph, state.position, values)
        if self.one_body is not None:
            force = force - jax.grad(self.one_body_energy)(state.position, values)
        return force / inertia(attributes, nodes)

    def _new_one_body(self, dim: int, *, key: PRNGKeyArray) -> Perceptron:
        return Perceptron([dim + len(self.names), 32, 32, 1], key=key, activation="tanh")
