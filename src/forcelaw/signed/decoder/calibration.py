"""Probabilities of a decoder that was fitted elsewhere, set right on a network's own signs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

RIDGE = 4.0
"""How many pairs' worth of trust the decoder has as it came."""
ITERATIONS = 50
FURTHEST = 20.0


class Calibration(NamedTuple):
    """Slope and shift of the log-odds (Platt, Advances in Large Margin Classifiers, 1999)."""

    slope: float = 1.0
    shift: float = 0.0

    def probability(self, log_odds: Float[np.ndarray, " pair"]) -> Float[np.ndarray, " pair"]:
        """Of a positive sign."""
        moved = np.clip(self.slope * np.asarray(log_odds, np.float64) + self.shift, -500, 500)
        return 1 / (1 + np.exp(-moved))


def calibrate(
    log_odds: Float[np.ndarray, " pair"], positive: Float[np.ndarray, " pair"]
) -> Calibration:
    """The calibration of largest likelihood, drawn a little towards none at all.

    **Arguments:** `positive` 1 for pairs of a positive sign, 0 for others; none of the pairs may
    have been fitted on where `log_odds` were computed.
    """
    x = np.clip(np.asarray(log_odds, np.float64), -FURTHEST, FURTHEST)
    design = np.stack([x, np.ones_like(x)], axis=1)
    neutral = np.array([1.0, 0.0])
    found = neutral
    # Newton's steps, halved as long as the penalised likelihood would fall.
    loss = _loss(design, positive, found - neutral, found)
    for _ in range(ITERATIONS):
        guess = 1 / (1 + np.exp(-design @ found))
        slope = design.T @ (positive - guess) - RIDGE * (found - neutral)
        curvature = (design * (guess * (1 - guess))[:, None]).T @ design + RIDGE * np.eye(2)
        step = np.linalg.solve(curvature, slope)
        while np.abs(step).max() > 1e-10:
            tried = _loss(design, positive, found + step - neutral, found + step)
            if tried <= loss:
                break
            step = step / 2
        else:
            break
        found, loss = found + step, tried
    return Calibration(float(found[0]), float(found[1]))


def _loss(design: np.ndarray, positive: np.ndarray, moved: np.ndarray, at: np.ndarray) -> float:
    log_odds = design @ at
    likelihood = np.logaddexp(0, log_odds) - positive * log_odds
    return float(likelihood.sum() + 0.5 * RIDGE * moved @ moved)
