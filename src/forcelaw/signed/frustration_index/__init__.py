"""The fewest signs that two groups contradict: searched for, and bounded from below."""

from forcelaw.signed.frustration_index.annealing import colour_classes
from forcelaw.signed.frustration_index.bounds import Bounds
from forcelaw.signed.frustration_index.coupled_graph import CoupledGraph
from forcelaw.signed.frustration_index.cycle_packing import pack_cycles
from forcelaw.signed.frustration_index.index import (
    Frustration,
    contradicted,
    frustration,
    quick_frustration,
)
from forcelaw.signed.frustration_index.settings import FRUSTRATION_SETTINGS, FrustrationSettings
from forcelaw.signed.frustration_index.strict_balance import balanced_sides, clusters
from forcelaw.signed.frustration_index.zero_length_trees import ZERO, grow_forest, tree_path

__all__ = [
    "FRUSTRATION_SETTINGS",
    "ZERO",
    "Bounds",
    "CoupledGraph",
    "Frustration",
    "FrustrationSettings",
    "balanced_sides",
    "clusters",
    "colour_classes",
    "contradicted",
    "frustration",
    "grow_forest",
    "pack_cycles",
    "quick_frustration",
    "tree_path",
]
