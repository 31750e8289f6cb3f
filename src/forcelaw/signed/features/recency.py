"""When each end of a pair last spoke and was spoken of, and what was said lately."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from forcelaw.errors import InvalidSetting
from forcelaw.signed.features.ratings import rating_ends
from forcelaw.signed.features.smoothed_log_odds import log_odds
from forcelaw.signed.network import SignedNetwork

LATELY = (0.02, 0.1)
"""Shares of the edges within which what was said counts e times less."""
LATEST = 3
"""Statements whose ratings are averaged."""
NEVER = 1.5
"""The age of what has not happened; the oldest edge has age 1."""


def recency_features(
    train: SignedNetwork, pairs: Int[np.ndarray, "pair 2"]
) -> Float[np.ndarray, "pair column"]:
    """`recency_table` of both ends, see `both_ends`.

    The pairs' own statements are *not* left out: use pairs that `train` does not hold.
    """
    return both_ends(recency_table(train), pairs, directed=train.directed)


def both_ends(
    table: Float[np.ndarray, "node column"], pairs: Int[np.ndarray, "pair 2"], *, directed: bool
) -> Float[np.ndarray, "pair columns"]:
    """The rows of source and target; if undirected the smaller value first, column by column."""
    first, second = table[pairs[:, 0]], table[pairs[:, 1]]
    if not directed:
        first, second = np.minimum(first, second), np.maximum(first, second)
    return np.concatenate([first, second], axis=1)


def recency_table(train: SignedNetwork) -> Float[np.ndarray, "node column"]:
    """What is known of every node about edges made, then about edges received.

    Ages of the last and of the first, positive and negative ones of late as log(1 + count) and as
    log-odds, and the mean of the latest ratings. For ages see `ages`.

    **Raises** `InputError` if there are no times.
    """
    n, age = train.n_nodes, ages(train)
    rating = (train.sign if train.rating is None else train.rating).astype(np.float64)
    rating = rating / np.abs(rating).max()
    source, target, row = rating_ends(train)
    age, rating, positive = age[row], rating[row], train.sign[row] > 0
    columns = []
    for side in (source, target):
        last, first = np.full(n, NEVER), np.zeros(n)
        np.minimum.at(last, side, age)
        np.maximum.at(first, side, age)
        columns += [last, np.where(last == NEVER, NEVER, first)]
        for lately in LATELY:
            weight = np.exp(-age / lately)
            friends = np.bincount(side, weight * positive, n)
            enemies = np.bincount(side, weight * ~positive, n)
            odds = log_odds(friends, enemies)
            columns += [np.log1p(friends), np.log1p(enemies), odds]
        columns.append(latest_ratings(side, age, rating, n))
    return np.stack(columns, axis=1)


def ages(train: SignedNetwork) -> Float[np.ndarray, " edge"]:
    """Of every edge the share of edges that are not before it: time is counted in edges.

    **Raises** `InputError` if there are no times.
    """
    if train.time is None:
        raise InvalidSetting(
            f"{train.name}: found forecast=True without times, expected a time for each edge; "
            "add times, or leave it out"
        )
    _, moment, count = np.unique(train.time, return_inverse=True, return_counts=True)
    return 1 - (np.cumsum(count) - count)[moment] / train.n_edges


def latest_ratings(
    side: Int[np.ndarray, " row"],
    age: Float[np.ndarray, " row"],
    rating: Float[np.ndarray, " row"],
    nodes: int,
) -> Float[np.ndarray, " node"]:
    """Mean of each node's `LATEST` youngest ratings; 0 without any. The worse is the later one."""
    order = np.lexsort((rating, age, side))
    at, value = side[order], rating[order]
    start = np.searchsorted(at, at)
    recent = np.arange(len(at)) - start < LATEST
    total = np.bincount(at[recent], value[recent], nodes)
    return total / np.maximum(np.bincount(at[recent], minlength=nodes), 1)
