"""Which terms act: those whose factors are not zero, and explain something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from jaxtyping import Float, Int
from scipy.stats import chi2

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels.columns import Block, Terms
from forcelaw.particles.kernels.factors import (
    LEAST_SQUARES,
    WITH_INSTRUMENTS,
    Estimator,
    wald,
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
    """Share of what is left of accelerations that what follows must tell, for it to be chance."""
    share: float = 1e-2
    """Share of velocities that places leave unexplained, in first order, above which it is chance:
    without it places explain all."""
    misfit: float = 5e-4
    """Share of accelerations left, below which splines that are too smooth are the likelier
    cause."""
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
        return find_residuals(data, terms, factors, order, cutoff, seed=seed, pushes=pushes)

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
    """Drops one after the other what may be zero, or explains next to nothing.

    What was dropped may have been the right one of two that are much alike: in the end each is
    tried in the place of each that is kept.
    """
    groups = _groups(fit.terms)
    kept = list(range(len(groups)))
    floor = 1 - settings.chance / max(len(groups), 1)
    while kept:
        score = _scores(fit, groups, kept, floor)
        weakest = int(np.argmin(score))
        if score[weakest] > 1:
            least = _least_needed(fit, groups, kept, settings)
            if least is None:
                break
            weakest = least
        del kept[weakest]
    return _subset(fit.terms, _exchanged(fit, groups, kept, settings))


def _exchanged(
    fit: Fit, groups: Sequence[_Columns], kept: Sequence[int], settings: TermSettings
) -> list[int]:
    """The same number of groups, each the best of those of its size in its place."""
    kept = list(kept)
    whole = _gain(fit, groups, kept) if kept else 0.0
    for _ in range(len(kept)):
        tried = [
            (place, other)
            for place, own in enumerate(kept)
            for other in range(len(groups))
            if other not in kept and len(groups[other]) == len(groups[own])
        ]
        gains = [
            _gain(fit, groups, [*kept[:place], other, *kept[place + 1 :]]) for place, other in tried
        ]
        if not gains or max(gains) <= whole + settings.least * abs(whole):
            break
        place, other = tried[int(np.argmax(gains))]
        kept[place], whole = other, max(gains)
    return sorted(kept)


def _scores(
    fit: Fit, groups: Sequence[_Columns], kept: Sequence[int], floor: float
) -> Float[np.ndarray, " group"]:
    """Chi squared of each group over what chance reaches."""
    columns = np.concatenate([groups[g] for g in kept])
    moments = fit.moments.within(np.eye(fit.terms.size)[:, columns])
    factors = fit.estimator.solve(moments)
    covariance = fit.estimator.covariance(moments, fit.residuals.long_run)
    ends = np.cumsum([0, *(len(groups[g]) for g in kept)]).tolist()
    return np.array(
        [wald(factors, covariance, slice(a, b)) / chi2.ppf(floor, b - a) for a, b in pairwise(ends)]
    )


def _gain(fit: Fit, groups: Sequence[_Columns], chosen: Sequence[int]) -> float:
    """What these groups explain of held-out parts."""
    columns = np.concatenate([groups[g] for g in chosen])
    return float(fit.estimator.held_out_gains(fit.moments, columns).sum())


def _least_needed(
    fit: Fit, groups: Sequence[_Columns], kept: Sequence[int], settings: TermSettings
) -> int | None:
    """The place of the group that adds the least to what is explained, if that is too little."""
    if len(kept) < 2:
        return None
    whole = _gain(fit, groups, kept)
    losses = [whole - _gain(fit, groups, [g for g in kept if g != drop]) for drop in kept]
    least = int(np.argmin(losses))
    return least if losses[least] < settings.least * abs(whole) else None


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
