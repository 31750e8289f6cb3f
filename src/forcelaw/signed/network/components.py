"""Connected components of a network, directions ignored."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Int
from scipy import sparse


def in_largest_component(edges: Int[np.ndarray, "edge 2"], nodes: int) -> Bool[np.ndarray, " node"]:
    """Which of the `nodes` are in the largest weakly connected component.

    The one with the lowest index where several are as large.
    """
    ones = np.ones(len(edges), np.int8)
    adjacency = sparse.coo_array((ones, (edges[:, 0], edges[:, 1])), shape=(nodes, nodes))
    _, label = sparse.csgraph.connected_components(adjacency, directed=False)
    return label == np.bincount(label).argmax()
