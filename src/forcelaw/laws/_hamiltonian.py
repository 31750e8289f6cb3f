"""A learned energy whose gradient is the force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from forcelaw.graph import Graph
from forcelaw.laws._law import Law
from forcelaw.laws._perceptron import Perceptron
from forcelaw.laws._radial import Radial, Reading, along_lines, on_pairs
from forcelaw.laws._scale import Scale, columns, inertia
from forcelaw.laws._state import Attributes, State


class HamiltonianNetwork(Law):
    """`H = sum_i m_i v_i^2 / 2 + sum_pairs u(r_ij) + sum_i w(x_i)`; acceleration `-grad U / m`.

    Kinetic and potential energy are separate, so a symplectic integrator keeps the learned energy
    bounded. The pair energy `u` is a learned scalar of distance and attributes; the optional self
    energy `w` of position and attributes breaks translation invariance. The graph must be
    symmetric: both directions of an edge share one energy.

    Greydanus et al., Hamiltonian Neural Networks, NeurIPS 2019; Sanchez-Gonzalez et al.,
    Hamiltonian Graph Networks with ODE Integrators, arXiv 1909.12790.
    """

    radial: Radial
    own: Perceptron | None
    reading: Reading
    dim: int = eqx.field(static=True)

    def __init__(
        self,
        dim: int,
        names: Sequence[str] = (),
        *,
        key: PRNGKeyArray,
        logarithmic: Sequence[bool] | None = None,
        own: bool = False,
        hidden: Sequence[int] = (64, 64),
        activation: str = "tanh",
        power: float = 0.0,
        scale: Scale | None = None,
    ) -> None:
        """See the class; `power` is where the energy's learned power of the distance starts."""
        logarithmic = [name == "mass" for name in names] if logarithmic is None else logarithmic
        scale = Scale.unit(len(names)) if scale is None else scale
        self.reading = Reading(scale, tuple(names), tuple(logarithmic))
        pair_key, own_key = jax.random.split(key)
        self.radial = Radial(
            len(names), key=pair_key, hidden=hidden, activation=activation, power=power
        )
        sizes = [dim + len(names), 32, 32, 1]
        self.own = Perceptron(sizes, key=own_key, activation="tanh") if own else None
        self.dim = dim

    @property
    def names(self) -> tuple[str, ...]:
        """The attributes read, in the order of the columns given to `pair`."""
        return self.reading.names

    def pair_energy(
        self,
        r: Float[Array, "*batch"],
        receiver: Float[Array, "*batch attribute"],
        sender: Float[Array, "*batch attribute"],
    ) -> Float[Array, "*batch"]:
        """The energy of two bodies at distance `r`, in mass times acceleration times length."""
        scale = self.reading.scale.fixed()
        return scale.acceleration * scale.length * self.radial(self.reading, r, receiver, sender)

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

    def self_energy(
        self, position: Float[Array, "node dim"], values: Float[Array, "node attribute"]
    ) -> Float[Array, ""]:
        """The sum of the bodies' energies in the external potential."""
        if self.own is None:
            return jnp.zeros((), position.dtype)
        scale = self.reading.scale.fixed()
        inputs = [position / scale.length, self.reading.features(values)]
        energy = self.own(jnp.concatenate(inputs, axis=1))
        return scale.acceleration * scale.length * jnp.sum(energy)

    def energy(self, graph: Graph, state: State, attributes: Attributes) -> Float[Array, ""]:
        """Kinetic plus potential energy of all nodes."""
        nodes = state.position.shape[0]
        values = columns(self.names, attributes.node, nodes)
        kinetic = jnp.sum(inertia(attributes, nodes) * state.velocity**2) / 2
        potential, _ = on_pairs(self.pair_energy, graph, state.position, values)
        potential = jnp.where(graph.edge_mask, potential, 0)
        return kinetic + jnp.sum(potential) / 2 + self.self_energy(state.position, values)

    def __call__(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, "node dim"]:
        """See `Law`.

        **Raises** `ValueError` if the graph is not symmetric.
        """
        if not graph.symmetric:
            raise ValueError(
                "a pair energy needs a symmetric graph: every edge with its opposite exactly once"
            )
        nodes = state.position.shape[0]
        values = columns(self.names, attributes.node, nodes)
        force = along_lines(self.pair, graph, state.position, values)
        if self.own is not None:
            force = force - jax.grad(self.self_energy)(state.position, values)
        return force / inertia(attributes, nodes)

    def settings(self) -> dict[str, Any]:
        """See `Law.settings`."""
        return {
            "dim": self.dim,
            "names": list(self.names),
            "logarithmic": list(self.reading.logarithmic),
            "own": self.own is not None,
            "hidden": self.radial.heads.sizes[1:-1],
            "activation": self.radial.heads.activation,
        }

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> HamiltonianNetwork:
        """See `Law.from_settings`."""
        return cls(**settings, key=jax.random.key(0))
