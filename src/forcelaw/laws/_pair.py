"""The learned force along the line between two bodies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from forcelaw.graph import Graph
from forcelaw.laws._law import Law
from forcelaw.laws._own import Own
from forcelaw.laws._radial import Radial, Reading, along_lines
from forcelaw.laws._scale import Scale, columns, inertia
from forcelaw.laws._state import Attributes, State


class PairNetwork(Law):
    """`a_i = (sum_j f(r_ij, attributes) (x_j - x_i) / r_ij + own_i) / m_i`, attraction positive.

    One learned scalar `f`, shared by all pairs and symmetric under exchange, acts along the line
    between two bodies: translations, rotations, permutations and, on symmetric graphs, Newton's
    third law hold by construction. `own` adds what acts on a body alone (drag, a uniform field).
    The masses are the attribute `mass`, or one where there is none.
    """

    radial: Radial
    own: Own | None
    reading: Reading
    dim: int = eqx.field(static=True)

    def __init__(
        self,
        dim: int,
        names: Sequence[str] = (),
        *,
        key: PRNGKeyArray,
        logarithmic: Sequence[bool] | None = None,
        own: bool = True,
        hidden: Sequence[int] = (64, 64),
        activation: str = "tanh",
        power: float = 0.0,
        scale: Scale | None = None,
    ) -> None:
        """See the class.

        **Arguments:** `names` the scalar attributes the force may depend on; `logarithmic` which
        of them are positive and read by their logarithm (default: `mass`); `power` where the
        learned power of the distance starts.
        """
        logarithmic = [name == "mass" for name in names] if logarithmic is None else logarithmic
        scale = Scale.unit(len(names)) if scale is None else scale
        self.reading = Reading(scale, tuple(names), tuple(logarithmic))
        pair_key, own_key = jax.random.split(key)
        self.radial = Radial(
            len(names), key=pair_key, hidden=hidden, activation=activation, power=power
        )
        self.own = Own(len(names), dim, key=own_key, hidden=(16,)) if own else None
        self.dim = dim

    @property
    def names(self) -> tuple[str, ...]:
        """The attributes read, in the order of the columns given to `pair` and `self_force`."""
        return self.reading.names

    @property
    def _unit(self) -> Float[Array, ""]:
        """The typical size of forces."""
        return self.reading.scale.fixed().acceleration

    def pair(
        self,
        r: Float[Array, "*batch"],
        receiver: Float[Array, "*batch attribute"],
        sender: Float[Array, "*batch attribute"],
    ) -> Float[Array, "*batch"]:
        """The scalar force at distance `r`, attraction positive, in mass times acceleration."""
        return self._unit * self.radial(self.reading, r, receiver, sender)

    def self_force(
        self, velocity: Float[Array, "*batch dim"], values: Float[Array, "*batch attribute"]
    ) -> Float[Array, "*batch dim"]:
        """What acts on a body alone, in mass times acceleration."""
        if self.own is None:
            return jnp.zeros_like(velocity)
        return self._unit * self.own(self.reading, velocity, values)

    def force(self, graph: Graph, state: State, attributes: Attributes) -> Float[Array, "node dim"]:
        """The total force on every node."""
        values = columns(self.names, attributes.node, state.position.shape[0])
        force = along_lines(self.pair, graph, state.position, values)
        if self.own is not None:
            force = force + self.self_force(state.velocity, values)
        return force

    def __call__(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, "node dim"]:
        """See `Law`."""
        return self.force(graph, state, attributes) / inertia(attributes, state.position.shape[0])

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
    def from_settings(cls, settings: dict[str, Any]) -> PairNetwork:
        """See `Law.from_settings`."""
        return cls(**settings, key=jax.random.key(0))
