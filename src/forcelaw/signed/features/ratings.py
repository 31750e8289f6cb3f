"""What each end of a pair says about others and hears about itself.

An unordered pair was made of directed statements. How a node rates others and how others rate it
differ much, so the features of a pair keep them apart even where the pair itself has no direction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.signed.features.smoothed_log_odds import DIGITS, log_odds, overall_log_odds
from forcelaw.signed.features.walks import node_effects
from forcelaw.signed.network import SignedNetwork

RIDGE = 2.0
ITERATIONS = 15


Forecast = Callable[[np.ndarray, np.ndarray], np.ndarray]


class RatingRows(NamedTuple):
    """Who said what about whom: one row a statement, ratings from -1 to 1."""

    source: Int[np.ndarray, " row"]
    target: Int[np.ndarray, " row"]
    rating: Float[np.ndarray, " row"]
    nodes: int


def directed_ratings(network: SignedNetwork) -> SignedNetwork:
    """The directed edges behind a network; a pair of unknown direction is said both ways."""
    if network.directed:
        return network
    if network.statements is not None:
        return network.statements
    source, target, row = rating_ends(network)
    return SignedNetwork(
        names=network.names,
        source=source,
        target=target,
        sign=network.sign[row],
        rating=None if network.rating is None else network.rating[row],
        time=None if network.time is None else network.time[row],
    )


def rating_ends(network: SignedNetwork) -> tuple[Int[np.ndarray, " statement"], ...]:
    """Source, target and edge of every statement; an undirected edge is one of either end."""
    if network.directed:
        return network.source, network.target, np.arange(network.n_edges)
    source, target = np.concatenate([network.edges, network.edges[:, ::-1]]).T
    return source, target, np.tile(np.arange(network.n_edges), 2)


def rating_features(
    train: SignedNetwork, pairs: Int[np.ndarray, "pair 2"]
) -> Float[np.ndarray, "pair column"]:
    """The table of both ends, source first, and what it foretells for both directions.

    Of a pair without direction the end comes first that is expected to speak worse of the other
    than the other of it, so that the order in which the pair is given does not matter. The pairs'
    own statements are *not* left out: use pairs that `train` does not hold.
    """
    table, forecast = node_table(directed_ratings(train))
    ends = pairs if train.directed else ordered(pairs, *both_ways(table, forecast, pairs))
    first, second = ends.T
    both = [f(*ends) for f in forecast for ends in ((first, second), (second, first))]
    return np.concatenate([table[first], table[second], np.stack(both, axis=1)], axis=1)


def by_descending_severity(
    train: SignedNetwork, pairs: Int[np.ndarray, "pair 2"]
) -> tuple[Int[np.ndarray, "pair 2"], Bool[np.ndarray, " pair"]]:
    """The ends of unordered pairs in the order of `statement_features`, and which are equal."""
    here, there = both_ways(*node_table(directed_ratings(train)), pairs)
    return ordered(pairs, here, there), (here == there).all(axis=1)


def both_ways(
    table: Float[np.ndarray, "node column"],
    forecast: list[Forecast],
    pairs: Int[np.ndarray, "pair 2"],
) -> tuple[Float[np.ndarray, "pair key"], Float[np.ndarray, "pair key"]]:
    """What either end is expected to say of the other, then the row of either."""
    first, second = pairs.T
    here = np.stack([f(first, second) for f in forecast] + list(table[first].T), axis=1)
    there = np.stack([f(second, first) for f in forecast] + list(table[second].T), axis=1)
    return here, there


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


def node_table(said: SignedNetwork) -> tuple[Float[np.ndarray, "node column"], list[Forecast]]:
    """What is known about every node, and forecasts of one node's word about another.

    Counts of positive and negative statements made and received, their log-odds, both effects of
    `node_effects`, both of `rating_effects`, fairness and goodness, the lowest rating made and
    received, and how much the ratings made and received scatter.
    """
    n, s, t = said.n_nodes, said.source, said.target
    rating = (said.sign if said.rating is None else said.rating).astype(np.float64)
    rating = rating / max(float(np.abs(rating).max(initial=0)), 1e-9)
    positive = (said.sign > 0).astype(np.float64)
    rows = RatingRows(s, t, rating, n)
    columns = []
    for side in (s, t):
        friends = np.bincount(side, positive, n)
        enemies = np.bincount(side, 1 - positive, n)
        odds = log_odds(friends, enemies)
        count = friends + enemies + 1
        mean = np.bincount(side, rating, n) / count
        square = np.bincount(side, rating**2, n) / count
        lowest = np.zeros(n)
        np.minimum.at(lowest, side, rating)
        scatter = np.sqrt(np.maximum(square - mean**2, 0))
        columns += [np.log1p(friends), np.log1p(enemies), odds, lowest, scatter]
    by_source, by_target = node_effects(said)
    rates, rated, level = rating_effects(rows)
    fairness, goodness = fairness_goodness(rows)
    columns += [by_source, by_target, rates, rated, fairness, goodness]
    base = overall_log_odds(said.sign)
    forecast = [
        lambda u, v: np.round(by_source[u] + by_target[v] + base, DIGITS),
        lambda u, v: np.round(level + rates[u] + rated[v], DIGITS),
        lambda u, v: np.round(fairness[u] * goodness[v], DIGITS),
    ]
    return np.round(np.stack(columns, axis=1), DIGITS), forecast


def rating_effects(
    rows: RatingRows,
) -> tuple[Float[np.ndarray, " node"], Float[np.ndarray, " node"], float]:
    """How much above the mean each node rates and is rated, and the mean.

    Alternating ridge regression of the ratings on both ends.
    """
    s, t, rating, n = rows
    level = float(rating.mean()) if len(rating) else 0.0
    rates, rated = np.zeros(n), np.zeros(n)
    made, received = np.bincount(s, minlength=n), np.bincount(t, minlength=n)
    for _ in range(ITERATIONS):
        rates = np.bincount(s, rating - level - rated[t], n) / (made + RIDGE)
        rated = np.bincount(t, rating - level - rates[s], n) / (received + RIDGE)
    return rates, rated, level


def fairness_goodness(
    rows: RatingRows,
) -> tuple[Float[np.ndarray, " node"], Float[np.ndarray, " node"]]:
    """How near each node's ratings lie to what the rated deserve, and what each node deserves.

    The fixed point of Kumar, Spezzano, Subrahmanian & Faloutsos (ICDM 2016), each sum smoothed by
    one statement of the mean.
    """
    s, t, rating, n = rows
    level = float(rating.mean()) if len(rating) else 0.0
    fairness, goodness = np.ones(n), np.zeros(n)
    made, received = np.bincount(s, minlength=n), np.bincount(t, minlength=n)
    for _ in range(ITERATIONS):
        goodness = (np.bincount(t, fairness[s] * rating, n) + level) / (received + 1)
        missed = np.bincount(s, np.abs(rating - goodness[t]) / 2, n)
        fairness = 1 - (missed + 0.1) / (made + 1)
    return fairness, goodness
