"""Outgoing and incoming ratings of both ends of a pair.

An unordered pair was made of directed ratings. How a node rates others and how others rate it
differ much, so the features of a pair keep them apart even where the pair itself has no direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.signed.features.abstract_features import AbstractPairFeatures, FeatureGroup
from forcelaw.signed.features.node_effects import NodeEffects
from forcelaw.signed.features.settings import FEATURE_SETTINGS, FeatureSettings
from forcelaw.signed.features.smoothed_log_odds import log_odds, overall_log_odds
from forcelaw.signed.network import SignedNetwork


class RatingRows(NamedTuple):
    """One row a rating, from -1 to 1."""

    source: Int[np.ndarray, " row"]
    target: Int[np.ndarray, " row"]
    rating: Float[np.ndarray, " row"]
    nodes: int

    @property
    def mean(self) -> float:
        """0 without any."""
        return float(self.rating.mean()) if len(self.rating) else 0.0


def as_directed(network: SignedNetwork) -> SignedNetwork:
    """The directed edges behind a network; a pair of unknown direction is one each way."""
    if network.directed:
        return network
    if network.directed_ratings is not None:
        return network.directed_ratings
    source, target, row = rating_ends(network)
    return SignedNetwork(
        names=network.names,
        source=source,
        target=target,
        sign=network.sign[row],
        rating=None if network.rating is None else network.rating[row],
        time=None if network.time is None else network.time[row],
    )


def rating_ends(network: SignedNetwork) -> tuple[Int[np.ndarray, " rating"], ...]:
    """Source, target and edge of every rating; an undirected edge is one of either end."""
    if network.directed:
        return network.source, network.target, np.arange(network.n_edges)
    source, target = np.concatenate([network.edges, network.edges[:, ::-1]]).T
    return source, target, np.tile(np.arange(network.n_edges), 2)


class RatingForecast(NamedTuple):
    """What one node is expected to rate another, three ways."""

    by_source: Float[np.ndarray, " node"]
    by_target: Float[np.ndarray, " node"]
    base: float
    """Log-odds of a friend: this, and the effects of both ends."""
    rates: Float[np.ndarray, " node"]
    rated: Float[np.ndarray, " node"]
    level: float
    """The rating: this, and the effects of both ends."""
    fairness: Float[np.ndarray, " node"]
    goodness: Float[np.ndarray, " node"]
    """The rating: fairness of the source times goodness of the target."""
    digits: int
    """See `FeatureSettings.digits`."""

    def columns(
        self, source: Int[np.ndarray, " pair"], target: Int[np.ndarray, " pair"]
    ) -> Float[np.ndarray, "pair 3"]:
        """Log-odds, rating, rating."""
        odds = self.by_source[source] + self.by_target[target] + self.base
        rating = self.level + self.rates[source] + self.rated[target]
        deserved = self.fairness[source] * self.goodness[target]
        return np.round(np.stack([odds, rating, deserved], axis=1), self.digits)


@dataclass(frozen=True, eq=False)
class RatingFeatures(AbstractPairFeatures):
    """What is known of source and target, and the ratings forecast in both directions.

    Of each end the counts of positive and negative ratings, outgoing and incoming, their log-odds,
    lowest and scatter, both effects of `NodeEffects`, both of `rating_effects`, fairness and
    goodness. An unordered pair is put in descending severity: that end comes first that is
    expected to rate the other worse.
    """

    table: Float[np.ndarray, "node 16"]
    forecast: RatingForecast
    directed: bool

    @classmethod
    def fit(
        cls,
        network: SignedNetwork,
        settings: FeatureSettings = FEATURE_SETTINGS,
        *,
        effects: NodeEffects | None = None,
    ) -> RatingFeatures:
        """**Arguments:** `effects` of the network, if they are known already."""
        directed = as_directed(network)
        if effects is None or directed is not network:
            effects = NodeEffects.fit(directed, settings)
        rating = (directed.sign if directed.rating is None else directed.rating).astype(np.float64)
        rating = rating / max(float(np.abs(rating).max(initial=0)), 1e-9)
        rows = RatingRows(directed.source, directed.target, rating, directed.n_nodes)
        rates, rated = rating_effects(rows, settings)
        fairness, goodness = fairness_goodness(rows, settings)
        columns = [*_counts(rows, directed.sign > 0, settings), effects.source, effects.target]
        columns += [rates, rated, fairness, goodness]
        forecast = RatingForecast(
            effects.source, effects.target, overall_log_odds(directed.sign, settings),
            rates, rated, rows.mean,
            fairness, goodness,
            settings.digits,
        )  # fmt: skip
        table = np.round(np.stack(columns, axis=1), settings.digits)
        return cls(table, forecast, network.directed)

    @property
    def names(self) -> tuple[str, ...]:
        """See `AbstractPairFeatures`."""
        counted = ("friends", "enemies", "log_odds", "lowest", "scatter")
        table = [f"{way}_{name}" for way in ("outgoing", "incoming") for name in counted]
        table += ["source_effect", "target_effect", "rates", "rated", "fairness", "goodness"]
        forecast = ("log_odds", "rating", "fairness_goodness")
        ends = ("first", "second")
        return (
            *(f"{end}_{name}" for end in ends for name in table),
            *(f"forecast_{name}_by_{end}" for name in forecast for end in ends),
        )

    @property
    def subjects(self) -> tuple[FeatureGroup, ...]:
        """See `AbstractPairFeatures`."""
        if not self.directed:
            return ("ends",) * len(self.names)
        columns = self.table.shape[1]
        forecast = len(self.names) - 2 * columns
        return ("sender",) * columns + ("receiver",) * columns + ("ends",) * forecast

    def transform(self, pairs: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, "pair 38"]:
        """See `AbstractPairFeatures`."""
        first, second = (pairs if self.directed else self.by_descending_severity(pairs)[0]).T
        here, there = self.forecast.columns(first, second), self.forecast.columns(second, first)
        both = np.stack([here, there], axis=2).reshape(len(pairs), 2 * here.shape[1])
        return np.concatenate([self.table[first], self.table[second], both], axis=1)

    def by_descending_severity(
        self, pairs: Int[np.ndarray, "pair 2"]
    ) -> tuple[Int[np.ndarray, "pair 2"], Bool[np.ndarray, " pair"]]:
        """The ends of unordered pairs in that order, and of which nothing tells the ends apart."""
        first, second = pairs.T
        here = np.concatenate([self.forecast.columns(first, second), self.table[first]], axis=1)
        there = np.concatenate([self.forecast.columns(second, first), self.table[second]], axis=1)
        return ordered(pairs, here, there), (here == there).all(axis=1)


def ordered(
    pairs: Int[np.ndarray, "pair 2"],
    here: Float[np.ndarray, "pair key"],
    there: Float[np.ndarray, "pair key"],
) -> Int[np.ndarray, "pair 2"]:
    """The pairs with the end of the smaller key first, keys compared from left to right."""
    column = (here != there).argmax(axis=1)
    row = np.arange(len(pairs))
    swap = here[row, column] > there[row, column]
    return np.where(swap[:, None], pairs[:, ::-1], pairs)


def _counts(
    rows: RatingRows, positive: Bool[np.ndarray, " row"], settings: FeatureSettings
) -> list[Float[np.ndarray, " node"]]:
    """Friends, enemies, log-odds, lowest rating and scatter: outgoing, then incoming."""
    n, rating = rows.nodes, rows.rating
    columns = []
    for side in (rows.source, rows.target):
        friends = np.bincount(side, positive.astype(np.float64), n)
        enemies = np.bincount(side, 1.0 - positive, n)
        count = friends + enemies + 1
        mean = np.bincount(side, rating, n) / count
        square = np.bincount(side, rating**2, n) / count
        lowest = np.zeros(n)
        np.minimum.at(lowest, side, rating)
        scatter = np.sqrt(np.maximum(square - mean**2, 0))
        odds = log_odds(friends, enemies, settings)
        columns += [np.log1p(friends), np.log1p(enemies), odds, lowest, scatter]
    return columns


def rating_effects(
    rows: RatingRows, settings: FeatureSettings = FEATURE_SETTINGS
) -> tuple[Float[np.ndarray, " node"], Float[np.ndarray, " node"]]:
    """How much above the mean each node rates, and is rated.

    Alternating ridge regression of the ratings on both ends.
    """
    s, t, rating, n = rows
    mean, ridge = rows.mean, settings.rating_ridge
    rates, rated = np.zeros(n), np.zeros(n)
    outgoing, incoming = np.bincount(s, minlength=n), np.bincount(t, minlength=n)
    for _ in range(settings.rating_iterations):
        rates = np.bincount(s, rating - mean - rated[t], n) / (outgoing + ridge)
        rated = np.bincount(t, rating - mean - rates[s], n) / (incoming + ridge)
    return rates, rated


def fairness_goodness(
    rows: RatingRows, settings: FeatureSettings = FEATURE_SETTINGS
) -> tuple[Float[np.ndarray, " node"], Float[np.ndarray, " node"]]:
    """How near each node's ratings lie to what the rated deserve, and what each node deserves.

    The fixed point of Kumar, Spezzano, Subrahmanian & Faloutsos (ICDM 2016), each sum smoothed by
    one rating of the mean.
    """
    s, t, rating, n = rows
    mean = rows.mean
    fairness, goodness = np.ones(n), np.zeros(n)
    outgoing, incoming = np.bincount(s, minlength=n), np.bincount(t, minlength=n)
    for _ in range(settings.rating_iterations):
        goodness = (np.bincount(t, fairness[s] * rating, n) + mean) / (incoming + 1)
        missed = np.bincount(s, np.abs(rating - goodness[t]) / 2, n)
        fairness = 1 - (missed + settings.fairness_smoothing) / (outgoing + 1)
    return fairness, goodness
