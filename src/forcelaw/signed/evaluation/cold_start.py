"""How well pairs are predicted whose ends had an edge before, and those of newcomers, apart."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from forcelaw.signed.decoder import area_under_curve
from forcelaw.signed.splits import Split

_SEEN = {2: "both ends", 1: "one end", 0: "neither end"}
"""How many ends of an edge were in the training part, in words."""


def cold_start(parts: Split, probability: Float[np.ndarray, " pair"]) -> tuple[str, ...]:
    """One line of a forecast: its AUC by how many ends have an edge in the training part.

    **Arguments:** `probability` of a friend for each test pair, by one method. No line where
    nothing is forecast, or every end has an edge. Of pairs of two newcomers nothing is known,
    and nothing tells them apart.
    """
    ends = (parts.train.degree[np.asarray(parts.test.pairs)] > 0).sum(axis=1)
    if not parts.train.forecast or (ends == 2).all():
        return ()
    said = []
    for number, words in _SEEN.items():
        of = ends == number
        if not of.any():
            continue
        positive = parts.test.sign[of] > 0
        several = number > 0 and len(np.unique(positive)) == 2
        auc = f"AUC {area_under_curve(positive, probability[of]):.3f}, " if several else ""
        said.append(f"{words}: {auc}{of.mean():.0%} of the pairs")
    return ("seen in training: " + "; ".join(said),)
