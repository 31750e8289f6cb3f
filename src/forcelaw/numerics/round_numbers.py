"""Round numbers that a fitted one may stand for."""

from __future__ import annotations

from collections.abc import Sequence


def nearest_fraction(value: float, denominator: int) -> float:
    """The fraction with this denominator that is nearest to a value: 2 for halves."""
    return round(value * denominator) / denominator


def nearby_round_numbers(
    value: float, *, reach: float, denominators: Sequence[int] = (1, 2), digits: int = 0
) -> list[float]:
    """Round numbers other than zero no farther from a value than `reach`, the simplest first.

    **Arguments:** `denominators` of the fractions that are round: 1 for integers, 2 for halves;
    `digits` significant digits of decimals that are round as well.
    """
    fractions = [nearest_fraction(value, q) for q in denominators]
    decimals = [float(f"{value:.{count}g}") for count in range(1, digits + 1)]
    every = dict.fromkeys([*fractions, *decimals])
    return [simple for simple in every if simple and abs(simple - value) <= reach]
