"""Formulas that only look like an answer: powers without meaning, terms that cancel, poles."""

from __future__ import annotations

import numpy as np

from forcelaw.laws import Expression
from forcelaw.laws.expression import Arithmetic, Call, Constant, Node, Number, evaluate, walk
from forcelaw.particles.equations import Design
from forcelaw.particles.selection.settings import SELECTION, SelectionSettings


def is_plausible(
    expression: Expression, design: Design, *, settings: SelectionSettings = SELECTION
) -> bool:
    """Whether no power is steeper than any of physics, no terms cancel, and no pole is in the data.

    A long formula with such parts follows any smooth curve, and says nothing about it. Poles hide
    at distances that are never seen, between the nearest and the farthest.
    """
    constants, variables = np.asarray(expression.numbers()), design.variables()
    with np.errstate(all="ignore"):
        return not any(
            _steep(node, constants, settings)
            or _cancels(node, constants, variables, settings)
            or _has_pole(node, constants, variables, settings)
            for node in walk(expression.tree)
            if isinstance(node, Call)
        )


def _steep(node: Call, constants: np.ndarray, settings: SelectionSettings) -> bool:
    if node.operator != "**":
        return False
    return abs(_value(node.arguments[1], constants)) > settings.plausibility.steepest


def _cancels(
    node: Call, constants: np.ndarray, variables: dict[str, np.ndarray], settings: SelectionSettings
) -> bool:
    if node.operator not in ("+", "-"):
        return False

    def size(part: Node) -> np.ndarray:
        value = np.asarray(evaluate(part, constants, variables, Arithmetic.NUMPY), np.float64)
        return np.abs(np.atleast_1d(value))

    terms = np.maximum(*(size(part) for part in node.arguments))
    return bool(np.median(terms / np.maximum(size(node), 1e-300)) > settings.plausibility.cancel)


def _has_pole(
    node: Call, constants: np.ndarray, variables: dict[str, np.ndarray], settings: SelectionSettings
) -> bool:
    """Whether a factor of what is divided by changes its sign along the distance."""
    if node.operator == "/":
        divisor = node.arguments[1]
    elif node.operator == "**" and _value(node.arguments[1], constants) < 0:
        divisor = node.arguments[0]
    else:
        return False
    length = variables["r"]
    known = {
        name: np.ravel(value)[: settings.plausibility.pairs] for name, value in variables.items()
    }
    known["r"] = np.geomspace(length.min(), length.max(), settings.plausibility.distances)[:, None]
    for factor in _factors(divisor, constants):
        sign = np.sign(np.asarray(evaluate(factor, constants, known, Arithmetic.NUMPY)))
        if sign.ndim > 1 and (sign[1:] * sign[:-1] < 0).any():
            return True
    return False


def _factors(node: Node, constants: np.ndarray) -> list[Node]:
    """What a divisor is the product of, without powers: `r - 3` of `(r - 3)**2`."""
    if isinstance(node, Call) and node.operator == "*":
        return [factor for part in node.arguments for factor in _factors(part, constants)]
    if isinstance(node, Call) and node.operator == "**" and _value(node.arguments[1], constants):
        return _factors(node.arguments[0], constants)
    return [node]


def _value(power: Node, constants: np.ndarray) -> float:
    """The number in an exponent; 0 where it is none."""
    if isinstance(power, Number):
        return float(power.value)
    return float(constants[power.index]) if isinstance(power, Constant) else 0.0
