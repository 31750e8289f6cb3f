"""The learned law by itself: its force against distance, and its use on another network."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from forcelaw.errors import InputError
from forcelaw.graph import Graph
from forcelaw.laws import Attributes, SpringLaw

from ._embedding import SpringEmbedding
from ._network import SignedNetwork
from ._placement import place, starts
from ._sharing import shared_graph
from ._views import whole_view

RELATIONS = ("friend", "enemy", "unknown")


class SocialForce(NamedTuple):
    """Acceleration of a typical node along the line to another one, attraction positive.

    `length` `[row]`; `friend`, `enemy`, `unknown` `[row]`. What the law sees beside the distance
    is held at its median over the training edges of each kind (of all kinds for `unknown`, which
    an inductive training never meets: there `unknown` shows where the law started).
    """

    length: Float[np.ndarray, " row"]
    friend: Float[np.ndarray, " row"]
    enemy: Float[np.ndarray, " row"]
    unknown: Float[np.ndarray, " row"]

    def table(self) -> str:
        """The curves as text, one line a distance."""
        lines = ["distance    friend     enemy   unknown"]
        lines += [f"{r:8.2f}{f:10.4f}{e:10.4f}{u:10.4f}" for r, f, e, u in zip(*self, strict=True)]
        return "\n".join(lines)


def social_force(
    model: SpringEmbedding, length: Float[np.ndarray, " row"] | None = None
) -> SocialForce:
    """The learned force of friend, enemy and unknown against distance.

    **Arguments:** `length` distances; by default 41 of them over those that occur among the
    training edges.
    """
    law, network = model.law_, model.network_
    if not isinstance(law, SpringLaw):
        raise InputError(f"found a law {type(law).__name__}, expected a spring law")
    graph, view = whole_view(network)
    if length is None:
        x = model.positions_
        apart = np.linalg.norm(x[network.source] - x[network.target], axis=1)
        length = np.linspace(0.0, float(np.quantile(apart, 0.99)), 41)
    sign = np.asarray(view.sign)
    everything = np.asarray(graph.edge_mask)
    node = _median(np.asarray(view.node)[np.asarray(graph.node_mask)][: network.n_nodes])
    pair = Graph.from_edges([[1, 0]], nodes=2)
    curves = []
    for relation, name in enumerate(RELATIONS):
        rows = sign == (1, -1, 0)[relation]
        feature = _median(np.asarray(view.edge)[rows if rows.any() else everything])
        attributes = Attributes(
            node={
                "log_degree": jnp.full(2, node[0]),
                "centrality": jnp.full(2, node[0] / max(float(np.max(view.node[:, 0])), 1.0)),
                "neighbourhood": jnp.asarray(np.tile(node, (2, 1))),
            },
            edge={
                **{other: jnp.full(1, float(other == name)) for other in RELATIONS},
                "feature": jnp.asarray(feature[None, :]),
            },
        )
        bound = law.bind(pair, attributes)
        forces = jax.vmap(bound.force)(jnp.asarray(length, float)[:, None])[:, 0]
        curves.append(np.asarray(bound.gain[0] * forces, np.float64))
    return SocialForce(np.asarray(length, np.float64), *curves)


def embed(
    model: SpringEmbedding, network: SignedNetwork, *, devices: int | None = None
) -> Float[np.ndarray, "node dim"]:
    """Positions of another network's nodes under the learned law, without training.

    The network may be directed or not; forces always act between unordered pairs. For
    `devices` see `SpringEmbedding.fit`.
    """
    graph, view = whole_view(network)
    *_, start_key, _ = jax.random.split(jax.random.key(model.seed), 4)
    start = starts(graph.nodes, model.dim, 1, key=start_key)
    shards = shared_graph(graph, devices)
    position = place(model.law_, graph, view, start, model.settings_, shards)
    return np.asarray(position)[0, : network.n_nodes]


def _median(rows: np.ndarray) -> np.ndarray:
    return np.median(rows, axis=0).astype(rows.dtype)
