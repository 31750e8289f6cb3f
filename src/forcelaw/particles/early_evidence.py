"""What a glance at trajectories says of the way to their law, before anything is trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from forcelaw.errors import NotEnoughData
from forcelaw.particles.data import Recordings, Trajectories, names_of_kinds, with_kinds_by
from forcelaw.particles.kernels import (
    Central,
    FirstOrder,
    Fit,
    Order,
    SecondOrder,
    Terms,
    fit_terms,
)
from forcelaw.particles.matter.candidate_terms import Candidates, find_candidates
from forcelaw.particles.matter.distances import check_distances
from forcelaw.particles.matter.order_choice import choose_order
from forcelaw.particles.matter.result import MatterResult
from forcelaw.particles.settings import OrderName


@dataclass(frozen=True)
class GlanceSettings:
    """What decides whether motion goes the way of recordings."""

    each: int = 5
    """Equations for each number of a law, below which it explains by chance."""
    rows: int = 20_000
    """Equations that are looked at."""
    left: float = 0.5
    """Of what forces along the line leave, the share that other terms may leave and be asked for:
    they explain most of it."""
    most: float = 0.1
    """Share of accelerations that other terms may leave: a law is near."""
    least: float = 0.02
    """Share of accelerations that forces along the line must leave: less may be their misfit."""
    traces: float = 0.001
    """The same where other terms explain nearly all of it, which misfit is not."""
    nearly_all: float = 0.05
    """Of what forces along the line leave, the share that other terms may leave then."""
    parts: float = 0.8
    """Share of the parts of the data in which it must be so: quick encounters, which snapshots do
    not follow, may spoil one."""
    slight: float = 0.01
    """Of what is no chance, the share that a law may leave and explain all."""


GLANCE = GlanceSettings()


def is_first_order(data: Trajectories, seed: int, *, settings: GlanceSettings = GLANCE) -> bool:
    """Whether places tell velocities, where there are enough data to ask."""
    recorded = data.recordings
    if not _may_ask(data):
        return False
    candidates = find_candidates(recorded)
    if not _enough(data, candidates, FirstOrder(), settings):
        return False
    return choose_order(recorded, candidates, seed=seed).order.number == 1


def asks_for_more(data: Trajectories, seed: int, *, settings: GlanceSettings = GLANCE) -> bool:
    """Whether accelerations follow from terms that plain motion does not know.

    Forces along the line, the same for all bodies or proportional to their attributes, leave much
    of what terms across it, of velocities of both bodies, or forces that differ by kind explain.
    """
    if not _may_ask(data):
        return False
    recorded, order = data.recordings, SecondOrder()
    candidates = find_candidates(recorded)
    if not _enough(data, candidates, order, settings):
        return False
    fit = _fit(recorded, candidates, 0, order, seed, settings)
    plain = _left(fit.moments.yy, [_along_the_line(fit)])
    ways = [_left(fit.moments.yy, [fit])]
    for name in names_of_kinds(recorded):
        other = with_kinds_by(recorded, name)
        by_kind = find_candidates(other)
        if _enough(data, by_kind, order, settings):
            fits = [
                _along_the_line(_fit(other, by_kind, kind, order, seed, settings))
                for kind in range(by_kind.kinds)
            ]
            squares = np.sum([one.moments.yy for one in fits], axis=0)
            ways.append(_left(squares, fits))
    return any(_is_less(left, plain, settings) for left in ways)


def is_settled(
    early: MatterResult,
    order: OrderName,
    cutoff: float | None,
    *,
    settings: GlanceSettings = GLANCE,
) -> bool:
    """Whether nothing else is asked: it is the law, what was wanted, or leaves chance alone.

    The latter of first order, where several formulas, or a curve, explain all that is no chance:
    plain motion, which knows none, cannot choose among them.
    """
    if early.verdict == "law" or order == "first" or cutoff is not None:
        return True
    chance = early.order.order.number == 1 and early.law.is_stochastic and not early.causes
    return chance and early.explained_of_explainable > 1 - settings.slight


def has_distances(data: Recordings) -> bool:
    """Whether forces against distance can be told at all."""
    try:
        check_distances(data, None)
    except NotEnoughData:
        return False
    return True


def _may_ask(data: Trajectories) -> bool:
    return data.n_bodies > 1 and data.n_times > 4 and has_distances(data.recordings)


def _enough(
    data: Trajectories, candidates: Candidates, order: Order, settings: GlanceSettings
) -> bool:
    """Whether there are enough equations for the terms on the least frequent kind."""
    numbers = candidates.terms(0, order).size
    equations = data.n_trajectories * (data.n_times - 2) * data.n_bodies * data.dim
    return equations >= settings.each * numbers * candidates.kinds


def _fit(
    data: Recordings,
    candidates: Candidates,
    receiver: int,
    order: Order,
    seed: int,
    settings: GlanceSettings,
) -> Fit:
    terms = candidates.terms(receiver, order)
    return fit_terms(data, terms, order, candidates.cutoff, rows=settings.rows, seed=seed)


def _along_the_line(fit: Fit) -> Fit:
    terms = fit.terms
    central = tuple(block for block in terms.blocks if isinstance(block.term, Central))
    return fit.within(Terms(terms.receiver, central, terms.one_body))


def _left(squares: Float[np.ndarray, " fold"], fits: Sequence[Fit]) -> Float[np.ndarray, " fold"]:
    """The share of each part of the data that terms fitted to the others leave."""
    gains = sum((one.gains() for one in fits), np.zeros(1))
    there = squares[squares > 0]
    return 1 - gains / there if len(gains) == len(there) else np.ones(1)


def _is_less(
    left: Float[np.ndarray, " fold"], plain: Float[np.ndarray, " fold"], settings: GlanceSettings
) -> bool:
    """Whether other terms explain most of what forces along the line leave, in nearly all parts."""
    if left.shape != plain.shape:
        return False
    most = (plain > settings.least) & (left < settings.left * plain)
    nearly_all = (plain > settings.traces) & (left < settings.nearly_all * plain)
    less = (most | nearly_all) & (left < settings.most)
    return bool(np.mean(less) >= settings.parts)
