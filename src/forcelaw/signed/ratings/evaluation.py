"""Ratings predicted on held-back edges, beside what predicts them elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from forcelaw.clock import Clock
from forcelaw.errors import check_type
from forcelaw.signed.decoder import ScoreSummary, summary
from forcelaw.signed.network import SignedNetwork
from forcelaw.signed.ratings.model import RatingModel, RatingPrediction, check_level, ratings_of
from forcelaw.signed.ratings.rivals import (
    Fit,
    fit_factors,
    fit_fairness,
    fit_mean,
    predict_with_margin,
)
from forcelaw.signed.ratings.settings import RATING_SETTINGS, RatingSettings
from forcelaw.signed.settings import LEVEL, SEEDS, SignedSettings
from forcelaw.signed.splits import Split, split
from forcelaw.storage import RESULTS_SCHEMA, ParsedObject, Record
from forcelaw.storage.settings import check_arguments


@dataclass(frozen=True)
class RatingScores(Record):
    """How well one method predicts ratings, over all splits."""

    rmse: ScoreSummary
    """Root of the mean squared error, in ratings."""
    mae: ScoreSummary
    """Mean absolute error."""
    pearson: ScoreSummary
    """Correlation with the true ratings; undefined for a constant."""
    coverage: ScoreSummary
    """Share of true ratings inside their intervals."""
    coverage_negative: ScoreSummary
    """The same of negative ratings alone."""
    width: ScoreSummary
    """Mean width of the intervals, in ratings."""


METRICS = tuple(field.name for field in fields(RatingScores))
"""Names of the scores."""
NAMES = {
    "forcelaw": "forcelaw",
    "fairness_goodness": "fairness, goodness",
    "factorisation": "factorisation",
    "mean": "mean",
}
"""The methods by their keys."""


@dataclass(frozen=True, repr=False)
class RatingEvaluation(Record):
    """Scores of four methods on the same splits."""

    schema: ClassVar[int] = RESULTS_SCHEMA
    """Of the keys of `to_json`."""

    dataset: str
    protocol: str
    seeds: int
    level: float
    """Share of ratings that intervals are to hold."""
    ratings: int
    """Of training and test part together."""
    lowest: float
    highest: float
    """Of them."""
    forcelaw: RatingScores
    fairness_goodness: RatingScores
    factorisation: RatingScores
    mean: RatingScores
    seconds: float

    def to_json(self) -> ParsedObject:
        """The fields by their names, and `schema`; scores that are not defined are null."""
        return {"schema": self.schema, **super().to_json()}

    def scores(self) -> Mapping[str, RatingScores]:
        """By the key of the method."""
        return {name: getattr(self, name) for name in NAMES}

    def __str__(self) -> str:
        head = f"{'':<20}" + "".join(f"{name.replace('_', ' '):>19}" for name in METRICS)
        rows = [
            f"{NAMES[key]:<20}" + "".join(f"{_text(getattr(scores, m)):>19}" for m in METRICS)
            for key, scores in self.scores().items()
        ]
        size = f"{self.ratings:,} ratings from {self.lowest:g} to {self.highest:g}"
        title = f"{self.dataset}: {size}; protocol {self.protocol}, seeds: {self.seeds}; "
        return "\n".join([f"{title}intervals for {self.level:.0%}", head, *rows])

    def __repr__(self) -> str:
        return f"<RatingEvaluation {self.dataset}, RMSE {_text(self.forcelaw.rmse)}>"


def evaluate_ratings(
    network: SignedNetwork | Split,
    protocol: str = "directed",
    *,
    seeds: int = SEEDS,
    level: float = LEVEL,
    settings: RatingSettings = RATING_SETTINGS,
    tell: Callable[[float, float], None] = lambda done, total: None,
) -> RatingEvaluation:
    """Scores of `RatingModel` and of three others, over `seeds` splits (seeds 0, 1, ...).

    The others are fairness and goodness, matrix factorisation with biases, its rank and ridge
    chosen on hidden training ratings, and the mean; their intervals are as wide everywhere.

    **Arguments:** `network` and `protocol`, or a split that was made before; `tell` is told how
    much is done.

    **Raises** `NotEnoughData` without ratings, `InvalidSetting` for arguments out of their bounds.
    """
    then = "read a file with fl.signed.read(...), or a folder with fl.signed.read_split(...)"
    check_type("evaluate_ratings", network, SignedNetwork, Split, then=then)
    check_arguments(SignedSettings, seeds=seeds)
    check_level(level)
    ratings_of(network.train if isinstance(network, Split) else network)
    clock, rows = Clock(), {name: list[dict[str, float]]() for name in NAMES}
    parts = None
    for seed in range(seeds):
        parts = network if isinstance(network, Split) else split(network, protocol, seed=seed)
        found = predict_by_all(parts, level=level, seed=seed, settings=settings)
        assert parts.test.rating is not None
        for name, predicted in found.items():
            rows[name].append(rating_scores(parts.test.rating, predicted))
        tell(seed + 1, seeds)
    assert parts is not None and parts.test.rating is not None
    every = np.concatenate([ratings_of(parts.train), parts.test.rating])
    return RatingEvaluation(
        dataset=parts.train.name,
        protocol=parts.protocol,
        seeds=seeds,
        level=float(level),
        ratings=len(every),
        lowest=float(every.min()),
        highest=float(every.max()),
        **{name: _summed(found) for name, found in rows.items()},
        seconds=clock.total,
    )


def predict_by_all(
    parts: Split, *, level: float, seed: int, settings: RatingSettings
) -> dict[str, RatingPrediction]:
    """The test ratings by each method, in the order of `NAMES`."""
    train, pairs = parts.train, parts.test.pairs
    fits: dict[str, list[Fit]] = {
        "fairness_goodness": [partial(fit_fairness, settings=settings)],
        "factorisation": [
            partial(fit_factors, rank=rank, ridge=ridge, settings=settings)
            for rank in settings.ranks for ridge in settings.ridges
        ],
        "mean": [fit_mean],
    }  # fmt: skip
    model = RatingModel.fit(train, seed=seed, settings=settings)
    return {"forcelaw": model.predict_rating(pairs, level)} | {
        name: predict_with_margin(
            train, each, np.asarray(pairs), level=level, seed=seed, settings=settings
        )
        for name, each in fits.items()
    }


def rating_scores(
    rating: Float[np.ndarray, " pair"], predicted: RatingPrediction
) -> dict[str, float]:
    """The fields of `RatingScores` on one split; nan where they are undefined."""
    true, found = np.asarray(rating, np.float64), predicted.rating
    inside = (predicted.low <= true) & (true <= predicted.high)
    varied = np.ptp(true) > 0 and np.ptp(found) > 0
    negative = true < 0
    return {
        "rmse": float(np.sqrt(np.mean((found - true) ** 2))),
        "mae": float(np.mean(np.abs(found - true))),
        "pearson": float(np.corrcoef(found, true)[0, 1]) if varied else float("nan"),
        "coverage": float(inside.mean()),
        "coverage_negative": float(inside[negative].mean()) if negative.any() else float("nan"),
        "width": float(np.mean(predicted.high - predicted.low)),
    }


def _summed(rows: Sequence[Mapping[str, float]]) -> RatingScores:
    return RatingScores(**{name: summary(row[name] for row in rows) for name in METRICS})


def _text(score: ScoreSummary) -> str:
    if not score.count:
        return "-"
    return f"{score.mean:.3f}" + (f" ± {score.std:.3f}" if score.count > 1 else "")
