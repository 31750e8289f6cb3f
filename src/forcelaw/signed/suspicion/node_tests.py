"""Whether the edges of a node are contradicted more often than chance would have it.

Each sign of a node is compared with its probability given all other edges. The statistic is the
sum of the negative log-probabilities of the signs; were the signs drawn independently from these
probabilities, its mean and variance are known, and so is its moment generating function, so that
Chernoff's bound holds for any number of edges, where a normal approximation would not: p-values
are never too small for that (for a single edge, and where all signs are the less likely ones, the
bound is the exact probability).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from forcelaw.signed.suspicion.settings import SUSPICION_SETTINGS, SuspicionSettings

SMALLEST = 1e-12
"""Of a probability, whose logarithm is then finite."""


@dataclass(frozen=True, eq=False)
class NodeTests:
    """Of every node, about its edges of one kind: given, received, or all."""

    edges: Int[np.ndarray, " node"]
    contradicted: Int[np.ndarray, " node"]
    """Edges whose other sign is likelier."""
    expected: Float[np.ndarray, " node"]
    """As many as there would be of these on average."""
    z: Float[np.ndarray, " node"]
    """Of the sum of the negative log-probabilities, in its standard deviations; nan without
    edges."""
    p_value: Float[np.ndarray, " node"]
    """One-sided, at most; 1 without edges."""


def node_tests_of(
    node: Int[np.ndarray, " end"],
    own: Float[np.ndarray, " end"],
    nodes: int,
    settings: SuspicionSettings = SUSPICION_SETTINGS,
) -> NodeTests:
    """The tests of all nodes.

    **Arguments:** `node` and `own`, of every end of an edge the node and the probability of the
    sign as it is; `nodes` how many there are.
    """
    own = np.clip(np.asarray(own, np.float64), SMALLEST, 1 - SMALLEST)
    log_own, log_other = np.log(own), np.log1p(-own)

    def summed(values: Float[np.ndarray, " end"]) -> Float[np.ndarray, " node"]:
        return np.bincount(node, values, nodes)

    edges = np.bincount(node, minlength=nodes)
    statistic = summed(-log_own)
    mean = summed(-own * log_own - (1 - own) * log_other)
    variance = summed(own * (1 - own) * (log_own - log_other) ** 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, (statistic - mean) / np.sqrt(variance), 0.0)
    bound = np.zeros(nodes)
    for tilt in np.geomspace(0.02, settings.furthest_tilt, settings.tilts):
        generating = np.logaddexp((1 - tilt) * log_own, (1 - tilt) * log_other)
        bound = np.minimum(bound, summed(generating) - tilt * statistic)
    return NodeTests(
        edges,
        np.bincount(node, own < 0.5, nodes).astype(np.int64),
        summed(np.minimum(own, 1 - own)),
        np.where(edges > 0, z, np.nan),
        np.exp(bound),
    )
