"""Laws from pairs of states that are a long stretch apart."""

from forcelaw.particles.pairs_of_states.networks import (
    NetworkFitSettings,
    NetworkFromPairs,
    learn_from_pairs,
    load_pairs_network,
    save_pairs_network,
)
from forcelaw.particles.pairs_of_states.pair_files import holds_pairs, read_pairs
from forcelaw.particles.pairs_of_states.result import PairsResult, discover_from_pairs
from forcelaw.particles.pairs_of_states.settings import PAIRS, PairsSettings
from forcelaw.particles.pairs_of_states.state_pairs import StatePairs

__all__ = [
    "PAIRS",
    "NetworkFitSettings",
    "NetworkFromPairs",
    "PairsResult",
    "PairsSettings",
    "StatePairs",
    "discover_from_pairs",
    "holds_pairs",
    "learn_from_pairs",
    "load_pairs_network",
    "read_pairs",
    "save_pairs_network",
]
