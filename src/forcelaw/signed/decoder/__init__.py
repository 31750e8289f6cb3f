"""From geometry and features to the probability of a sign, and metrics of it."""

from forcelaw.signed.decoder.calibration import Calibration, calibrate
from forcelaw.signed.decoder.logistic import RIDGES
from forcelaw.signed.decoder.metrics import (
    Reliability,
    ScoreSummary,
    area_under_curve,
    best_threshold,
    reliability,
    scores,
    signs_from_probabilities,
    summary,
)

__all__ = [
    "RIDGES",
    "Calibration",
    "Reliability",
    "ScoreSummary",
    "area_under_curve",
    "best_threshold",
    "calibrate",
    "reliability",
    "scores",
    "signs_from_probabilities",
    "summary",
]
