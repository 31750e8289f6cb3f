"""Kinds of bodies as learned vectors, which any network reads as attributes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from forcelaw.documents import JsonObject, ParsedObject
from forcelaw.errors import InputError
from forcelaw.graph import Graph
from forcelaw.laws.law import Law, Messages
from forcelaw.laws.networks.hamiltonian_network import HamiltonianNetwork
from forcelaw.laws.networks.message_network import MessageNetwork
from forcelaw.laws.networks.pair_network import PairNetwork
from forcelaw.laws.state import Attributes, State
from forcelaw.laws.units import Units

KIND = "species"
"""The attribute that holds the index of each node's kind."""
_NETWORKS: dict[str, type[MessageNetwork | PairNetwork | HamiltonianNetwork]] = {
    law.family(): law for law in (MessageNetwork, PairNetwork, HamiltonianNetwork)
}


def network_of(law: Law) -> Law:
    """The network itself, without the vectors of kinds."""
    return law.law if isinstance(law, KindEmbedding) else law


def embedded_names(components: int) -> tuple[str, ...]:
    """The attributes under which a network reads the vector of a node's kind."""
    return tuple(f"{KIND} {component}" for component in range(components))


class KindEmbedding(Law):
    """A network that reads one learned vector for each kind, as sender and as receiver alike.

    A message network maps the vectors of senders and of receivers by weights of their own, so that
    forces need not be mutual; pair and Hamiltonian networks stay symmetric, whatever the kinds.
    """

    law: Law
    """The network, which reads `embedded_names` beside other attributes."""
    table: Float[Array, "kind component"]
    kinds: tuple[str, ...] = eqx.field(static=True)

    @classmethod
    def of(
        cls, law: Law, kinds: Sequence[str], components: int, *, key: PRNGKeyArray
    ) -> KindEmbedding:
        """Untrained vectors: those of the axes, or drawn from N(0, 1) where kinds are more."""
        count = len(kinds)
        axes = jnp.eye(count, components)
        table = axes if count <= components else jax.random.normal(key, (count, components))
        return cls(law, table, tuple(kinds))

    def described(self) -> list[str]:
        """See `Law.described`."""
        return [f"kinds {', '.join(self.kinds)}", repr(self.law)]

    def embedded(self, attributes: Attributes) -> Attributes:
        """The attributes with the vector of every node's kind among them.

        **Raises** `InputError` where the kinds of nodes are not given.
        """
        if KIND not in attributes.node:
            raise InputError(
                f"attribute {KIND!r}: found only {sorted(attributes.node)}, expected the index of "
                f"each node's kind among {', '.join(self.kinds)}; add it"
            )
        known = {name: value for name, value in attributes.node.items() if name != KIND}
        vectors = self.table[attributes.node[KIND].astype(jnp.int32)]
        names = embedded_names(self.table.shape[1])
        known |= {name: vectors[:, k] for k, name in enumerate(names)}
        return Attributes(known, attributes.edge)

    def predict(
        self,
        graph: Graph,
        state: State,
        attributes: Attributes,
        *,
        key: PRNGKeyArray | None = None,
    ) -> tuple[Float[Array, "node dim"], Messages | None]:
        """See `Law.predict`."""
        return self.law.predict(graph, state, self.embedded(attributes), key=key)

    def __call__(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, "node dim"]:
        """See `Law`."""
        return self.law(graph, state, self.embedded(attributes))

    @property
    def penalty(self) -> Literal["none", "l1", "kl"]:
        """See `Law.penalty`."""
        return self.law.penalty

    @property
    def reads_velocity(self) -> bool:
        """See `Law.reads_velocity`."""
        return self.law.reads_velocity

    def has_potential(self, graph: Graph) -> bool:
        """See `Law.has_potential`."""
        return self.law.has_potential(graph)

    def potential_energy(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, ""]:
        """See `Law.potential_energy`."""
        return self.law.potential_energy(graph, state, self.embedded(attributes))

    def rescaled(self, units: Units) -> Law:
        """See `Law.rescaled`: kinds have no unit."""
        return eqx.tree_at(lambda law: law.law, self, self.law.rescaled(units))

    def settings(self) -> JsonObject:
        """See `Law.settings`."""
        return {
            "kinds": list(self.kinds),
            "components": self.table.shape[1],
            "family": self.law.family(),
            "law": self.law.settings(),
        }

    @classmethod
    def from_settings(cls, settings: ParsedObject) -> KindEmbedding:
        """See `Law.from_settings`."""
        law = _NETWORKS[settings["family"]].from_settings(settings["law"])
        return cls.of(law, settings["kinds"], settings["components"], key=jax.random.key(0))
