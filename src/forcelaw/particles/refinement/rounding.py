"""Round constants where the accelerations speak for them as well as for unrounded ones."""

from __future__ import annotations

import numpy as np

from forcelaw.distill import simplify_formula
from forcelaw.laws import Formula, numbers, with_numbers
from forcelaw.numerics import nearby_round_numbers
from forcelaw.particles.equations import Design, weighted_error

_NEAR = 0.01
_NOTHING = 1e-3
_DENOMINATORS = (1, 2)
_WORSE = 2e-3
"""Share by which a round number may raise the error."""
_EXACT = 1e-9


def round_constants(formula: Formula, design: Design) -> Formula:
    """The formula with integers and halves in place of constants within 1 % of them.

    Each is kept only where the mean relative error of the accelerations stays what it was: noise
    moves a constant by less than it moves the error. A power of one is then no power any more.
    """
    limit = (1 + _WORSE) * weighted_error(formula, design) + _EXACT
    values = numbers(formula)
    before = values.copy()
    for place, value in enumerate(before.tolist()):
        for simple in _simple(value):
            trial = np.where(np.arange(len(values)) == place, simple, values)
            if weighted_error(with_numbers(formula, trial), design) <= limit:
                values = trial
                break
    if np.array_equal(values, before):
        return formula
    return simplify_formula(with_numbers(formula, values))


def _simple(value: float) -> list[float]:
    """Zero for what is next to nothing, as in `m_i**1e-8`, then integers and halves close by."""
    near = nearby_round_numbers(value, reach=_NEAR * abs(value), denominators=_DENOMINATORS)
    near = [simple for simple in near if simple != value]
    return [0.0, *near] if 0 < abs(value) < _NOTHING else near
