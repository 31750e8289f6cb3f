"""Walks of two and three edges between two nodes: structural balance of a pair.

Balance theory judges a pair by the paths that join its ends: an even number of enemies along a
path makes friends likely (Cartwright and Harary, Psychological Review 63(5), 1956). Most pairs of a
sparse network have no common neighbour, but many are joined by paths of three edges. Springs pass
the same information along, blurred by the finite dimension of their space.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from forcelaw.signed.features.abstract_features import AbstractPairFeatures
from forcelaw.signed.features.settings import FEATURE_SETTINGS, FeatureSettings
from forcelaw.signed.network import SignedNetwork


@dataclass(frozen=True, eq=False)
class WalkFeatures(AbstractPairFeatures):
    """Walks of two and three edges between the ends of each pair, the pair's own edge left out.

    A step from a node of degree d weighs `1 / sqrt(d)` at either end, as in the normalised
    adjacency matrix, so that walks through hubs count less. For each length: the balance (walks
    with an even minus those with an odd number of enemies), the number, both scaled by the
    degrees of the ends and compressed logarithmically; then the two ratios of balance to number.
    Directions do not count.
    """

    balance: sparse.csr_array
    number: sparse.csr_array
    degree: Float[np.ndarray, " node"]
    """At least 1."""
    settings: FeatureSettings

    @classmethod
    def fit(
        cls, network: SignedNetwork, settings: FeatureSettings = FEATURE_SETTINGS
    ) -> WalkFeatures:
        """The normalised adjacency matrices, with and without signs."""
        network = network.pairs()
        ends, n = network.edges, network.n_nodes
        degree = np.maximum(network.degree, 1).astype(np.float64)
        weight = 1 / np.sqrt(degree[ends[:, 0]] * degree[ends[:, 1]])
        balance = _symmetric(weight * network.sign, ends, n)
        return cls(balance, _symmetric(weight, ends, n), degree, settings)

    @property
    def names(self) -> tuple[str, ...]:
        """See `AbstractPairFeatures`."""
        return (
            "walks_2_balance", "walks_2_number", "walks_3_balance", "walks_3_number",
            "walks_2_ratio", "walks_3_ratio",
        )  # fmt: skip

    def transform(self, pairs: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, "pair 6"]:
        """See `AbstractPairFeatures`."""
        entries = self.settings.walk_table
        sums = [_walks(matrix, pairs, entries) for matrix in (self.balance, self.number)]
        balance_2, balance_3, number_2, number_3 = np.concatenate(sums, axis=1).T
        scale = np.sqrt(self.degree[pairs[:, 0]] * self.degree[pairs[:, 1]])
        columns = [
            _compressed(scale * column) for column in (balance_2, number_2, balance_3, number_3)
        ]
        fewest_2, fewest_3 = self.settings.fewest_walks
        columns += [balance_2 / (number_2 + fewest_2), balance_3 / (number_3 + fewest_3)]
        return np.stack(columns, axis=1)


def _symmetric(weight: np.ndarray, ends: np.ndarray, n: int) -> sparse.csr_array:
    matrix = sparse.csr_array((weight, (ends[:, 0], ends[:, 1])), (n, n))
    return sparse.csr_array(matrix + matrix.T)


def _walks(
    matrix: sparse.csr_array, pairs: np.ndarray, entries: int
) -> Float[np.ndarray, "pair 2"]:
    """The second and third power of a symmetric matrix at the pairs, without their own edges.

    The rows of the end with more neighbours are computed some at a time, at those columns alone
    that are looked up: at the other end and its neighbours. A table of them has `entries` at most,
    or one row.
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
    looked_up = np.append(0, np.cumsum(degree[few[order]]))[first]
    found, own, place = np.zeros((len(pairs), 2)), np.zeros(len(pairs)), np.zeros(n, np.intp)
    start = 0
    while start < len(nodes):
        columns = np.minimum(n, looked_up[start + 1 :] - looked_up[start])
        size = np.searchsorted(columns * np.arange(1, len(columns) + 1), entries, side="right")
        stop = start + max(1, int(size))
        chosen, at = nodes[start:stop], order[first[start] : first[min(stop, len(nodes))]]
        row, count = np.searchsorted(chosen, many[at]), degree[few[at]]
        begin = np.repeat(offsets[few[at]] - np.cumsum(count) + count, count)
        look = begin + np.arange(len(begin))
        pair = np.repeat(np.arange(len(at)), count)
        via, step = matrix.indices[look], matrix.data[look]
        wanted = np.zeros(n, bool)
        wanted[via] = wanted[few[at]] = True
        near = np.flatnonzero(wanted)
        place[near] = np.arange(len(near))
        # Transposed, which of a symmetric matrix are the rows that are looked up.
        steps = sparse.csr_array(sparse.csr_array(matrix[chosen]).T)
        one = sparse.csr_array(steps[near]).toarray()
        two = sparse.csr_array(sparse.csr_array(matrix[near]) @ steps).toarray()
        own[at] = one[place[few[at]], row]
        for power, table in enumerate((one, two)):
            found[at, power] = np.bincount(pair, step * table[place[via], row[pair]], len(at))
        start = stop
    square = np.bincount(np.repeat(np.arange(n), degree), matrix.data**2, n)
    # Walks of three edges that run through the pair's own edge.
    found[:, 1] -= own * (square[many] + square[few] - own**2)
    return found


def _compressed(values: np.ndarray) -> np.ndarray:
    return np.sign(values) * np.log1p(np.abs(values))
