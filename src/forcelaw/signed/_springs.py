"""Whether springs have learned: by signs that were hidden from them."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float
from scipy.stats import mannwhitneyu

from ._objective import GUESS
from ._scores import area_under_curve
from ._views import HiddenPairs

CHANCE = 0.005
"""Of places that say nothing, the share that pass for learned ones."""


class Springs(NamedTuple):
    """What the places say about signs that were hidden while the nodes moved there."""

    learned: bool
    """Whether friends lie nearer than enemies, more than chance would have it."""
    auc: float
    """Chance that a hidden friend is nearer than a hidden enemy, ties half; nan without both."""

    def document(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {"learned": self.learned, "auc": None if math.isnan(self.auc) else self.auc}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Springs:
        """What `document` wrote."""
        auc = document["auc"]
        return cls(bool(document["learned"]), math.nan if auc is None else float(auc))

    def beats(self, other: Springs) -> bool:
        """Whether these are the better ones."""
        if self.learned != other.learned:
            return self.learned
        return self.auc > other.auc or math.isnan(other.auc) > math.isnan(self.auc)


def judge(
    distance: Float[np.ndarray, "fold pair"],
    hidden: HiddenPairs,
    loss: float = 0.0,
    objective: str = "log-loss",
) -> Springs:
    """Springs that brought the hidden pairs of each fold to these distances.

    **Arguments:** `loss` of the forces, which for springs that learned is below that of a guess.
    """
    present = np.asarray(hidden.weight) > 0
    return judge_pairs(
        np.asarray(distance)[present],
        np.asarray(hidden.positive)[present] > 0,
        below_guess=loss < GUESS[objective],
    )


def judge_pairs(
    distance: Float[np.ndarray, " pair"], positive: Bool[np.ndarray, " pair"], *, below_guess: bool
) -> Springs:
    """Springs that brought hidden pairs to these distances.

    The test is that of Mann and Whitney, Annals of Mathematical Statistics 18(1), 1947.
    """
    if positive.all() or not positive.any():
        return Springs(False, math.nan)
    auc = area_under_curve(positive, -distance)
    chance = mannwhitneyu(distance[positive], distance[~positive], alternative="less").pvalue
    return Springs(below_guess and bool(chance < CHANCE), auc)
