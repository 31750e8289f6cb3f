"""Triads: how a pair's two ends are joined through a third node, counted by sign and direction."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from forcelaw.signed.features.settings import FEATURE_SETTINGS, FeatureSettings
from forcelaw.signed.network import SignedNetwork

WAYS_DIRECTED = ("out+", "out-", "in+", "in-")
"""How an end u is joined to the third node w: u -> w or w -> u, positive or negative."""

TRIADS_DIRECTED = tuple(f"source_{a}_target_{b}" for a in WAYS_DIRECTED for b in WAYS_DIRECTED)
"""Kinds of triads of a directed pair."""
TRIADS_UNDIRECTED = ("++", "+-", "--")
"""Kinds of triads of an unordered pair."""


def count_triads(
    train: SignedNetwork,
    pairs: Int[np.ndarray, "pair 2"],
    settings: FeatureSettings = FEATURE_SETTINGS,
) -> Float[np.ndarray, "pair kind"]:
    """Common neighbours of each pair by how they are joined to its two ends.

    This is the product of the signed adjacency matrices, sampled at the pairs. For each pair the
    neighbours of the end with fewer of them are looked for among those of the other, by bisection:
    the work is the sum of the smaller degrees, so a hub costs no more than its partners, and memory
    stays below a hundred MB whatever the network.

    **Returns** counts in the order of `TRIADS_DIRECTED` (16) or `TRIADS_UNDIRECTED` (3; `+-` takes
    both orders together).
    """
    n_states = 8 if train.directed else 2
    states = _neighbour_states(train)
    to_kind = _kinds(train.directed)
    counts = np.zeros((len(pairs), to_kind.shape[1]))
    if not len(pairs) or not train.n_edges:
        return counts
    degree = np.diff(states.indptr).astype(np.int64)
    swapped = degree[pairs[:, 0]] > degree[pairs[:, 1]]
    few = np.where(swapped, pairs[:, 1], pairs[:, 0])
    many = np.where(swapped, pairs[:, 0], pairs[:, 1])

    order = np.argsort(many, kind="stable")
    few, many, swapped = few[order], many[order], swapped[order]
    lookups = np.concatenate([[0], np.cumsum(degree[few])])
    edges = np.repeat(np.arange(train.n_nodes), degree) * train.n_nodes + states.indices
    width = n_states + 1
    start = 0
    while start < len(few):
        within = np.searchsorted(lookups, lookups[start] + settings.triad_lookups, side="right")
        end = max(min(int(within) - 1, start + settings.triad_pairs), start + 1)
        chunk = slice(start, end)
        entry, pair = row_entries(states.indptr, degree, few[chunk])
        wanted = many[chunk][pair].astype(np.int64) * train.n_nodes + states.indices[entry]
        place = np.minimum(np.searchsorted(edges, wanted), len(edges) - 1)
        hit = np.flatnonzero(edges[place] == wanted)
        pair = pair[hit]
        few_state = states.data[entry[hit]].astype(np.int64)
        many_state = states.data[place[hit]].astype(np.int64)
        turned = swapped[chunk][pair]
        first = np.where(turned, many_state, few_state)
        second = np.where(turned, few_state, many_state)
        code = (pair * width + first) * width + second
        by_state = np.bincount(code, minlength=(end - start) * width * width)
        counts[order[chunk]] = by_state.reshape(end - start, width * width) @ to_kind
        start = end
    return counts


def _neighbour_states(train: SignedNetwork) -> sparse.csr_array:
    """How each node is joined to each of its neighbours, as one small number; sorted.

    Undirected: 1 friend, 2 enemy. Directed: 3 * out + in, where out and in are 0 (no edge), 1
    (positive) or 2 (negative).
    """
    value = np.where(train.sign > 0, 1, 2).astype(np.int8)
    outward = 3 * value if train.directed else value
    data = np.concatenate([outward, value])
    rows = np.concatenate([train.source, train.target])
    columns = np.concatenate([train.target, train.source])
    shape = (train.n_nodes, train.n_nodes)
    states = sparse.coo_array((data, (rows, columns)), shape=shape).tocsr()
    states.sort_indices()
    return states


def _kinds(directed: bool) -> Float[np.ndarray, "states kind"]:
    """What a third node in state (first, second) adds to each kind of triad."""
    if not directed:
        by_way = np.array([[0, 0], [1, 0], [0, 1]])
        both = np.einsum("ap,bq->abpq", by_way, by_way).reshape(9, 4)
        return np.stack([both[:, 0], both[:, 1] + both[:, 2], both[:, 3]], axis=1).astype(float)
    by_way = np.zeros((9, 4))
    for state in range(9):
        out, into = divmod(state, 3)
        if out:
            by_way[state, out - 1] = 1
        if into:
            by_way[state, 1 + into] = 1
    return np.einsum("ap,bq->abpq", by_way, by_way).reshape(81, 16)


def row_entries(
    offsets: np.ndarray, degree: np.ndarray, nodes: np.ndarray
) -> tuple[Int[np.ndarray, " entry"], Int[np.ndarray, " entry"]]:
    """The entries of the rows of `nodes`, and for each entry the position in `nodes`."""
    length = degree[nodes]
    owner = np.repeat(np.arange(len(nodes)), length)
    before = np.cumsum(length) - length
    entry = np.arange(len(owner)) + (offsets[nodes] - before)[owner]
    return entry, owner
