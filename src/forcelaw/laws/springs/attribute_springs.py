"""Springs whose pull each pair bends by what is known about it."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from forcelaw.documents import JsonObject, ParsedObject
from forcelaw.graph import Graph, at_receivers
from forcelaw.laws.law import Law
from forcelaw.laws.springs.spring_law import (
    BoundSprings,
    EdgeForce,
    SpringLaw,
    relations,
    spring_forces,
)
from forcelaw.laws.state import Attributes

REACH = 8.0
"""Stretch at which a spring has reached half its largest force."""


class AttributeSpring(SpringLaw):
    """A spring for each relation times a learned factor of distance and edge attributes.

    The factor is `1 + 2 tanh(network)`, with one small network for each relation: it runs from -1
    to 3, so that trust from a distrusted node may push. The springs saturate at large stretch, so
    every force is bounded. A node's mass is its degree to a learned power.

    Edge attribute: `feature` `[edge, feature]`, of about unit size. Node attribute: `log_degree`
    `[node]`. For relations and units see the module's spring laws.
    """

    log_rest_length: Float[Array, " relation"]
    log_stiffness: Float[Array, " relation"]
    by_distance: Float[Array, "relation hidden"]
    by_feature: Float[Array, "relation hidden feature"]
    bias: Float[Array, "relation hidden"]
    outer: Float[Array, "relation hidden"]
    mass_exponent: Float[Array, ""]

    def __init__(self, features: int, *, hidden: int = 8, key: PRNGKeyArray) -> None:
        inner, bias, distance, outer = jax.random.split(key, 4)
        self.log_rest_length = jnp.log(jnp.asarray([1.0, 10.0, 2.5]))
        self.log_stiffness = jnp.log(jnp.asarray([5.0, 5.0, 1.0]))
        self.by_feature = jax.random.normal(inner, (3, hidden, features)) / max(features, 1) ** 0.5
        self.by_distance = jax.random.normal(distance, (3, hidden))
        self.bias = jax.random.normal(bias, (3, hidden))
        self.outer = 0.1 * jax.random.normal(outer, (3, hidden))
        self.mass_exponent = jnp.full((), 0.5)

    def bind(self, graph: Graph, attributes: Attributes) -> BoundSprings:
        """See `SpringLaw.bind`."""
        relation = relations(attributes)
        kinds, hidden, features = self.by_feature.shape
        flat = self.by_feature.reshape(kinds * hidden, features)
        seen = (flat @ attributes.edge["feature"].T).reshape(kinds, hidden, graph.edges)
        force = FactorForce(
            relation=relation,
            rest_length=jnp.exp(self.log_rest_length),
            stiffness=jnp.exp(self.log_stiffness),
            still=jnp.sum((seen + self.bias[:, :, None]) * relation[:, None, :], axis=0),
            by_distance=self.by_distance.T @ relation,
            outer=self.outer.T @ relation,
        )
        mass = jnp.exp(self.mass_exponent * attributes.node["log_degree"])
        return BoundSprings(force, at_receivers(graph, 1 / mass))

    def settings(self) -> JsonObject:
        """The sizes of the networks."""
        _, hidden, features = self.by_feature.shape
        return {"features": features, "hidden": hidden}

    @classmethod
    def from_settings(cls, settings: ParsedObject) -> Law:
        """See `Law.from_settings`."""
        return cls(**settings, key=jax.random.key(0))


class FactorForce(EdgeForce):
    """Saturating springs times a factor, for given edges."""

    relation: Float[Array, "relation edge"]
    rest_length: Float[Array, " relation"]
    stiffness: Float[Array, " relation"]
    still: Float[Array, "hidden edge"]
    by_distance: Float[Array, "hidden edge"]
    outer: Float[Array, "hidden edge"]

    def __call__(self, length: Float[Array, " edge"]) -> Float[Array, " edge"]:
        """See `EdgeForce.__call__`."""
        pull = spring_forces(length, self.rest_length, self.stiffness)
        limit = 0.5 * REACH * self.stiffness[:, None]
        spring = jnp.sum(self.relation * pull / (1 + jnp.abs(pull) / limit), axis=0)
        hidden = jnp.tanh(self.still + self.by_distance * jnp.log1p(length)[None, :])
        return spring * (1 + 2 * jnp.tanh(jnp.sum(self.outer * hidden, axis=0)))
