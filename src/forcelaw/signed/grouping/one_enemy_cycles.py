"""Short cycles with exactly one negative edge, where every edge has a length.

However many groups there are, one of the signs of such a cycle is contradicted: friends of friends
are in one group, and so would the two enemies be (Davis, Human Relations 20(2), 1967).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse
from scipy.sparse import csgraph

from forcelaw.signed.frustration_index import ZERO, CoupledGraph, grow_forest, tree_path


def short_one_enemy_cycles(
    graph: CoupledGraph,
    length: Float[np.ndarray, " edge"],
    *,
    shorter: float,
    most: int,
    random: np.random.Generator,
) -> list[Int[np.ndarray, " member"]]:
    """The edges of cycles that are shorter than asked; empty only where there are none.

    At most about `most`. Trees of positive edges without length are passed for nothing; between
    them go the shortest ways along positive edges.
    """
    negative = graph.weight < 0
    flat = ~negative & (length < ZERO)
    forest = grow_forest(graph, negative, flat, random)
    first, second = forest.tree[graph.ends].T
    closing = np.flatnonzero(negative & (first == second) & (length < shorter))
    closing = closing[np.argsort(length[closing], kind="stable")][:most]
    found = [
        np.array([edge, *tree_path(forest, *graph.ends[edge].tolist())])
        for edge in closing.tolist()
    ]
    wanted = np.flatnonzero(negative & (first != second) & (length < shorter))
    paid = np.flatnonzero(~negative & (first != second) & (length < shorter))
    if len(found) >= most or not len(wanted) or not len(paid):
        return found
    trees = int(forest.tree.max()) + 1
    low, high = np.minimum(first, second)[paid], np.maximum(first, second)[paid]
    key = low * trees + high
    # Of parallel edges the shortest.
    order = np.lexsort((length[paid], key))
    kept = np.unique(key[order], return_index=True)[1]
    edges = paid[order][kept]
    entries = (length[edges], (low[order][kept], high[order][kept]))
    half = sparse.csr_array(sparse.coo_array(entries, shape=(trees, trees)))
    joined = sparse.csr_array(half + half.T)
    edge_of = dict(zip(key[order][kept].tolist(), edges.tolist(), strict=True))
    sources = random.permutation(np.unique(first[wanted]))
    for some in np.array_split(sources, max(1, len(sources) // 256)):
        distance, before = csgraph.dijkstra(
            joined, indices=some, limit=shorter, return_predecessors=True
        )
        row = np.full(trees, -1)
        row[some] = np.arange(len(some))
        mine = wanted[row[first[wanted]] >= 0]
        far = distance[row[first[mine]], second[mine]] + length[mine]
        for edge in mine[far < shorter].tolist():
            steps = list(_way(before[row[first[edge]]], int(first[edge]), int(second[edge])))
            ways = [edge_of[min(pair) * trees + max(pair)] for pair in steps]
            # From the end of the negative edge back to its beginning, through the trees between.
            begin, place = graph.ends[edge].tolist()
            cycle = [edge]
            for way in ways:
                one, other = graph.ends[way].tolist()
                if forest.tree[one] != forest.tree[place]:
                    one, other = other, one
                cycle += [*tree_path(forest, place, one), way]
                place = other
            found.append(np.array([*cycle, *tree_path(forest, place, begin)]))
        if len(found) >= most:
            break
    return found


def _way(before: Int[np.ndarray, " tree"], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The steps of the way to `end`, the last one first."""
    while end != start:
        step = int(before[end])
        yield step, end
        end = step
