"""The feature baseline: logistic regression on degrees and triads of the training edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from forcelaw.signed.decoder import best_threshold
from forcelaw.signed.evaluation.settings import EVALUATION_SETTINGS, EvaluationSettings
from forcelaw.signed.features import DegreeFeatures
from forcelaw.signed.model import SignClassifier
from forcelaw.signed.network import SignedNetwork


@dataclass(frozen=True, eq=False)
class FittedRegression:
    """A pipeline of scikit-learn, and the features that it reads."""

    network: SignedNetwork
    threshold: float
    featurizer: DegreeFeatures
    model: Any


class FeatureBaseline(SignClassifier[FittedRegression]):
    """Logistic regression on `DegreeFeatures`, the method every other has to beat.

    Features are standardised; probabilities are those of the unweighted likelihood, so that they
    are calibrated; the decision threshold is the one of the largest macro-F1 in a cross-validation
    on the training edges (Leskovec, Huttenlocher & Kleinberg, WWW 2010, introduced the features).

    **Arguments:**

    - `reverse_sign`: also tells the opposite edge's sign (directed networks only).
    - `seed`: of the cross-validation folds.
    - `settings`: what decides beside the seed.

    **Attributes:** `fitted_`: what was learned.
    """

    PARAMETERS = ("reverse_sign", "seed", "settings")

    def __init__(
        self,
        *,
        reverse_sign: bool = False,
        seed: int = 0,
        settings: EvaluationSettings = EVALUATION_SETTINGS,
    ) -> None:
        self.reverse_sign = reverse_sign
        self.seed = seed
        self.settings = settings

    def fit(self, train_network: Any, y: Any = None) -> FeatureBaseline:
        """Learns from the training edges, each described without its own sign.

        **Raises** `InputError`: the training part has no edges of both signs.
        """
        from sklearn.model_selection import KFold, StratifiedKFold

        train_network = self._training_network(train_network, y)
        settings = self.settings
        features, most = (
            settings.fit.forces.views.features,
            settings.fit.decoder.logistic_iterations,
        )
        featurizer = DegreeFeatures.fit(train_network, features, reverse_sign=self.reverse_sign)
        values, sign = featurizer.transform(train_network.edges), train_network.sign
        rarest = int(min((sign > 0).sum(), (sign < 0).sum()))
        probability = np.full(len(sign), 0.5)
        if rarest >= 2:
            folds = StratifiedKFold(
                min(settings.folds, rarest), shuffle=True, random_state=self.seed
            )
        else:
            folds = KFold(2, shuffle=True, random_state=self.seed)
        for fit, hold in folds.split(values, sign):
            if abs(int(sign[fit].sum())) < len(fit):
                probability[hold] = (
                    _model(most).fit(values[fit], sign[fit]).predict_proba(values[hold])[:, 1]
                )
        self.fitted_ = FittedRegression(
            train_network,
            best_threshold(sign, probability),
            featurizer,
            _model(most).fit(values, sign),
        )
        return self

    @property
    def feature_names_(self) -> tuple[str, ...]:
        """Of the features."""
        return self._state().featurizer.names

    @property
    def coefficients_(self) -> Float[np.ndarray, " feature"]:
        """Weights of the standardised features."""
        return self._state().model[-1].coef_[0]

    def predict_proba(self, pairs: Any) -> Float[np.ndarray, "pair 2"]:
        """Probabilities of a negative and of a positive sign; `pairs` as of `SpringEmbedding`.

        **Raises** `InputError`: a pair that is none.
        """
        fitted = self._state()

        def positive(ends: Int[np.ndarray, "known 2"]) -> Float[np.ndarray, " known"]:
            return fitted.model.predict_proba(fitted.featurizer.transform(ends))[:, 1]

        return self._with_prior(pairs, positive)


def _model(most: int) -> Any:
    """The untrained pipeline, of so many Newton steps at most."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(
        StandardScaler(), LogisticRegression(solver="newton-cholesky", max_iter=most)
    )
