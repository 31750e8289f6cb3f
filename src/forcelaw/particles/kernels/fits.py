"""Factors of terms, estimated without bias, with what the data say of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int
from scipy.linalg import solve_triangular

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels.columns import Terms
from forcelaw.particles.kernels.factors import (
    LEAST_SQUARES,
    WITH_INSTRUMENTS,
    Estimator,
    Moments,
)
from forcelaw.particles.kernels.moments import (
    BEFORE,
    SOON,
    MomentSettings,
    Reference,
    sum_moments,
)
from forcelaw.particles.kernels.observed_changes import Order
from forcelaw.particles.kernels.residuals import Residuals, find_residuals
from forcelaw.particles.settings import NoiseName


@dataclass(frozen=True)
class FitSettings:
    """What decides how factors are estimated."""

    bias: float = 1e-4
    """Share of the force by which least squares and instruments must differ for the latter."""
    push: float = 0.25
    """Share of the residual of accelerations that what follows must tell, for it to be chance."""
    lasting: float = 0.5
    """Correlation of residuals three snapshots apart above which terms are missing: chance does not
    last."""
    share: float = 1e-2
    """Share of velocities that places leave unexplained, in first order, above which it is chance:
    without it places explain all."""
    small: float = 0.05
    """Share of changes that least squares leave, below which errors are too small to bias them
    much."""
    alternating: float = 0.01
    """Correlation of residuals two snapshots apart, in first order, of factors that errors do not
    bias: where it is below minus this, positions have errors."""
    worse: float = 2.0
    """Times that of least squares, that instruments may leave there."""
    misfit: float = 5e-4
    """Share of accelerations left, below which splines that are too smooth are the likelier
    cause."""


FITS = FitSettings()
_COARSER = (5, 8, 12, 20)
"""Of the fine pieces under chance, how many may make one of a curve's."""
_PLAIN = 2
"""The same without chance."""
_MUCH = 0.5
"""Share of the most that is predicted, which the finest of these must reach."""


@dataclass(frozen=True, eq=False)
class Fit:
    """Factors of terms with what the data say of them."""

    terms: Terms
    estimator: Estimator
    moments: Moments
    factors: Float[np.ndarray, " column"]
    covariance: Float[np.ndarray, "column column"]
    residuals: Residuals
    lag: int = SOON
    """Snapshots from instruments to the middle of changes."""

    @cached_property
    def joined(self) -> int:
        """How many of the fine pieces make one of a curve's: as many as the data tell.

        Few pieces where there is chance, twice as coarse as the sums without it; fewer where these
        would follow it, so that others predict much more of what is held out. So it is where
        positions have errors, which leave little of what was known before. As many as without
        chance where fewer do not follow the force, and go astray where it was not seen.
        """
        if not self.estimator.instruments or not self.terms.blocks:
            return _joined(self.estimator)
        gains = {}
        for joined in (*_COARSER, _PLAIN):
            space = _spline_space(self.terms, joined)
            columns = np.arange(space.shape[1])
            held = self.estimator.held_out_gains(self.moments.within(space), columns)
            gains[joined] = float(held.sum())
        best = max(gains.values())
        return next(one for one, gain in gains.items() if gain >= min(best, _MUCH * best))

    @cached_property
    def space(self) -> Float[np.ndarray, "column coarse"]:
        """The splines of curves as sums of columns."""
        return _spline_space(self.terms, self.joined)

    def gains(self) -> Float[np.ndarray, " fold"]:
        """What factors from other folds explain of each."""
        return self.estimator.held_out_gains(self.moments, np.arange(self.terms.size))

    def columns_of(self, fewer: Terms) -> Int[np.ndarray, " kept"]:
        """Where the columns of some of the terms are."""
        columns = []
        for block in fewer.blocks:
            index = self.terms.blocks.index(block)
            columns.append(np.arange(*self.terms.columns_of(index).indices(self.terms.size)))
        start = int(self.terms.offsets[-1])
        alone = [start + self.terms.singles.index(term) for term in fewer.singles]
        return np.concatenate([*columns, np.array(alone, int)])

    def within(self, fewer: Terms) -> Fit:
        """Some of the terms alone, fitted to the same sums."""
        chosen = self.columns_of(fewer)
        moments = self.moments.within(np.eye(self.terms.size)[:, chosen])
        factors = self.estimator.solve(moments)
        covariance = self.estimator.covariance(moments, self.residuals.long_run)
        return Fit(fewer, self.estimator, moments, factors, covariance, self.residuals, self.lag)

    def reference(self, finer: Terms) -> Reference:
        """The same estimate in the finer splines of the same terms, to weight equations by."""
        parts = [
            fine.splines.coefficients(coarse.splines.matrix)
            @ self.factors[self.terms.columns_of(b)]
            for b, (fine, coarse) in enumerate(zip(finer.blocks, self.terms.blocks, strict=True))
        ]
        alone = self.factors[int(self.terms.offsets[-1]) :]
        factors = np.concatenate([*parts, alone])
        return Reference(factors, self.residuals.median, self.estimator.instruments)

    @property
    def total(self) -> float:
        """The squares of all changes."""
        return float(self.moments.yy.sum())

    @property
    def explained(self) -> float:
        """R² on held-out parts, of the changes."""
        return float(self.gains().sum() / self.total)


