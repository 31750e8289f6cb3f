"""Factions: what the leading eigenvectors of the signed adjacency matrix say about a pair.

Walks of two and three edges see the neighbourhood of a pair. Where a network falls into factions
and few of its pairs have neighbours in common, all edges together tell the factions apart, and the
leading eigenvectors gather what they say (Kunegis et al., Spectral analysis of signed graphs for
clustering, prediction and visualization, SDM 2010).
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from forcelaw.signed.features.smoothed_log_odds import DIGITS, overall_log_odds
from forcelaw.signed.features.walks import node_effects
from forcelaw.signed.network import SignedNetwork

RANKS = (1, 2, 4, 8)
"""Numbers of eigenvectors, those of the largest eigenvalues by size first."""
NODES_EACH = 8
"""Nodes for each eigenvector, at least: as many of a small network would restore its noise."""
MORE = 4
"""Vectors beside these that are iterated along, so that the last of them settle sooner."""
ITERATIONS = 15


def spectral_features(
    network: SignedNetwork, pairs: Int[np.ndarray, "pair 2"]
) -> Float[np.ndarray, "pair column"]:
    """The sign of each pair as the eigenvectors have it: a column for each of `RANKS`, twice.

    First of the signs; then of what is left of them once the effects of both ends are known, so
    that a node with many enemies makes no camp. Directions do not count. The pairs' own edges are
    *not* left out: use pairs that `network` does not hold.
    """
    network = network.pairs()
    columns = [
        eigenvector_columns(network, value, pairs)
        for value in (network.sign.astype(np.float64), standardised_residual(network))
    ]
    return np.round(np.concatenate(columns, axis=1), DIGITS)


def standardised_residual(network: SignedNetwork) -> Float[np.ndarray, " edge"]:
    """How much each sign differs from what both ends' effects predict, in standard deviations."""
    source, target = node_effects(network)
    positive = (network.sign > 0).astype(np.float64)
    effects = source[network.source] + target[network.target]
    guess = 1 / (1 + np.exp(-(effects + overall_log_odds(network.sign))))
    return (positive - guess) / np.sqrt(guess * (1 - guess))


def eigenvector_columns(
    network: SignedNetwork,
    value: Float[np.ndarray, " edge"],
    pairs: Int[np.ndarray, "pair 2"],
) -> Float[np.ndarray, "pair rank"]:
    """The matrix of the values, as its leading eigenvectors restore it at the pairs.

    Rows and columns are divided by the root of the degrees plus their mean, so that neither hubs
    nor leaves have eigenvectors of their own; what comes out is relative to the mean of all
    entries' sizes, and compressed logarithmically.
    """
    nodes, degree = network.n_nodes, network.degree.astype(np.float64)
    mean = max(float(degree.mean()) if nodes else 0.0, 1e-9)
    scale = 1 / np.sqrt(degree + mean)
    ends = network.edges
    half = sparse.csr_array(
        (value * scale[ends].prod(axis=1), (ends[:, 0], ends[:, 1])), (nodes, nodes)
    )
    size, vector = leading_eigenvectors(sparse.csr_array(half + half.T), max(RANKS))
    first, second = pairs.T
    restored = np.cumsum(size * vector[first] * vector[second], axis=1)
    most = max(1, min(len(size), nodes // NODES_EACH))
    restored = restored[:, [min(rank, most) - 1 for rank in RANKS]]
    restored *= (nodes / mean / (scale[first] * scale[second]))[:, None]
    return np.sign(restored) * np.log1p(np.abs(restored))


def leading_eigenvectors(
    matrix: sparse.csr_array, count: int
) -> tuple[Float[np.ndarray, " rank"], Float[np.ndarray, "node rank"]]:
    """Eigenvalues of a symmetric matrix, the largest by size first, and their vectors.

    By simultaneous iteration; the last ones need not have settled. `count` of them, or as many as
    there are nodes.
    """
    vector = start(matrix, min(count + MORE, len(matrix.indptr) - 1))
    for _ in range(ITERATIONS):
        vector, _ = np.linalg.qr(matrix @ (matrix @ vector))
    size, turn = np.linalg.eigh(vector.T @ (matrix @ vector))
    order = np.argsort(-np.abs(size), kind="stable")[:count]
    return size[order], vector @ turn[:, order]


def start(matrix: sparse.csr_array, count: int) -> Float[np.ndarray, "node vector"]:
    """Vectors that know how each node is joined to others, but not its number.

    So the order of the nodes does not matter where their neighbourhoods differ.
    """
    size, ones = abs(matrix), np.ones(len(matrix.indptr) - 1)
    near = matrix @ ones
    far = size @ near
    known = np.stack([size @ ones, near, matrix @ near, far, matrix @ far], axis=1)
    spread = known.std(axis=0)
    known = (known - known.mean(axis=0)) / np.where(spread > 1e-9, spread, 1)
    random = np.random.default_rng(0)
    waves = known @ random.normal(scale=2.0, size=(known.shape[1], count))
    return np.cos(waves + random.uniform(0, 2 * np.pi, count))
