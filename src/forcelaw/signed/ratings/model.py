"""Ratings of pairs, with intervals, from the same features that signs are predicted from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.errors import InvalidSetting, NotEnoughData, check_type
from forcelaw.signed.features import Featurizer
from forcelaw.signed.network import SignedNetwork, check_network, indices_of
from forcelaw.signed.ratings.forest import Forest, Scale, conformity, interval, threshold
from forcelaw.signed.ratings.settings import RATING_SETTINGS, RatingSettings
from forcelaw.signed.settings import LEVEL, SignedSettings
from forcelaw.signed.splits import make_folds
from forcelaw.signed.splits.folds import Fold
from forcelaw.storage.settings import check_arguments


class RatingPrediction(NamedTuple):
    """A row for each pair, in the units of `SignedNetwork.rating`."""

    rating: Float[np.ndarray, " pair"]
    """The mean of its distribution."""
    low: Float[np.ndarray, " pair"]
    high: Float[np.ndarray, " pair"]
    """The interval's ends, both of them ratings that occur."""


@dataclass(frozen=True, eq=False, repr=False)
class RatingModel:
    """Predicts the rating that one node gives another, and an interval that holds it.

    Every training edge is described by the features that `SpringEmbedding` decodes, while it is
    hidden with its fold; a forest learns the distribution of its rating. Intervals are conformal: a
    rating belongs into one unless it lies further out in its distribution than all but `1 - level`
    of the training ratings do in theirs, each told by trees that did not see it, or, for a
    forecast, by a forest that saw its past alone. They hold the share `level` of ratings that are
    exchangeable with these, as those of random splits; not of those that come later, if people
    change.

    **Attributes:** `network` of training; `central` how central each training rating lies,
    increasing, of which `level` chooses.
    """

    network: SignedNetwork
    featurizer: Featurizer
    forest: Forest
    central: Float[np.ndarray, " row"]

    def __repr__(self) -> str:
        return f"RatingModel({self.network!r}, {len(self.central):,} ratings)"

    @classmethod
    def fit(
        cls, train: SignedNetwork, *, seed: int = 0, settings: RatingSettings = RATING_SETTINGS
    ) -> RatingModel:
        """Learns from the ratings of a training network, each told while it is hidden.

        **Arguments:** `seed` of folds and forest.

        **Raises** `NotEnoughData`: edges have only signs, or there are too few of them;
        `InvalidSetting` for a seed out of its bounds or what is no network.
        """
        rating = ratings_of(train)
        check_arguments(SignedSettings, seed=seed)
        folds = hidden_in_turn(train, seed, settings)
        values = np.concatenate([
            Featurizer.fit(train.subset(fold.visible), settings.features).transform(
                np.asarray(train.edges[fold.hidden])
            )
            for fold in folds
        ])  # fmt: skip
        hidden = np.concatenate([rating[fold.hidden] for fold in folds])
        scale = Scale.of(hidden, settings.cells)
        forest = Forest.grow(values, hidden, scale, seed, settings)
        cell = scale.cell_of(hidden)
        latest = int(folds[0].hidden.sum())
        if train.forecast and len(hidden) - latest >= settings.fewest_examples:
            past = Forest.grow(values[latest:], hidden[latest:], scale, seed, settings)
            central = conformity(past.shares(values[:latest]), cell[:latest])
        else:
            central = conformity(forest.held_out_shares(values), cell)
        return cls(train, Featurizer.fit(train, settings.features), forest, np.sort(central))

    def predict(self, pairs: Any) -> Float[np.ndarray, " pair"]:
        """The ratings alone."""
        return self.predict_rating(pairs).rating

    def predict_rating(self, pairs: Any, level: float = LEVEL) -> RatingPrediction:
        """Ratings, and the ends of intervals that hold the share `level` of true ones.

        **Arguments:** `pairs` as of `SpringEmbedding.predict_proba`. Of a pair with a node that the
        network does not have only the ratings of all others are known.

        **Raises** `InvalidSetting` unless `level` lies between 0 and 1; `InputError` for pairs that
        are none.
        """
        check_level(level)
        ends = indices_of(self.network, pairs)
        if not self.network.directed:
            ends = np.sort(ends, axis=1)
        known = (ends >= 0).all(axis=1)
        scale = self.forest.scale
        shares = np.tile(self._of_all, (len(ends), 1))
        shares[known] = self.forest.shares(self.featurizer.transform(ends[known]))
        low, high = interval(shares, scale, threshold(self.central, level))
        return RatingPrediction(shares @ scale.mean, low, high)

    @property
    def _of_all(self) -> Float[np.ndarray, " cell"]:
        """The share of each rating in the network."""
        scale = self.forest.scale
        cell = scale.cell_of(ratings_of(self.network))
        return np.bincount(cell, minlength=len(scale.mean)) / len(cell)


def ratings_of(network: SignedNetwork) -> Float[np.ndarray, " edge"]:
    """The ratings of a network that has some.

    **Raises** `NotEnoughData`: it has only signs; `InvalidSetting` for no network.
    """
    check_network("network", network)
    if network.rating is None:
        raise NotEnoughData(
            f"{network.name}: found signs alone, expected a rating for each edge, such as -10 to "
            "10; predict signs by fl.signed.SpringEmbedding or forcelaw signed fit"
        )
    return network.rating.astype(np.float64)


def hidden_in_turn(train: SignedNetwork, seed: int, settings: RatingSettings) -> list[Fold]:
    """The folds that ratings are told from, fewer of a large network.

    **Raises** `NotEnoughData`: there are too few edges.
    """
    if train.n_edges < settings.fewest_examples:
        raise NotEnoughData(
            f"{train.name}: found {train.n_edges} ratings, expected at least "
            f"{settings.fewest_examples}; add some, or hold fewer back"
        )
    each = train.n_edges / settings.folds
    hidden = min(settings.folds, max(1, round(settings.most_examples / each)))
    return make_folds(train, settings.folds, seed, settings.blocks, hidden=hidden)


def check_level(level: Any) -> None:
    """**Raises** `InvalidSetting` unless it lies between 0 and 1."""
    check_type("level", level, float, np.floating, then="try 0.9")
    if not 0 < level < 1:
        raise InvalidSetting(
            f"level: found {level}, expected a share between 0 and 1; try 0.9 for nine in ten"
        )
