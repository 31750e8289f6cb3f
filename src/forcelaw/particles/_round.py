"""Round constants where the accelerations speak for them as well as for crooked ones."""

from __future__ import annotations

from forcelaw.distill import simplify
from forcelaw.laws import Formula
from forcelaw.particles._design import Design, weighted_error

_NEAR = 0.01
_DENOMINATORS = (1, 2)
_WORSE = 2e-3
"""Share by which a round number may raise the error."""
_EXACT = 1e-9


def rounded(formula: Formula, design: Design) -> Formula:
    """The formula with integers and halves in place of constants within 1 % of them.

    Each is kept only where the mean relative error of the accelerations stays what it was: noise
    moves a constant by less than it moves the error. A power of one is then no power any more.
    """
    before = formula
    limit = (1 + _WORSE) * weighted_error(formula, design) + _EXACT
    for index, part in enumerate((formula.pair, *formula.own)):
        for place, value in enumerate(part.numbers()):
            for simple in (round(value * q) / q for q in _DENOMINATORS):
                if simple == value or abs(simple - value) > _NEAR * abs(value):
                    continue
                trial = _with(formula, index, place, simple)
                if weighted_error(trial, design) <= limit:
                    formula = trial
                    break
    if formula is before:
        return formula
    return Formula(simplify(formula.pair), formula.own, formula.core)


def _with(formula: Formula, index: int, place: int, value: float) -> Formula:
    parts = [formula.pair, *formula.own]
    numbers = parts[index].numbers()
    numbers[place] = value
    parts[index] = parts[index].with_constants(numbers)
    return Formula(parts[0], tuple(parts[1:]), formula.core)
