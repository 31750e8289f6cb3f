"""The part of a network that fits into a picture."""

from __future__ import annotations

import numpy as np

from forcelaw.signed.network.given_network import check_network
from forcelaw.signed.network.network import SignedNetwork


def top_degree_subgraph(network: SignedNetwork, count: int) -> SignedNetwork:
    """The pairs between the `count` nodes with most edges, without ratings and times.

    The first nodes in the order of names where several have as many edges.
    """
    check_network("top_degree_subgraph", network)
    pairs = network.pairs()
    kept = np.sort(np.argsort(-pairs.degree, kind="stable")[:count])
    place = np.full(pairs.n_nodes, -1, np.int32)
    place[kept] = np.arange(len(kept), dtype=np.int32)
    ends = place[pairs.edges]
    inner = (ends >= 0).all(axis=1)
    return SignedNetwork(
        names=tuple(pairs.names[i] for i in kept),
        source=ends[inner, 0],
        target=ends[inner, 1],
        sign=pairs.sign[inner],
        directed=False,
        name=pairs.name,
    )
