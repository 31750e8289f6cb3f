"""Trees of edges without length: ways inside them cost nothing, so all may be done between them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int
from scipy import sparse
from scipy.sparse import csgraph

from forcelaw.signed.frustration_index.coupled_graph import CoupledGraph

ZERO = 1e-7
"""Edges shorter than this have no length."""


class Forest(NamedTuple):
    """Trees of edges without length."""

    tree: Int[np.ndarray, " node"]
    """The number of the tree that each node is in."""
    parent: Int[np.ndarray, " node"]
    """-1 for roots."""
    parent_edge: Int[np.ndarray, " node"]
    depth: Int[np.ndarray, " node"]
    parity: Int[np.ndarray, " node"]
    """Of the negative edges from the root to the node, 0 or 1."""


def grow_forest(
    graph: CoupledGraph,
    odd: Bool[np.ndarray, " edge"],
    flat: Bool[np.ndarray, " edge"],
    random: np.random.Generator,
) -> Forest:
    """Breadth first from random roots, so that ways inside the trees are short."""
    nodes = graph.nodes
    first, second = graph.ends[flat].T
    number = np.flatnonzero(flat) + 1
    half = sparse.coo_array((number, (first, second)), shape=(nodes, nodes)).tocsr()
    joined = sparse.csr_array(half + half.T)
    _, tree = csgraph.connected_components(joined, directed=False)
    parent = np.full(nodes, -1)
    # The first node of each tree in random order is its root.
    shuffled = random.permutation(nodes)
    roots = shuffled[np.unique(tree[shuffled], return_index=True)[1]]
    depth, parity, edge_up = (np.zeros(nodes, np.int64) for _ in range(3))
    seen = np.zeros(nodes, bool)
    seen[roots] = True
    front, level = roots, 0
    starts = np.asarray(joined.indptr, np.int64)
    neighbour, number = np.asarray(joined.indices), np.asarray(joined.data)
    degree = np.diff(starts)
    while len(front):
        level += 1
        count = degree[front]
        owner = np.repeat(front, count)
        before = np.repeat(np.cumsum(count) - count, count)
        entry = np.arange(len(owner)) - before + np.repeat(starts[front], count)
        other = neighbour[entry]
        fresh = ~seen[other]
        other, owner, entry = other[fresh], owner[fresh], entry[fresh]
        other, kept = np.unique(other, return_index=True)
        owner, edge = owner[kept], number[entry[kept]].astype(np.int64) - 1
        seen[other] = True
        parent[other], edge_up[other], depth[other] = owner, edge, level
        parity[other] = parity[owner] ^ odd[edge]
        front = other
    return Forest(tree, parent, edge_up, depth, parity)


def tree_path(forest: Forest, first: int, second: int) -> list[int]:
    """The edges between two nodes of one tree."""
    path = []
    parent, depth, edge = forest.parent, forest.depth, forest.parent_edge
    while first != second:
        if depth[first] < depth[second]:
            first, second = second, first
        path.append(int(edge[first]))
        first = int(parent[first])
    return path
