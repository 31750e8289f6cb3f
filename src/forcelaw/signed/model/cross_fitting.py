"""Cross-fitting: how many folds, and the decoder fitted on the hidden pairs of all."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from forcelaw.signed.decoder import DECODER_SETTINGS, DecoderSettings, best_threshold
from forcelaw.signed.decoder.ensemble import Ensemble, Examples, fit_ensemble
from forcelaw.signed.forces import Views
from forcelaw.signed.model.settings import FIT_SETTINGS, FitSettings


class FoldCounts(NamedTuple):
    """Folds that the signs are divided into, and how many of them are hidden in turn."""

    folds: int
    hidden: int


def fold_counts(wanted: int, edges: int, settings: FitSettings = FIT_SETTINGS) -> FoldCounts:
    """Of a large network fewer are hidden: each has examples enough and costs a view.

    Their size stays, so that a view lacks no more of the signs than it would in a small network:
    the fewer are missing, the more alike are what is learned from and what is predicted from
    (benchmarks/results/speed/signed_at_scale.md).
    """
    folds = max(1, min(wanted, edges))
    return FoldCounts(
        folds, min(folds, max(settings.fewest_folds, settings.edges_of_views // edges))
    )


def fit_decoder(
    views: Views,
    columns: Float[Array, "fold pair column"],
    settings: DecoderSettings = DECODER_SETTINGS,
    *,
    trees: bool,
) -> tuple[Ensemble, float]:
    """The decoder of the hidden pairs of all folds, and its threshold.

    **Arguments:** `columns` of each hidden pair; `trees` whether the decoder has any.

    **Returns** the ensemble, and the probability from which a sign is called positive: that of
    the largest macro-F1 when every pair is judged by the member that was not fitted on it.
    """
    examples = make_examples(views, columns, settings)
    ensemble, log_odds = fit_ensemble(examples, settings, trees=trees)
    present = np.asarray(examples.present) > 0
    sign = np.where(np.asarray(examples.positive) > 0, 1, -1)[present]
    probability = np.asarray(jax.nn.sigmoid(log_odds), np.float64)[present]
    return ensemble, best_threshold(sign, probability)


def make_examples(
    views: Views,
    columns: Float[Array, "fold pair column"],
    settings: DecoderSettings = DECODER_SETTINGS,
) -> Examples:
    """Every hidden pair of every fold as one row."""
    hidden = views.hidden
    members = min(settings.members, views.folds)
    fold = jnp.repeat(jnp.arange(views.folds), hidden.weight.shape[1])
    return Examples(
        feature=columns.reshape(-1, columns.shape[-1]),
        positive=hidden.positive.reshape(-1),
        present=(hidden.weight.reshape(-1) > 0).astype(columns.dtype),
        member=fold % members,
        members=members,
    )
