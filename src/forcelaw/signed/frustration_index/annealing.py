"""Two groups that contradict few signs: many assignments cooled at once, node by node."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse
from scipy.special import expit

from forcelaw.signed.frustration_index.coupled_graph import CoupledGraph


def anneal(
    graph: CoupledGraph, *, replicas: int, sweeps: int, random: np.random.Generator
) -> Int[np.ndarray, "replica node"]:
    """Sides +1 and -1 of every replica, the best first; no single move would improve any.

    A sweep visits the nodes colour by colour: nodes of one colour are not joined, and so are drawn
    at once, each from its probability at the temperature given the others (Geman & Geman, IEEE
    PAMI 1984). Temperature falls in equal steps to zero.
    """
    if not len(graph.weight):
        return np.ones((replicas, graph.nodes), np.int64)
    matrix = graph.matrix()
    single = sparse.csr_array(matrix, dtype=np.float32)
    rows = [(nodes, sparse.csr_array(single[nodes])) for nodes in colour_classes(matrix)]
    side = random.choice(np.array([-1.0, 1.0], np.float32), (graph.nodes, replicas))
    # As far as the pulls on a node spread while its neighbours are anywhere.
    hottest = float(np.sqrt((matrix.data**2).sum() / graph.nodes))
    for temperature in np.linspace(hottest, 0.0, sweeps, endpoint=False):
        for nodes, part in rows:
            pull = part @ side
            up = expit(pull * np.float32(2 / temperature))
            drawn = random.random(up.shape, np.float32) < up
            side[nodes] = np.where(drawn, np.float32(1), np.float32(-1))
    _descend(rows, side)
    side = side.T.astype(np.int64)
    cost = [graph.cost(row) for row in side]
    return side[np.argsort(cost, kind="stable")]


def _descend(
    rows: Sequence[tuple[Int[np.ndarray, " member"], sparse.csr_array]],
    side: Float[np.ndarray, "node replica"],
) -> None:
    """Moves nodes, in place, to the side that more of their edges want, while there are any.

    It ends: every move lowers the cost.
    """
    moved = True
    while moved:
        moved = False
        for nodes, part in rows:
            wrong = (part @ side) * side[nodes] < 0
            if wrong.any():
                moved = True
                side[nodes] = np.where(wrong, -side[nodes], side[nodes])


def colour_classes(matrix: sparse.csr_array) -> list[Int[np.ndarray, " member"]]:
    """The nodes by colour; no two of one colour are joined. Greedy, falling by degree."""
    degree = np.diff(matrix.indptr)
    start, near = np.asarray(matrix.indptr).tolist(), np.asarray(matrix.indices).tolist()
    colour = [-1] * len(degree)
    for node in np.argsort(-degree, kind="stable").tolist():
        taken = {colour[other] for other in near[start[node] : start[node + 1]]}
        own = 0
        while own in taken:
            own += 1
        colour[node] = own
    order = np.argsort(colour, kind="stable")
    return np.split(order, np.cumsum(np.bincount(colour))[:-1])
