"""Two groups as spins on a graph of signed weights, and what an assignment costs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from forcelaw.signed.network import SignedNetwork


class CoupledGraph(NamedTuple):
    """Edges whose weight says how dear it is to go against their sign; no pair twice, no loop."""

    nodes: int
    ends: Int[np.ndarray, "edge 2"]
    weight: Float[np.ndarray, " edge"]
    """Positive: both ends want to be in one group; negative: in different ones; never 0."""

    @classmethod
    def of(cls, network: SignedNetwork) -> CoupledGraph:
        """The unordered pairs of a network, each of weight 1."""
        pairs = network.pairs()
        return cls(pairs.n_nodes, pairs.edges.astype(np.int64), pairs.sign.astype(np.float64))

    def matrix(self) -> sparse.csr_array:
        """The symmetric matrix of the weights `[node, node]`."""
        (first, second), shape = self.ends.T, (self.nodes, self.nodes)
        half = sparse.coo_array((self.weight, (first, second)), shape=shape).tocsr()
        return sparse.csr_array(half + half.T)

    def frustrated(self, side: Int[np.ndarray, " node"]) -> Float[np.ndarray, " edge"]:
        """The weight of each edge where its sign is contradicted by the groups, else 0.

        **Arguments:** `side` of each node, +1 or -1.
        """
        agree = side[self.ends[:, 0]] * side[self.ends[:, 1]] * np.sign(self.weight)
        return np.where(agree < 0, np.abs(self.weight), 0.0)

    def cost(self, side: Int[np.ndarray, " node"]) -> float:
        """The weight of all edges that the groups contradict."""
        return float(self.frustrated(side).sum())
