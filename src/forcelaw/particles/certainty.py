"""What the standard errors of constants allow to be printed and to be concluded."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from forcelaw.laws import Expression, Formula, numbers, writer
from forcelaw.laws.expression import Call, Constant, Variable, walk
from forcelaw.particles.discovery_settings import DISCOVERY, DiscoverySettings
from forcelaw.particles.selection import ConstantEstimate

_COORDINATES = ("x", "y", "z")


def significant_digits(
    value: float, error: float, *, settings: DiscoverySettings = DISCOVERY
) -> int:
    """Significant digits of a constant: one more than the first that its standard error touches."""
    how = settings.certainty
    if not math.isfinite(error) or float(f"{value:.{how.round}g}") == value:
        return how.unknown
    if error == 0:
        return how.most
    places = math.floor(math.log10(abs(value))) - math.floor(math.log10(error)) + 2
    return min(max(places, how.least), how.most)


def round_to_certainty(
    formula: Formula,
    constants: Sequence[ConstantEstimate],
    *,
    settings: DiscoverySettings = DISCOVERY,
) -> Formula:
    """The formula with its constants rounded to the digits that they deserve.

    It is for printing, with `settings.certainty.most` digits. **Arguments:** `constants` for each
    of `forcelaw.laws.numbers`; see `Stability`.
    """
    parts = (formula.pair, *formula.one_body)
    new = [
        part.with_constants(
            np.array(
                [
                    _rounded(part, *pair, settings)
                    for pair in zip(part.numbers(), errors, strict=True)
                ]
            )
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


def _rounded(part: Expression, value: float, error: float, settings: DiscoverySettings) -> float:
    most = np.finfo(np.asarray(part.constants).dtype).precision + 1
    digits = min(significant_digits(value, error, settings=settings), most)
    return float(f"{value:.{digits - 1}e}")


def _places(part: Expression) -> set[int]:
    """The constants that are added to a coordinate or subtracted from one."""
    return {
        one.index
        for node in walk(part.tree)
        if isinstance(node, Call) and node.operator in ("+", "-")
        for one, other in (node.arguments, node.arguments[::-1])
        if isinstance(one, Constant) and isinstance(other, Variable) and other.name in _COORDINATES
    }
