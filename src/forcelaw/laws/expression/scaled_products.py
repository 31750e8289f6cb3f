"""Products in single precision whose parts are no numbers there, though the whole is one.

`6.674e-11*m_i*m_j/r**2` of stars in SI units is about 1e27, yet `m_i*m_j` is beyond 3.4e38. Every
factor is split into a number about one and a power of two; those are multiplied in the order that
is written, these are added. Powers of two are exact: wherever plain arithmetic neither overflows
nor vanishes, the result is the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from forcelaw.laws.expression.tree import Call, Node, Number

_LONG = 3
"""Factors from which a part may overflow where the whole does not."""
_BIAS, _MANTISSA, _FIELD = 127, 23, 0xFF
"""The layout of a number in single precision, IEEE 754."""
_LARGEST = 126


class _Split(NamedTuple):
    """`share` times two to the power `exponent`."""

    share: Any
    exponent: Any


def is_long(node: Call) -> bool:
    """Whether a product or quotient has so many factors, powers counted, that parts may differ."""
    return _factors(node) >= _LONG


def scaled_product(node: Call, value: Callable[[Node], Any]) -> Any:
    """The value of a product or quotient; `value` gives that of any other part."""
    return _joined(_visit(node, value))


def quotient(value: Any, *divisors: Any) -> Any:
    """A number divided by others, one after the other; its slopes do not vanish on the way."""
    result = _split(value)
    for divisor in map(_split, divisors):
        exponent = _sum(result.exponent, divisor.exponent, -1)
        result = _Split(result.share / divisor.share, exponent)
    return _joined(result)


def _joined(split: _Split) -> Any:
    share, exponent = split
    if exponent is None:
        return share
    # Three parts, so that none is beyond the largest exponent while their sum is not.
    first = jnp.clip(exponent, -_LARGEST, _LARGEST)
    second = jnp.clip(exponent - first, -_LARGEST, _LARGEST)
    third = jnp.clip(exponent - first - second, -_LARGEST, _LARGEST)
    return share * _power_of_two(first) * _power_of_two(second) * _power_of_two(third)


def _factors(node: Node) -> int:
    if not isinstance(node, Call):
        return 1
    if node.operator in ("*", "/"):
        return sum(map(_factors, node.arguments))
    if node.operator == "neg":
        return _factors(node.arguments[0])
    power = _whole_power(node)
    return 1 if power is None else abs(power) * _factors(node.arguments[0])


def _whole_power(node: Call) -> int | None:
    if node.operator != "**" or not isinstance(node.arguments[1], Number):
        return None
    power = node.arguments[1].value
    return power.numerator if power.denominator == 1 else None


def _visit(node: Node, value: Callable[[Node], Any]) -> _Split:
    if isinstance(node, Call) and node.operator in ("*", "/"):
        left, right = (_visit(part, value) for part in node.arguments)
        if node.operator == "*":
            return _Split(left.share * right.share, _sum(left.exponent, right.exponent, 1))
        return _Split(left.share / right.share, _sum(left.exponent, right.exponent, -1))
    if isinstance(node, Call) and node.operator == "neg":
        inner = _visit(node.arguments[0], value)
        return _Split(-inner.share, inner.exponent)
    power = _whole_power(node) if isinstance(node, Call) else None
    if power is None:
        return _split(value(node))
    assert isinstance(node, Call)
    inner = _visit(node.arguments[0], value)
    return _Split(inner.share**power, None if inner.exponent is None else power * inner.exponent)


def _sum(left: Any, right: Any, sign: int) -> Any:
    if right is None:
        return left
    return sign * right if left is None else left + sign * right


def _split(value: Any) -> _Split:
    """A number in single precision taken apart; any other stays whole."""
    if getattr(value, "dtype", None) != jnp.float32:
        return _Split(value, None)
    bits = jax.lax.bitcast_convert_type(jax.lax.stop_gradient(jnp.asarray(value)), jnp.int32)
    field = (bits >> _MANTISSA) & _FIELD
    # Zero, infinity and no number stay what they are.
    plain = (field == 0) | (field == _FIELD)
    exponent = jnp.clip(jnp.where(plain, 0, field - _BIAS), -_LARGEST, _LARGEST)
    # Not a division: the compiler would gather the divisors of nested ones in one product.
    return _Split(value * _power_of_two(-exponent), exponent)


def _power_of_two(exponent: jax.Array) -> jax.Array:
    """Exactly, of exponents from -126 to 127."""
    return jax.lax.bitcast_convert_type((exponent + _BIAS) << _MANTISSA, jnp.float32)
