"""The training network several times, each time with another fold of its signs hidden.

What is hidden does not exist in its view: not in the forces, not in the degrees, not in any
feature. Scoring exactly the hidden pairs therefore shows the model what it will meet at test
time. All views share one graph; only arrays differ, so nothing is compiled twice.
"""

from __future__ import annotations

import dataclasses
from typing import TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax import dtypes
from jaxtyping import Array, Bool, Float, Int

from forcelaw.graph import Graph
from forcelaw.laws import Attributes
from forcelaw.signed.features import (
    FeatureSettings,
    Featurizer,
    WalkFeatures,
    node_attributes,
    pair_features,
    walks_of_all,
)
from forcelaw.signed.forces.communities import community_positions
from forcelaw.signed.forces.settings import VIEW_SETTINGS, ViewSettings
from forcelaw.signed.network import SignedNetwork, known_signs, pair_keys
from forcelaw.signed.splits import make_folds

Tree = TypeVar("Tree")
HIDDEN = 2
"""In place of a sign: no force acts."""
NODE_COLUMNS = ("log_degree", "positive_share", "negative_share")


class View(eqx.Module):
    """One view: what the forces know of every edge and node."""

    sign: Int[Array, "*view edge"]
    """+1 friend, -1 enemy, 0 unknown, 2 hidden: no force at all; int8."""
    edge: Float[Array, "*view edge feature"]
    node: Float[Array, "*view node attribute"]
    """`NODE_COLUMNS`."""
    factions: Float[Array, "*view node direction"]
    """`community_positions` of the signs that the view shows."""
    largest: Float[Array, "*view"]
    """Of the logarithmic degrees of the whole network, of which a part may show a few."""

    def attributes(self, dtype: jnp.dtype) -> Attributes:
        """As the spring laws read them."""
        log_degree = self.node[:, 0]
        return Attributes(
            node={
                "log_degree": log_degree,
                "centrality": log_degree / jnp.maximum(self.largest, 1),
                "neighbourhood": self.node,
            },
            edge={
                "friend": (self.sign == 1).astype(dtype),
                "enemy": (self.sign == -1).astype(dtype),
                "unknown": (self.sign == 0).astype(dtype),
                "feature": self.edge,
            },
        )


class HiddenPairs(eqx.Module):
    """The pairs that a view hides, padded to one length."""

    ends: Int[Array, "*view pair 2"]
    feature: Float[Array, "*view pair feature"]
    positive: Float[Array, "*view pair"]
    weight: Float[Array, "*view pair"]
    """0 for padding, else the weight of the pair's class."""


class Views(eqx.Module):
    """All views of one training network; the last of `view` hides nothing."""

    graph: Graph
    view: View
    hidden: HiddenPairs
    folds: int = eqx.field(static=True)

    def fold(self, index: Int[Array, ""] | int) -> tuple[View, HiddenPairs]:
        """The view that hides fold `index`, and what it hides."""
        take = lambda leaf: leaf[index]  # noqa: E731
        return jax.tree.map(take, self.view), jax.tree.map(take, self.hidden)

    def whole(self) -> View:
        """The view that hides nothing: every training sign."""
        return jax.tree.map(lambda leaf: leaf[-1], self.view)


