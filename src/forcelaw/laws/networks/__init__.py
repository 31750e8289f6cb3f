"""Laws that are learned."""

from forcelaw.laws.networks.hamiltonian_network import HamiltonianNetwork
from forcelaw.laws.networks.kind_embedding import KindEmbedding
from forcelaw.laws.networks.message_network import MessageNetwork
from forcelaw.laws.networks.pair_network import PairNetwork
from forcelaw.laws.networks.perceptron import Perceptron

__all__ = ["HamiltonianNetwork", "KindEmbedding", "MessageNetwork", "PairNetwork", "Perceptron"]
