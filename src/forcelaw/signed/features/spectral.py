"""Factions: the leading eigenvectors of the signed adjacency matrix, at a pair.

Walks of two and three edges reach the neighbourhood of a pair. Where a network falls into factions
and few of its pairs have neighbours in common, all edges together tell the factions apart, and the
leading eigenvectors gather what they tell (Kunegis et al., Spectral analysis of signed graphs for
clustering, prediction and visualization, SDM 2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse
from scipy.special import expit

from forcelaw.signed.features.abstract_features import AbstractPairFeatures, FeatureGroup
from forcelaw.signed.features.node_effects import NodeEffects
from forcelaw.signed.features.settings import FEATURE_SETTINGS, FeatureSettings
from forcelaw.signed.features.smoothed_log_odds import overall_log_odds
from forcelaw.signed.network import SignedNetwork


class Eigenvectors(NamedTuple):
    """Leading eigenvalues of a symmetric matrix, the largest by size first, and vectors."""

    value: Float[np.ndarray, " rank"]
    vector: Float[np.ndarray, "node rank"]


@dataclass(frozen=True, eq=False)
class SpectralFeatures(AbstractPairFeatures):
    """The sign of each pair as the eigenvectors restore it: a column for each of `ranks`, twice.

    First of the signs; then of the standardised residual that the effects of both ends leave, so
    that a node with many enemies makes no faction. Directions do not count. Rows and columns of
    both matrices are divided by the root of the degrees plus their mean, so that neither hubs nor
    leaves have eigenvectors of their own; what comes out is relative to the mean of all entries'
    sizes, and compressed logarithmically.
    """

    signs: Eigenvectors
    residuals: Eigenvectors
    scale: Float[np.ndarray, " node"]
    """One over the root of degree plus mean degree."""
    mean_degree: float
    settings: FeatureSettings

    @classmethod
    def fit(
        cls,
        network: SignedNetwork,
        settings: FeatureSettings = FEATURE_SETTINGS,
        *,
        effects: NodeEffects | None = None,
    ) -> SpectralFeatures:
        """**Arguments:** `effects` of an undirected network, if they are known already."""
        if effects is None or network.directed:
            network = network.pairs()
            effects = NodeEffects.fit(network, settings)
        nodes, degree = network.n_nodes, network.degree.astype(np.float64)
        mean = max(float(degree.mean()) if nodes else 0.0, 1e-9)
        scale = 1 / np.sqrt(degree + mean)
        ends = network.edges

        def decompose(value: Float[np.ndarray, " edge"]) -> Eigenvectors:
            entry = value * scale[ends].prod(axis=1)
            half = sparse.csr_array((entry, (ends[:, 0], ends[:, 1])), (nodes, nodes))
            return leading_eigenvectors(sparse.csr_array(half + half.T), settings)

        signs = decompose(network.sign.astype(np.float64))
        residuals = decompose(standardised_residual(network, effects, settings))
        return cls(signs, residuals, scale, mean, settings)

    @property
    def names(self) -> tuple[str, ...]:
        """See `AbstractPairFeatures`."""
        ranks = self.settings.ranks
        return tuple(f"eigenvectors_{of}_{k}" for of in ("signs", "residuals") for k in ranks)

    @property
    def subjects(self) -> tuple[FeatureGroup, ...]:
        """See `AbstractPairFeatures`."""
        return ("eigenvectors",) * len(self.names)

    def transform(self, pairs: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, "pair column"]:
        """See `AbstractPairFeatures`."""
        columns = [self._restored(each, pairs) for each in (self.signs, self.residuals)]
        return np.round(np.concatenate(columns, axis=1), self.settings.digits)

    def _restored(
        self, found: Eigenvectors, pairs: Int[np.ndarray, "pair 2"]
    ) -> Float[np.ndarray, "pair rank"]:
        """The matrix at the pairs, as its leading eigenvectors restore it."""
        nodes, settings = len(self.scale), self.settings
        first, second = pairs.T
        restored = np.cumsum(found.value * found.vector[first] * found.vector[second], axis=1)
        most = max(1, min(len(found.value), nodes // settings.nodes_per_eigenvector))
        restored = restored[:, [min(rank, most) - 1 for rank in settings.ranks]]
        size = nodes / self.mean_degree / (self.scale[first] * self.scale[second])
        restored = restored * size[:, None]
        return np.sign(restored) * np.log1p(np.abs(restored))


def standardised_residual(
    network: SignedNetwork, effects: NodeEffects, settings: FeatureSettings = FEATURE_SETTINGS
) -> Float[np.ndarray, " edge"]:
    """How much each sign differs from what both ends' effects predict, in standard deviations."""
    positive = (network.sign > 0).astype(np.float64)
    both = effects.source[network.source] + effects.target[network.target]
    guess = expit(both + overall_log_odds(network.sign, settings))
    return (positive - guess) / np.sqrt(guess * (1 - guess))


def leading_eigenvectors(
    matrix: sparse.csr_array, settings: FeatureSettings = FEATURE_SETTINGS
) -> Eigenvectors:
    """As many as the largest of `ranks`, or as there are nodes.

    By simultaneous iteration; the last ones need not have settled.
    """
    count = max(settings.ranks)
    vector = start(matrix, min(count + settings.extra_vectors, len(matrix.indptr) - 1))
    for _ in range(settings.eigenvector_iterations):
        vector, _ = np.linalg.qr(matrix @ (matrix @ vector))
    size, turn = np.linalg.eigh(vector.T @ (matrix @ vector))
    order = np.argsort(-np.abs(size), kind="stable")[:count]
    return Eigenvectors(size[order], vector @ turn[:, order])


def start(matrix: sparse.csr_array, count: int) -> Float[np.ndarray, "node vector"]:
    """Vectors that depend on how each node is joined to others, but not on its number.

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
