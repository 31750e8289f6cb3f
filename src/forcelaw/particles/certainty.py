"""What the standard errors of constants allow to be printed and to be concluded."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from forcelaw.laws import Expression, Formula, numbers, writer
from forcelaw.laws.expression import Call, Constant, Variable, walk
from forcelaw.particles.selection import ConstantEstimate

DIGITS = 8
"""Significant digits that are printed at most."""
_LEAST, _UNKNOWN = 2, 4
"""At least; and where no standard error is known."""
_ROUND = 3
"""Digits of a number that was rounded to an exact one: it is printed as it is."""
_COORDINATES = ("x", "y", "z")


def significant_digits(value: float, error: float, most: int = DIGITS) -> int:
    """Significant digits of a constant: one more than the first that its standard error touches."""
    if not math.isfinite(error) or float(f"{value:.{_ROUND}g}") == value:
        return _UNKNOWN
    if error == 0:
        return most
    places = math.floor(math.log10(abs(value))) - math.floor(math.log10(error)) + 2
    return min(max(places, _LEAST), most)


def round_to_certainty(formula: Formula, constants: Sequence[ConstantEstimate]) -> Formula:
    """The formula with its constants rounded to the digits that they deserve.

    It is for printing, with `DIGITS` digits. **Arguments:** `constants` for each of
    `forcelaw.laws.numbers`; see `Stability`.
    """
    parts = (formula.pair, *formula.one_body)
    new = [
        part.with_constants(
            np.array([_rounded(part, *pair) for pair in zip(part.numbers(), errors, strict=True)])
        )
        for part, errors in zip(parts, _errors(formula, constants), strict=True)
    ]
    return Formula(new[0], tuple(new[1:]), formula.core)


def find_insignificant(formula: Formula, constants: Sequence[ConstantEstimate]) -> list[str]:
    """Constants whose standard error is no less than their value, with it.

    Not those that say where a coordinate is counted from: no origin is better than another.
    """
    found = []
    parts = (formula.pair, *formula.one_body)
    for part, errors in zip(parts, _errors(formula, constants), strict=True):
        places = _places(part)
        for index, (value, error) in enumerate(zip(part.numbers(), errors, strict=True)):
            if value and index not in places and error >= abs(value):
                found.append(f"{value:.2g} (+- {error:.2g})")
    return list(dict.fromkeys(found))


def _errors(formula: Formula, constants: Sequence[ConstantEstimate]) -> list[np.ndarray]:
    """The standard error of every constant of every part as it is written; nan: not known."""
    known = np.array([constant.deviation for constant in constants])
    if len(known) != len(numbers(formula)):
        known = np.full(len(numbers(formula)), np.nan)
    return [np.abs(part) for part in writer(formula)(known)]


def _rounded(part: Expression, value: float, error: float) -> float:
    most = min(DIGITS, np.finfo(np.asarray(part.constants).dtype).precision + 1)
    return float(f"{value:.{significant_digits(value, error, most) - 1}e}")


def _places(part: Expression) -> set[int]:
    """The constants that are added to a coordinate or subtracted from one."""
    return {
        one.index
        for node in walk(part.tree)
        if isinstance(node, Call) and node.operator in ("+", "-")
        for one, other in (node.arguments, node.arguments[::-1])
        if isinstance(one, Constant) and isinstance(other, Variable) and other.name in _COORDINATES
    }
