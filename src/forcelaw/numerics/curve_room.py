"""How much of an axis a curve needs that may diverge."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def room_of_curve(values: Float[np.ndarray, " point"]) -> tuple[float, float]:
    """Low and high between which most of a curve lies, and all of one that stays about as large.

    Values that are not finite are left out; of none it is -1 to 1.
    """
    held = np.sort(values[np.isfinite(values)])
    if not len(held):
        return -1.0, 1.0
    few = len(held) // 20
    low, high = held[few], held[-1 - few]
    beyond = 0.5 * (high - low) + 1e-300
    low, high = max(held[0], low - beyond), min(held[-1], high + beyond)
    return float(low - 0.1 * beyond), float(high + 0.1 * beyond)
