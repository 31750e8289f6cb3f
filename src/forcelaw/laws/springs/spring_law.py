"""Springs between friends, enemies and strangers: radial forces on the two edge operations.

A spring law first *binds*: whatever does not move (stiffness, rest length, the part of a network
that sees only attributes) becomes one array per edge. A step then costs one pass for the lengths,
a few operations per edge, and one pass for the sum, forward and backward alike.

Edge attributes: `friend`, `enemy`, `unknown` `[edge]`, 1 where the edge is of that kind and else 0.
An edge that is none of them exerts no force, so that hiding a sign changes an attribute, never
the graph. Attraction is positive throughout.
"""

from __future__ import annotations

import abc

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from forcelaw.documents import JsonObject, ParsedObject
from forcelaw.graph import Graph, at_receivers, edge_lengths, edge_sum
from forcelaw.laws.law import Law
from forcelaw.laws.state import Attributes, State

RELATIONS = ("friend", "enemy", "unknown")
SOFTENING = 1e-3
"""Length below which the direction of a force fades, so that its gradient stays bounded."""


class EdgeForce(eqx.Module):
    """The force along every edge of one graph as a function of the edges' lengths."""

    @abc.abstractmethod
    def __call__(self, length: Float[Array, " edge"]) -> Float[Array, " edge"]:
        """Attraction of the receiver towards the sender."""


class BoundSprings(Law):
    """A spring law whose constants are already one array per edge of one graph.

    Made by `SpringLaw.bind`; its arrays belong to a graph, not to the law.
    """

    force: EdgeForce
    gain: Float[Array, " edge"]
    """Acceleration of the receiver per force: one over its mass."""

    def __call__(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, "node dim"]:
        """See `Law.__call__`; `attributes` were used when the law was bound."""
        length = edge_lengths(graph, state.position)
        tension = self.gain * self.force(length) / jnp.sqrt(length**2 + SOFTENING**2)
        return edge_sum(graph, tension, state.position)

    def settings(self) -> JsonObject:
        """Raises `TypeError`: save the law that this one was bound from."""
        raise TypeError("a bound law belongs to one graph; save the law that it was bound from")

    @classmethod
    def from_settings(cls, settings: ParsedObject) -> Law:
        """Raises `TypeError`: bind a law instead."""
        raise TypeError("a bound law belongs to one graph; call `bind` of a spring law")


class SpringLaw(Law):
    """A radial law between friends, enemies and unknown pairs."""

    @abc.abstractmethod
    def bind(self, graph: Graph, attributes: Attributes) -> BoundSprings:
        """The same law with all that does not move worked out for each edge."""

    def __call__(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, "node dim"]:
        """See `Law.__call__`. In a loop over steps, call `bind` once before it."""
        return self.bind(graph, attributes)(graph, state, attributes)


class Spring(SpringLaw):
    """SPR: one spring for each relation, three rest lengths and three stiffnesses.

    Friends `k max(d - l, 0) / 2`, enemies `-k max(l - d, 0) / 2`, unknown `k (d - l) / 2`, and
    every acceleration times `1 + c centrality`. Node attribute: `centrality` `[node]`.

    Rehmann and Bovet, Graph Spring Neural ODEs for Link Sign Prediction, Machine Learning 114(7),
    2025 (arXiv 2412.12916).
    """

    rest_length: Float[Array, " relation"]
    stiffness: Float[Array, " relation"]
    centrality: Float[Array, ""]

    def __init__(self) -> None:
        self.rest_length = jnp.asarray([1.0, 10.0, 2.5])
        self.stiffness = jnp.asarray([5.0, 5.0, 1.0])
        self.centrality = jnp.zeros(())

    def bind(self, graph: Graph, attributes: Attributes) -> BoundSprings:
        """See `SpringLaw.bind`."""
        force = SpringForce(relations(attributes), self.rest_length, self.stiffness)
        gain = 1 + self.centrality * attributes.node["centrality"]
        return BoundSprings(force, at_receivers(graph, gain))

    def settings(self) -> JsonObject:
        """Nothing: its arrays are all there is."""
        return {}

    @classmethod
    def from_settings(cls, settings: ParsedObject) -> Law:
        """See `Law.from_settings`."""
        return cls(**settings)


class SpringForce(EdgeForce):
    """The forces of `Spring` along given edges."""

    relation: Float[Array, "relation edge"]
    rest_length: Float[Array, " relation"]
    stiffness: Float[Array, " relation"]

    def __call__(self, length: Float[Array, " edge"]) -> Float[Array, " edge"]:
        """See `EdgeForce.__call__`."""
        return jnp.sum(self.relation * spring_forces(length, self.rest_length, self.stiffness), 0)


def relations(attributes: Attributes) -> Float[Array, "relation edge"]:
    """The rows friend, enemy, unknown of an edge's one-hot relation."""
    return jnp.stack([attributes.edge[name] for name in RELATIONS])


def spring_forces(
    length: Float[Array, " edge"],
    rest_length: Float[Array, " relation"],
    stiffness: Float[Array, " relation"],
) -> Float[Array, "relation edge"]:
    """The force of each of the three springs at each length."""
    stretch = length[None, :] - rest_length[:, None]
    friend, enemy, unknown = stretch
    pull = jnp.stack([jnp.maximum(friend, 0), jnp.minimum(enemy, 0), unknown])
    return 0.5 * stiffness[:, None] * pull
