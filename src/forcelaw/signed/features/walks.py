"""Longer ways between two nodes, and how readily each node makes friends.

Balance theory judges a pair by the paths that join its ends: an even number of enemies along a
path speaks for friends (Cartwright and Harary, Psychological Review 63(5), 1956). Most pairs of a
sparse network have no common neighbour, but many are joined by paths of three edges. Springs pass
the same information along, blurred by the finite dimension of their space.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from forcelaw.signed.features.smoothed_log_odds import overall_log_odds
from forcelaw.signed.network import SignedNetwork

WALKS = 6
"""Columns of `walk_features`."""
TABLE = 2_000_000
"""Entries of a dense block of rows."""
RIDGE = 1.0
ITERATIONS = 40


def walk_features(
    network: SignedNetwork, pairs: Int[np.ndarray, "pair 2"]
) -> Float[np.ndarray, "pair 6"]:
    """Walks of two and three edges between the ends of each pair, the pair's own edge left out.

    A step from a node of degree d weighs `1 / sqrt(d)` at either end, as in the normalised
    adjacency matrix, so that ways through hubs count less. For each length: the balance (walks
    with an even minus those with an odd number of enemies), the number, both scaled by the
    degrees of the ends and compressed logarithmically; then the two ratios of balance to number.

    Args:
        network: undirected, or its pairs are taken.
    """
    network = network.pairs()
    n = network.n_nodes
    ends = network.edges
    degree = np.maximum(network.degree, 1).astype(np.float64)
    weight = 1 / np.sqrt(degree[ends[:, 0]] * degree[ends[:, 1]])
    number = _symmetric(weight, ends, n)
    balance = _symmetric(weight * network.sign, ends, n)
    sums = np.concatenate([_walks(matrix, pairs) for matrix in (balance, number)], axis=1)
    balance_2, balance_3, number_2, number_3 = sums.T
    scale = np.sqrt(degree[pairs[:, 0]] * degree[pairs[:, 1]])
    columns = [_compressed(scale * column) for column in (balance_2, number_2)]
    columns += [_compressed(scale * column) for column in (balance_3, number_3)]
    columns += [balance_2 / (number_2 + 1e-3), balance_3 / (number_3 + 1e-4)]
    return np.stack(columns, axis=1)


def node_effects(network: SignedNetwork) -> tuple[Float[np.ndarray, " node"], ...]:
    """How much each node shifts the log-odds of a friend: as a source, and as a target.

    The two are the same in an undirected network. Unlike the share of friends they take into
    account how readily the other ends make friends: a logistic regression on node indicators
    with a ridge (Rasch, 1960; Zermelo, 1929), solved by damped diagonal Newton steps.
    """
    n, s, t = network.n_nodes, network.source, network.target
    positive = (network.sign > 0).astype(np.float64)
    base = overall_log_odds(network.sign)
    source, target = np.zeros(n), np.zeros(n)
    for _ in range(ITERATIONS):
        guess = 1 / (1 + np.exp(-(source[s] + target[t] + base)))
        excess, spread = positive - guess, guess * (1 - guess)
        by_source = np.bincount(s, excess, n), np.bincount(s, spread, n)
        by_target = np.bincount(t, excess, n), np.bincount(t, spread, n)
        if network.directed:
            source = _newton(source, *by_source)
            target = _newton(target, *by_target)
        else:
            source = target = _newton(
                source, by_source[0] + by_target[0], by_source[1] + by_target[1]
            )
    return source, target


def _newton(effect: np.ndarray, slope: np.ndarray, curvature: np.ndarray) -> np.ndarray:
    return effect + 0.6 * (slope - RIDGE * effect) / (curvature + RIDGE)


def _symmetric(weight: np.ndarray, ends: np.ndarray, n: int) -> sparse.csr_array:
    matrix = sparse.csr_array((weight, (ends[:, 0], ends[:, 1])), (n, n))
    return sparse.csr_array(matrix + matrix.T)


def _walks(matrix: sparse.csr_array, pairs: np.ndarray) -> Float[np.ndarray, "pair 2"]:
    """The second and third power of a symmetric matrix at the pairs, without their own edges.

    The rows of the end with more neighbours are made dense, some at a time; the neighbours of
    the other end are looked up in them.
    """
    n = len(matrix.indptr) - 1
    offsets = np.asarray(matrix.indptr)
    degree = np.diff(offsets)
    swap = degree[pairs[:, 0]] < degree[pairs[:, 1]]
    many = np.where(swap, pairs[:, 1], pairs[:, 0])
    few = np.where(swap, pairs[:, 0], pairs[:, 1])
    order = np.argsort(many, kind="stable")
    nodes, first = np.unique(many[order], return_index=True)
    first = np.append(first, len(order))
    found = np.zeros((len(pairs), 2))
    own = np.zeros(len(pairs))
    block = max(1, min(TABLE // n, len(nodes)))
    # Fresh memory for every block would cost more than all the arithmetic.
    tables = np.empty((2, block, n))
    for start in range(0, len(nodes), block):
        chosen = nodes[start : start + block]
        at = order[first[start] : first[min(start + block, len(nodes))]]
        rows = sparse.csr_array(matrix[chosen])
        here = [table[: len(chosen)] for table in tables]
        dense = rows.toarray(out=here[0])
        row = np.searchsorted(chosen, many[at])
        own[at] = dense[row, few[at]]
        count = degree[few[at]]
        begin = np.repeat(offsets[few[at]] - np.cumsum(count) + count, count)
        look = begin + np.arange(len(begin))
        pair = np.repeat(np.arange(len(at)), count)
        via, step = matrix.indices[look], matrix.data[look]
        further = sparse.csr_array(rows @ matrix).toarray(out=here[1])
        for power, table in enumerate((dense, further)):
            found[at, power] = np.bincount(pair, step * table[row[pair], via], len(at))
    square = np.bincount(np.repeat(np.arange(n), degree), matrix.data**2, n)
    # Ways of three edges that run through the pair's own edge.
    found[:, 1] -= own * (square[many] + square[few] - own**2)
    return found


def _compressed(values: np.ndarray) -> np.ndarray:
    return np.sign(values) * np.log1p(np.abs(values))
