"""Candidates fitted to noisy positions themselves, and the choice between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.distill import simplify_formula
from forcelaw.laws import Formula, numbers, with_numbers
from forcelaw.numerics import (
    as_good_as_the_best,
    nearby_round_numbers,
    nearest_fraction,
    solve_normal_equations,
)
from forcelaw.particles.equations import Design, Windows, formula_acceleration
from forcelaw.particles.preparation import median_size
from forcelaw.particles.refinement import Shot, shoot
from forcelaw.particles.selection.settings import SELECTION, SelectionSettings


class Validated(NamedTuple):
    """Formulas fitted to positions."""

    shots: tuple[Shot, ...]
    chosen: int
    as_good: tuple[int, ...]
    """Others that the positions do not speak against, and whose force is not the same."""


def validate_on_positions(
    formulas: Sequence[Formula],
    windows: Windows,
    design: Design,
    *,
    settings: SelectionSettings = SELECTION,
) -> Validated:
    """Constants from shooting, round where the data allow, and the choice by held-out rollouts.

    Chosen is the shortest formula that none beats by more than two standard errors of the paired
    difference between trajectories.
    """
    shots = [
        _rounded(shoot(formula, windows, settings=settings.refinement), windows, settings)
        for formula in formulas
    ]
    followed = np.min([shot.error for shot in shots], axis=0) < settings.positions.lost
    if followed.any():
        shots = [shot._replace(error=shot.error[followed]) for shot in shots]
    lengths = [description_length(shot.formula) for shot in shots]
    errors = np.stack([shot.error for shot in shots])
    chosen, good = choose(errors, lengths, settings=settings), _good(errors, settings)
    mine = shots[chosen].formula
    others = [k for k in good if k != chosen and _differ(mine, shots[k].formula, design, settings)]
    return Validated(tuple(shots), chosen, tuple(sorted(others, key=lambda k: lengths[k])))


def choose(
    errors: Float[np.ndarray, "formula trajectory"],
    lengths: Sequence[int],
    *,
    settings: SelectionSettings = SELECTION,
) -> int:
    """The shortest formula that is as good as any, of equally short ones the best."""
    means = errors.mean(axis=1)
    return min(_good(errors, settings), key=lambda k: (lengths[k], means[k]))


def _good(
    errors: Float[np.ndarray, "formula trajectory"], settings: SelectionSettings
) -> list[int]:
    """Those that the best one does not beat clearly."""
    slight = settings.positions.slight * float(errors.mean(axis=1).min())
    return np.flatnonzero(
        as_good_as_the_best(errors, significance=settings.positions.significance, slight=slight)
    ).tolist()


def description_length(formula: Formula) -> int:
    """Nodes, and numbers that had to be fitted."""
    parts = (formula.pair, *formula.one_body)
    return sum(part.complexity for part in parts) + len(numbers(formula))


def polish(
    formula: Formula, windows: Windows, *, settings: SelectionSettings = SELECTION
) -> Formula:
    """The formula with constants from shooting, if the motion can be followed with them."""
    before, after = (
        shoot(formula, windows, rounds=0, settings=settings.refinement),
        shoot(formula, windows, settings=settings.refinement),
    )
    if not after.residual < min(
        settings.positions.worse * before.residual, settings.positions.lost
    ):
        return formula
    return _rounded(after, windows, settings).formula


def _differ(one: Formula, other: Formula, design: Design, settings: SelectionSettings) -> bool:
    """Whether two laws accelerate bodies differently in the data."""
    bare = replace(design, weak=None)
    force, rival = formula_acceleration(one, bare), formula_acceleration(other, bare)
    size = np.linalg.norm(force, axis=-1)
    change = np.linalg.norm(force - rival, axis=-1) / (size + 0.1 * median_size(size))
    return bool(np.quantile(change, 0.9) > settings.positions.different)


def _rounded(shot: Shot, windows: Windows, settings: SelectionSettings) -> Shot:
    """Integers and halves in place of near constants, the others moving with them.

    Those first that chance would hardly bring near a round number, and as long as all together
    add no more to the sum of squares than chance would.
    """
    values = numbers(shot.formula)
    fixed: dict[int, float] = {}
    refused: set[int] = set()
    step = np.zeros_like(values)
    while True:
        free = [k for k in range(len(values)) if k not in fixed and k not in refused]
        if not free:
            break
        others = [k for k in range(len(values)) if k not in fixed]
        doubt = np.sqrt(np.diag(np.linalg.pinv(shot.hessian[np.ix_(others, others)])))
        place = min(free, key=lambda k: doubt[others.index(k)])
        simple = _simple(values[place] + step[place], float(doubt[others.index(place)]), settings)
        moved = step
        if simple is not None:
            moved = _with_fixed(shot.hessian, fixed | {place: simple - values[place]})
        if simple is None or moved @ shot.hessian @ moved > settings.positions.round * (
            1 + len(fixed) / 3
        ):
            refused.add(place)
            continue
        fixed[place], step = simple - values[place], moved
    if not fixed:
        return shot
    moved = values + step
    for place, change in fixed.items():
        moved[place] = nearest_fraction(values[place] + change, 2)
    formula = simplify_formula(with_numbers(shot.formula, moved))
    return shoot(formula, windows, rounds=0, settings=settings.refinement)


def _simple(value: float, doubt: float, settings: SelectionSettings) -> float | None:
    """The integer, or else the half, that a constant stands for."""
    reach = min(
        settings.positions.near * abs(value), settings.positions.reach * doubt + 1e-9 * abs(value)
    )
    told = [
        q
        for q in settings.refinement.rounding.denominators
        if settings.positions.coarse * doubt * q < 1
    ]
    return next(iter(nearby_round_numbers(value, reach=reach, denominators=told)), None)


def _with_fixed(
    hessian: Float[np.ndarray, "constant constant"], fixed: dict[int, float]
) -> Float[np.ndarray, " constant"]:
    """The change of all constants that costs least, given that of some."""
    places = list(fixed)
    free = [k for k in range(len(hessian)) if k not in fixed]
    step = np.zeros(len(hessian))
    step[places] = list(fixed.values())
    if free:
        pull = hessian[np.ix_(free, places)] @ step[places]
        step[free] = -solve_normal_equations(hessian[np.ix_(free, free)], pull)
    return step
