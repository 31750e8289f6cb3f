"""Log-odds of a friend, as all features count them."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from forcelaw.signed.features.settings import FEATURE_SETTINGS, FeatureSettings


def log_odds(
    friends: Float[np.ndarray, "*row"] | Int[np.ndarray, "*row"],
    enemies: Float[np.ndarray, "*row"] | Int[np.ndarray, "*row"],
    settings: FeatureSettings = FEATURE_SETTINGS,
) -> Float[np.ndarray, "*row"]:
    """Of counts, smoothed by one earlier edge."""
    return np.log((friends + settings.prior_friends) / (enemies + settings.prior_enemies))


def overall_log_odds(
    sign: Int[np.ndarray, " edge"], settings: FeatureSettings = FEATURE_SETTINGS
) -> float:
    """Of all edges together, at most 99 to 1 either way; 0 without any."""
    rarest = settings.rarest_share
    share = np.clip(np.mean(sign > 0) if len(sign) else 0.5, rarest, 1 - rarest)
    return float(np.log(share / (1 - share)))