def fit_terms(
    data: Recordings,
    terms: Terms,
    order: Order,
    cutoff: float,
    *,
    rows: int,
    seed: int = 0,
    reference: Reference | None = None,
    noise: NoiseName = "auto",
    settings: FitSettings = FITS,
) -> Fit:
    """Fits all terms at once, by instruments where least squares would be biased.

    **Arguments:** `noise` where it is known what of the motion is no law.
    """
    gaps = order.number == 1 and not all(part.complete for part in data)

    def moments(lag: int, *, chance: bool = False) -> Moments:
        sums = MomentSettings(rows=rows, over_gaps=gaps and chance)
        return sum_moments(
            data, terms, order, cutoff, seed=seed, reference=reference, lag=lag, settings=sums
        )

    def left(factors: Float[np.ndarray, " column"], *, pushes: bool = False) -> Residuals:
        return find_residuals(
            data, terms, factors, order, cutoff, seed=seed, reference=reference, pushes=pushes
        )

    if noise == "auto":
        chosen, lag, sums, residuals = _choose_estimator(terms, order, moments, left, settings)
        if chosen.instruments and gaps:
            sums = moments(lag, chance=True)
    else:
        chosen = LEAST_SQUARES if noise == "none" else WITH_INSTRUMENTS
        lag = BEFORE if noise == "measurement" else SOON
        sums = moments(lag, chance=noise != "none")
        residuals = left(chosen.solve(sums))
    factors = chosen.solve(sums)
    covariance = chosen.covariance(sums, residuals.long_run)
    return Fit(terms, chosen, sums, factors, covariance, residuals, lag)


def _joined(estimator: Estimator) -> int:
    return _COARSER[0] if estimator.instruments else _PLAIN


def _spline_space(terms: Terms, joined: int) -> Float[np.ndarray, "column coarse"]:
    """Each function of the distance in fewer splines, one-body terms as they are.

    **Arguments:** `joined` how many of the fine pieces make one of a curve's.
    """
    parts = []
    for index, block in enumerate(terms.blocks):
        some = block.splines.coarser(joined)
        part = np.zeros((terms.size, some.size))
        part[terms.columns_of(index)] = some.within(block.splines)
        parts.append(part)
    start = int(terms.offsets[-1])
    return np.concatenate([*parts, np.eye(terms.size)[:, start:]], axis=1)


def _choose_estimator(
    terms: Terms,
    order: Order,
    moments: Callable[[int], Moments],
    left: Callable[..., Residuals],
    settings: FitSettings,
) -> tuple[Estimator, int, Moments, Residuals]:
    """Least squares, unless chance or errors of positions would bias them.

    That the two differ is no evidence: curves that are too smooth differ, too, as they are fitted
    to other places. Chance is told by what follows it (in first order, where it is most of what
    is seen, by that), errors of positions by how residuals alternate. Motion that relaxes within a
    few snapshots alternates, too, until instruments explain it: the later ones tell more then.
    """
    sums = moments(SOON)
    plain = LEAST_SQUARES.solve(sums)
    first = left(plain, pushes=order.number == 2)
    if not len(plain):
        return LEAST_SQUARES, SOON, sums, first
    with_past, squares = WITH_INSTRUMENTS.solve(sums), sums.whole.xx[0]
    apart = with_past - plain
    if apart @ squares @ apart <= settings.bias * max(plain @ squares @ plain, 1e-300):
        return LEAST_SQUARES, SOON, sums, first
    errors, before = first.position_errors, sums
    if errors:
        before = moments(BEFORE)
    if errors and order.number == 1 and not left(with_past).position_errors:
        past = left(WITH_INSTRUMENTS.solve(before)).autocovariance
        errors = bool(past[2] < -settings.alternating * past[0])
    lag = BEFORE if errors else SOON
    if errors:
        sums = before
    else:
        first_order = order.number == 1
        pushed = first.push > settings.push and first.share > settings.misfit
        pushed = pushed and first.memory < settings.lasting
        chance = first.share > settings.share if first_order else pushed
        if not chance:
            return LEAST_SQUARES, SOON, sums, first
    unbiased = left(_steadiest(WITH_INSTRUMENTS, terms, sums))
    times = unbiased.autocovariance[0] / max(first.autocovariance[0], 1e-300)
    if first.share < settings.small and times > settings.worse:
        # Errors so small make no bias: instruments do not follow quick encounters.
        return LEAST_SQUARES, SOON, sums, first
    return WITH_INSTRUMENTS, lag, sums, unbiased


def _steadiest(estimator: Estimator, terms: Terms, sums: Moments) -> Float[np.ndarray, " column"]:
    """Factors whose residuals are least: of all splines, or where these follow chance, of fewer."""
    space = _spline_space(terms, _joined(estimator))
    found = (estimator.solve(sums), space @ estimator.solve(sums.within(space)))
    whole = sums.whole
    return min(found, key=lambda f: float(f @ whole.xx[0] @ f - 2 * f @ whole.xy[0]))


def whitened(
    fit: Fit, space: Float[np.ndarray, "column instrument"] | None = None
) -> tuple[Float[np.ndarray, "row column"], Float[np.ndarray, " row"]]:
    """Equations of unit variance for the factors of all columns, one for each instrument.

    **Arguments:** `space` the sums of columns that serve as instruments; None: all.
    """
    whole, past = fit.moments.whole, fit.estimator.instruments
    squares, left, right = whole.xx[0], whole.xx[0], whole.xy[0]
    if past:
        squares, left, right = whole.zz[0], whole.zx[0], whole.zy[0]
    if space is not None:
        squares, left, right = space.T @ squares @ space, space.T @ left, space.T @ right
    size = np.diag(squares).copy()
    size[size <= 0] = 1
    root = np.linalg.cholesky((squares + 1e-10 * np.diag(size)) * fit.residuals.long_run)
    return solve_triangular(root, left, lower=True), solve_triangular(root, right, lower=True)
