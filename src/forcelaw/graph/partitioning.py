"""Nodes divided into parts of equal weight with few edges between them."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Bool, Int
from scipy import sparse
from scipy.sparse.csgraph import reverse_cuthill_mckee

from forcelaw.graph.padded_graph import Graph

SLACK = 1.03
"""Weight of the heaviest part over the mean that refinement may use; METIS's own default."""
SWEEPS = 16


def partition(graph: Graph, parts: int, *, seed: int) -> Int[np.ndarray, " node"]:
    """The part, from 0 to `parts` - 1, of every node of `graph`; -1 for padding nodes.

    Parts weigh about the same, where a node weighs its degree plus the mean degree, so that
    nodes and edges count alike: balanced by nodes alone, the part with the hubs would have half
    of a social network for neighbours. No part weighs more than `SLACK` of the mean plus the
    heaviest node.

    Uses METIS where `pymetis` is installed (the extra `partition`), else a built-in method: the
    nodes in an order that keeps neighbours close are cut into pieces, and nodes move or change
    places as long as that cuts fewer edges. METIS may leave parts of a very small graph empty.

    Karypis and Kumar, A Fast and High Quality Multilevel Scheme for Partitioning Irregular
    Graphs, SIAM J. Sci. Comput. 20(1), 1998. Cuthill and McKee, Reducing the Bandwidth of Sparse
    Symmetric Matrices, Proc. 24th ACM National Conference, 1969. Kabiljo et al., Social Hash
    Partitioner, PVLDB 10(11), 2017 (arXiv 1707.06665).

    **Raises** `ValueError` unless there are between one part and as many as nodes.
    """
    real = np.flatnonzero(np.asarray(graph.node_mask))
    if not 1 <= parts <= len(real):
        raise ValueError(f"{parts} parts of {len(real)} nodes; expected 1 to {len(real)} parts")
    part = np.full(graph.nodes, -1, np.int64)
    part[real] = 0 if parts == 1 else _divide(_neighbours(graph, real), parts, seed)
    return part


def _divide(adjacency: sparse.csr_array, parts: int, seed: int) -> Int[np.ndarray, " node"]:
    degree = np.diff(adjacency.indptr).astype(np.int64)
    weight = degree + max(1, round(float(degree.mean())))
    try:
        import pymetis
    except ImportError:
        return _refined(adjacency, weight, _pieces(adjacency, weight, parts), parts, seed)
    rows = pymetis.CSRAdjacency(np.ravel(adjacency.indptr), np.ravel(adjacency.indices))
    options = pymetis.Options(seed=seed)
    # Recursive bisection, METIS's choice for few parts, balances worse.
    found = pymetis.part_graph(
        parts, rows, vweights=weight.astype(np.int32), options=options, recursive=False
    )
    return np.asarray(found[1]).astype(np.int64)


def _neighbours(graph: Graph, real: Int[np.ndarray, " real"]) -> sparse.csr_array:
    """Both directions of every edge between two different real nodes, once, renumbered."""
    number = np.full(graph.nodes, -1)
    number[real] = np.arange(len(real))
    sender, receiver = number[np.asarray(graph.sender)], number[np.asarray(graph.receiver)]
    use = np.asarray(graph.edge_mask) & (sender != receiver)
    ends = sender[use].astype(np.int32), receiver[use].astype(np.int32)
    shape = (len(real), len(real))
    one_way = sparse.coo_array((np.ones(len(ends[0]), np.int32), ends), shape).tocsr()
    both = sparse.csr_array(one_way + one_way.T)
    both.data[:] = 1
    both.sort_indices()
    return both


def _pieces(
    adjacency: sparse.csr_array, weight: Int[np.ndarray, " node"], parts: int
) -> Int[np.ndarray, " node"]:
    """Pieces of about equal weight of the reverse Cuthill-McKee order."""
    # SciPy's graph routines know the matrix classes only.
    order = reverse_cuthill_mckee(sparse.csr_matrix(adjacency), symmetric_mode=True)
    middle = np.cumsum(weight[order]) - weight[order] / 2
    part = np.empty(len(order), np.int64)
    part[order] = middle * parts // weight.sum()
    return part


