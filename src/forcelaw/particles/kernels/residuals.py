"""What a law leaves of the changes, and how it goes on from snapshot to snapshot."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels.columns import Terms
from forcelaw.particles.kernels.moments import (
    Equations,
    MomentSettings,
    Reference,
    iterate_equations,
)
from forcelaw.particles.kernels.observed_changes import Order

LAGS = 5
"""Snapshots over which residuals are compared, at most."""
_FOLLOWED = 3.0
"""Times the error of a mean over snapshots, as it is estimated, that a residual may have of it."""
_APART = 3
"""Snapshots after which neither chance nor errors of positions are seen again."""
_STRETCH = 24
"""Snapshots within which products of residuals of a body are one: an encounter takes fewer."""
_SURE = 2.0
"""Standard errors that are taken off what lasts."""


@dataclass(frozen=True, eq=False)
class Residuals:
    """Mean products of residuals of the same body, some snapshots apart."""

    autocovariance: Float[np.ndarray, " lag"]
    """By the number of snapshots between, from 0 to `LAGS`; of one component."""
    count: int
    """Numbers in the first of them."""
    variance: float
    """Of the changes themselves."""
    median: float = 0.0
    """The median length of residuals: what most of them are like."""
    typical: float = 0.0
    """The same of the changes themselves."""
    push: float = 0.0
    """Share of the residual that the change of the terms afterwards tells: chance moves them, so
    that velocities alone tell three eighths of it; mere misfit tells next to nothing."""

    lasting: float = 0.0
    """Share of the changes' variance that is left, lasts for three snapshots, and is no error of
    differences: less two of its standard errors, so that few encounters make none."""

    @property
    def share(self) -> float:
        """The variance that is left, over that of the changes."""
        return float(self.autocovariance[0] / max(self.variance, 1e-300))

    @property
    def explained_of_most(self) -> float:
        """R² of the changes as their medians tell it, which a few quick encounters cannot spoil."""
        return 1 - (self.median / self.typical) ** 2 if self.typical > 0 else -np.inf

    @property
    def long_run(self) -> float:
        """The variance that a mean over many snapshots tends to, times their number.

        Errors of single positions cancel in it; chance adds up (Newey & West, Econometrica 55, 703,
        1987, with equal weights, as changes overlap over two snapshots alone).
        """
        total = self.autocovariance[0] + 2 * self.autocovariance[1:3].sum()
        # Rounding is left at least, even of data that a law explains exactly.
        return float(max(total, 0.1 * self.autocovariance[0], 1e-26 * self.variance, 1e-280))

    @property
    def position_errors(self) -> bool:
        """Whether residuals show errors of single positions.

        Of mean velocities these are -1/2 of their variance two snapshots apart, where chance is
        nothing; of second differences -2/3 one apart, where chance is 1/4 and misfit more.
        """
        first, one, two = self.autocovariance[:3]
        sure = 2 * self.memory_error
        return bool(two < -(0.02 + sure) * first or one < (0.15 - sure) * first)

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
    rows: int = 10_000,
    seed: int = 0,
    reference: Reference | None = None,
    pushes: bool = False,
) -> Residuals:
    """The residuals of about so many equations.

    **Arguments:** `reference` what equations are weighted by; `pushes` whether it is asked if
    residuals move what follows.
    """
    products, counts = np.zeros(LAGS + 1), np.zeros(LAGS + 1)
    beyond, times = [np.zeros(0)], [np.zeros(0)]
    squares, whole, lengths, sizes = 0.0, 0.0, [np.zeros(0)], [np.zeros(0)]
    score, both_ways = np.zeros(2 * terms.size), np.zeros((2 * terms.size, 2 * terms.size))
    settings = MomentSettings(rows=rows)
    for equations in iterate_equations(
        data, terms, order, cutoff, seed=seed, settings=settings, turns=pushes, law=factors
    ):
        left = equations.value - equations.columns @ factors
        squares += float((equations.value**2).sum())
        lengths.append(np.linalg.norm(left, axis=-1))
        sizes.append(np.linalg.norm(equations.value, axis=-1))
        size = np.maximum(lengths[-1], 1e-300)
        unexcused = np.maximum(0, 1 - _FOLLOWED * equations.error / size)
        for name, of in zip(
            (beyond, times), _lasting(equations, unexcused[:, None] * left), strict=True
        ):
            name.append(of)
        root = np.ones(len(left))
        if reference is not None:
            root = np.sqrt(reference.weights(equations))
        left = root[:, None] * left
        _add_products(products, counts, equations, left)
        if pushes and terms.size:
            both = np.concatenate([equations.columns, equations.turn], axis=-1)
            both = root[:, None, None] * both
            both = both.reshape(-1, 2 * terms.size)
            score += both.T @ left.ravel()
            both_ways += both.T @ both
            whole += float((left**2).sum())
    every = np.concatenate(lengths)
    found = Residuals(
        products / np.maximum(counts, 1),
        int(counts[0]),
        float(squares / max(counts[0], 1)),
        float(np.median(every)) if len(every) else 0.0,
        typical=float(np.median(np.concatenate(sizes))) if len(every) else 0.0,
        lasting=_surely(np.concatenate(beyond), np.concatenate(times))
        / float(max(squares / max(counts[0], 1), 1e-300)),
    )
    if not pushes or not terms.size:
        return found
    # What both together tell, less what the terms themselves do: forces change velocities, too.
    share = _told(score, both_ways)
    share -= _told(score[: terms.size], both_ways[: terms.size, : terms.size])
    share /= max(whole, 1e-300)
    # As many columns tell some of the residual by chance alone.
    share -= terms.size / max(counts[0], 1)
    return replace(found, push=share)


def _told(score: Float[np.ndarray, " column"], size: Float[np.ndarray, "column column"]) -> float:
    """The squares that columns of these products explain."""
    root = np.sqrt(np.maximum(np.diag(size), 1e-300))
    inverse = np.linalg.pinv(size / root / root[:, None], hermitian=True, rcond=1e-9)
    return float(score / root @ inverse @ (score / root))


def _surely(
    products: Float[np.ndarray, " stretch"], counts: Float[np.ndarray, " stretch"]
) -> float:
    """The mean product less two standard errors, over bodies in stretches of time."""
    whole = counts.sum()
    if whole <= 0:
        return 0.0
    mean = products.sum() / whole
    error = np.sqrt(((products - mean * counts) ** 2).sum()) / whole
    return float(max(0.0, mean - _SURE * error))


def _lasting(
    equations: Equations, left: Float[np.ndarray, "row dim"]
) -> tuple[Float[np.ndarray, " stretch"], Float[np.ndarray, " stretch"]]:
    """Sums of products of residuals three snapshots apart, and their numbers.

    Of each body in each stretch of time.
    """
    table = _by_body(equations, left)
    later = table[min(_APART, len(table) - 1) :]
    both = later * table[: len(later)]
    there, starts = np.isfinite(both), np.arange(0, len(both), _STRETCH)
    sums = np.add.reduceat(np.where(there, both, 0).sum(axis=2), starts, axis=0)
    counts = np.add.reduceat(there.sum(axis=2), starts, axis=0)
    return sums.ravel(), counts.ravel().astype(float)


def _by_body(
    equations: Equations, left: Float[np.ndarray, "row dim"]
) -> Float[np.ndarray, "snapshot body dim"]:
    """NaN where a body has no equation."""
    start = int(equations.snapshot.min())
    shape = (int(equations.snapshot.max()) - start + 1, int(equations.body.max()) + 1)
    table = np.full((*shape, left.shape[1]), np.nan)
    table[equations.snapshot - start, equations.body] = left
    return table


def _add_products(
    products: Float[np.ndarray, " lag"],
    counts: Float[np.ndarray, " lag"],
    equations: Equations,
    left: Float[np.ndarray, "row dim"],
) -> None:
    """Adds the products of residuals of the same body."""
    table = _by_body(equations, left)
    for lag in range(min(LAGS + 1, len(table))):
        both = table[lag:] * table[: len(table) - lag]
        there = np.isfinite(both)
        products[lag] += both[there].sum()
        counts[lag] += there.sum()
