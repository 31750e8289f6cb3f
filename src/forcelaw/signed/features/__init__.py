"""What a training network says about a pair of nodes or about a node, as numbers."""

from forcelaw.signed.features.activity import activity_features, without_times
from forcelaw.signed.features.communities import DIRECTIONS, community_positions
from forcelaw.signed.features.degrees import FeatureTable, node_attributes, pair_features
from forcelaw.signed.features.neighbours import neighbour_features
from forcelaw.signed.features.ratings import rating_features
from forcelaw.signed.features.recency import recency_features
from forcelaw.signed.features.spectral import spectral_features
from forcelaw.signed.features.walks import node_effects, walk_features

__all__ = [
    "DIRECTIONS",
    "FeatureTable",
    "activity_features",
    "community_positions",
    "neighbour_features",
    "node_attributes",
    "node_effects",
    "pair_features",
    "rating_features",
    "recency_features",
    "spectral_features",
    "walk_features",
    "without_times",
]
