"""The constants of a formula: fitted to what was measured, and round where that allows it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forcelaw.distill import refit_formula, simplify_formula
from forcelaw.laws import Formula, numbers, with_numbers
from forcelaw.numerics import nearby_round_numbers
from forcelaw.particles.candidates import scan_thresholds
from forcelaw.particles.equations import Design, weighted_error
from forcelaw.particles.refinement.settings import REFINEMENT, RefinementSettings


def fit_constants(
    formula: Formula, design: Design, *, settings: RefinementSettings = REFINEMENT
) -> Formula:
    """The formula with the constants that suit the snapshots, or the equations, best."""
    if not len(numbers(formula)):
        return formula
    formula = replace(
        formula, pair=scan_thresholds(formula.pair, design, settings=settings.candidates)
    )
    arrays = (design.position, design.velocity, design.acceleration, design.attributes)
    if design.weak is None:
        return refit_formula(formula, *arrays, graph=design.graph)
    weight = design.weight[..., None]
    scale = np.where(weight > 0, 1 / np.where(weight > 0, weight, 1), np.inf)
    return refit_formula(
        formula, *arrays, graph=design.graph, observe=design.weak.apply, scale=scale
    )


def round_constants(
    formula: Formula, design: Design, *, settings: RefinementSettings = REFINEMENT
) -> Formula:
    """The formula with integers and halves in place of constants within 1 % of them.

    Each is kept only where the mean relative error of the accelerations stays what it was: noise
    moves a constant by less than it moves the error. A power of one is then no power any more.
    """
    limit = (1 + settings.rounding.worse) * weighted_error(
        formula, design
    ) + settings.rounding.exact
    values = numbers(formula)
    before = values.copy()
    for place, value in enumerate(before.tolist()):
        for simple in _simple(value, settings):
            trial = np.where(np.arange(len(values)) == place, simple, values)
            if weighted_error(with_numbers(formula, trial), design) <= limit:
                values = trial
                break
    if np.array_equal(values, before):
        return formula
    return simplify_formula(with_numbers(formula, values))


def _simple(value: float, settings: RefinementSettings) -> list[float]:
    """Zero for what is next to nothing, as in `m_i**1e-8`, then integers and halves close by."""
    near = nearby_round_numbers(
        value,
        reach=settings.rounding.near * abs(value),
        denominators=settings.rounding.denominators,
    )
    near = [simple for simple in near if simple != value]
    return [0.0, *near] if 0 < abs(value) < settings.rounding.nothing else near
