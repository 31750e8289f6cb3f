"""The simplest laws that could do, printed beside whatever is found."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np

from forcelaw.laws import Expression, Formula, both_ends
from forcelaw.laws.expression import Node, Parameter, Variable, product
from forcelaw.particles.candidates.settings import CANDIDATES, CandidatesSettings
from forcelaw.particles.equations import Design


class Baseline(NamedTuple):
    """A fitted baseline."""

    formula: Formula
    power: float
    """The power of the distance of a power law; 1 for the linear law."""
    error: float
    """Mean relative error of the components of the accelerations it was fitted to."""


def fit_linear(design: Design) -> Baseline:
    """`a + b*r`, the same for all pairs."""
    columns = [
        design.pair_acceleration(np.ones_like(design.length)),
        design.pair_acceleration(design.length),
    ]
    (constant, slope), error = design.solve(columns)
    return Baseline(_law(Parameter(float(constant)) + float(slope) * Variable("r")), 1.0, error)


def fit_power_law(design: Design, *, settings: CandidatesSettings = CANDIDATES) -> Baseline:
    """`c * r**p`, times the products of both bodies' attributes that fit best.

    The power and the products are tried one by one, `c` is exact; deterministic.
    """
    low, high, step = settings.powers
    powers = np.arange(low, high + step / 2, step).tolist()
    near = np.maximum(design.length, 1e-6 * np.median(design.length))
    best = None
    for names in _subsets(list(design.attributes)):
        scalar = design.product_of(names)
        for power in powers:
            (factor,), error = design.solve([design.pair_acceleration(scalar * near**power)])
            if best is None or error < best[0]:
                best = error, names, power, float(factor)
    assert best is not None
    error, names, power, factor = best
    pair = product(factor, *both_ends(*names), Variable("r") ** power)
    return Baseline(_law(pair), power, error)


def _law(pair: Node) -> Formula:
    return Formula(Expression.of(pair), ())


def _subsets(names: list[str]) -> list[tuple[str, ...]]:
    return [
        subset for size in range(min(len(names), 2) + 1) for subset in combinations(names, size)
    ]
