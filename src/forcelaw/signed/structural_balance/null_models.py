"""Networks of the same edges with shuffled signs, to tell what is more than chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse
from scipy.special import expit

from forcelaw.signed.network import SignedNetwork
from forcelaw.signed.structural_balance.settings import BalanceSettings
from forcelaw.storage import Record

Draw = Callable[[np.random.Generator], Int[np.ndarray, " edge"]]
"""Draws the signs of all edges."""


@dataclass(frozen=True)
class Null(Record):
    """What a number is in shuffled networks, and where the network itself stands."""

    mean: float
    std: float
    z: float
    """How many standard deviations the network lies above the mean; nan where there are none."""

    @classmethod
    def of(cls, observed: float, shuffled: Sequence[float]) -> Null:
        """From the values of the shuffled networks."""
        mean = float(np.mean(shuffled))
        std = float(np.std(shuffled, ddof=1)) if len(shuffled) > 1 else 0.0
        z = (observed - mean) / std if std > 1e-12 * max(1.0, abs(mean)) else float("nan")
        return cls(mean, std, float(z))

    def __str__(self) -> str:
        apart = "always" if np.isnan(self.z) else f"± {self.std:.2g}, z {self.z:+.1f}"
        return f"{self.mean:.4g} {apart}"


def shuffled_signs(pairs: SignedNetwork) -> Draw:
    """The same signs on other edges of the network, all orders alike."""
    return lambda random: random.permutation(pairs.sign)


def signs_by_node(pairs: SignedNetwork, settings: BalanceSettings) -> Draw:
    """Signs drawn edge by edge, so that every node expects as many negative edges as it has.

    The probability that an edge is negative has the log-odds a_i + a_j, the most random one that
    keeps the expected number at every node (the signed configuration model of a fixed topology:
    Gallo, Garlaschelli, Lambiotte, Saracco & Squartini, Communications Physics 7, 2024).
    """
    probability = _negative_probability(pairs, settings)

    def draw(random: np.random.Generator) -> Int[np.ndarray, " edge"]:
        negative = random.random(len(probability)) < probability
        return np.where(negative, -1, 1).astype(np.int8)

    return draw


def _negative_probability(
    pairs: SignedNetwork, settings: BalanceSettings
) -> Float[np.ndarray, " edge"]:
    """By Newton's method on the concave likelihood, its steps halved where they go too far."""
    nodes, ends = pairs.n_nodes, pairs.edges
    negative = pairs.sign < 0
    first, second = ends.T

    def at_nodes(value: Float[np.ndarray, " edge"]) -> Float[np.ndarray, " node"]:
        return np.bincount(first, value, nodes) + np.bincount(second, value, nodes)

    wanted = at_nodes(negative.astype(np.float64))
    inclination = np.full(nodes, 0.0)

    def likelihood(value: Float[np.ndarray, " node"]) -> float:
        odds = value[first] + value[second]
        fit = (negative * odds - np.logaddexp(0, odds)).sum()
        return float(fit - settings.shrinkage / 2 * (value**2).sum())

    best = likelihood(inclination)
    for _ in range(settings.newton_steps):
        probability = expit(inclination[first] + inclination[second])
        off = wanted - at_nodes(probability) - settings.shrinkage * inclination
        if np.abs(off).max(initial=0.0) < settings.fitted:
            break
        weight = probability * (1 - probability)
        diagonal = at_nodes(weight) + settings.shrinkage
        half = sparse.coo_array((weight, (first, second)), shape=(nodes, nodes)).tocsr()
        curvature = sparse.csr_array(half + half.T + sparse.diags_array(diagonal))
        step, _ = sparse.linalg.cg(curvature, off, rtol=1e-4, M=sparse.diags_array(1 / diagonal))
        size = 1.0
        while size > 1e-4 and likelihood(inclination + size * step) < best:
            size /= 2
        inclination = inclination + size * step
        best = likelihood(inclination)
    return expit(inclination[first] + inclination[second])
