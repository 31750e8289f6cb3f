"""Ratings predicted with intervals, beside what predicts them elsewhere."""

from forcelaw.signed.ratings.evaluation import (
    METRICS,
    NAMES,
    RatingEvaluation,
    RatingScores,
    evaluate_ratings,
)
from forcelaw.signed.ratings.model import RatingModel, RatingPrediction
from forcelaw.signed.ratings.rated_pairs import RatedPairs, rate_pairs
from forcelaw.signed.ratings.settings import RATING_SETTINGS, RatingSettings

__all__ = [
    "METRICS",
    "NAMES",
    "RATING_SETTINGS",
    "RatedPairs",
    "RatingEvaluation",
    "RatingModel",
    "RatingPrediction",
    "RatingScores",
    "RatingSettings",
    "evaluate_ratings",
    "rate_pairs",
]
