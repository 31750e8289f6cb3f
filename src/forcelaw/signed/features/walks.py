"""Walks of two and three edges between two nodes: structural balance of a pair.

Balance theory judges a pair by the paths that join its ends: an even number of enemies along a
path makes friends likely (Cartwright and Harary, Psychological Review 63(5), 1956). Most pairs of a
sparse network have no common neighbour, but many are joined by paths of three edges. Springs pass
the same information along, blurred by the finite dimension of their space.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from forcelaw.signed.features.abstract_features import AbstractPairFeatures, FeatureGroup
from forcelaw.signed.features.settings import FEATURE_SETTINGS, FeatureSettings
from forcelaw.signed.features.triads import row_entries
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

    @property
    def subjects(self) -> tuple[FeatureGroup, ...]:
        """See `AbstractPairFeatures`."""
        return ("walks",) * len(self.names)

    def transform(self, pairs: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, "pair 6"]:
        """See `AbstractPairFeatures`."""
        return walks_of_all([self], pairs)[0]

    def _columns(
        self, pairs: Int[np.ndarray, "pair 2"], sums: Float[np.ndarray, "4 pair"]
    ) -> Float[np.ndarray, "pair 6"]:
        """The features of pairs from their walks: balance of two and three edges, then numbers."""
        balance_2, balance_3, number_2, number_3 = sums
        scale = np.sqrt(self.degree[pairs[:, 0]] * self.degree[pairs[:, 1]])
        columns = [
            _compressed(scale * column) for column in (balance_2, number_2, balance_3, number_3)
        ]
        fewest_2, fewest_3 = self.settings.fewest_walks
        columns += [balance_2 / (number_2 + fewest_2), balance_3 / (number_3 + fewest_3)]
        # Walks that cancel are none: no tree is to divide pairs by what rounding leaves of them.
        return np.round(np.stack(columns, axis=1), self.settings.digits)


def walks_of_all(
    fitted: Sequence[WalkFeatures], pairs: Int[np.ndarray, "pair 2"]
) -> list[Float[np.ndarray, "pair 6"]]:
    """The features of the same pairs in several networks of the same nodes.

    Networks that differ by a share of their edges have nearly all walks in common: each is found
    once for all of them, which takes little longer than for one.
    """
    matrices = [matrix for one in fitted for matrix in (one.balance, one.number)]
    two, three = count_walks(matrices, pairs, fitted[0].settings)
    found = []
    for place, one in enumerate(fitted):
        balance, number = 2 * place, 2 * place + 1
        sums = np.stack([two[:, balance], three[:, balance], two[:, number], three[:, number]])
        found.append(one._columns(pairs, sums))
    return found


def _symmetric(weight: np.ndarray, ends: np.ndarray, n: int) -> sparse.csr_array:
    matrix = sparse.csr_array((weight, (ends[:, 0], ends[:, 1])), (n, n))
    return sparse.csr_array(matrix + matrix.T)


def count_walks(
    matrices: Sequence[sparse.csr_array],
    pairs: Int[np.ndarray, "pair 2"],
    settings: FeatureSettings = FEATURE_SETTINGS,
) -> tuple[Float[np.ndarray, "pair matrix"], Float[np.ndarray, "pair matrix"]]:
    """Second and third powers of symmetric matrices at the pairs, without the pairs' own edges.

    Rows of the squares at the end with more neighbours are computed some at a time, at those
    columns alone that are looked up, the other end and its neighbours: the work is one product of
    sparse matrices, and a lookup for each neighbour of the ends with fewer.
    """
    pattern, values = _common(matrices)
    n, kinds = len(pattern.indptr) - 1, len(matrices)
    offsets, indices = np.asarray(pattern.indptr), pattern.indices
    degree = np.diff(offsets).astype(np.int64)
    swap = degree[pairs[:, 0]] < degree[pairs[:, 1]]
    many = np.where(swap, pairs[:, 1], pairs[:, 0])
    few = np.where(swap, pairs[:, 0], pairs[:, 1])
    order = np.argsort(many, kind="stable")
    nodes, first = np.unique(many[order], return_index=True)
    first = np.append(first, len(order))
    looked_up = np.append(0, np.cumsum(degree[few[order]] + 1))[first]
    two, three = np.zeros((2, len(pairs), kinds))
    place = np.empty(n, np.intp)
    cells, start = max(1, settings.walk_table // kinds), 0
    while start < len(nodes):
        # No more nodes than cells, however few are looked up.
        columns = np.minimum(n, looked_up[start + 1 : start + 1 + cells] - looked_up[start])
        size = np.searchsorted(columns * np.arange(1, len(columns) + 1), cells, side="right")
        stop = start + max(1, int(size))
        chosen, at = nodes[start:stop], order[first[start] : first[min(stop, len(nodes))]]
        entry, pair = row_entries(offsets, degree, few[at])
        place[:] = -1
        place[indices[entry]] = place[few[at]] = 0
        near = np.flatnonzero(place == 0)
        place[near] = np.arange(len(near))
        table = _square(pattern, values, degree, chosen, place, len(near), settings)
        row = np.searchsorted(chosen, many[at]) * len(near)
        two[at] = table[row + place[few[at]]]
        step = values[entry] * table[row[pair] + place[indices[entry]]]
        three[at] = _sum_rows(step, pair, len(at))
        start = stop
    # Walks of three edges that run through the pair's own edge.
    square = _sum_rows(values**2, np.repeat(np.arange(n), degree), n)
    own = np.concatenate([values, np.zeros((1, kinds))])[_entry_of(pattern, many, few)]
    three -= own * (square[many] + square[few] - own**2)
    return two, three


def _square(
    pattern: sparse.csr_array,
    values: Float[np.ndarray, "entry matrix"],
    degree: Int[np.ndarray, " node"],
    chosen: Int[np.ndarray, " row"],
    place: Int[np.ndarray, " node"],
    width: int,
    settings: FeatureSettings,
) -> Float[np.ndarray, "cell matrix"]:
    """Rows of the squares at the columns that have a `place`, one after the other."""
    offsets, indices = np.asarray(pattern.indptr), pattern.indices
    cells, table = len(chosen) * width, None
    first, row = row_entries(offsets, degree, chosen)
    via = indices[first]
    walks = np.cumsum(degree[via])
    most, begin = max(1, settings.walk_table // values.shape[1]), 0
    while begin < len(via):
        before = walks[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(walks, before + most, side="right")))
        second, of = row_entries(offsets, degree, via[begin:end])
        column = place[indices[second]]
        kept = np.flatnonzero(column >= 0)
        second, of = second[kept], of[kept] + begin
        step = values[first[of]] * values[second]
        part = _sum_rows(step, row[of] * width + column[kept], cells)
        table = part if table is None else table + part
        begin = end
    return np.zeros((cells, values.shape[1])) if table is None else table


def _common(
    matrices: Sequence[sparse.csr_array],
) -> tuple[sparse.csr_array, Float[np.ndarray, "entry matrix"]]:
    """Where any of the matrices has an entry, and the entries of each there."""
    pattern = sparse.csr_array(sum((abs(matrix) for matrix in matrices[1:]), abs(matrices[0])))
    pattern.sort_indices()
    values = np.zeros((pattern.nnz, len(matrices)))
    for number, matrix in enumerate(matrices):
        entries = sparse.coo_array(matrix)
        values[_entry_of(pattern, *entries.coords), number] = entries.data
    return pattern, values


def _entry_of(
    pattern: sparse.csr_array, row: Int[np.ndarray, " any"], column: Int[np.ndarray, " any"]
) -> Int[np.ndarray, " any"]:
    """The number of each entry of a matrix in the order of its rows; -1 where it has none."""
    n = len(pattern.indptr) - 1
    known = np.repeat(np.arange(n), np.diff(pattern.indptr)) * n + pattern.indices
    wanted = row.astype(np.int64) * n + column
    found = np.searchsorted(known, wanted)
    if not len(known):
        return np.full(len(wanted), -1)
    return np.where(known[np.minimum(found, len(known) - 1)] == wanted, found, -1)


def _sum_rows(
    rows: Float[np.ndarray, "row column"], place: Int[np.ndarray, " row"], places: int
) -> Float[np.ndarray, "place column"]:
    """The sum of the rows that belong to each place."""
    number = len(place)
    parts = (np.ones(number), place, np.arange(number + 1))
    return sparse.csc_array(parts, shape=(places, number)) @ rows


def _compressed(values: np.ndarray) -> np.ndarray:
    return np.sign(values) * np.log1p(np.abs(values))