def _refined(
    adjacency: sparse.csr_array,
    weight: Int[np.ndarray, " node"],
    part: Int[np.ndarray, " node"],
    parts: int,
    seed: int,
) -> Int[np.ndarray, " node"]:
    """The best partition of some sweeps in which nodes move to where most neighbours are."""
    random = np.random.default_rng(seed)
    capacity = math.ceil(SLACK * weight.sum() / parts)
    limit = capacity + weight.max()
    best, fewest = part, _cut(adjacency, part)
    for _ in range(SWEEPS):
        target, gain = _wishes(adjacency, part, parts)
        # Half of the nodes at a time, lest neighbours trade places for ever.
        wish = np.flatnonzero((gain > 0) & (random.random(len(part)) < 0.5))
        wish = wish[np.argsort(-gain[wish], kind="stable")]
        size = _sum_by(part, weight, parts)
        granted = _granted(part[wish], target[wish], weight[wish], capacity - size)
        part = part.copy()
        part[wish[granted]] = target[wish[granted]]
        cut = _cut(adjacency, part)
        if cut < fewest and _sum_by(part, weight, parts).max() <= limit:
            best, fewest = part, cut
    return best


def _cut(adjacency: sparse.csr_array, part: Int[np.ndarray, " node"]) -> int:
    return int((np.repeat(part, np.diff(adjacency.indptr)) != part[adjacency.indices]).sum())


def _wishes(
    adjacency: sparse.csr_array, part: Int[np.ndarray, " node"], parts: int
) -> tuple[Int[np.ndarray, " node"], Int[np.ndarray, " node"]]:
    """The other part in which each node has most neighbours, and how many more than at home."""
    nodes = len(part)
    member = sparse.csr_array(
        (np.ones(nodes, np.int32), part.astype(np.int32), np.arange(nodes + 1, dtype=np.int32)),
        shape=(nodes, parts),
    )
    count = sparse.coo_array(adjacency @ member)
    home = count.col == part[count.row]
    at_home = np.zeros(nodes, np.int64)
    at_home[count.row[home]] = count.data[home]
    row, column, value = count.row[~home], count.col[~home], count.data[~home]
    target, most = part.copy(), np.zeros(nodes, np.int64)
    order = np.lexsort((value, row))
    # The last of each row, written last, is the largest.
    target[row[order]], most[row[order]] = column[order], value[order]
    return target, most - at_home


def _granted(
    home: Int[np.ndarray, " wish"],
    target: Int[np.ndarray, " wish"],
    weight: Int[np.ndarray, " wish"],
    room: Int[np.ndarray, " part"],
) -> Bool[np.ndarray, " wish"]:
    """Which moves, the most wanted first, can be made without overfilling a part.

    As much weight as wants to go the opposite way may go; the rest may fill the room left over.
    """
    parts = len(room)
    going, coming = home * parts + target, target * parts + home
    kinds, kind = np.unique(np.concatenate([going, coming]), return_inverse=True)
    going, coming = np.split(kind, 2)
    opposite = _sum_by(going, weight, len(kinds))[coming]
    granted = _running_sum(going, weight) <= opposite
    rest = np.flatnonzero(~granted)
    filled = _running_sum(target[rest], weight[rest]) <= room[target[rest]]
    granted[rest[filled]] = True
    return granted


def _sum_by(
    kind: Int[np.ndarray, " entry"], weight: Int[np.ndarray, " entry"], kinds: int
) -> Int[np.ndarray, " kind"]:
    """The total weight of each kind."""
    return np.bincount(kind, weight, kinds).astype(np.int64)


def _running_sum(
    kind: Int[np.ndarray, " wish"], weight: Int[np.ndarray, " wish"]
) -> Int[np.ndarray, " wish"]:
    """The weight of every entry and those of its kind before it."""
    order = np.argsort(kind, kind="stable")
    arranged, total = kind[order], np.cumsum(weight[order])
    before = np.concatenate([[0], total])[np.searchsorted(arranged, arranged)]
    running = np.empty(len(kind), np.int64)
    running[order] = total - before
    return running
