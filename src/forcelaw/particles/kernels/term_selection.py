"""Which terms act: those whose factors are not zero, and explain something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from jaxtyping import Float, Int
from scipy.stats import chi2

from forcelaw.particles.kernels.columns import Block, Terms
from forcelaw.particles.kernels.fits import Fit, whitened
from forcelaw.particles.kernels.one_body_terms import OneBody


@dataclass(frozen=True)
class TermSettings:
    """What decides which terms act."""

    chance: float = 1e-3
    """That any term of all is kept by chance (Gerardos & Ronceray, Phys. Rev. Lett. 135, 167401,
    2025, choose terms at this rate)."""
    least: float = 2e-4
    """Share of what is explained that a term must add: differences between snapshots leave errors
    that are no chance, and may look sure."""
    numbers: int = 60
    """Equations for each factor, with fewer of which chance fits."""


TERMS = TermSettings()

_Columns: TypeAlias = Int[np.ndarray, " column"]


def select_terms(fit: Fit, *, settings: TermSettings = TERMS) -> Terms:
    """Adds term after term: the one that explains the most for what chance would explain.

    So one number of drag comes before a function of the distance that does nearly the same. Some
    come with constants, without which they tell nothing. What later ones make superfluous is
    dropped, and in the end each is tried in the place of each that was taken: the right one of two
    that are much alike need not be the first.
    """
    groups, told, price = _told_by(fit, settings)
    moves, kept = [*((g,) for g in range(len(groups))), *_with_constants(fit.terms)], []
    while len(kept) < len(groups):
        base = told.by(kept)
        rest = [tuple(g for g in move if g not in kept) for move in moves]
        rest = sorted({move for move in rest if move}, key=lambda move: (len(move), move))
        cost = np.array([price[list(move)].sum() for move in rest])
        gains = np.array([told.by([*kept, *move]) - base for move in rest])
        worth = gains > np.maximum(cost, settings.least * (base + gains))
        if not worth.any():
            break
        kept += rest[int(np.argmax(np.where(worth, gains / cost, 0)))]
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


def drop_unsteady(fit: Fit, *, settings: TermSettings = TERMS) -> Terms:
    """Drops terms that explain next to nothing in all parts of the data but one.

    Without chance, residuals are errors of differences in quick encounters: of those the sums hold
    a few, a term may follow them, and no count of chance speaks against it. What is explained of
    each part is by curves that were fitted to the others.
    """
    if fit.estimator.instruments:
        return fit.terms
    kept = list(range(len(_groups(fit.terms))))
    while len(kept) > 1:
        whole = _steady_gains(fit.within(_subset(fit.terms, kept)))
        others = [[g for g in kept if g != drop] for drop in kept]
        left = [_steady_gains(fit.within(_subset(fit.terms, other))) for other in others]
        # Of a part that nothing explains no share is explained.
        some = np.where(whole > 0, whole, np.inf)
        shares = np.sort((whole - np.array(left)) / some, axis=1)
        worth = shares[:, -2:].min(axis=1)
        if worth.min() > settings.least:
            break
        kept = others[int(np.argmin(worth))]
    return _subset(fit.terms, kept)


def _steady_gains(fit: Fit) -> Float[np.ndarray, " fold"]:
    """What curves from other folds explain of each."""
    space = fit.space
    return fit.estimator.held_out_gains(fit.moments.within(space), np.arange(space.shape[1]))


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
    return groups + [np.array([start + k]) for k in range(len(terms.singles))]


def _with_constants(terms: Terms) -> list[tuple[int, ...]]:
    """The groups of one-body terms beside those of the constants that they come with."""
    first = len(terms.blocks) + len(terms.shaped)
    dim = 1 + max((term.axis for term in terms.one_body), default=0)
    place = {term: first + k for k, term in enumerate(terms.one_body)}
    found = []
    for term, group in place.items():
        constants = term.shifts(dim)
        if constants and all(other in place for other in constants):
            found.append((group, *(place[other] for other in constants)))
    return found


def _subset(terms: Terms, kept: Sequence[int]) -> Terms:
    blocks: list[Block] = [terms.blocks[g] for g in kept if g < len(terms.blocks)]
    shift, rest = len(terms.blocks), len(terms.blocks) + len(terms.shaped)
    shaped = [terms.shaped[g - shift] for g in kept if shift <= g < rest]
    one_body: list[OneBody] = [terms.one_body[g - rest] for g in kept if g >= rest]
    return replace(terms, blocks=tuple(blocks), one_body=tuple(one_body), shaped=tuple(shaped))
