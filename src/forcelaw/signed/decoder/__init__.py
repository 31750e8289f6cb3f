"""From geometry and features to the probability of a sign, and metrics of it."""

from forcelaw.signed.decoder.calibration import Calibration, calibrate
from forcelaw.signed.decoder.metrics import (
    Reliability,
    ScoreSummary,
    area_under_curve,
    best_threshold,
    expected_threshold,
    reliability,
    scores,
    signs_from_probabilities,
    summary,
)
from forcelaw.signed.decoder.settings import DECODER_SETTINGS, DecoderSettings

__all__ = [
    "DECODER_SETTINGS",
    "Calibration",
    "DecoderSettings",
    "Reliability",
    "ScoreSummary",
    "area_under_curve",
    "best_threshold",
    "calibrate",
    "expected_threshold",
    "reliability",
    "scores",
    "signs_from_probabilities",
    "summary",
]
