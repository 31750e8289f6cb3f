"""Features averaged over the neighbours of each end of a pair, outgoing and incoming."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from forcelaw.signed.features.abstract_features import (
    AbstractPairFeatures,
    FeatureGroup,
    both_ends,
    names_of_both,
)
from forcelaw.signed.features.node_effects import NodeEffects
from forcelaw.signed.features.ratings import rating_ends
from forcelaw.signed.features.settings import FEATURE_SETTINGS, FeatureSettings
from forcelaw.signed.network import SignedNetwork


@dataclass(frozen=True, eq=False)
class NeighbourFeatures(AbstractPairFeatures):
    """`neighbour_table` of both ends, see `both_ends`."""

    table: Float[np.ndarray, "node 7"]
    directed: bool

    @classmethod
    def fit(
        cls,
        network: SignedNetwork,
        settings: FeatureSettings = FEATURE_SETTINGS,
        *,
        effects: NodeEffects | None = None,
    ) -> NeighbourFeatures:
        """**Arguments:** `effects` of the network, if they are known already."""
        effects = NodeEffects.fit(network, settings) if effects is None else effects
        return cls(neighbour_table(network, effects, settings), network.directed)

    @property
    def names(self) -> tuple[str, ...]:
        """See `AbstractPairFeatures`."""
        incoming = ("source_effect", "target_effect", "signed_target_effect", "log_degree")
        outgoing = ("target_effect", "signed_target_effect", "log_degree")
        columns = [f"incoming_neighbours_{name}" for name in incoming]
        columns += [f"outgoing_neighbours_{name}" for name in outgoing]
        return names_of_both(columns, directed=self.directed)

    @property
    def subjects(self) -> tuple[FeatureGroup, ...]:
        """See `AbstractPairFeatures`."""
        return ("neighbours",) * len(self.names)

    def transform(self, pairs: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, "pair 14"]:
        """See `AbstractPairFeatures`."""
        return both_ends(self.table, pairs, directed=self.directed)


def neighbour_table(
    network: SignedNetwork, effects: NodeEffects, settings: FeatureSettings = FEATURE_SETTINGS
) -> Float[np.ndarray, "node 7"]:
    """Means over the edges of each node, with one edge of 0 beside them.

    Over its incoming edges: the effect of the neighbour as a source and as a target, the latter
    times the sign of the edge, and the logarithm of its number of outgoing edges. Over its
    outgoing edges: the effect of the neighbour as a target, the same times the sign, and the
    logarithm of its number of incoming edges.
    """
    n = network.n_nodes
    source, target, row = rating_ends(network)
    sign = network.sign[row].astype(np.float64)
    outgoing, incoming = np.bincount(source, minlength=n), np.bincount(target, minlength=n)
    as_source, as_target = effects.source, effects.target
    of_source = (as_source[source], as_target[source], sign * as_target[source])
    of_target = (as_target[target], sign * as_target[target])
    columns = [
        np.bincount(target, values, n) / (incoming + 1)
        for values in (*of_source, np.log1p(outgoing)[source])
    ]
    columns += [
        np.bincount(source, values, n) / (outgoing + 1)
        for values in (*of_target, np.log1p(incoming)[target])
    ]
    return np.round(np.stack(columns, axis=1), settings.digits)
