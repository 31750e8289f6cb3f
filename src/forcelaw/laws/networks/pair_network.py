"""The learned force along the line between two bodies."""

from __future__ import annotations

from typing import ClassVar

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from forcelaw.graph import Graph
from forcelaw.laws.expression import Expression
from forcelaw.laws.networks.central_laws import CentralLaw
from forcelaw.laws.networks.inserted_formula import insert_scalar
from forcelaw.laws.networks.one_body_force import OneBodyForce
from forcelaw.laws.networks.radial_functions import (
    NEAREST,
    along_lines,
    on_pairs,
    require_symmetric,
)
from forcelaw.laws.quadrature import potential
from forcelaw.laws.scale import columns, inertia
from forcelaw.laws.state import Attributes, State
from forcelaw.laws.units import Units


class PairNetwork(CentralLaw):
    """`a_i = (sum_j f(r_ij, attributes) (x_j - x_i) / r_ij + one_body_i) / m_i`, attraction > 0.

    A learned `f` is symmetric under exchange of the two bodies. `one_body` is what acts on a body
    alone (drag, a uniform field). Other arguments: see `CentralLaw`.
    """

    one_body: OneBodyForce | None
    # Named again: type checkers take a class with fields for one with a constructor of its own.
    __init__ = CentralLaw.__init__
    one_body_by_default: ClassVar[bool] = True

    @property
    def _unit(self) -> Float[Array, ""]:
        """The typical size of forces."""
        return self.reading.scale.fixed().acceleration

    def _written_unit(self, units: Units) -> float:
        return units.force

    def pair(
        self,
        r: Float[Array, "*batch"],
        receiver: Float[Array, "*batch attribute"],
        sender: Float[Array, "*batch attribute"],
    ) -> Float[Array, "*batch"]:
        """The scalar force at distance `r`, attraction positive, in mass times acceleration."""
        return self._scalar(self._unit, r, receiver, sender)

    def with_pair(
        self,
        pair: Expression,
        *,
        messages: Float[np.ndarray, "row message"],
        force: Float[np.ndarray, "row dim"],
    ) -> PairNetwork:
        """See `Law.with_pair`; the one-body force stays as it was trained."""
        del messages, force
        return eqx.tree_at(lambda law: law.radial, self, insert_scalar(pair, symmetric=True))

    @property
    def reads_velocity(self) -> bool:
        """See `Law.reads_velocity`: the one-body force does."""
        return self.one_body is not None

    def has_potential(self, graph: Graph) -> bool:
        """See `Law.has_potential`."""
        return self.one_body is None and graph.symmetric

    def potential_energy(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, ""]:
        """The potential energy of all pairs, by quadrature of the force; `one_body` is not counted.

        It is zero where every pair is a typical distance apart.

        **Raises** `InputError` if the graph is not symmetric.
        """
        require_symmetric(graph)
        scale = self.reading.scale.fixed()

        def energy(
            r: Float[Array, " edge"],
            receiver: Float[Array, "edge attribute"],
            sender: Float[Array, "edge attribute"],
        ) -> Float[Array, " edge"]:
            def force(at: Float[Array, "edge node"]) -> Float[Array, "edge node"]:
                shape = (*at.shape, receiver.shape[-1])
                ends = (jnp.broadcast_to(end[:, None], shape) for end in (receiver, sender))
                return self.pair(at, *ends)

            core = NEAREST * scale.length
            return potential(force, r, reference=scale.length, core=core)

        values = columns(self.names, attributes.node, state.position.shape[0])
        energies, _ = on_pairs(energy, graph, state.position, values)
        return jnp.sum(jnp.where(graph.edge_mask, energies, 0)) / 2

    def one_body_force(
        self, velocity: Float[Array, "*batch dim"], values: Float[Array, "*batch attribute"]
    ) -> Float[Array, "*batch dim"]:
        """What acts on a body alone, in mass times acceleration."""
        if self.one_body is None:
            return jnp.zeros_like(velocity)
        return self._unit * self.one_body(self.reading, velocity, values)

    def force(self, graph: Graph, state: State, attributes: Attributes) -> Float[Array, "node dim"]:
        """The total force on every node."""
        values = columns(self.names, attributes.node, state.position.shape[0])
        force = along_lines(self.pair, graph, state.position, values)
        if self.one_body is not None:
            force = force + self.one_body_force(state.velocity, values)
        return force

    def __call__(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, "node dim"]:
        """See `Law`."""
        return self.force(graph, state, attributes) / inertia(attributes, state.position.shape[0])

    def _new_one_body(self, dim: int, *, key: PRNGKeyArray) -> OneBodyForce:
        return OneBodyForce(len(self.names), dim, key=key, hidden=(16,))
