"""The decoder without any geometry: what is left of the method when the forces are taken away."""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int

from forcelaw.signed.features import Featurizer
from forcelaw.signed.forces import PRESETS, Views, make_views
from forcelaw.signed.model import APART, average_decoders, count_fold_choices, fold_count
from forcelaw.signed.network import SignedNetwork, known_indices
from forcelaw.signed.splits import check_trainable


class FeaturesAlone:
    """The default preset's decoder, fitted on the same hidden pairs, blind to where nodes lie.

    Its features are those that the decoder of `SpringEmbedding` sees beside the geometry, so that
    the difference between the two is what the forces are worth.

    **Arguments:** `choices` of folds of a small network, at most, as of the preset.

    **Attributes** after `fit`: `threshold_`, as of `SpringEmbedding`.
    """

    def __init__(self, *, seed: int = 0, choices: int = PRESETS["default"].choices) -> None:
        self.seed = seed
        self.choices = choices
        self.classes_ = np.array([-1, 1])

    def fit(self, train: SignedNetwork, *, views: Views | None = None) -> FeaturesAlone:
        """Learns from the training signs; `views` of them, if they were already made.

        **Raises** `InputError` if the network has not edges of both signs.
        """
        check_trainable(train)
        preset = PRESETS["default"]
        if views is None:
            folds = fold_count(preset.folds, train.n_edges)
            views = make_views(train, folds=folds, seed=self.seed)

        every = [views]
        for number in range(1, count_fold_choices(train, self.choices)):
            seed = self.seed + number * APART
            every.append(make_views(train, folds=views.folds, seed=seed))
        self._ensemble, self.threshold_ = average_decoders(
            every, [each.hidden.feature for each in every], trees=preset.features
        )
        self._train, self._featurizer = train, Featurizer.fit(train)
        return self

    def predict_proba(self, pairs: Any) -> Float[np.ndarray, "pair 2"]:
        """Probabilities of a negative and of a positive sign; `pairs` as of `SpringEmbedding`.

        **Raises** `InputError` for what is no pair of nodes of the network.
        """
        pairs = known_indices(self._train, pairs)
        feature = jnp.asarray(self._featurizer.transform(pairs), float)
        log_odds = eqx.filter_jit(self._ensemble)(feature)
        positive = np.asarray(jax.nn.sigmoid(log_odds), np.float64)
        return np.stack([1 - positive, positive], axis=1)

    def predict(self, pairs: Any) -> Int[np.ndarray, " pair"]:
        """Signs, +1 from `threshold_` on."""
        return np.where(self.predict_proba(pairs)[:, 1] >= self.threshold_, 1, -1).astype(np.int8)
