"""Which terms act: those whose factors are not zero, and explain something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from jaxtyping import Float, Int
from scipy.linalg import solve_triangular
from scipy.stats import chi2

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels.columns import Block, Terms
from forcelaw.particles.kernels.factors import (
    LEAST_SQUARES,
    WITH_INSTRUMENTS,
    Estimator,
)
from forcelaw.particles.kernels.moments import (
    BEFORE,
    SOON,
    Moments,
    MomentSettings,
    Reference,
    sum_moments,
)
from forcelaw.particles.kernels.observed_changes import Order
from forcelaw.particles.kernels.one_body_terms import OneBody
from forcelaw.particles.kernels.residuals import Residuals, find_residuals


@dataclass(frozen=True)
class TermSettings:
    """What decides which terms act."""

    chance: float = 1e-3
    """That any term of all is kept by chance (Gerardos & Ronceray, Phys. Rev. Lett. 135, 167401,
    2025, choose terms at this rate)."""
    least: float = 2e-4
    """Share of what is explained that a term must add: differences between snapshots leave errors
    that are no chance, and may look sure."""
    bias: float = 1e-4
    """Share of the force by which least squares and instruments must differ for the latter."""
    push: float = 0.25
    """Share of the residual of accelerations that what follows must tell, for it to be chance."""
    share: float = 1e-2
    """Share of velocities that places leave unexplained, in first order, above which it is chance:
    without it places explain all."""
    misfit: float = 5e-4
    """Share of accelerations left, below which splines that are too smooth are the likelier
    cause."""
    numbers: int = 60
    """Equations for each factor, with fewer of which chance fits."""
    rows: int = 60_000
    """Equations on which terms are chosen."""


TERMS = TermSettings()

_Columns: TypeAlias = Int[np.ndarray, " column"]


@dataclass(frozen=True, eq=False)
class Fit:
    """Factors of terms with what the data say of them."""

    terms: Terms
    estimator: Estimator
    moments: Moments
    factors: Float[np.ndarray, " column"]
    covariance: Float[np.ndarray, "column column"]
    residuals: Residuals

    def gains(self) -> Float[np.ndarray, " fold"]:
        """What factors from other folds explain of each."""
        return self.estimator.held_out_gains(self.moments, np.arange(self.terms.size))

    def within(self, fewer: Terms) -> Fit:
        """Some of the terms alone, fitted to the same sums."""
        columns = []
        for block in fewer.blocks:
            index = self.terms.blocks.index(block)
            columns.append(np.arange(*self.terms.columns_of(index).indices(self.terms.size)))
        start = int(self.terms.offsets[-1])
        alone = [start + self.terms.one_body.index(term) for term in fewer.one_body]
        chosen = np.concatenate([*columns, np.array(alone, int)])
        moments = self.moments.within(np.eye(self.terms.size)[:, chosen])
        factors = self.estimator.solve(moments)
        covariance = self.estimator.covariance(moments, self.residuals.long_run)
        return Fit(fewer, self.estimator, moments, factors, covariance, self.residuals)

    def reference(self, finer: Terms) -> Reference:
        """The same estimate in the finer splines of the same terms, to weight equations by."""
        parts = [
            fine.basis.coefficients(coarse.basis.matrix) @ self.factors[self.terms.columns_of(b)]
            for b, (fine, coarse) in enumerate(zip(finer.blocks, self.terms.blocks, strict=True))
        ]
        alone = self.factors[int(self.terms.offsets[-1]) :]
        return Reference(np.concatenate([*parts, alone]), self.residuals.median)

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
    settings: TermSettings = TERMS,
) -> Fit:
    """Fits all terms at once, by instruments where least squares would be biased."""

    def moments(lag: int) -> Moments:
        sums = MomentSettings(rows=rows)
        return sum_moments(
            data, terms, order, cutoff, seed=seed, reference=reference, lag=lag, settings=sums
        )

    def left(factors: Float[np.ndarray, " column"], *, pushes: bool = False) -> Residuals:
        return find_residuals(
            data, terms, factors, order, cutoff, seed=seed, reference=reference, pushes=pushes
        )

    chosen, sums, residuals = _choose_estimator(order, moments, left, settings)
    factors = chosen.solve(sums)
    covariance = chosen.covariance(sums, residuals.long_run)
    return Fit(terms, chosen, sums, factors, covariance, residuals)


def _choose_estimator(
    order: Order,
    moments: Callable[[int], Moments],
    left: Callable[..., Residuals],
    settings: TermSettings,
) -> tuple[Estimator, Moments, Residuals]:
    """Least squares, unless chance or errors of positions would bias them.

    That the two differ is no evidence: curves that are too smooth differ, too, as they are fitted
    to other places. Chance is told by what follows it (in first order, where it is most of what
    is seen, by that), errors of positions by how residuals alternate.
    """
    sums = moments(SOON)
    plain = LEAST_SQUARES.solve(sums)
    first = left(plain, pushes=order.number == 2)
    if not len(plain):
        return LEAST_SQUARES, sums, first
    with_past, squares = WITH_INSTRUMENTS.solve(sums), sums.whole.xx[0]
    apart = with_past - plain
    if apart @ squares @ apart <= settings.bias * max(plain @ squares @ plain, 1e-300):
        return LEAST_SQUARES, sums, first
    if first.position_errors:
        sums = moments(BEFORE)
    else:
        first_order = order.number == 1
        pushed = first.push > settings.push and first.share > settings.misfit
        chance = first.share > settings.share if first_order else pushed
        if not chance:
            return LEAST_SQUARES, sums, first
    return WITH_INSTRUMENTS, sums, left(WITH_INSTRUMENTS.solve(sums))


def select_terms(fit: Fit, *, settings: TermSettings = TERMS) -> Terms:
    """Adds term after term: the one that explains the most for what chance would explain.

    So one number of drag comes before a function of the distance that does nearly the same. What
    later ones make superfluous is dropped, and in the end each is tried in the place of each that
    was taken: the right one of two that are much alike need not be the first.
    """
    groups, told, price = _told_by(fit, settings)
    kept: list[int] = []
    while len(kept) < len(groups):
        base = told.by(kept)
        rest = [g for g in range(len(groups)) if g not in kept]
        gains = np.array([told.by([*kept, g]) - base for g in rest])
        worth = gains > np.maximum(price[rest], settings.least * (base + gains))
        if not worth.any():
            break
        kept.append(rest[int(np.argmax(np.where(worth, gains / price[rest], 0)))])
        kept = _needed(told, kept, price, settings)
    return _subset(fit.terms, _exchanged(told, groups, kept, settings))


def drop_terms(fit: Fit, *, settings: TermSettings = TERMS) -> Terms:
    """Drops what finer functions of the distance make superfluous.

    What curves that are too smooth leave, other terms may explain a little of. Where equations are
    too few for so fine functions, all terms stay.
    """
    if fit.moments.count.sum() < settings.numbers * fit.terms.size:
        return fit.terms
    groups, told, price = _told_by(fit, settings)
    return _subset(fit.terms, sorted(_needed(told, range(len(groups)), price, settings)))


def _told_by(
    fit: Fit, settings: TermSettings
) -> tuple[list[_Columns], _Told, Float[np.ndarray, " group"]]:
    """The groups of columns, what they explain, and what chance would."""
    groups = _groups(fit.terms)
    floor = 1 - settings.chance / max(len(groups), 1)
    price = np.array([chi2.ppf(floor, len(group)) for group in groups])
    return groups, _Told(*whitened(fit), groups), price


@dataclass(frozen=True, eq=False)
class _Told:
    """What groups of columns explain, in units of chance."""

    equations: Float[np.ndarray, "row column"]
    goal: Float[np.ndarray, " row"]
    groups: Sequence[_Columns]

    def by(self, chosen: Sequence[int]) -> float:
        """Chi squared that these groups explain together."""
        if not chosen:
            return 0.0
        part = self.equations[:, np.concatenate([self.groups[g] for g in chosen])]
        size = np.linalg.norm(part, axis=0)
        part = part / np.where(size > 0, size, 1)
        factors = np.linalg.lstsq(part, self.goal, rcond=1e-9)[0]
        left = self.goal - part @ factors
        return float(self.goal @ self.goal - left @ left)


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


def _needed(
    told: _Told, kept: Sequence[int], price: Float[np.ndarray, " group"], settings: TermSettings
) -> list[int]:
    """Those of the groups whose loss would be more than chance, and more than next to nothing."""
    kept = list(kept)
    while len(kept) > 1:
        whole = told.by(kept)
        losses = np.array([whole - told.by([g for g in kept if g != drop]) for drop in kept])
        spare = losses < np.maximum(price[kept], settings.least * whole)
        if not spare.any():
            break
        del kept[int(np.argmin(np.where(spare, losses / price[kept], np.inf)))]
    return kept


def _exchanged(
    told: _Told, groups: Sequence[_Columns], kept: Sequence[int], settings: TermSettings
) -> list[int]:
    """The same number of groups, each the best of those of its size in its place."""
    kept = list(kept)
    whole = told.by(kept)
    for _ in range(len(kept)):
        tried = [
            (place, other)
            for place, own in enumerate(kept)
            for other in range(len(groups))
            if other not in kept and len(groups[other]) == len(groups[own])
        ]
        gains = [told.by([*kept[:place], other, *kept[place + 1 :]]) for place, other in tried]
        if not gains or max(gains) <= whole * (1 + settings.least):
            break
        place, other = tried[int(np.argmax(gains))]
        kept[place], whole = other, max(gains)
    return sorted(kept)


def _groups(terms: Terms) -> list[_Columns]:
    """Columns that come and go together: a function of the distance, or one one-body term."""
    groups = [np.arange(*terms.columns_of(b).indices(terms.size)) for b in range(len(terms.blocks))]
    start = int(terms.offsets[-1])
    return groups + [np.array([start + k]) for k in range(len(terms.one_body))]


def _subset(terms: Terms, kept: Sequence[int]) -> Terms:
    blocks: list[Block] = [terms.blocks[g] for g in kept if g < len(terms.blocks)]
    shift = len(terms.blocks)
    one_body: list[OneBody] = [terms.one_body[g - shift] for g in kept if g >= shift]
    return Terms(terms.receiver, tuple(blocks), tuple(one_body))
