"""Short unbalanced cycles, where every edge has a length.

A cycle is unbalanced if an odd number of its edges is negative, whatever the groups: at least one
of its signs must be contradicted. In the double cover of the graph, in which each node has two
copies and negative edges lead from one layer to the other, it is a way from a node to its copy.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import sparse
from scipy.sparse import csgraph

from forcelaw.signed.frustration_index.coupled_graph import CoupledGraph
from forcelaw.signed.frustration_index.zero_length_trees import (
    ZERO,
    Forest,
    grow_forest,
    tree_path,
)


def short_unbalanced_cycles(
    graph: CoupledGraph,
    length: Float[np.ndarray, " edge"],
    *,
    shorter: float,
    most: int,
    random: np.random.Generator,
) -> list[Int[np.ndarray, " member"]]:
    """The edges of unbalanced cycles that are shorter than asked; none are left out if it is empty.

    At most about `most`. Of a closed way that passes an edge twice, that edge counts for nothing.
    """
    odd = graph.weight < 0
    forest = grow_forest(graph, odd, length < ZERO, random)
    first, second = graph.ends.T
    twist = odd ^ (forest.parity[first] != forest.parity[second])
    inside = forest.tree[first] == forest.tree[second]
    closing = np.flatnonzero(inside & twist & (length < shorter))
    closing = closing[np.argsort(length[closing], kind="stable")]
    found = [
        np.array([edge, *tree_path(forest, int(first[edge]), int(second[edge]))])
        for edge in closing[:most].tolist()
    ]
    if len(found) < most:
        found += _between_trees(graph, forest, twist, length, shorter, most - len(found), random)
    return found


def _between_trees(
    graph: CoupledGraph,
    forest: Forest,
    twist: Bool[np.ndarray, " edge"],
    length: Float[np.ndarray, " edge"],
    shorter: float,
    most: int,
    random: np.random.Generator,
) -> list[Int[np.ndarray, " member"]]:
    """Unbalanced cycles through several trees: shortest ways in the double cover of the trees."""
    trees = int(forest.tree.max()) + 1 if graph.nodes else 0
    first, second = forest.tree[graph.ends].T
    chosen = np.flatnonzero((first != second) & (length < shorter))
    if not len(chosen):
        return []
    low, high = np.minimum(first, second)[chosen], np.maximum(first, second)[chosen]
    key = (low * trees + high) * 2 + twist[chosen]
    # Of parallel edges the shortest.
    order = np.lexsort((length[chosen], key))
    chosen = chosen[order][np.unique(key[order], return_index=True)[1]]
    first, second, cross = first[chosen], second[chosen], twist[chosen]
    edge_of = {}
    rows, columns, values = [], [], []
    for layer in (0, 1):
        start, end = first + layer * trees, second + (layer ^ cross) * trees
        rows += [start, end]
        columns += [end, start]
        values += [np.maximum(length[chosen], ZERO)] * 2
        edge_of.update(
            zip(zip(start.tolist(), end.tolist(), strict=True), chosen.tolist(), strict=True)
        )
    shape = (2 * trees, 2 * trees)
    entries = (np.concatenate(rows), np.concatenate(columns))
    cover = sparse.csr_array(sparse.coo_array((np.concatenate(values), entries), shape=shape))
    sources = np.flatnonzero(np.diff(cover.indptr)[:trees] > 1)
    found = []
    for some in np.array_split(random.permutation(sources), max(1, len(sources) // 256)):
        distance, before = csgraph.dijkstra(
            cover, indices=some, limit=shorter, return_predecessors=True
        )
        home = distance[np.arange(len(some)), some + trees]
        for row in np.flatnonzero(home < shorter).tolist():
            ways = list(_way(before[row], int(some[row]), int(some[row]) + trees))
            steps = [edge_of.get(way, edge_of.get(way[::-1])) for way in ways]
            found.append(
                _closed(
                    graph,
                    forest,
                    [int(s) for s in steps if s is not None],
                    [w[0] % trees for w in ways],
                )
            )
        if len(found) >= most:
            break
    unique = {tuple(sorted(cycle)): cycle for cycle in found}
    return [np.array(cycle) for cycle in unique.values()]


def _way(before: Int[np.ndarray, " copy"], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The steps of the way to `end`, the last one first."""
    while end != start:
        step = int(before[end])
        yield step, end
        end = step


def _closed(
    graph: CoupledGraph, forest: Forest, steps: list[int], start_trees: list[int]
) -> list[int]:
    """The edges of a closed way through trees, those passed an even number of times left out."""
    gates = []
    for edge, begin in zip(steps, start_trees, strict=True):
        one, other = graph.ends[edge].tolist()
        gates.append((one, other) if forest.tree[one] == begin else (other, one))
    count: dict[int, int] = {}
    for place, edge in enumerate(steps):
        # The way stands last step first: what comes before a step follows it in the list.
        _, arrival = gates[(place + 1) % len(steps)]
        for passed in [edge, *tree_path(forest, arrival, gates[place][0])]:
            count[passed] = count.get(passed, 0) + 1
    return [edge for edge, times in count.items() if times % 2]