def make_views(
    train: SignedNetwork,
    settings: ViewSettings = VIEW_SETTINGS,
    *,
    folds: int,
    hidden: int | None = None,
    seed: int,
) -> Views:
    """Views of a training network with folds of its signs hidden, see `make_folds`."""
    chosen = make_folds(train, folds, seed, settings.folds, hidden=hidden)
    graph, edges = pair_graph(train)
    # Splits of one network differ by a pair or two: a common length lets them share compilations.
    size = -(-max(int(fold.hidden.sum()) for fold in chosen) // 64) * 64
    frequency = {sign: float((train.sign == sign).mean()) for sign in (-1, 1)}
    shown = [visible_part(train, kept) for _, kept in chosen]
    every = [WalkFeatures.fit(network, settings.features) for network in (*shown, train)]
    walks = walks_of_all(every, once(edges))
    views, pairs = [], []
    for visible, (rows, _), fitted, known in zip(shown, chosen, every, walks, strict=False):
        views.append(one_view(visible, graph, edges, known, settings))
        featurizer = Featurizer.fit(visible, settings.features, walks=fitted)
        own = known[rows_of_pairs(train.edges[rows], edges, graph.nodes)]
        pairs.append(hidden_pairs(featurizer, train, rows, size, frequency, own))
    views.append(one_view(train, graph, edges, walks[-1], settings))
    return Views(graph, stack(views), stack(pairs), len(chosen))


def visible_part(train: SignedNetwork, kept: Bool[np.ndarray, " edge"]) -> SignedNetwork:
    """The network of the edges that are kept; in a transductive one others are known unsigned."""
    visible = train.subset(kept)
    if not len(train.unknown):
        return visible
    unknown = np.concatenate([train.unknown, train.edges[~kept]])
    return dataclasses.replace(visible, unknown=unknown)


def whole_view(
    network: SignedNetwork, settings: ViewSettings = VIEW_SETTINGS
) -> tuple[Graph, View]:
    """The graph of a network and the view that hides nothing."""
    graph, edges = pair_graph(network)
    walks = WalkFeatures.fit(network, settings.features).transform(once(edges))
    return graph, one_view(network, graph, edges, walks, settings)


def pair_graph(network: SignedNetwork) -> tuple[Graph, Int[np.ndarray, "edge 2"]]:
    """Both directions of every pair, signed or unknown, and the rows the graph was made of."""
    pairs = network.pairs()
    joined = np.unique(np.concatenate([pairs.edges, np.sort(pairs.unknown, axis=1)]), axis=0)
    edges = np.concatenate([joined, joined[:, ::-1]])
    return Graph.from_edges(edges, nodes=network.n_nodes, bucket=True), edges


def once(edges: Int[np.ndarray, "edge 2"]) -> Int[np.ndarray, "pair 2"]:
    """Every pair of `edges`, of which the second half are the first turned round."""
    return edges[: len(edges) // 2]


def rows_of_pairs(
    pairs: Int[np.ndarray, "pair 2"], edges: Int[np.ndarray, "edge 2"], nodes: int
) -> Int[np.ndarray, " pair"]:
    """The row among the first half of `edges`, which is sorted, that joins each pair's ends."""
    return np.searchsorted(pair_keys(once(edges), nodes), pair_keys(pairs, nodes))


def one_view(
    visible: SignedNetwork,
    graph: Graph,
    edges: Int[np.ndarray, "edge 2"],
    walks: Float[np.ndarray, "pair walk"],
    settings: ViewSettings,
) -> View:
    """The view of the visible signs on the rows `edges` that the graph was made of.

    A pair without a visible sign is unknown if the network holds it so, else hidden.
    """
    pairs = visible.pairs()
    known = known_signs(pairs, edges)
    sign = np.where((known == 0) & ~is_among(edges, pairs.unknown, graph.nodes), HIDDEN, known)
    feature = edge_features(pairs, edges, walks, settings.features)
    node = np.stack(node_columns(pairs), axis=1)
    row = np.asarray(graph.row)
    real = row >= 0
    padding = ((0, graph.nodes - len(node)), (0, 0))
    factions = community_positions(pairs, settings.communities)
    largest = node[:, NODE_COLUMNS.index("log_degree")].max()
    return View(
        sign=jnp.asarray(np.where(real, sign[row], HIDDEN), jnp.int8),
        edge=jnp.asarray(np.where(real[:, None], feature[row], 0), float),
        node=jnp.asarray(np.pad(node, padding), float),
        factions=jnp.asarray(np.pad(factions, padding), float),
        largest=jnp.asarray(largest, float),
    )


def node_columns(pairs: SignedNetwork) -> list[np.ndarray]:
    """The `NODE_COLUMNS` of every node."""
    table = node_attributes(pairs)
    return [table.values[:, table.names.index(name)] for name in NODE_COLUMNS]


def edge_features(
    pairs: SignedNetwork,
    edges: Int[np.ndarray, "edge 2"],
    walks: Float[np.ndarray, "pair walk"],
    settings: FeatureSettings,
) -> Float[np.ndarray, "edge feature"]:
    """What a force may know: the pair's features and walks, then degree and shares of both ends.

    Of `edges` the second half are the first turned round. The order is receiver, sender for the
    ends. All columns are of unit size, nearly.
    """
    columns = [0.5 * pair_features(pairs, once(edges), settings=settings).values, 0.5 * walks]
    node = np.stack(node_columns(pairs), axis=1) * np.array([0.5, 1.0, 1.0])
    # Both directions of every pair: in the precision that is kept.
    kept = dtypes.canonicalize_dtype(float)
    known, node = np.concatenate(columns, axis=1).astype(kept), node.astype(kept)
    return np.concatenate([np.tile(known, (2, 1)), node[edges[:, 1]], node[edges[:, 0]]], axis=1)


def hidden_pairs(
    featurizer: Featurizer,
    train: SignedNetwork,
    rows: np.ndarray,
    size: int,
    frequency: dict[int, float],
    walks: Float[np.ndarray, "row walk"],
) -> HiddenPairs:
    """The pairs `rows` of `train`, described by a featurizer that was fitted without them."""
    ends, sign = train.edges[rows], train.sign[rows]
    feature = featurizer.transform(ends, walks=walks)
    weight = np.where(sign > 0, 0.5 / frequency[1], 0.5 / frequency[-1])
    padding = size - len(ends)
    return HiddenPairs(
        ends=jnp.asarray(np.pad(ends, ((0, padding), (0, 0))), jnp.int32),
        feature=jnp.asarray(np.pad(feature, ((0, padding), (0, 0))), float),
        positive=jnp.asarray(np.pad(sign > 0, (0, padding)), float),
        weight=jnp.asarray(np.pad(weight, (0, padding)), float),
    )


def is_among(
    edges: Int[np.ndarray, "edge 2"], pairs: Int[np.ndarray, "pair 2"], nodes: int
) -> Bool[np.ndarray, " edge"]:
    """Which edges, in either direction, join one of the pairs."""
    return np.isin(pair_keys(edges, nodes), pair_keys(pairs, nodes))


def stack(trees: list[Tree]) -> Tree:
    """One tree whose arrays lead with the axis of the list."""
    return jax.tree.map(lambda *leaves: jnp.stack(leaves), *trees)
