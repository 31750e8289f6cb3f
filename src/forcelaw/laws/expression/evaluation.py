"""The value of an expression, in JAX or in NumPy, and there its derivatives by the constants."""

from __future__ import annotations

import enum
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from forcelaw.laws.expression.scaled_products import is_long, scaled_product
from forcelaw.laws.expression.tree import (
    COMPARISONS,
    SELECTIONS,
    Call,
    Constant,
    Node,
    Number,
    Parameter,
    Variable,
    constant_indices,
    variable_names,
)

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Arithmetic(enum.Enum):
    """What computes, and how."""

    NUMPY = enum.auto()
    SCALED = enum.auto()
    """JAX; parts of long products neither overflow nor vanish where the whole does not."""
    PLAIN = enum.auto()
    """JAX, for numbers about one: several times faster."""


def evaluate(  # noqa: PLR0911
    node: Node, constants: Any, variables: Mapping[str, Any], arithmetic: Arithmetic
) -> Any:
    """The value of a tree; `constants[index]` a scalar."""
    library: Any = np if arithmetic is Arithmetic.NUMPY else jnp
    if isinstance(node, Number | Parameter):
        # An array scalar: Python's own would raise at a division by zero.
        return library.asarray(float(node.value))
    if isinstance(node, Constant):
        return constants[node.index]
    if isinstance(node, Variable):
        return variables[node.name]
    if node.operator == "where" and library is jnp:
        return _select(node, constants, variables, arithmetic)
    if arithmetic is Arithmetic.SCALED and node.operator in ("*", "/") and is_long(node):
        return scaled_product(node, lambda part: evaluate(part, constants, variables, arithmetic))
    if node.operator == "**":
        return _power(node, constants, variables, arithmetic)
    values = [evaluate(argument, constants, variables, arithmetic) for argument in node.arguments]
    if node.operator in _BINARY:
        return _BINARY[node.operator](*values)
    if node.operator == "neg":
        return -values[0]
    if node.operator == "where":
        return library.where(*values)
    if node.operator in SELECTIONS:
        return reduce(library.minimum if node.operator == "min" else library.maximum, values)
    return getattr(library, node.operator)(values[0])


def _power(node: Call, constants: Any, variables: Mapping[str, Any], arithmetic: Arithmetic) -> Any:
    """Exact exponents stay Python numbers: integer powers of negative bases are then finite."""
    base_node, exponent_node = node.arguments
    base = evaluate(base_node, constants, variables, arithmetic)
    if not isinstance(exponent_node, Number):
        return base ** evaluate(exponent_node, constants, variables, arithmetic)
    exponent = exponent_node.value
    if exponent == Fraction(1, 2):
        return np.sqrt(base) if arithmetic is Arithmetic.NUMPY else jnp.sqrt(base)
    return base ** (exponent.numerator if exponent.denominator == 1 else float(exponent))


def _select(
    node: Call, constants: Any, variables: Mapping[str, Any], arithmetic: Arithmetic
) -> jax.Array:
    """`where` whose unused branch cannot poison the gradient, whatever it evaluates to.

    Every operator is elementwise, so the derivative is: the chosen branch's partial derivative
    times the tangent. Plain autodiff would multiply an infinite partial of the other branch by 0.
    """
    names = variable_names(node)
    indices = constant_indices(node)
    leaves = [variables[name] for name in names] + [constants[index] for index in indices]
    if not leaves:
        return jnp.where(*(evaluate(part, (), {}, arithmetic) for part in node.arguments))
    dtype = leaves[0].dtype

    def value(part: Node, leaves: tuple[jax.Array, ...]) -> jax.Array:
        known = dict(zip(names, leaves, strict=False))
        numbers = dict(zip(indices, leaves[len(names) :], strict=True))
        result = evaluate(part, numbers, known, arithmetic)
        return result if isinstance(result, jax.Array) else jnp.asarray(result, dtype)

    condition, *branches = node.arguments

    def keep(leaves: tuple[jax.Array, ...]) -> jax.Array:
        result = evaluate(
            condition,
            dict(zip(indices, leaves[len(names) :], strict=True)),
            dict(zip(names, leaves, strict=False)),
            arithmetic,
        )
        return jnp.asarray(result)

    def chosen_value(*leaves: jax.Array) -> jax.Array:
        return jnp.where(keep(leaves), *(value(branch, leaves) for branch in branches))

    select = jax.custom_jvp(chosen_value)

    def derivative(leaves, tangents):
        out = select(*leaves)
        chosen = keep(leaves)
        total = jnp.zeros_like(out)
        for position, tangent in enumerate(tangents):
            unit = tuple(jnp.full_like(leaf, float(i == position)) for i, leaf in enumerate(leaves))
            partials = [
                jax.jvp(lambda *at, branch=branch: value(branch, at), leaves, unit)[1]
                for branch in branches
            ]
            total = total + jnp.where(chosen, *partials) * tangent
        return out, total

    select.defjvp(derivative)
    return select(*leaves)


class _Dual(NamedTuple):
    """A value, and its derivative by each constant that it depends on."""

    value: Any
    slopes: dict[int, Any]


def numpy_slopes(
    node: Node, constants: np.ndarray, variables: Mapping[str, np.ndarray]
) -> Float[np.ndarray, "constant *sample"]:
    """The derivatives of the value by the constants, in float64.

    Within `where`, `min` and `max` of the part that is taken; a threshold has none. Poles give
    infinities or NaN, silently.

    Forward mode: Griewank and Walther, Evaluating Derivatives (2008), chapter 3.
    """
    with np.errstate(all="ignore"):
        found = _dual(node, constants, variables).slopes
    shape = np.broadcast_shapes(*(np.shape(part) for part in variables.values()))
    slopes = np.zeros((len(constants), *shape))
    for index, slope in found.items():
        slopes[index] = slope
    return slopes


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
                value = np.sqrt(x) if power == 0.5 else _to_power(x, power)
                return _combined(value, (a, power * _to_power(x, power - 1)), (b, 0.0))
            value = x**y
            return _combined(value, (a, y * x ** (y - 1)), (b, value * np.log(x)))
        case _:
            raise ValueError(f"the operator {node.operator!r} has no derivative here")


def _to_power(base: Any, exponent: float) -> Any:
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
