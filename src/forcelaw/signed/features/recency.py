"""Recent ratings of each end of a pair: when they were made, outgoing and incoming, and which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from forcelaw.errors import InvalidSetting
from forcelaw.signed.features.abstract_features import (
    AbstractPairFeatures,
    FeatureGroup,
    both_ends,
    names_of_both,
)
from forcelaw.signed.features.ratings import rating_ends
from forcelaw.signed.features.settings import FEATURE_SETTINGS, FeatureSettings
from forcelaw.signed.features.smoothed_log_odds import log_odds
from forcelaw.signed.network import SignedNetwork


@dataclass(frozen=True, eq=False)
class RecencyFeatures(AbstractPairFeatures):
    """`recency_table` of both ends, see `both_ends`."""

    table: Float[np.ndarray, "node column"]
    directed: bool
    settings: FeatureSettings

    @classmethod
    def fit(
        cls, network: SignedNetwork, settings: FeatureSettings = FEATURE_SETTINGS
    ) -> RecencyFeatures:
        """**Raises** `InvalidSetting` if there are no times."""
        return cls(recency_table(network, settings), network.directed, settings)

    @property
    def names(self) -> tuple[str, ...]:
        """See `AbstractPairFeatures`."""
        kinds = ("friends", "enemies", "log_odds")
        recent = [f"{kind}_within_{s}" for s in self.settings.recent_shares for kind in kinds]
        columns = ["last_age", "first_age", *recent, "latest_rating"]
        ways = ("outgoing", "incoming")
        return names_of_both(
            (f"{way}_{name}" for way in ways for name in columns), directed=self.directed
        )

    @property
    def subjects(self) -> tuple[FeatureGroup, ...]:
        """See `AbstractPairFeatures`."""
        return ("recency",) * len(self.names)

    def transform(self, pairs: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, "pair column"]:
        """See `AbstractPairFeatures`."""
        return both_ends(self.table, pairs, directed=self.directed)


def recency_table(
    train: SignedNetwork, settings: FeatureSettings = FEATURE_SETTINGS
) -> Float[np.ndarray, "node column"]:
    """Of every node its outgoing, then its incoming edges.

    Ages of the last and of the first, recent positive and negative ones as log(1 + count) and as
    log-odds, and the mean of the latest ratings. For ages see `ages`.

    **Raises** `InvalidSetting` if there are no times.
    """
    n, age, never = train.n_nodes, ages(train), settings.never_age
    rating = (train.sign if train.rating is None else train.rating).astype(np.float64)
    rating = rating / np.abs(rating).max()
    source, target, row = rating_ends(train)
    age, rating, positive = age[row], rating[row], train.sign[row] > 0
    columns = []
    for side in (source, target):
        last, first = np.full(n, never), np.zeros(n)
        np.minimum.at(last, side, age)
        np.maximum.at(first, side, age)
        columns += [last, np.where(last == never, never, first)]
        for share in settings.recent_shares:
            weight = np.exp(-age / share)
            friends = np.bincount(side, weight * positive, n)
            enemies = np.bincount(side, weight * ~positive, n)
            odds = log_odds(friends, enemies, settings)
            columns += [np.log1p(friends), np.log1p(enemies), odds]
        columns.append(latest_ratings(side, age, rating, n, settings.latest))
    return np.stack(columns, axis=1)


def ages(train: SignedNetwork) -> Float[np.ndarray, " edge"]:
    """Of every edge the share of edges that are not before it: time is counted in edges.

    **Raises** `InvalidSetting` if there are no times.
    """
    if train.time is None:
        raise InvalidSetting(
            f"{train.name}: found forecast=True without times, expected a time for each edge; "
            "add times, or leave it out"
        )
    _, order, count = np.unique(train.time, return_inverse=True, return_counts=True)
    return 1 - (np.cumsum(count) - count)[order] / train.n_edges


def latest_ratings(
    side: Int[np.ndarray, " row"],
    age: Float[np.ndarray, " row"],
    rating: Float[np.ndarray, " row"],
    nodes: int,
    latest: int,
) -> Float[np.ndarray, " node"]:
    """Mean of each node's `latest` youngest ratings; 0 without any. The worse is the later one."""
    order = np.lexsort((rating, age, side))
    at, value = side[order], rating[order]
    start = np.searchsorted(at, at)
    recent = np.arange(len(at)) - start < latest
    total = np.bincount(at[recent], value[recent], nodes)
    return total / np.maximum(np.bincount(at[recent], minlength=nodes), 1)
