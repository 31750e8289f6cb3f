"""A smaller graph of the same frustration: nodes go whose group follows from those of others.

Two rules, each of which leaves the least cost as it is, until neither applies:

- A node one of whose edges weighs as much as all its others together need never contradict that
  edge: both ends become one node (Lange, Andres & Swoboda, Combinatorial persistency criteria for
  multicut and max-cut, CVPR 2019). Nodes of one and two edges of a network are of this kind.
- A node of three edges becomes a triangle between its neighbours: the least cost of its edges is,
  for each of the four ways in which the neighbours may differ, that of the triangle (the
  star-triangle transformation of spin systems).
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np
from jaxtyping import Int

from forcelaw.signed.frustration_index.coupled_graph import CoupledGraph


class Reduction(NamedTuple):
    """The smaller graph, and the way back."""

    graph: CoupledGraph
    """Its nodes are numbered anew."""
    constant: float
    """The cost of the given graph is that of `graph` and this."""
    kept: Int[np.ndarray, " kept"]
    """The nodes of the given graph that are left."""
    nodes: int
    """Of the given graph."""
    removed: tuple[tuple[int, dict[int, float]], ...]
    """Nodes in the order in which they went, and the edges that they then had."""

    def restore(self, side: Int[np.ndarray, " kept"]) -> Int[np.ndarray, " node"]:
        """The sides of all nodes of the given graph, from those of the nodes that are left."""
        full = np.ones(self.nodes, np.int64).tolist()
        for node, own in zip(self.kept.tolist(), side.tolist(), strict=True):
            full[node] = own
        for node, edges in reversed(self.removed):
            pull = sum(weight * full[other] for other, weight in edges.items())
            full[node] = 1 if pull >= 0 else -1
        return np.array(full, np.int64)


def reduce_graph(graph: CoupledGraph) -> Reduction:
    """Applies both rules until neither applies; time grows with the edges."""
    near: list[dict[int, float]] = [{} for _ in range(graph.nodes)]
    for (first, second), weight in zip(graph.ends.tolist(), graph.weight.tolist(), strict=True):
        near[first][second] = near[second][first] = weight
    constant, removed = 0.0, []
    alive = [True] * graph.nodes
    waiting = deque(range(graph.nodes))
    queued = [True] * graph.nodes
    while waiting:
        node = waiting.popleft()
        queued[node] = False
        edges = near[node]
        if not alive[node] or not edges:
            continue
        sizes = [abs(weight) for weight in edges.values()]
        if 2 * max(sizes) >= sum(sizes):
            partner = max(edges, key=lambda other: abs(edges[other]))
            turn = 1.0 if edges[partner] > 0 else -1.0
            new = [(partner, other, turn * w) for other, w in edges.items() if other != partner]
        elif len(edges) == 3:
            (a, u), (b, v), (c, w) = edges.items()
            u_, v_, w_ = sizes
            new = [
                (a, b, np.sign(u * v) * (u_ + v_ - w_) / 2),
                (b, c, np.sign(v * w) * (v_ + w_ - u_) / 2),
                (c, a, np.sign(w * u) * (w_ + u_ - v_) / 2),
            ]
        else:
            continue
        alive[node] = False
        removed.append((node, edges))
        near[node] = {}
        for other in edges:
            del near[other][node]
        for first, second, weight in new:
            constant += _add(near, first, second, float(weight))
        for other in edges:
            if not queued[other]:
                queued[other] = True
                waiting.append(other)
    return _result(near, constant, tuple(removed))


def _add(near: list[dict[int, float]], first: int, second: int, weight: float) -> float:
    """Adds an edge to whatever there is between two nodes; returns what that costs in any case."""
    before = near[first].get(second, 0.0)
    after = before + weight
    if after:
        near[first][second] = near[second][first] = after
    elif before:
        del near[first][second], near[second][first]
    return (abs(before) + abs(weight) - abs(after)) / 2


def _result(
    near: list[dict[int, float]], constant: float, removed: tuple[tuple[int, dict[int, float]], ...]
) -> Reduction:
    """The reduction, its nodes numbered anew."""
    kept = np.array([node for node, edges in enumerate(near) if edges], np.int64)
    number = np.zeros(len(near), np.int64)
    number[kept] = np.arange(len(kept))
    rows = [(i, j, w) for i, edges in enumerate(near) for j, w in edges.items() if i < j]
    ends = np.array([row[:2] for row in rows], np.int64).reshape(-1, 2)
    weight = np.array([row[2] for row in rows], np.float64)
    graph = CoupledGraph(len(kept), number[ends], weight)
    return Reduction(graph, constant, kept, len(near), removed)
