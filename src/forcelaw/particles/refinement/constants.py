"""The constants of a formula: fitted to what was measured, and round where that allows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float

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
    bodies = design.bodies
    arrays = (bodies.position, bodies.velocity, design.acceleration, bodies.attributes)
    observed = design.position.shape[1]

    def observe(acceleration: np.ndarray) -> np.ndarray:
        return design.observe(acceleration[:, :observed])

    if design.weak is None:
        return refit_formula(formula, *arrays, graph=design.graph, observe=observe)
    weight = design.weight[..., None]
    scale = np.where(weight > 0, 1 / np.where(weight > 0, weight, 1), np.inf)
    return refit_formula(formula, *arrays, graph=design.graph, observe=observe, scale=scale)


def round_constants(
    formula: Formula, design: Design, *, settings: RefinementSettings = REFINEMENT
) -> Formula:
    """The formula with integers and halves in place of constants within 1 % of them.

    Each is kept only where the mean relative error of the accelerations stays what it was: noise
    moves a constant by less than it moves the error. A power of one is then no power any more.
    """
    before = numbers(formula)
    values = round_each(
        before,
        lambda value: _simple(value, settings),
        lambda trial: weighted_error(with_numbers(formula, trial), design),
        settings=settings,
    )
    if np.array_equal(values, before):
        return formula
    return simplify_formula(with_numbers(formula, values))


def round_each(
    values: Float[np.ndarray, " constant"],
    options: Callable[[float], Sequence[float]],
    error: Callable[[Float[np.ndarray, " constant"]], float],
    *,
    passes: int = 1,
    settings: RefinementSettings = REFINEMENT,
) -> Float[np.ndarray, " constant"]:
    """Round numbers in place of constants, one after the other, where the error stays what it was.

    **Arguments:** `options` for a constant, the first that does is taken; `error` of all constants
    together; `passes` over all of them: what was refused beside unrounded numbers may do beside
    round ones.
    """
    limit = (1 + settings.rounding.worse) * error(values) + settings.rounding.exact
    for place in [*range(len(values))] * passes:
        for simple in options(float(values[place])):
            trial = np.where(np.arange(len(values)) == place, simple, values)
            if error(trial) <= limit:
                values = trial
                break
    return values


def _simple(value: float, settings: RefinementSettings) -> list[float]:
    """Zero for what is next to nothing, as in `m_i**1e-8`, then integers and halves close by."""
    near = nearby_round_numbers(
        value,
        reach=settings.rounding.near * abs(value),
        denominators=settings.rounding.denominators,
        digits=settings.rounding.fitted_digits,
    )
    near = [simple for simple in near if simple != value]
    return [0.0, *near] if 0 < abs(value) < settings.rounding.nothing else near
