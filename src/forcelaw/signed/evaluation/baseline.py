"""The feature baseline: logistic regression on degrees and triads of the training edges."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float, Int

from forcelaw.signed.decoder import best_threshold
from forcelaw.signed.features import DegreeFeatures
from forcelaw.signed.network import SignedNetwork, known_indices
from forcelaw.signed.splits import check_trainable

FOLDS = 5


class FeatureBaseline:
    """Logistic regression on `DegreeFeatures`, the method every other has to beat.

    Features are standardised; probabilities are those of the unweighted likelihood, so that they
    are calibrated; the decision threshold is the one of the largest macro-F1 in a cross-validation
    on the training edges (Leskovec, Huttenlocher & Kleinberg, WWW 2010, introduced the features).

    Args:
        reverse_sign: also tells the opposite edge's sign (directed networks only).
        seed: of the cross-validation folds.

    Attributes:
        classes_: -1 and +1, the order of the columns of `predict_proba`.
        threshold_: probability from which a pair is called positive.
        feature_names_, coefficients_: names and weights of the standardised features.
    """

    def __init__(self, *, reverse_sign: bool = False, seed: int = 0) -> None:
        self.reverse_sign = reverse_sign
        self.seed = seed
        self.classes_ = np.array([-1, 1])

    def fit(self, train: SignedNetwork) -> FeatureBaseline:
        """Learns from the training edges, each described without its own sign.

        Raises:
            InputError: the training part has no edges of both signs.
        """
        from sklearn.model_selection import KFold, StratifiedKFold

        check_trainable(train)
        featurizer = DegreeFeatures.fit(train, reverse_sign=self.reverse_sign)
        values, sign = featurizer.transform(train.edges), train.sign
        rarest = int(min((sign > 0).sum(), (sign < 0).sum()))
        probability = np.full(len(sign), 0.5)
        if rarest >= 2:
            folds = StratifiedKFold(min(FOLDS, rarest), shuffle=True, random_state=self.seed)
        else:
            folds = KFold(2, shuffle=True, random_state=self.seed)
        for fit, hold in folds.split(values, sign):
            if abs(int(sign[fit].sum())) < len(fit):
                probability[hold] = (
                    _model().fit(values[fit], sign[fit]).predict_proba(values[hold])[:, 1]
                )
        self.threshold_ = best_threshold(sign, probability)
        self._train, self._featurizer = train, featurizer
        self._model = _model().fit(values, sign)
        self.feature_names_ = featurizer.names
        self.coefficients_ = self._model[-1].coef_[0]
        return self

    def predict_proba(self, pairs: Any) -> Float[np.ndarray, "pair 2"]:
        """Probabilities of a negative and of a positive sign; `pairs` as of `SpringEmbedding`.

        Raises:
            InputError: a pair that is none, or has a node that the network does not have.
        """
        pairs = known_indices(self._train, pairs)
        if not len(pairs):
            return np.empty((0, 2))
        return self._model.predict_proba(self._featurizer.transform(pairs))

    def predict(self, pairs: Any) -> Int[np.ndarray, " pair"]:
        """Signs, +1 from `threshold_` on."""
        return np.where(self.predict_proba(pairs)[:, 1] >= self.threshold_, 1, -1).astype(np.int8)


def _model() -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(
        StandardScaler(), LogisticRegression(solver="newton-cholesky", max_iter=200)
    )
