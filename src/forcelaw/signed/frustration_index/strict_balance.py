"""Networks without any frustration: of two groups, and of any number of them."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int
from scipy import sparse
from scipy.sparse import csgraph

from forcelaw.signed.network import SignedNetwork


def balanced_sides(pairs: SignedNetwork) -> Int[np.ndarray, " node"] | None:
    """Two groups that contradict no sign, +1 and -1, or None if there are none.

    That is, no cycle has an odd number of negative edges (Cartwright & Harary, Psychological Review
    63(5), 1956): in the double cover, where negative edges lead from one copy of the network to the
    other, no node is joined to its copy.
    """
    nodes = pairs.n_nodes
    cross = (pairs.sign < 0) * nodes
    first = np.concatenate([pairs.source, pairs.source + nodes])
    second = np.concatenate([pairs.target + cross, pairs.target + nodes - cross])
    part = _components(first, second, 2 * nodes)
    if (part[:nodes] == part[nodes:]).any():
        return None
    return np.where(part[:nodes] < part[nodes:], 1, -1)


def clusters(pairs: SignedNetwork) -> Int[np.ndarray, " node"] | None:
    """Groups that contradict no sign, as many as it takes, or None if there are none.

    That is, no cycle has exactly one negative edge (Davis, Human Relations 20(2), 1967): no enemies
    are joined by friends of friends.
    """
    friend = pairs.sign > 0
    part = _components(pairs.source[friend], pairs.target[friend], pairs.n_nodes)
    return None if (part[pairs.source] == part[pairs.target])[~friend].any() else part


def _components(
    first: Int[np.ndarray, " edge"], second: Int[np.ndarray, " edge"], nodes: int
) -> Int[np.ndarray, " node"]:
    """The number of the connected component of each node, rising with their first nodes."""
    joined = sparse.coo_array((np.ones(len(first), np.int8), (first, second)), shape=(nodes, nodes))
    return csgraph.connected_components(joined, directed=False)[1]
