"""The derivatives of an expression by its constants, in NumPy: forward mode on the tree."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.laws.expression.evaluation import Arithmetic, evaluate
from forcelaw.laws.expression.tree import (
    COMPARISONS,
    Call,
    Constant,
    Node,
    Number,
    Parameter,
    Variable,
)


class _Dual(NamedTuple):
    """A value, and its derivative by each constant that it depends on."""

    value: Any
    slopes: dict[int, Any]


def numpy_slopes(
    node: Node, constants: np.ndarray, variables: Mapping[str, np.ndarray]
) -> tuple[Float[np.ndarray, "*sample"], Float[np.ndarray, "constant *sample"]]:
    """The value of a tree, and its derivative by each constant, in float64.

    Within `where`, `min` and `max` of the part that is taken; a threshold has none. Poles give
    infinities or NaN, silently.

    Forward mode: Griewank and Walther, Evaluating Derivatives (2008), chapter 3.
    """
    with np.errstate(all="ignore"):
        found = _dual(node, constants, variables)
    shape = np.broadcast_shapes(*(np.shape(part) for part in variables.values()))
    slopes = np.zeros((len(constants), *shape))
    for index, slope in found.slopes.items():
        slopes[index] = slope
    return np.broadcast_to(np.asarray(found.value, dtype=np.float64), shape), slopes


def _dual(  # noqa: PLR0911
    node: Node, constants: np.ndarray, variables: Mapping[str, np.ndarray]
) -> _Dual:
    if isinstance(node, Constant):
        return _Dual(constants[node.index], {node.index: 1.0})
    if isinstance(node, Number | Parameter | Variable) or node.operator in COMPARISONS:
        return _Dual(evaluate(node, constants, variables, Arithmetic.NUMPY), {})
    if node.operator == "where":
        chosen = evaluate(node.arguments[0], constants, variables, Arithmetic.NUMPY)
        return _chosen(chosen, *(_dual(part, constants, variables) for part in node.arguments[1:]))
    parts = [_dual(part, constants, variables) for part in node.arguments]
    if not any(part.slopes for part in parts):
        return _Dual(evaluate(node, constants, variables, Arithmetic.NUMPY), {})
    if node.operator == "min":
        return reduce(lambda a, b: _chosen(a.value <= b.value, a, b), parts)
    if node.operator == "max":
        return reduce(lambda a, b: _chosen(a.value >= b.value, a, b), parts)
    if len(parts) == 1:
        return _of_one(node, parts[0])
    return _of_two(node, *parts)


def _chosen(first: Any, one: _Dual, other: _Dual) -> _Dual:
    """The one where `first`, elsewhere the other."""
    slopes = {
        index: np.where(first, one.slopes.get(index, 0.0), other.slopes.get(index, 0.0))
        for index in one.slopes.keys() | other.slopes.keys()
    }
    return _Dual(np.where(first, one.value, other.value), slopes)


def _of_one(node: Call, part: _Dual) -> _Dual:
    x = part.value
    if node.operator == "neg":
        return _Dual(-x, {index: -slope for index, slope in part.slopes.items()})
    value = getattr(np, node.operator)(x)
    match node.operator:
        case "exp":
            factor = value
        case "log":
            factor = 1 / x
        case "sqrt":
            factor = 0.5 / value
        case "abs":
            factor = np.sign(x)
        case "sin":
            factor = np.cos(x)
        case "cos":
            factor = -np.sin(x)
        case "tanh":
            factor = 1 - value**2
        case _:
            raise ValueError(f"the function {node.operator!r} has no derivative here")
    return _Dual(value, {index: factor * slope for index, slope in part.slopes.items()})


def _of_two(node: Call, a: _Dual, b: _Dual) -> _Dual:
    x, y = a.value, b.value
    match node.operator:
        case "+":
            return _combined(x + y, (a, 1.0), (b, 1.0))
        case "-":
            return _combined(x - y, (a, 1.0), (b, -1.0))
        case "*":
            return _combined(x * y, (a, y), (b, x))
        case "/":
            value = x / y
            return _combined(value, (a, 1 / y), (b, -value / y))
        case "**":
            exponent = node.arguments[1]
            if isinstance(exponent, Number):
                power = float(exponent.value)
                value = np.sqrt(x) if power == 0.5 else _power(x, power)
                return _combined(value, (a, power * _power(x, power - 1)), (b, 0.0))
            value = x**y
            return _combined(value, (a, y * x ** (y - 1)), (b, value * np.log(x)))
        case _:
            raise ValueError(f"the operator {node.operator!r} has no derivative here")


def _power(base: Any, exponent: float) -> Any:
    """Whole exponents stay whole: their powers of negative bases are numbers."""
    if exponent == 0:
        return np.ones_like(base, dtype=float)
    return base ** (int(exponent) if exponent == int(exponent) else exponent)


def _combined(value: Any, *parts: tuple[_Dual, Any]) -> _Dual:
    """The chain rule: for every part what its slope is multiplied by."""
    slopes: dict[int, Any] = {}
    for part, factor in parts:
        for index, slope in part.slopes.items():
            slopes[index] = slopes.get(index, 0.0) + factor * slope
    return _Dual(value, slopes)
