"""The part of a large network that forces are trained on.

A law is some hundred numbers, the same for every pair, and a training step takes as long as it has
edges: the pairs between the nodes with most edges, which feel most of their forces there, tell the
law as well as all pairs together. Nodes are placed in the whole network, and what the forces have
learned is judged there (benchmarks/results/speed/signed_at_scale.md).
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Int

from forcelaw.graph import Graph
from forcelaw.signed.forces.views import HIDDEN, HiddenPairs, View, Views


def training_part(views: Views, pairs: int | None) -> Views:
    """The views of the pairs between the nodes of highest degree, or of all of a small network.

    As many nodes as have that number of pairs between them, at most; None for all. Features are
    those of the whole network.
    """
    graph = views.graph
    edge = np.flatnonzero(np.asarray(graph.edge_mask))
    if pairs is None or len(edge) <= 2 * pairs:
        return views
    sender, receiver = np.asarray(graph.sender)[edge], np.asarray(graph.receiver)[edge]
    degree = np.bincount(receiver, minlength=graph.nodes)
    rank = np.empty(graph.nodes, np.int64)
    rank[np.argsort(-degree, kind="stable")] = np.arange(graph.nodes)
    last = np.maximum(rank[sender], rank[receiver])
    limit = np.sort(last)[2 * pairs]
    part = _cut(views, np.flatnonzero(rank < limit), edge[last < limit])
    # Without a pair to judge by there is nothing to learn.
    return part if np.asarray(part.hidden.weight).any() else views


def _cut(
    views: Views, node: Int[np.ndarray, " kept"], edge: Int[np.ndarray, " kept_edge"]
) -> Views:
    """The views of these nodes, these edges between them, and the hidden pairs of these nodes."""
    whole = views.graph
    number = np.full(whole.nodes, -1)
    number[node] = np.arange(len(node))
    ends = np.stack([np.asarray(end)[edge] for end in (whole.sender, whole.receiver)], axis=1)
    graph = Graph.from_edges(number[ends], nodes=len(node), bucket=True)
    row = np.asarray(graph.row)
    at, padding = edge[np.maximum(row, 0)], row < 0

    def at_edges(values: jax.Array, fill: int) -> jax.Array:
        taken = np.asarray(values)[:, at]
        taken[:, padding] = fill
        return jnp.asarray(taken)

    def at_nodes(values: jax.Array) -> jax.Array:
        added = ((0, 0), (0, graph.nodes - len(node)), (0, 0))
        return jnp.asarray(np.pad(np.asarray(values)[:, node], added))

    view = View(
        sign=at_edges(views.view.sign, HIDDEN),
        edge=at_edges(views.view.edge, 0),
        node=at_nodes(views.view.node),
        factions=at_nodes(views.view.factions),
        largest=views.view.largest,
    )
    return Views(graph, view, _hidden(views, number), views.folds)


def _hidden(views: Views, number: Int[np.ndarray, " node"]) -> HiddenPairs:
    """The hidden pairs of every fold whose ends are both numbered."""
    hidden = jax.tree.map(np.asarray, views.hidden)
    ends = number[hidden.ends]
    kept = (hidden.weight > 0) & (ends >= 0).all(axis=2)
    # A common length lets networks of similar size share compilations.
    size = -(-max(int(kept.sum(axis=1).max()), 1) // 64) * 64
    # Those that are kept come first, then as many others, which weigh nothing.
    order = np.argsort(~kept, axis=1, kind="stable")[:, :size]

    def taken(values: np.ndarray) -> np.ndarray:
        return np.take_along_axis(values, order.reshape(*order.shape, *[1] * (values.ndim - 2)), 1)

    return HiddenPairs(
        ends=jnp.asarray(taken(np.maximum(ends, 0)), jnp.int32),
        feature=jnp.asarray(taken(hidden.feature)),
        positive=jnp.asarray(taken(hidden.positive)),
        weight=jnp.asarray(taken(np.where(kept, hidden.weight, 0))),
    )
