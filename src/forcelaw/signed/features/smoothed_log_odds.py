"""Log-odds of a friend, as all features count them."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

PRIOR_FRIENDS, PRIOR_ENEMIES = 0.9, 0.1
"""One earlier edge, positive to the share usual in signed networks."""
DIGITS = 9
"""Rounding of features, so that equal nodes are not told apart by the last bits of a sum."""


def log_odds(
    friends: Float[np.ndarray, "*row"] | Int[np.ndarray, "*row"],
    enemies: Float[np.ndarray, "*row"] | Int[np.ndarray, "*row"],
) -> Float[np.ndarray, "*row"]:
    """Of counts, smoothed by one earlier edge."""
    return np.log((friends + PRIOR_FRIENDS) / (enemies + PRIOR_ENEMIES))


def overall_log_odds(sign: Int[np.ndarray, " edge"]) -> float:
    """Of all edges together, at most 99 to 1 either way; 0 without any."""
    share = np.clip(np.mean(sign > 0) if len(sign) else 0.5, 0.01, 0.99)
    return float(np.log(share / (1 - share)))
