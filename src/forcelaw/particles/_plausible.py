"""Formulas that only look like an answer: powers without meaning, terms that cancel."""

from __future__ import annotations

import numpy as np

from forcelaw.laws import Expression
from forcelaw.laws._expression_tree import Call, Constant, Node, Number, walk
from forcelaw.laws._expression_value import evaluate
from forcelaw.particles._design import Design

_STEEPEST = 13.0
"""The largest power of a distance: that of the force of a Lennard-Jones core."""
_CANCEL = 1e4
"""Times the sum that its terms may be as large as."""


def is_plausible(expression: Expression, design: Design) -> bool:
    """Whether no power is steeper than any of physics, and no terms all but cancel in the data.

    A long formula with such parts follows any smooth curve, and says nothing about it.
    """
    constants, variables = np.asarray(expression.numbers()), design.variables()
    with np.errstate(all="ignore"):
        return not any(
            _steep(node, constants) or _cancels(node, constants, variables)
            for node in walk(expression.tree)
            if isinstance(node, Call)
        )


def _steep(node: Call, constants: np.ndarray) -> bool:
    if node.operator != "**":
        return False
    power = node.arguments[1]
    if isinstance(power, Number):
        return abs(float(power.value)) > _STEEPEST
    return isinstance(power, Constant) and abs(float(constants[power.index])) > _STEEPEST


def _cancels(node: Call, constants: np.ndarray, variables: dict[str, np.ndarray]) -> bool:
    if node.operator not in ("+", "-"):
        return False

    def size(part: Node) -> np.ndarray:
        value = np.asarray(evaluate(part, constants, variables, np), np.float64)
        return np.abs(np.atleast_1d(value))

    terms = np.maximum(*(size(part) for part in node.arguments))
    return bool(np.median(terms / np.maximum(size(node), 1e-300)) > _CANCEL)
