"""The value of an expression, in JAX or in NumPy."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from forcelaw.laws.expression.scaled_products import is_long, product
from forcelaw.laws.expression.traversal import constant_indices, variable_names
from forcelaw.laws.expression.tree import (
    SELECTIONS,
    Call,
    Constant,
    Node,
    Number,
    Parameter,
    Variable,
)

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
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
        return product(node, lambda part: evaluate(part, constants, variables, arithmetic))
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


def evaluate_numpy(
    node: Node, constants: np.ndarray, variables: Mapping[str, np.ndarray]
) -> np.ndarray:
    """The value in NumPy float64; poles give infinities or NaN, silently."""
    with np.errstate(all="ignore"):
        value = evaluate(node, constants, variables, Arithmetic.NUMPY)
    shape = np.broadcast_shapes(*(np.shape(part) for part in variables.values()))
    return np.broadcast_to(np.asarray(value, dtype=np.float64), shape)
