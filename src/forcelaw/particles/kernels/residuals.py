"""What a law leaves of the changes, and how it goes on from snapshot to snapshot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels.columns import Terms
from forcelaw.particles.kernels.moments import MomentSettings, iterate_equations
from forcelaw.particles.kernels.observed_changes import Order

LAGS = 5
"""Snapshots over which residuals are compared, at most."""


@dataclass(frozen=True, eq=False)
class Residuals:
    """Mean products of residuals of the same body, some snapshots apart."""

    autocovariance: Float[np.ndarray, " lag"]
    """By the number of snapshots between, from 0 to `LAGS`; of one component."""
    count: int
    """Numbers in the first of them."""
    variance: float
    """Of the changes themselves."""

    @property
    def long_run(self) -> float:
        """The variance that a mean over many snapshots tends to, times their number.

        Errors of single positions cancel in it; chance adds up (Newey & West, Econometrica 55, 703,
        1987, with equal weights, as changes overlap over two snapshots alone).
        """
        total = self.autocovariance[0] + 2 * self.autocovariance[1:3].sum()
        return float(max(total, 0.1 * self.autocovariance[0]))

    @property
    def memory(self) -> float:
        """The correlation three snapshots apart, which chance and errors of positions lack."""
        first = self.autocovariance[0]
        return float(self.autocovariance[3] / first) if first > 0 else 0.0

    @property
    def memory_error(self) -> float:
        """The standard error of `memory` where there is none."""
        return 2 / np.sqrt(max(self.count, 1))


def find_residuals(
    data: Recordings,
    terms: Terms,
    factors: Float[np.ndarray, " column"],
    order: Order,
    cutoff: float,
    *,
    rows: int = 20_000,
    seed: int = 0,
) -> Residuals:
    """The residuals of about so many equations."""
    products, counts = np.zeros(LAGS + 1), np.zeros(LAGS + 1)
    squares = 0.0
    settings = MomentSettings(rows=rows)
    for equations in iterate_equations(data, terms, order, cutoff, seed=seed, settings=settings):
        left = equations.value - equations.columns @ factors
        squares += float((equations.value**2).sum())
        start = int(equations.snapshot.min())
        shape = (int(equations.snapshot.max()) - start + 1, int(equations.body.max()) + 1)
        table = np.full((*shape, left.shape[1]), np.nan)
        table[equations.snapshot - start, equations.body] = left
        for lag in range(min(LAGS + 1, len(table))):
            both = table[lag:] * table[: len(table) - lag]
            there = np.isfinite(both)
            products[lag] += both[there].sum()
            counts[lag] += there.sum()
    return Residuals(
        products / np.maximum(counts, 1), int(counts[0]), float(squares / max(counts[0], 1))
    )
