"""Into the scales of the data and back: what was fitted, and what was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Formula, Units, numbers, with_numbers
from forcelaw.particles.data import Split
from forcelaw.particles.learning import Fitted
from forcelaw.particles.preparation import Sizes, data_units
from forcelaw.particles.refinement import Shot
from forcelaw.particles.selection.distilled import Distilled
from forcelaw.particles.selection.settings import SELECTION, SelectionSettings

_STEP = 1e-3
"""Relative change by which slopes are differences, of functions that are nearly linear."""


def to_data_units(fitted: Fitted, *, settings: SelectionSettings = SELECTION) -> Fitted:
    """The same in the scales of its training part, which stand in `units`."""
    units = data_units(fitted.split.train)
    if units.same:
        return replace(fitted, units=units)
    split = Split(*(part.rescaled(units) for part in fitted.split))
    law, sizes = fitted.law.rescaled(units), Sizes.of(split.train, settings=settings.preparation)
    return replace(fitted, law=law, split=split, sizes=sizes, units=units)


def formula_in_units(units: Units) -> Callable[[Formula], Formula]:
    """What measures formulas anew, each once: those that were one object stay one."""
    known: dict[int, tuple[Formula, Formula]] = {}

    def there(formula: Formula) -> Formula:
        if id(formula) not in known:
            known[id(formula)] = formula, formula.rescaled(units)
        return known[id(formula)][1]

    return there


def distilled_in_units(distilled: Distilled, units: Units) -> Distilled:
    """The same formulas, measured in these units."""
    if units.same:
        return distilled
    there, confirmed = formula_in_units(units), distilled.confirmed
    if confirmed is not None:
        confirmed = confirmed._replace(shots=tuple(_shot(s, there, units) for s in confirmed.shots))
    front = tuple(replace(item, formula=there(item.formula)) for item in distilled.front)
    return replace(
        distilled,
        formula=there(distilled.formula),
        front=front,
        confirmed=confirmed,
    )


def deviations_in_units(
    formula: Formula, deviations: Float[np.ndarray, " number"], units: Units
) -> Float[np.ndarray, " new"]:
    """Standard deviations of the numbers of a formula, after it was measured anew; nan: unknown."""
    if units.same:
        return deviations
    slopes, known = _slopes(formula, units), np.isfinite(deviations)
    found = np.sqrt(np.sum((slopes * np.where(known, deviations, 0)) ** 2, axis=1))
    return np.where((slopes != 0)[:, ~known].any(axis=1), np.nan, found)


def _slopes(formula: Formula, units: Units) -> Float[np.ndarray, "new old"]:
    """How the numbers of a formula in other units change with those in these."""
    old, before = numbers(formula), formula.rescaled(units)
    new = numbers(before)
    if len(old) == len(new):
        # Each number was multiplied by a unit.
        return np.diag(np.where(old == 0, 0, new / np.where(old == 0, 1, old)))
    columns = []
    for place, value in enumerate(old.tolist()):
        step = _STEP * (value or 1.0)
        moved = with_numbers(formula, old + step * (np.arange(len(old)) == place))
        there = numbers(moved.rescaled(units))
        # A factor that units make one is not written: it has no place among the others.
        alike = len(there) == len(new)
        columns.append((there - new) / step if alike else np.zeros(len(new)))
    return np.stack(columns, axis=1) if columns else np.zeros((len(new), 0))


def _shot(shot: Shot, there: Callable[[Formula], Formula], units: Units) -> Shot:
    slopes, formula = _slopes(shot.formula, units), there(shot.formula)
    turn = np.linalg.pinv(slopes) if slopes.size else slopes.T
    return shot._replace(
        formula=formula,
        deviation=deviations_in_units(shot.formula, shot.deviation, units),
        hessian=turn.T @ shot.hessian @ turn,
    )
