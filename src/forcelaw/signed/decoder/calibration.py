"""Probabilities of a decoder that was fitted elsewhere, set right on a network's own signs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.special import expit

from forcelaw.signed.decoder.settings import DECODER_SETTINGS, DecoderSettings


class Calibration(NamedTuple):
    """Slope and shift of the log-odds (Platt, Advances in Large Margin Classifiers, 1999)."""

    slope: float = 1.0
    shift: float = 0.0

    def probability(self, log_odds: Float[np.ndarray, " pair"]) -> Float[np.ndarray, " pair"]:
        """Of a positive sign."""
        return expit(self.slope * np.asarray(log_odds, np.float64) + self.shift)


def calibrate(
    log_odds: Float[np.ndarray, " pair"],
    positive: Float[np.ndarray, " pair"],
    settings: DecoderSettings = DECODER_SETTINGS,
) -> Calibration:
    """The calibration of largest likelihood, drawn a little towards none at all.

    **Arguments:** `positive` 1 for pairs of a positive sign, 0 for others; none of the pairs may
    have been fitted on where `log_odds` were computed.
    """
    ridge, furthest = settings.calibration_ridge, settings.furthest_log_odds
    x = np.clip(np.asarray(log_odds, np.float64), -furthest, furthest)
    design = np.stack([x, np.ones_like(x)], axis=1)
    neutral = np.array([1.0, 0.0])
    found = neutral
    # Newton's steps, halved as long as the penalised likelihood would fall.
    loss = _loss(design, positive, found - neutral, found, ridge)
    for _ in range(settings.calibration_iterations):
        guess = expit(design @ found)
        slope = design.T @ (positive - guess) - ridge * (found - neutral)
        curvature = (design * (guess * (1 - guess))[:, None]).T @ design + ridge * np.eye(2)
        step = np.linalg.solve(curvature, slope)
        while np.abs(step).max() > settings.calibration_tolerance:
            tried = _loss(design, positive, found + step - neutral, found + step, ridge)
            if tried <= loss:
                break
            step = step / 2
        else:
            break
        found, loss = found + step, tried
    return Calibration(float(found[0]), float(found[1]))


def _loss(
    design: np.ndarray, positive: np.ndarray, moved: np.ndarray, at: np.ndarray, ridge: float
) -> float:
    log_odds = design @ at
    likelihood = np.logaddexp(0, log_odds) - positive * log_odds
    return float(likelihood.sum() + 0.5 * ridge * moved @ moved)
