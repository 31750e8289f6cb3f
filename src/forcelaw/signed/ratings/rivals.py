"""What ratings are predicted by elsewhere: fairness and goodness, matrix factorisation, a mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from forcelaw.signed.features.ratings import RatingRows, as_directed, fairness_goodness
from forcelaw.signed.network import SignedNetwork
from forcelaw.signed.ratings.model import RatingPrediction, hidden_in_turn, ratings_of
from forcelaw.signed.ratings.settings import RatingSettings

Predict = Callable[[Int[np.ndarray, "pair 2"]], Float[np.ndarray, " pair"]]
"""Ratings of pairs of node indices."""
Fit = Callable[[SignedNetwork], Predict]
"""From a training network."""


class Factors(NamedTuple):
    """A rating as its mean, what both ends add, and the product of their factors."""

    mean: float
    source: Float[np.ndarray, "node 1+rank"]
    """What a node adds as a source, then its factors."""
    target: Float[np.ndarray, "node 1+rank"]

    def __call__(self, pairs: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, " pair"]:
        """Ratings of pairs of node indices."""
        source, target = self.source[pairs[:, 0]], self.target[pairs[:, 1]]
        product = np.sum(source[:, 1:] * target[:, 1:], axis=1)
        return self.mean + source[:, 0] + target[:, 0] + product


def fit_mean(train: SignedNetwork) -> Predict:
    """The mean of all training ratings."""
    mean = float(ratings_of(train).mean())
    return lambda pairs: np.full(len(pairs), mean)


def fit_fairness(train: SignedNetwork, settings: RatingSettings) -> Predict:
    """Fairness of the source times goodness of the target (Kumar et al., ICDM 2016), smoothed.

    Of an unordered pair the mean of both directions, as its rating is.
    """
    rows = _rows(train)
    largest = max(float(np.abs(rows.rating).max()), 1e-9)
    scaled = rows._replace(rating=rows.rating / largest)
    fairness, goodness = fairness_goodness(scaled, settings.features)
    return _both_ways(train, lambda pairs: largest * fairness[pairs[:, 0]] * goodness[pairs[:, 1]])


def fit_factors(train: SignedNetwork, rank: int, ridge: float, settings: RatingSettings) -> Predict:
    """Matrix factorisation with biases (Koren, Bell & Volinsky, Computer 42(8), 2009).

    By alternating least squares; the same ridge on biases and factors.
    """
    rows = _rows(train)
    start = np.random.default_rng(0).normal(scale=0.1, size=(rows.nodes, rank))
    source = np.concatenate([np.zeros((rows.nodes, 1)), start], axis=1)
    target = source
    ends = rows.source, rows.target
    for _ in range(settings.rivals_rounds):
        source = _solve(rows, ends[0], ends[1], target, ridge)
        target = _solve(rows, ends[1], ends[0], source, ridge)
    return _both_ways(train, Factors(rows.mean, source, target))


def _solve(
    rows: RatingRows,
    own: Int[np.ndarray, " row"],
    other: Int[np.ndarray, " row"],
    known: Float[np.ndarray, "node 1+rank"],
    ridge: float,
) -> Float[np.ndarray, "node 1+rank"]:
    """Bias and factors of every node, those of the other ends given."""
    design = known[other].copy()
    residual = rows.rating - rows.mean - design[:, 0]
    design[:, 0] = 1
    size = design.shape[1]
    gather = sparse.csr_array(
        (np.ones(len(own)), (own, np.arange(len(own)))), shape=(rows.nodes, len(own))
    )
    square = gather @ (design[:, :, None] * design[:, None, :]).reshape(len(own), -1)
    square = square.reshape(-1, size, size) + ridge * np.eye(size)
    known_sum = np.asarray(gather @ (design * residual[:, None]))
    return np.linalg.solve(square, known_sum[:, :, None])[:, :, 0]


def _rows(train: SignedNetwork) -> RatingRows:
    directed = as_directed(train)
    return RatingRows(directed.source, directed.target, ratings_of(directed), directed.n_nodes)


def _both_ways(train: SignedNetwork, predict: Predict) -> Predict:
    if train.directed:
        return predict
    return lambda pairs: (predict(pairs) + predict(pairs[:, ::-1])) / 2


def predict_with_margin(
    train: SignedNetwork,
    fits: list[Fit],
    pairs: Int[np.ndarray, "pair 2"],
    *,
    level: float,
    seed: int,
    settings: RatingSettings,
) -> RatingPrediction:
    """Of the fit that tells hidden training ratings best, with the margin that held them.

    The margin, the same for all pairs, is the conformal quantile of the absolute errors (Lei et
    al., JASA 113, 2018); intervals end at the largest and the smallest training rating.
    """
    rating = ratings_of(train)
    errors = [np.empty(0) for _ in fits]
    for fold in hidden_in_turn(train, seed, settings):
        visible, asked = train.subset(fold.visible), np.asarray(train.edges[fold.hidden])
        for number, fit in enumerate(fits):
            error = np.abs(fit(visible)(asked) - rating[fold.hidden])
            errors[number] = np.append(errors[number], error)
    best = int(np.argmin([np.mean(error**2) for error in errors]))
    found = fits[best](train)(pairs)
    margin = _quantile(errors[best], level)
    low, high = float(rating.min()), float(rating.max())
    return RatingPrediction(
        found, np.clip(found - margin, low, high), np.clip(found + margin, low, high)
    )


def _quantile(error: Float[np.ndarray, " row"], level: float) -> float:
    inside = int(np.ceil((len(error) + 1) * level))
    return float(np.sort(error)[inside - 1]) if inside <= len(error) else float("inf")
