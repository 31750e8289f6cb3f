"""SPR-NN: small networks in place of the three springs."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from forcelaw.documents import JsonObject, ParsedObject
from forcelaw.graph import Graph, at_receivers, at_senders
from forcelaw.laws.law import Law
from forcelaw.laws.springs.spring_law import BoundSprings, EdgeForce, SpringLaw, relations
from forcelaw.laws.state import Attributes

NEIGHBOURHOOD = 3
"""Degree, positive share and negative share of a node."""
ENDS = 2 * NEIGHBOURHOOD
HIDDEN = ENDS + 1


class NeuralSpring(SpringLaw):
    """SPR-NN: for each relation a network 7-7-1, times a network 3-3-1 of the receiver.

    The edge networks see the distance and, of receiver and sender, the node attribute
    `neighbourhood` `[node, 3]`: degree (its logarithm, so that hubs stay within reach of float32),
    positive and negative share. Hidden units are `tanh`, so every force is bounded; the three
    networks start from different random numbers.

    Rehmann and Bovet, Graph Spring Neural ODEs for Link Sign Prediction, Machine Learning 114(7),
    2025 (arXiv 2412.12916).
    """

    by_distance: Float[Array, "relation hidden"]
    by_ends: Float[Array, "relation hidden six"]
    bias: Float[Array, "relation hidden"]
    outer: Float[Array, "relation hidden"]
    outer_bias: Float[Array, " relation"]
    node: eqx.nn.MLP

    def __init__(self, *, key: PRNGKeyArray) -> None:
        inner, outer, node = jax.random.split(key, 3)
        bound = HIDDEN**-0.5
        first = jax.random.uniform(inner, (3, HIDDEN, HIDDEN + 1), minval=-bound, maxval=bound)
        last = jax.random.uniform(outer, (3, HIDDEN), minval=-bound, maxval=bound)
        self.by_distance, self.by_ends, self.bias = first[..., 0], first[..., 1:-1], first[..., -1]
        self.outer = last
        # Before anything is learned friends attract, enemies repel and strangers do nothing.
        self.outer_bias = jnp.asarray([1.0, -1.0, 0.0])
        self.node = eqx.nn.MLP(NEIGHBOURHOOD, "scalar", 3, 1, activation=jax.nn.tanh, key=node)

    def bind(self, graph: Graph, attributes: Attributes) -> BoundSprings:
        """See `SpringLaw.bind`."""
        neighbourhood = attributes.node["neighbourhood"]
        ends = jnp.concatenate(
            [at_receivers(graph, neighbourhood), at_senders(graph, neighbourhood)], axis=1
        )
        relation = relations(attributes)
        seen = jnp.einsum("khf,ef,ke->he", self.by_ends, ends, relation)
        force = NetworkForce(
            still=seen + self.bias.T @ relation,
            by_distance=self.by_distance.T @ relation,
            outer=self.outer.T @ relation,
            outer_bias=self.outer_bias @ relation,
        )
        gain = 1 + jax.vmap(self.node)(neighbourhood)
        return BoundSprings(force, at_receivers(graph, gain))

    def settings(self) -> JsonObject:
        """Nothing: the reference implementation's sizes are fixed."""
        return {}

    @classmethod
    def from_settings(cls, settings: ParsedObject) -> Law:
        """See `Law.from_settings`."""
        return cls(**settings, key=jax.random.key(0))


class NetworkForce(EdgeForce):
    """A one-layer network of the distance for each edge, what stands still already added up."""

    still: Float[Array, "hidden edge"]
    by_distance: Float[Array, "hidden edge"]
    outer: Float[Array, "hidden edge"]
    outer_bias: Float[Array, " edge"]

    def __call__(self, length: Float[Array, " edge"]) -> Float[Array, " edge"]:
        """See `EdgeForce.__call__`."""
        hidden = jnp.tanh(self.still + self.by_distance * length[None, :])
        return self.outer_bias + jnp.sum(self.outer * hidden, axis=0)
