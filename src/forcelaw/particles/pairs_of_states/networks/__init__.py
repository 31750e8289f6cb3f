"""Networks learned from pairs of states, without any form of a force."""

from forcelaw.particles.pairs_of_states.networks.network_files import (
    load_pairs_network,
    save_pairs_network,
)
from forcelaw.particles.pairs_of_states.networks.result import NetworkFromPairs, learn_from_pairs
from forcelaw.particles.pairs_of_states.networks.settings import NETWORK, NetworkFitSettings

__all__ = [
    "NETWORK",
    "NetworkFitSettings",
    "NetworkFromPairs",
    "learn_from_pairs",
    "load_pairs_network",
    "save_pairs_network",
]
