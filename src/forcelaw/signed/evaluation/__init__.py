"""Baselines, the comparison on held-out signs, and predictions for files."""

from forcelaw.signed.evaluation.baseline import FeatureBaseline
from forcelaw.signed.evaluation.spectral_baseline import SpectralBaseline

__all__ = ["FeatureBaseline", "SpectralBaseline"]
