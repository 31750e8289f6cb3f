"""Thresholds of piecewise laws, which have no gradient: found by scanning accelerations."""

from __future__ import annotations

import numpy as np

from forcelaw.laws import Expression
from forcelaw.laws._expression_tree import COMPARISONS, Call, Constant, walk
from forcelaw.particles._design import Design

_ROUNDS = 4
_POINTS = 21


def scan_thresholds(pair: Expression, design: Design, *, around: float = 0.1) -> Expression:
    """Every threshold moved, within its share `around`, to where the error is smallest.

    One threshold after the other, on a grid that shrinks; the other constants keep their values.
    """
    for index in _thresholds(pair):
        width = around
        for _ in range(_ROUNDS):
            here = pair.numbers()[index]
            options = here * (1 + width * np.linspace(-1, 1, _POINTS))
            errors = [_error(_with(pair, index, float(value)), design) for value in options]
            # Between two samples nothing changes: the middle of the best stretch.
            best = np.flatnonzero(np.asarray(errors) <= min(errors) * (1 + 1e-9))
            pair = _with(pair, index, float(np.mean(options[best])))
            width *= 2 / (_POINTS - 1) * max(len(best), 1)
    return pair


def thresholds(pair: Expression) -> list[float]:
    """The numbers that `r` is compared with."""
    return [pair.numbers()[index] for index in _thresholds(pair)]


def _thresholds(pair: Expression) -> list[int]:
    """The constants that `r` is compared with."""
    return [
        part.index
        for node in walk(pair.tree)
        if isinstance(node, Call) and node.operator in COMPARISONS
        for part in node.arguments
        if isinstance(part, Constant)
    ]


def _with(pair: Expression, index: int, value: float) -> Expression:
    numbers = pair.numbers()
    numbers[index] = value
    return pair.with_constants(numbers)


def _error(pair: Expression, design: Design) -> float:
    value = pair.numpy()(np.asarray(pair.numbers()), design.variables())
    error = design.summed(np.broadcast_to(value, design.length.shape)) - design.acceleration
    return float(np.mean(np.abs(error) * design.weight[..., None]))
