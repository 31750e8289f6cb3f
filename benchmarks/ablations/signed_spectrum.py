"""What the leading eigenvectors of the signed adjacency matrix say of pairs of nodes."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import eigsh

from forcelaw import signed

DIRECTIONS = 16


def spectral(network: signed.SignedNetwork, pairs: np.ndarray) -> np.ndarray:
    """Product, cosine and distance in the leading directions of the normalised signed matrix."""
    known = network.pairs()
    n, degree = known.n_nodes, np.sqrt(np.maximum(known.degree, 1))
    weight = known.sign / (degree[known.source] * degree[known.target])
    half = sparse.csr_array((weight, (known.source, known.target)), (n, n))
    value, direction = eigsh(half + half.T, k=DIRECTIONS, which="LA", v0=np.ones(n))
    place = degree[:, None] * direction
    first, second = place[pairs[:, 0]], place[pairs[:, 1]]
    product = np.sum(value * first * second, axis=1)
    first, second = (
        ends / np.maximum(np.linalg.norm(ends, axis=1, keepdims=True), 1e-9)
        for ends in (first, second)
    )
    cosine = np.sum(first * second, axis=1)
    size = np.sign(product) * np.log1p(np.abs(product))
    return np.stack([size, cosine, np.linalg.norm(first - second, axis=1)], axis=1)
