"""All features of pairs beside the geometry: fitted once on a training network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from forcelaw.signed.features.abstract_features import AbstractPairFeatures, FeatureGroup
from forcelaw.signed.features.activity import ActivityFeatures
from forcelaw.signed.features.degrees import DegreeFeatures
from forcelaw.signed.features.neighbours import NeighbourFeatures
from forcelaw.signed.features.node_effects import NodeEffects
from forcelaw.signed.features.ratings import RatingFeatures
from forcelaw.signed.features.recency import RecencyFeatures
from forcelaw.signed.features.settings import FEATURE_SETTINGS, FeatureSettings
from forcelaw.signed.features.spectral import SpectralFeatures
from forcelaw.signed.features.walks import WalkFeatures
from forcelaw.signed.network import SignedNetwork


@dataclass(frozen=True, eq=False)
class Featurizer(AbstractPairFeatures):
    """What a decoder reads beside the geometry; node effects are computed once for all groups.

    Degrees and triads (with the opposite edge's sign if directed), walks, node effects and
    ratings; for a forecast recent ratings and neighbours too, and otherwise eigenvectors, and
    activity windows if edges have times.
    """

    groups: tuple[AbstractPairFeatures, ...]
    """In the order of their columns."""
    walks: WalkFeatures
    """One of them: the forces read it too."""

    @classmethod
    def fit(
        cls,
        network: SignedNetwork,
        settings: FeatureSettings = FEATURE_SETTINGS,
        *,
        walks: WalkFeatures | None = None,
    ) -> Featurizer:
        """From the signs, ratings and times of a training network.

        **Arguments:** `walks` of the network, if they were fitted already.
        """
        effects = NodeEffects.fit(network, settings)
        walks = WalkFeatures.fit(network, settings) if walks is None else walks
        ratings = RatingFeatures.fit(network, settings, effects=effects)
        groups: list[AbstractPairFeatures] = [
            DegreeFeatures.fit(network, settings, reverse_sign=network.directed),
            walks,
            effects,
            ratings,
        ]
        if network.forecast:
            groups.append(RecencyFeatures.fit(network, settings))
            groups.append(NeighbourFeatures.fit(network, settings, effects=effects))
        else:
            groups.append(SpectralFeatures.fit(network, settings, effects=effects))
            if network.time is not None:
                groups.append(ActivityFeatures.fit(network, settings, ratings=ratings))
        return cls(tuple(groups), walks)

    @property
    def names(self) -> tuple[str, ...]:
        """See `AbstractPairFeatures`."""
        return tuple(name for group in self.groups for name in group.names)

    @property
    def subjects(self) -> tuple[FeatureGroup, ...]:
        """See `AbstractPairFeatures`."""
        return tuple(subject for group in self.groups for subject in group.subjects)

    def transform(
        self,
        pairs: Int[np.ndarray, "pair 2"],
        *,
        walks: Float[np.ndarray, "pair walk"] | None = None,
    ) -> Float[np.ndarray, "pair column"]:
        """**Arguments:** `walks` those of the pairs, if they are known already."""
        columns = [
            walks if group is self.walks and walks is not None else group.transform(pairs)
            for group in self.groups
        ]
        return np.concatenate(columns, axis=1)
