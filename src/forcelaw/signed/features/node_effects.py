"""How readily each node makes friends, as a source and as a target of edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy.special import expit

from forcelaw.signed.features.abstract_features import AbstractPairFeatures, FeatureGroup
from forcelaw.signed.features.settings import FEATURE_SETTINGS, FeatureSettings
from forcelaw.signed.features.smoothed_log_odds import overall_log_odds
from forcelaw.signed.network import SignedNetwork


@dataclass(frozen=True, eq=False)
class NodeEffects(AbstractPairFeatures):
    """How much each node shifts the log-odds of a friend; of a pair the effects of both ends.

    Of an unordered pair the smaller one comes first.
    """

    source: Float[np.ndarray, " node"]
    target: Float[np.ndarray, " node"]
    """The same in an undirected network."""
    directed: bool

    @classmethod
    def fit(
        cls, network: SignedNetwork, settings: FeatureSettings = FEATURE_SETTINGS
    ) -> NodeEffects:
        """A logistic regression on node indicators with a ridge (Rasch, 1960; Zermelo, 1929).

        Unlike the share of friends the effects take into account how readily the other ends make
        friends. Solved by damped diagonal Newton steps.
        """
        n, s, t = network.n_nodes, network.source, network.target
        positive = (network.sign > 0).astype(np.float64)
        base = overall_log_odds(network.sign, settings)

        def step(effect: np.ndarray, slope: np.ndarray, curvature: np.ndarray) -> np.ndarray:
            ridge = settings.effect_ridge
            return effect + settings.effect_step * (slope - ridge * effect) / (curvature + ridge)

        source, target = np.zeros(n), np.zeros(n)
        for _ in range(settings.effect_iterations):
            guess = expit(source[s] + target[t] + base)
            excess, spread = positive - guess, guess * (1 - guess)
            by_source = np.bincount(s, excess, n), np.bincount(s, spread, n)
            by_target = np.bincount(t, excess, n), np.bincount(t, spread, n)
            if network.directed:
                source, target = step(source, *by_source), step(target, *by_target)
            else:
                source = step(source, by_source[0] + by_target[0], by_source[1] + by_target[1])
                target = source
        return cls(source, target, network.directed)

    @property
    def names(self) -> tuple[str, ...]:
        """See `AbstractPairFeatures`."""
        return tuple(
            f"effect_{end}" for end in (("source", "target") if self.directed else ("low", "high"))
        )

    @property
    def subjects(self) -> tuple[FeatureGroup, ...]:
        """See `AbstractPairFeatures`."""
        return ("sender", "receiver") if self.directed else ("ends", "ends")

    def transform(self, pairs: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, "pair 2"]:
        """Log-odds."""
        both = np.stack([self.source[pairs[:, 0]], self.target[pairs[:, 1]]], axis=1)
        return both if self.directed else np.sort(both, axis=1)
