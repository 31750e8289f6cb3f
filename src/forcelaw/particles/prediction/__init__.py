"""Motion that a law predicts, in distribution and beyond it."""

from forcelaw.particles.prediction.crowd_rollouts import predict_crowd
from forcelaw.particles.prediction.extrapolation import extrapolation_samples, find_true_law
from forcelaw.particles.prediction.rollouts import (
    FoundFormula,
    Predictor,
    Rollout,
    predict_motion,
)
from forcelaw.particles.prediction.settings import PREDICTION, PredictionSettings
from forcelaw.particles.prediction.shown_motion import ShownMotion

__all__ = [
    "PREDICTION",
    "FoundFormula",
    "PredictionSettings",
    "Predictor",
    "Rollout",
    "ShownMotion",
    "extrapolation_samples",
    "find_true_law",
    "predict_crowd",
    "predict_motion",
]
