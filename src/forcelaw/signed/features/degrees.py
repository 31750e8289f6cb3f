"""Degrees, shares of friends and triads of a pair in the training network.

Every feature of a pair that is itself a training edge is computed as if that edge were not there,
so that training rows and test rows follow one distribution and no row can see its own sign. In a
directed network only the edge itself is left out: the opposite edge, where it is known, counts in
the degrees of training and test rows alike. A triad runs over a third node, so it never contains
the edge or the opposite edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from forcelaw.errors import InputError, InvalidSetting
from forcelaw.signed.features.abstract_features import AbstractPairFeatures, FeatureGroup
from forcelaw.signed.features.settings import FEATURE_SETTINGS, FeatureSettings
from forcelaw.signed.features.smoothed_log_odds import log_odds
from forcelaw.signed.features.triads import TRIADS_DIRECTED, TRIADS_UNDIRECTED, count_triads
from forcelaw.signed.network import SignedNetwork, check_network, known_signs


class FeatureTable(NamedTuple):
    """Features, float64, and the name of each column."""

    values: Float[np.ndarray, "row feature"]
    names: tuple[str, ...]

    def __repr__(self) -> str:
        return f"FeatureTable({len(self.values):,} rows: {', '.join(self.names)})"


@dataclass(frozen=True, eq=False)
class DegreeFeatures(AbstractPairFeatures):
    """Degrees, shares of friends and triads, each pair's own edge left out.

    Directed: log(1 + count) of the positive and negative edges that leave and reach each end (8),
    smoothed log-odds of a positive edge for each of these four (4), log(1 + count) of 16 kinds of
    triads; with `reverse_sign` also whether the opposite edge is known to be positive or negative
    (2). Undirected: the smaller and the larger of the ends' values for the positive count, the
    negative count and the log-odds (6), and 3 kinds of triads.
    """

    network: SignedNetwork
    reverse_sign: bool
    settings: FeatureSettings

    @classmethod
    def fit(
        cls,
        network: SignedNetwork,
        settings: FeatureSettings = FEATURE_SETTINGS,
        *,
        reverse_sign: bool = False,
    ) -> DegreeFeatures:
        """**Raises** `InvalidSetting`: `reverse_sign` for an undirected network."""
        if reverse_sign and not network.directed:
            raise InvalidSetting(
                "found reverse_sign=True for an undirected network, expected a directed one; "
                "leave it out: an unordered pair has no opposite edge"
            )
        return cls(network, reverse_sign, settings)

    @property
    def names(self) -> tuple[str, ...]:
        """See `AbstractPairFeatures`."""
        return tuple(self._columns(np.empty((0, 2), np.int64)))

    @property
    def subjects(self) -> tuple[FeatureGroup, ...]:
        """See `AbstractPairFeatures`."""
        return tuple(_group(name) for name in self.names)

    def transform(self, pairs: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, "pair column"]:
        """**Raises** `InputError`: a wrong shape, an unknown node, or a node with itself."""
        columns = self._columns(checked_pairs(self.network, pairs))
        return np.stack(list(columns.values()), axis=1)

    def _columns(self, pairs: np.ndarray) -> dict[str, np.ndarray]:
        train = self.network
        counted = _by_direction if train.directed else _by_size
        columns = counted(train, pairs, self.settings)
        kinds = TRIADS_DIRECTED if train.directed else TRIADS_UNDIRECTED
        triads = np.log1p(count_triads(train, pairs, self.settings))
        columns |= {f"triads_{kind}": triads[:, i] for i, kind in enumerate(kinds)}
        if self.reverse_sign:
            reverse = known_signs(train, pairs[:, ::-1])
            columns["reverse_positive"] = (reverse > 0).astype(np.float64)
            columns["reverse_negative"] = (reverse < 0).astype(np.float64)
        return columns


def pair_features(
    train: SignedNetwork,
    pairs: Int[np.ndarray, "pair 2"],
    *,
    reverse_sign: bool = False,
    settings: FeatureSettings = FEATURE_SETTINGS,
) -> FeatureTable:
    """Degrees and triads of pairs from the signs of `train` alone, see `DegreeFeatures`.

    **Arguments:**

    - `pairs`: node indices, source and target (any order if undirected).
    - `reverse_sign`: adds the opposite edge's sign; only for directed networks.
    - `settings`: what decides how they are computed.

    **Raises** `InputError`: a pair has a wrong shape, an unknown node, or joins a node to itself;
    `InvalidSetting`: `reverse_sign` for an undirected network.
    """
    check_network("pair_features", train)
    fitted = DegreeFeatures.fit(train, settings, reverse_sign=reverse_sign)
    return FeatureTable(fitted.transform(pairs), fitted.names)


def node_attributes(train: SignedNetwork) -> FeatureTable:
    """What a force may know of a node: `[node, attribute]`, from the training signs alone.

    The degree counts pairs of unknown sign too (transductive splits), so that the positive and
    the negative share of a node need not add up to 1. A node without edges has shares 0.
    """
    check_network("node_attributes", train)
    n = train.n_nodes
    positive = train.sign > 0
    ends = train.edges

    def count(nodes: np.ndarray) -> np.ndarray:
        return np.bincount(nodes.ravel(), minlength=n).astype(np.float64)

    friends, enemies = count(ends[positive]), count(ends[~positive])
    degree = friends + enemies + count(train.unknown)
    columns = {
        "log_degree": np.log1p(degree),
        "log_positive_degree": np.log1p(friends),
        "log_negative_degree": np.log1p(enemies),
        "positive_share": friends / np.maximum(degree, 1),
        "negative_share": enemies / np.maximum(degree, 1),
    }
    if train.directed:
        for direction, side in (("out", train.source), ("in", train.target)):
            columns[f"log_positive_{direction}_degree"] = np.log1p(count(side[positive]))
            columns[f"log_negative_{direction}_degree"] = np.log1p(count(side[~positive]))
    return FeatureTable(np.stack(list(columns.values()), axis=1), tuple(columns))


def checked_pairs(train: SignedNetwork, pairs: Int[np.ndarray, "pair 2"]) -> np.ndarray:
    """The pairs as int64, or `InputError` if they are not pairs of two nodes of the network."""
    pairs = np.asarray(pairs)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or (pairs.size and pairs.dtype.kind not in "iu"):
        raise InputError(
            f"found pairs of shape {pairs.shape} and type {pairs.dtype}, expected whole numbers "
            "[pair, 2]; give a source and a target index for each pair"
        )
    pairs = pairs.astype(np.int64)
    outside = (pairs < 0) | (pairs >= train.n_nodes)
    if outside.any():
        raise InputError(
            f"found node {pairs[outside][0]} in a pair, expected 0 to {train.n_nodes - 1}; "
            "node indices are positions in names"
        )
    if (pairs[:, 0] == pairs[:, 1]).any():
        row = int(np.argmax(pairs[:, 0] == pairs[:, 1]))
        raise InputError(
            f"pair {row} joins node {pairs[row, 0]} to itself, expected two nodes; "
            "remove such pairs"
        )
    return pairs


def _group(name: str) -> FeatureGroup:
    """Of a column of `DegreeFeatures`."""
    groups: dict[str, FeatureGroup] = {
        "triads_": "triads", "reverse_": "opposite edge", "source_": "sender", "target_": "receiver"
    }  # fmt: skip
    for start, group in groups.items():
        if name.startswith(start):
            return group
    return "ends"


def _by_size(
    train: SignedNetwork, pairs: np.ndarray, settings: FeatureSettings
) -> dict[str, np.ndarray]:
    """Of unordered pairs the smaller and the larger value of both ends."""
    own = known_signs(train, pairs)[:, None]
    counts = {}
    for word, sign in (("positive", 1), ("negative", -1)):
        ends = train.edges[train.sign == sign].ravel()
        degree = np.bincount(ends, minlength=train.n_nodes)
        counts[word] = degree[pairs] - (own == sign)
    by_end = {
        "log_positive": np.log1p(counts["positive"]),
        "log_negative": np.log1p(counts["negative"]),
        "log_odds": log_odds(counts["positive"], counts["negative"], settings),
    }
    columns = {}
    for name, values in by_end.items():
        columns[f"{name}_smaller"] = values.min(axis=1)
        columns[f"{name}_larger"] = values.max(axis=1)
    return columns


def _by_direction(
    train: SignedNetwork, pairs: np.ndarray, settings: FeatureSettings
) -> dict[str, np.ndarray]:
    """Of directed pairs the values of source and target, outgoing and incoming."""
    own = known_signs(train, pairs)
    columns: dict[str, np.ndarray] = {}
    odds: dict[str, np.ndarray] = {}
    for end, node in (("source", pairs[:, 0]), ("target", pairs[:, 1])):
        for direction, side in (("out", train.source), ("in", train.target)):
            # The pair's own edge leaves its source and reaches its target.
            holds_own = (end, direction) in (("source", "out"), ("target", "in"))
            counts = []
            for word, sign in (("positive", 1), ("negative", -1)):
                degree = np.bincount(side[train.sign == sign], minlength=train.n_nodes)
                counts.append(degree[node] - (holds_own & (own == sign)))
                columns[f"{end}_{direction}_{word}"] = np.log1p(counts[-1])
            odds[f"{end}_{direction}_log_odds"] = log_odds(counts[0], counts[1], settings)
    return columns | odds
