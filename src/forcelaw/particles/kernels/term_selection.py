"""Which terms act: those whose factors are not zero, and explain something."""

from __future__ import annotations

from collections.abc import Sequence
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
from forcelaw.particles.kernels.moments import Moments, MomentSettings, sum_moments
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
    push: float = 0.1
    """Share of what is left of accelerations that what follows must tell, for it to be chance."""
    chance_share: float = 1e-2
    """Share of velocities that places leave unexplained, in first order, above which it is chance:
    without it places explain all."""
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
    settings: TermSettings = TERMS,
) -> Fit:
    """Fits all terms at once, by instruments where least squares would be biased."""
    moments = sum_moments(data, terms, order, cutoff, seed=seed, settings=MomentSettings(rows=rows))
    chosen, factors, residuals = _choose_estimator(
        data, terms, order, cutoff, moments, seed, settings
    )
    covariance = chosen.covariance(moments, residuals.long_run)
    return Fit(terms, chosen, moments, factors, covariance, residuals)


def _choose_estimator(
    data: Recordings,
    terms: Terms,
    order: Order,
    cutoff: float,
    moments: Moments,
    seed: int,
    settings: TermSettings,
) -> tuple[Estimator, Float[np.ndarray, " column"], Residuals]:
    """Least squares, unless chance or errors of positions would bias them.

    That the two differ is no evidence: curves that are too smooth differ, too, as they are fitted
    to other places. Chance is told by what follows it (in first order, where it is most of what
    is seen, by that), errors of positions by their alternating signs.
    """

    def left(factors: Float[np.ndarray, " column"], *, pushes: bool = False) -> Residuals:
        return find_residuals(data, terms, factors, order, cutoff, seed=seed, pushes=pushes)

    plain, with_past = LEAST_SQUARES.solve(moments), WITH_INSTRUMENTS.solve(moments)
    squares, apart = moments.whole.xx[0], with_past - plain
    first = left(plain, pushes=order.number == 2)
    if apart @ squares @ apart <= settings.bias * max(plain @ squares @ plain, 1e-300):
        return LEAST_SQUARES, plain, first
    chance = (
        first.push > settings.push if order.number == 2 else first.share > settings.chance_share
    )
    if not (chance or first.alternates):
        return LEAST_SQUARES, plain, first
    return WITH_INSTRUMENTS, with_past, left(with_past)


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
