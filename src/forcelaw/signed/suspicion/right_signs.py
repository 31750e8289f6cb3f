"""Learning right signs from signs of which some are wrong.

Three things withstand wrong signs. Who is joined to whom tells of factions whatever the signs
(`forcelaw.signed.grouping.JoinedFactions`): how far that counts beside the features is learned on
hidden signs. Where every sign is flipped with the same probability, no sign is told with more
certainty than that allows: so the most certain predictions of hidden signs bound the share of wrong
ones (Liu & Tao, Classification with noisy labels by importance reweighting, IEEE TPAMI 38, 2016).
With that share, probabilities of given signs are turned into those of right ones (Natarajan and
others, Learning with noisy labels, NeurIPS 2013), and the threshold is the best for these.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, NamedTuple

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int
from scipy.special import expit

from forcelaw.signed.decoder import expected_threshold
from forcelaw.signed.decoder.ensemble import (
    Ensemble,
    choose_simplest,
    fit_ensemble,
    log_loss,
)
from forcelaw.signed.features import Featurizer
from forcelaw.signed.forces import PRESETS, make_views
from forcelaw.signed.grouping import JoinedFactions
from forcelaw.signed.model import APART, SignClassifier, count_fold_choices, fold_counts
from forcelaw.signed.model.averaging import average_ensembles
from forcelaw.signed.model.cross_fitting import make_examples
from forcelaw.signed.network import SignedNetwork
from forcelaw.signed.splits import make_folds
from forcelaw.signed.suspicion.settings import RIGHT_SIGNS_SETTINGS, RightSignsSettings


@dataclass(frozen=True, eq=False)
class FittedRightSigns:
    """What tells right signs, and the training network that it reads."""

    network: SignedNetwork
    threshold: float
    wrong_share: float
    """Of the training signs, as estimated."""
    featurizer: Featurizer
    ensemble: Ensemble
    factions: JoinedFactions
    weight: Float[np.ndarray, "2"]
    """Of the log-odds by features and of those by factions."""
    bias: float


class Hidden(NamedTuple):
    """Log-odds of training signs while they were hidden; nan of those that never were."""

    features: Float[np.ndarray, " edge"]
    factions: Float[np.ndarray, "groups edge"]
    """By each number of factions."""


class RightSigns(SignClassifier[FittedRightSigns]):
    """Tells the right signs of pairs, learned from signs of which a share is wrong.

    Signs are taken to be flipped independently of all else. Where none is, it tells about the same
    as the decoder without forces, `FeaturesAlone`. Uncertainty that lies in the network itself can
    be taken for wrong signs: so it is for networks some of whose signs are known to be wrong.

    **Arguments:** `settings`: what decides beside the seed.

    **Attributes** after `fit`: `fitted_`, `wrong_share_`.
    """

    PARAMETERS = ("seed", "settings")

    def __init__(
        self, *, seed: int = 0, settings: RightSignsSettings = RIGHT_SIGNS_SETTINGS
    ) -> None:
        self.seed = seed
        self.settings = settings

    def fit(self, train_network: Any, y: Any = None) -> RightSigns:
        """Learns from the training signs.

        **Raises** `InputError` if the network has not edges of both signs.
        """
        # Right signs are told from all others, the later ones too.
        network = dataclasses.replace(self._training_network(train_network, y), forecast=False)
        settings = self.settings
        ensemble, hidden = _hide(network, self.seed, settings)
        seen = ~np.isnan(hidden.features)
        positive = network.sign[seen] > 0
        models = [
            _combine(np.stack([hidden.features, column], axis=1)[seen], positive)
            for column in hidden.factions
        ]
        losses = [log_loss(log_odds, positive) for _, _, log_odds in models]
        best = choose_simplest(np.stack(losses))
        weight, bias, log_odds = models[best]
        given = expit(log_odds)
        wrong = share_of_wrong(given, settings)
        groups = settings.groups[best]
        chosen = settings.fit.forces.views.features
        self.fitted_ = FittedRightSigns(
            network,
            expected_threshold(right_probability(given, wrong)),
            wrong,
            Featurizer.fit(network, chosen),
            ensemble,
            JoinedFactions.fit(network, groups, seed=self.seed, settings=settings.factions),
            weight,
            bias,
        )
        return self

    @property
    def wrong_share_(self) -> float:
        """The share of wrong training signs, as estimated."""
        return self._state().wrong_share

    def predict_proba(self, pairs: Any) -> Float[np.ndarray, "pair 2"]:
        """Probabilities that the right sign is negative and positive.

        `pairs` as of `SpringEmbedding`. **Raises** `InputError` for what is no pair.
        """
        fitted = self._state()

        def positive(ends: Int[np.ndarray, "known 2"]) -> Float[np.ndarray, " known"]:
            feature = jnp.asarray(fitted.featurizer.transform(ends), float)
            by_features = np.asarray(eqx.filter_jit(fitted.ensemble)(feature), np.float64)
            both = np.stack([by_features, fitted.factions.log_odds(ends)], axis=1)
            return right_probability(expit(both @ fitted.weight + fitted.bias), fitted.wrong_share)

        return self._with_prior(pairs, positive)


def share_of_wrong(
    given: Float[np.ndarray, " edge"], settings: RightSignsSettings = RIGHT_SIGNS_SETTINGS
) -> float:
    """The largest share of flipped signs that so certain predictions of given signs allow.

    **Arguments:** `given` probabilities of positive signs, of signs that were hidden.
    """
    ordered = np.sort(given)
    count = min(len(given), max(settings.fewest_certain, int(settings.certain * len(given))))
    found = min(1 - ordered[-count:].mean(), ordered[:count].mean())
    return float(np.clip(found, 0, settings.most_wrong))


def right_probability(
    given: Float[np.ndarray, " pair"], wrong: float
) -> Float[np.ndarray, " pair"]:
    """Of a positive right sign, from that of a positive given one and the share of wrong signs."""
    return np.clip((given - wrong) / (1 - 2 * wrong), 0, 1)


def _hide(
    network: SignedNetwork, seed: int, settings: RightSignsSettings
) -> tuple[Ensemble, Hidden]:
    """The decoder of features, and log-odds of every sign that was hidden."""
    preset, fit = PRESETS["default"], settings.fit
    shown, edges = fit.forces.views, network.n_edges
    counts = fold_counts(preset.folds, edges, fit)
    choices = count_fold_choices(network, settings.choices, fit)
    features, factions = np.zeros(edges), np.zeros((len(settings.groups), edges))
    seen, ensembles = np.zeros(edges, np.int64), []
    for number in range(choices):
        own = seed + number * APART
        views = make_views(network, shown, seed=own, **counts._asdict())
        examples = make_examples(views, views.hidden.feature, fit.decoder)
        ensemble, log_odds = fit_ensemble(examples, fit.decoder, trees=preset.features)
        ensembles.append(ensemble)
        folds = make_folds(network, counts.folds, own, shown.folds, hidden=counts.hidden)
        rows = np.concatenate([np.flatnonzero(fold.hidden) for fold in folds])
        present = np.asarray(examples.present) > 0
        features[rows] += np.asarray(log_odds, np.float64)[present]
        seen[rows] += 1
        for fold in folds:
            visible, ends = network.subset(fold.visible), np.asarray(network.edges[fold.hidden])
            for at, groups in enumerate(settings.groups):
                found = JoinedFactions.fit(visible, groups, seed=own, settings=settings.factions)
                factions[at, fold.hidden] += found.log_odds(ends)
    with np.errstate(invalid="ignore"):
        return average_ensembles(ensembles), Hidden(features / seen, factions / seen)


def _combine(
    log_odds: Float[np.ndarray, "edge 2"], positive: np.ndarray
) -> tuple[Float[np.ndarray, "2"], float, Float[np.ndarray, " edge"]]:
    """Weights and bias of a logistic regression on two log-odds, and what it says."""
    from sklearn.linear_model import LogisticRegression

    model: Any = LogisticRegression(solver="newton-cholesky").fit(log_odds, positive)
    return model.coef_[0], float(model.intercept_[0]), model.decision_function(log_odds)
