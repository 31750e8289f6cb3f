"""Activity windows: the time that both ends of a pair share, and their ratings in it.

Who deals with whom, and how readily people trust, changes over the years. A pair to be predicted
has no time, but its ends were most likely to meet while both were active.
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import sparse

from forcelaw.signed.features.abstract_features import AbstractPairFeatures, FeatureGroup
from forcelaw.signed.features.ratings import RatingFeatures, as_directed, ordered
from forcelaw.signed.features.settings import FEATURE_SETTINGS, FeatureSettings
from forcelaw.signed.features.smoothed_log_odds import log_odds
from forcelaw.signed.network import SignedNetwork


class Activity(NamedTuple):
    """Ratings counted by node and time bin, `[node, bin]`."""

    friends_out: sparse.csr_array
    enemies_out: sparse.csr_array
    friends_in: sparse.csr_array
    enemies_in: sparse.csr_array

    @property
    def total(self) -> sparse.csr_array:
        """Of all kinds."""
        return sparse.csr_array(sum(self[1:], self[0]))


def without_times(network: SignedNetwork) -> SignedNetwork:
    """The same network, and the directed ratings behind it, without times."""
    directed = network.directed_ratings
    return dataclasses.replace(
        network,
        time=None,
        directed_ratings=None if directed is None else dataclasses.replace(directed, time=None),
    )


@dataclasses.dataclass(frozen=True, eq=False)
class ActivityFeatures(AbstractPairFeatures):
    """The time that both ends share, and their ratings in it.

    For each width of a window: how much the activities of both ends overlap, the mean and the
    spread of the time where they do, how friendly all ratings were then, and the outgoing and
    incoming ratings of each end, as log-odds and counts. Then the first and the last time bin of
    each end, and of both together. Times are those of the training network alone. For the order of
    unordered ends see `RatingFeatures.by_descending_severity`.
    """

    activity: Activity
    total: sparse.csr_array
    window: Float[np.ndarray, "node 2"]
    ratings: RatingFeatures
    settings: FeatureSettings

    @classmethod
    def fit(
        cls,
        network: SignedNetwork,
        settings: FeatureSettings = FEATURE_SETTINGS,
        *,
        ratings: RatingFeatures | None = None,
    ) -> ActivityFeatures:
        """**Arguments:** `ratings` of the network, if they were fitted already."""
        ratings = RatingFeatures.fit(network, settings) if ratings is None else ratings
        activity = ratings_by_bin(as_directed(network), settings.time_bins)
        window = windows(activity.total, settings.time_bins)
        return cls(activity, activity.total, window, ratings, settings)

    @property
    def names(self) -> tuple[str, ...]:
        """See `AbstractPairFeatures`."""
        counted = [
            f"{end}_{way}_{name}"
            for way in ("outgoing", "incoming")
            for end in ("first", "second")
            for name in ("log_odds", "enemies", "friends")
        ]
        columns = ["overlap", "mean_time", "time_spread", "log_odds", *counted]
        names = [f"window_{w}_{name}" for w in self.settings.window_widths for name in columns]
        names += [f"{end}_{name}" for end in ("first", "second") for name in ("begin", "end")]
        return (*names, "both_begin", "both_length")

    @property
    def subjects(self) -> tuple[FeatureGroup, ...]:
        """See `AbstractPairFeatures`."""
        return ("activity",) * len(self.names)

    def transform(self, pairs: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, "pair column"]:
        """See `AbstractPairFeatures`."""
        ends = pairs
        if not self.ratings.directed:
            ends = self._break_ties(*self.ratings.by_descending_severity(pairs))
        columns = [
            np.concatenate(
                [
                    *(self._around(rows, width) for width in self.settings.window_widths),
                    shared_window(self.window, rows),
                ],
                axis=1,
            )
            for rows in self._blocks(ends)
        ]
        return np.round(np.concatenate(columns), self.settings.digits)

    def _blocks(self, rows: np.ndarray) -> list[np.ndarray]:
        """The rows, some at a time."""
        size = self.settings.pairs_per_block
        return np.split(rows, range(size, len(rows), size))

    def _break_ties(
        self, ends: Int[np.ndarray, "pair 2"], equal: Bool[np.ndarray, " pair"]
    ) -> Int[np.ndarray, "pair 2"]:
        """Ends that are `equal` but for the times of their ratings, ordered by these."""
        when = sparse.csr_array(sparse.hstack(self.activity))
        chosen = [
            ordered(rows, when[rows[:, 0]].toarray(), when[rows[:, 1]].toarray())
            for rows in self._blocks(ends[equal])
        ]
        ends = ends.copy()
        ends[equal] = np.concatenate(chosen)
        return ends

    def _around(
        self, ends: Int[np.ndarray, "pair 2"], width: float
    ) -> Float[np.ndarray, "pair 16"]:
        """Of the time when both ends were active, each bin blurred by `width`."""
        activity, settings = self.activity, self.settings
        bins = settings.time_bins
        each = np.arange(bins)
        blur = np.exp(-0.5 * ((each[:, None] - each[None, :]) / width) ** 2)
        blur /= blur.sum(axis=1, keepdims=True)
        background = settings.background_activity
        first, second = (self.total[end].toarray() @ blur + background for end in ends.T)
        shared = first * second
        overlap = shared.sum(axis=1)
        chance = shared / overlap[:, None]
        mean = chance @ each / bins
        spread = np.sqrt(np.maximum(chance @ (each / bins) ** 2 - mean**2, 0))
        friends, enemies = (
            chance @ (table.sum(axis=0) @ blur)
            for table in (activity.friends_out, activity.enemies_out)
        )
        columns = [np.log(overlap), mean, spread, log_odds(friends, enemies, settings)]
        # As many as there are in a window of this width.
        window = width * np.sqrt(2 * np.pi)
        for kinds in (activity[:2], activity[2:]):
            for end in ends.T:
                friends, enemies = (
                    window * np.sum(chance * (table[end].toarray() @ blur), axis=1)
                    for table in kinds
                )
                odds = log_odds(friends, enemies, settings)
                columns += [odds, np.log1p(3 * enemies), np.log1p(friends)]
        return np.stack(columns, axis=1)


def ratings_by_bin(directed: SignedNetwork, bins: int) -> Activity:
    """The directed ratings of every node in every time bin."""
    assert directed.time is not None
    since = directed.time.min(initial=np.inf)
    span = max(directed.time.max(initial=-np.inf) - since, 1e-9)
    place = np.minimum((directed.time - since) / span * bins, bins - 1).astype(np.int64)
    positive = directed.sign > 0

    def count(node: np.ndarray, chosen: np.ndarray) -> sparse.csr_array:
        ones = np.ones(int(chosen.sum()))
        at = (node[chosen], place[chosen])
        return sparse.csr_array(sparse.coo_array((ones, at), shape=(directed.n_nodes, bins)))

    return Activity(
        *(
            count(node, kind)
            for node in (directed.source, directed.target)
            for kind in (positive, ~positive)
        )
    )


def windows(total: sparse.csr_array, bins: int) -> Float[np.ndarray, "node 2"]:
    """The first and the last time bin of every node, from 0 to 1; without ratings 1 and 0."""
    node, place = sparse.coo_array(total).coords
    nodes = len(total.indptr) - 1
    first, last = np.ones(nodes), np.zeros(nodes)
    np.minimum.at(first, node, place / bins)
    np.maximum.at(last, node, place / bins)
    return np.stack([first, last], axis=1)


def shared_window(
    window: Float[np.ndarray, "node 2"], ends: Int[np.ndarray, "pair 2"]
) -> Float[np.ndarray, "pair 6"]:
    """Both ends' windows, when both had begun, and for how long both were active."""
    each = window[ends]
    begin, end = each[:, :, 0].max(axis=1), each[:, :, 1].min(axis=1)
    return np.concatenate([each.reshape(-1, 4), np.stack([begin, end - begin], axis=1)], axis=1)
