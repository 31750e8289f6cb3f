"""Whether springs have learned: by signs that were kept out of their training."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float
from scipy.stats import mannwhitneyu

from forcelaw.documents import ParsedObject
from forcelaw.signed.decoder import area_under_curve
from forcelaw.signed.forces.objective import GUESS
from forcelaw.signed.forces.settings import TRAINING_SETTINGS, TrainingSettings
from forcelaw.signed.forces.views import HiddenPairs, Views
from forcelaw.signed.network import pair_keys
from forcelaw.storage import Record
from forcelaw.training import Epoch


@dataclass(frozen=True)
class Springs(Record):
    """What the positions tell of signs that had no part in them."""

    learned: bool
    """Whether friends lie nearer than enemies, more than chance would have it."""
    auc: float
    """Chance that a hidden friend is nearer than a hidden enemy, ties half; nan without both."""

    @classmethod
    def from_json(cls, document: ParsedObject) -> Springs:
        """What `to_json` wrote."""
        auc = document["auc"]
        return cls(bool(document["learned"]), math.nan if auc is None else float(auc))

    def beats(self, other: Springs) -> bool:
        """Whether these are the better ones."""
        if self.learned != other.learned:
            return self.learned
        return self.auc > other.auc or math.isnan(other.auc) > math.isnan(self.auc)


def keep_out(
    views: Views, part: int, seed: int, settings: TrainingSettings = TRAINING_SETTINGS
) -> tuple[Views, Bool[np.ndarray, "fold pair"]]:
    """Views that train on all hidden pairs but those of one part, and which pairs these are.

    A pair's part is the same in every choice of folds; both directions of a pair share it. So few
    pairs that training would be left without one are not kept out of it.
    """
    weight, ends = np.asarray(views.hidden.weight), np.sort(np.asarray(views.hidden.ends), axis=-1)
    present = weight > 0
    keys, which = np.unique(pair_keys(ends[present], views.graph.nodes), return_inverse=True)
    parts = np.random.default_rng(seed).permutation(len(keys)) % settings.parts
    kept_out = np.zeros(weight.shape, bool)
    kept_out[present] = (parts == part % settings.parts)[which]
    shown = np.where(kept_out, 0, weight)
    if not shown.any():
        return views, np.zeros_like(kept_out)
    shown = jnp.asarray(shown, views.hidden.weight.dtype)
    return eqx.tree_at(lambda tree: tree.hidden.weight, views, shown), kept_out


def loss_tells(trainings: Sequence[Sequence[Epoch]], objective: str) -> bool:
    """Whether forces ended below the loss of a guess, in the mean over their trainings."""
    lowest = [min(epoch.metrics["loss"] for epoch in history) for history in trainings]
    return float(np.mean(lowest)) < GUESS[objective]


def judge(
    distance: Float[np.ndarray, "fold pair"],
    hidden: HiddenPairs,
    settings: TrainingSettings = TRAINING_SETTINGS,
) -> Springs:
    """Springs of a law that was trained elsewhere, by the hidden pairs of each fold."""
    present = np.asarray(hidden.weight) > 0
    positive = np.asarray(hidden.positive)[present] > 0
    return judge_pairs(np.asarray(distance)[present], positive, settings=settings)


def judge_pairs(
    distance: Float[np.ndarray, " pair"],
    positive: Bool[np.ndarray, " pair"],
    *,
    below_guess: bool = True,
    settings: TrainingSettings = TRAINING_SETTINGS,
) -> Springs:
    """Springs that brought pairs to these distances whose signs they were not trained on.

    **Arguments:** `below_guess` whether their loss is below that of a guess.

    The test is that of Mann and Whitney, Annals of Mathematical Statistics 18(1), 1947.
    """
    if positive.all() or not positive.any():
        return Springs(False, math.nan)
    auc = area_under_curve(positive, -distance)
    chance = mannwhitneyu(distance[positive], distance[~positive], alternative="less").pvalue
    return Springs(below_guess and bool(chance < settings.significance), auc)
