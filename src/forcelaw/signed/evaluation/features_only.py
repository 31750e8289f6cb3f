"""The decoder without any geometry: the method without its forces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int

from forcelaw.signed.decoder.ensemble import Ensemble
from forcelaw.signed.features import Featurizer
from forcelaw.signed.forces import PRESETS, Views, make_views
from forcelaw.signed.model import (
    APART,
    FIT_SETTINGS,
    FitSettings,
    SignClassifier,
    average_decoders,
    count_fold_choices,
    fold_counts,
)
from forcelaw.signed.network import SignedNetwork


@dataclass(frozen=True, eq=False)
class FittedDecoder:
    """A decoder of features, and the training network that these are fitted on."""

    network: SignedNetwork
    threshold: float
    featurizer: Featurizer
    ensemble: Ensemble


class FeaturesAlone(SignClassifier[FittedDecoder]):
    """The default preset's decoder, fitted on the same hidden pairs, blind to where nodes lie.

    Its features are those that the decoder of `SpringEmbedding` sees beside the geometry, so that
    the difference between the two is what the forces are worth.

    **Arguments:** `choices` of folds of a small network, at most, as of the preset;
    `settings` as of `SpringEmbedding`.

    **Attributes** after `fit`: `fitted_`.
    """

    PARAMETERS = ("seed", "choices", "settings")

    def __init__(
        self,
        *,
        seed: int = 0,
        choices: int = PRESETS["default"].choices,
        settings: FitSettings = FIT_SETTINGS,
    ) -> None:
        self.seed = seed
        self.choices = choices
        self.settings = settings

    def fit(
        self, train_network: Any, y: Any = None, *, views: Views | None = None
    ) -> FeaturesAlone:
        """Learns from the training signs; `views` of them, if they were already made.

        **Raises** `InputError` if the network has not edges of both signs.
        """
        train_network = self._training_network(train_network, y)
        preset, settings = PRESETS["default"], self.settings
        shown = settings.forces.views
        if views is None:
            counts = fold_counts(preset.folds, train_network.n_edges, settings)
            views = make_views(train_network, shown, seed=self.seed, **counts._asdict())

        every = [views]
        for number in range(1, count_fold_choices(train_network, self.choices, settings)):
            seed = self.seed + number * APART
            every.append(make_views(train_network, shown, folds=views.folds, seed=seed))
        ensemble, threshold = average_decoders(
            every,
            [each.hidden.feature for each in every],
            settings.decoder,
            trees=preset.features,
        )
        featurizer = Featurizer.fit(train_network, shown.features)
        self.fitted_ = FittedDecoder(train_network, threshold, featurizer, ensemble)
        return self

    def predict_proba(self, pairs: Any) -> Float[np.ndarray, "pair 2"]:
        """Probabilities of a negative and of a positive sign; `pairs` as of `SpringEmbedding`.

        **Raises** `InputError` for what is no pair.
        """
        fitted = self._state()

        def positive(ends: Int[np.ndarray, "known 2"]) -> Float[np.ndarray, " known"]:
            feature = jnp.asarray(fitted.featurizer.transform(ends), float)
            log_odds = eqx.filter_jit(fitted.ensemble)(feature)
            return np.asarray(jax.nn.sigmoid(log_odds), np.float64)

        return self._with_prior(pairs, positive)
