"""Reference inputs of a force law: enough to draw it without the network it was learned on."""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from forcelaw.graph import Graph, edge_lengths
from forcelaw.laws import Attributes
from forcelaw.signed.forces.views import View

RELATIONS = ("friend", "enemy", "unknown")
PAIR = ((1, 0),)
"""The one edge of the graph on which a force is read off: from node 1 to node 0."""


class ReferenceInputs(eqx.Module):
    """Medians over a network's nodes and edges."""

    edge: Float[Array, "relation feature"]
    """Of friends, of enemies, and of all edges."""
    node: Float[Array, " attribute"]
    largest: Float[Array, ""]
    """See `View.largest`."""
    reach: Float[Array, ""]
    """The distance that 99 % of the edges stay below."""

    @classmethod
    def empty(cls, features: int, attributes: int) -> ReferenceInputs:
        """Of these sizes, all zeros."""
        return cls(
            jnp.zeros((len(RELATIONS), features)),
            jnp.zeros(attributes),
            jnp.zeros(()),
            jnp.zeros(()),
        )

    @classmethod
    def of(
        cls, graph: Graph, view: View, position: Float[np.ndarray, "node dim"]
    ) -> ReferenceInputs:
        """Of one view whose nodes came to lie at `position`."""
        real = np.asarray(graph.edge_mask)
        sign, features = np.asarray(view.sign)[real], np.asarray(view.edge)[real]
        edge = []
        for value in (1, -1, 0):
            rows = sign == value
            edge.append(np.median(features[rows] if rows.any() else features, axis=0))
        node = np.asarray(view.node)[np.asarray(graph.node_mask)][: len(position)]
        # Not by NumPy, which would hold both ends' coordinates for every edge.
        padded = np.pad(position, ((0, graph.nodes - len(position)), (0, 0)))
        apart = np.asarray(edge_lengths(graph, jnp.asarray(padded)))[real]
        return cls(
            jnp.asarray(np.stack(edge), float),
            jnp.asarray(np.median(node, axis=0), float),
            jnp.asarray(view.largest, float),
            jnp.asarray(np.quantile(apart, 0.99), float),
        )

    def attributes(self, relation: str) -> Attributes:
        """Of the single edge `PAIR` that stands in this relation."""
        row = RELATIONS.index(relation)
        sign = jnp.full(1, (1, -1, 0)[row], jnp.int8)
        node = jnp.tile(self.node, (2, 1))
        view = View(
            sign=sign,
            edge=self.edge[row][None, :],
            node=node,
            # Only starts depend on factions.
            factions=jnp.zeros((2, 0), node.dtype),
            largest=self.largest,
        )
        return view.attributes(self.node.dtype)
