"""Features of pairs and of nodes, fitted once on a training network."""

from forcelaw.signed.features.abstract_features import AbstractPairFeatures, FeatureGroup
from forcelaw.signed.features.activity import ActivityFeatures, without_times
from forcelaw.signed.features.degrees import (
    DegreeFeatures,
    FeatureTable,
    node_attributes,
    pair_features,
)
from forcelaw.signed.features.featurizer import Featurizer
from forcelaw.signed.features.neighbours import NeighbourFeatures
from forcelaw.signed.features.node_effects import NodeEffects
from forcelaw.signed.features.ratings import RatingFeatures
from forcelaw.signed.features.recency import RecencyFeatures
from forcelaw.signed.features.settings import FEATURE_SETTINGS, FeatureSettings
from forcelaw.signed.features.spectral import SpectralFeatures
from forcelaw.signed.features.walks import WalkFeatures, walks_of_all

__all__ = [
    "FEATURE_SETTINGS",
    "AbstractPairFeatures",
    "ActivityFeatures",
    "DegreeFeatures",
    "FeatureGroup",
    "FeatureSettings",
    "FeatureTable",
    "Featurizer",
    "NeighbourFeatures",
    "NodeEffects",
    "RatingFeatures",
    "RecencyFeatures",
    "SpectralFeatures",
    "WalkFeatures",
    "node_attributes",
    "pair_features",
    "walks_of_all",
    "without_times",
]
