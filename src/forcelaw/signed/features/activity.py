"""When both ends of a pair were about, and what was said at that time.

Who deals with whom, and how readily people trust, changes over the years. A pair that is asked
about has no time, but its ends were most likely to meet while both were active.
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import sparse

from forcelaw.signed.features.ratings import by_descending_severity, directed_ratings, ordered
from forcelaw.signed.features.smoothed_log_odds import DIGITS, log_odds
from forcelaw.signed.network import SignedNetwork

MOMENTS = 96
"""Equal parts that the whole time is cut into."""
WIDTHS = (1.0, 6.0)
"""Standard deviations, in moments, of what counts as the same time."""
ANYWHEN = 1e-4
"""Activity at any moment of a node that was not seen then."""
BLOCK = 16_384
"""Pairs whose moments are worked out together."""


class Activity(NamedTuple):
    """Statements counted by node and moment, `[node, moment]`."""

    friends_made: sparse.csr_array
    enemies_made: sparse.csr_array
    friends_received: sparse.csr_array
    enemies_received: sparse.csr_array

    @property
    def total(self) -> sparse.csr_array:
        """Of all kinds."""
        return sparse.csr_array(sum(self[1:], self[0]))


def without_times(network: SignedNetwork) -> SignedNetwork:
    """The same network, and what was said in it, as if nobody had noted when."""
    said = network.statements
    return dataclasses.replace(
        network,
        time=None,
        statements=None if said is None else dataclasses.replace(said, time=None),
    )


def activity_features(
    train: SignedNetwork, pairs: Int[np.ndarray, "pair 2"]
) -> Float[np.ndarray, "pair column"]:
    """The time that both ends share, and what each made and received then.

    For each of two widths: how much the activities of both ends overlap, the mean and the spread
    of the moments where they do, how friendly everybody was then, and how friendly each end spoke
    and was spoken of, as log-odds and counts. Then the first and the last moment of each end, and
    of both together. Times are those of `train` alone. For the order of unordered ends see
    `harsher_first`.

    The pairs' own statements are *not* left out: use pairs that `train` does not hold.
    """
    activity = ratings_by_snapshot(directed_ratings(train))
    total = activity.total
    window = windows(total)
    ends = pairs if train.directed else break_ties(activity, *by_descending_severity(train, pairs))
    columns = [
        np.concatenate(
            [
                *(activity_around(activity, total, rows, width) for width in WIDTHS),
                shared_window(window, rows),
            ],
            axis=1,
        )
        for rows in blocks(ends)
    ]
    return np.round(np.concatenate(columns), DIGITS)


def blocks(rows: np.ndarray) -> list[np.ndarray]:
    """The rows, some at a time."""
    return np.split(rows, range(BLOCK, len(rows), BLOCK))


def break_ties(
    activity: Activity, ends: Int[np.ndarray, "pair 2"], equal: Bool[np.ndarray, " pair"]
) -> Int[np.ndarray, "pair 2"]:
    """Ends that are `equal` but for the times of what they said and heard, ordered by these."""
    when = sparse.csr_array(sparse.hstack(activity))
    chosen = [
        ordered(rows, when[rows[:, 0]].toarray(), when[rows[:, 1]].toarray())
        for rows in blocks(ends[equal])
    ]
    ends = ends.copy()
    ends[equal] = np.concatenate(chosen)
    return ends


def ratings_by_snapshot(said: SignedNetwork) -> Activity:
    """The statements of every node at every moment."""
    assert said.time is not None
    since = said.time.min(initial=np.inf)
    span = max(said.time.max(initial=-np.inf) - since, 1e-9)
    moment = np.minimum((said.time - since) / span * MOMENTS, MOMENTS - 1).astype(np.int64)
    positive = said.sign > 0

    def count(node: np.ndarray, chosen: np.ndarray) -> sparse.csr_array:
        ones = np.ones(int(chosen.sum()))
        at = (node[chosen], moment[chosen])
        return sparse.csr_array(sparse.coo_array((ones, at), shape=(said.n_nodes, MOMENTS)))

    return Activity(
        *(
            count(node, kind)
            for node in (said.source, said.target)
            for kind in (positive, ~positive)
        )
    )


def activity_around(
    activity: Activity,
    total: sparse.csr_array,
    ends: Int[np.ndarray, "pair 2"],
    width: float,
) -> Float[np.ndarray, "pair 16"]:
    """What is known about the time when both ends were about, each moment blurred by `width`."""
    moment = np.arange(MOMENTS)
    blur = np.exp(-0.5 * ((moment[:, None] - moment[None, :]) / width) ** 2)
    blur /= blur.sum(axis=1, keepdims=True)
    first, second = (total[end].toarray() @ blur + ANYWHEN for end in ends.T)
    shared = first * second
    overlap = shared.sum(axis=1)
    chance = shared / overlap[:, None]
    mean = chance @ moment / MOMENTS
    spread = np.sqrt(np.maximum(chance @ (moment / MOMENTS) ** 2 - mean**2, 0))
    friends, enemies = (
        chance @ (table.sum(axis=0) @ blur)
        for table in (activity.friends_made, activity.enemies_made)
    )
    columns = [np.log(overlap), mean, spread, log_odds(friends, enemies)]
    # As many as there are in a window of this width.
    window = width * np.sqrt(2 * np.pi)
    for kinds in (activity[:2], activity[2:]):
        for end in ends.T:
            friends, enemies = (
                window * np.sum(chance * (table[end].toarray() @ blur), axis=1) for table in kinds
            )
            columns += [log_odds(friends, enemies), np.log1p(3 * enemies), np.log1p(friends)]
    return np.stack(columns, axis=1)


def windows(total: sparse.csr_array) -> Float[np.ndarray, "node 2"]:
    """The first and the last moment of every node, from 0 to 1; of a silent one 1 and 0."""
    node, moment = sparse.coo_array(total).coords
    nodes = len(total.indptr) - 1
    first, last = np.ones(nodes), np.zeros(nodes)
    np.minimum.at(first, node, moment / MOMENTS)
    np.maximum.at(last, node, moment / MOMENTS)
    return np.stack([first, last], axis=1)


def shared_window(
    window: Float[np.ndarray, "node 2"], ends: Int[np.ndarray, "pair 2"]
) -> Float[np.ndarray, "pair 6"]:
    """Both ends' windows, when both had begun, and how long it was until one fell silent."""
    each = window[ends]
    begun, silent = each[:, :, 0].max(axis=1), each[:, :, 1].min(axis=1)
    return np.concatenate([each.reshape(-1, 4), np.stack([begun, silent - begun], axis=1)], axis=1)
