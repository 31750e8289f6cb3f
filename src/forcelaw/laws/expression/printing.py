"""From a tree to text: what people read, LaTeX, and Python source; and what shows itself so."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from typing import Any

import equinox as eqx
import jax
from jax.core import Tracer

from forcelaw.laws.expression.tree import (
    COMPARISONS,
    FUNCTIONS,
    Call,
    Constant,
    Node,
    Number,
    Parameter,
)

_SUM, _PRODUCT, _POWER, _ATOM = range(4)
_DIGITS = 8
"""Significant digits of a constant in `repr`: those of single precision, and one more."""


def number_text(value: float, precision: int | None) -> str:
    """`precision` significant digits; `None`: the shortest text that gives the same float."""
    return repr(float(value)) if precision is None else f"{value:.{precision}g}"


class _Text:
    """Text that parses back; each method returns the text and how tightly it binds."""

    power = "**"

    def __init__(self, constants: Sequence[float], precision: int | None) -> None:
        self.constants = constants
        self.precision = precision

    def text(self, node: Node) -> str:
        return self.node(node)[0]

    def number(self, text: str) -> tuple[str, int]:
        return text, _PRODUCT if text.startswith("-") else _ATOM

    def within(self, node: Node, tightness: int) -> str:
        """The text of `node`, in parentheses if it binds less tightly than asked."""
        text, own = self.node(node)
        return text if own >= tightness else f"({text})"

    def node(self, node: Node) -> tuple[str, int]:  # noqa: PLR0911
        if isinstance(node, Number):
            text = str(node.value)
            return text, _PRODUCT if "/" in text or text.startswith("-") else _ATOM
        if isinstance(node, Constant):
            return self.number(number_text(self.constants[node.index], self.precision))
        if isinstance(node, Parameter):
            return self.number(number_text(node.value, self.precision))
        if not isinstance(node, Call):
            return self.variable(node.name), _ATOM
        match node.operator:
            case "+" | "-":
                return self.sum(node), _SUM
            case "*" | "/":
                return self.product(node)
            case "neg":
                return self.negative(node.arguments[0])
            case "**":
                return self.raised(*node.arguments), _POWER
        return self.call(node), _ATOM

    def sum(self, node: Call) -> str:
        left, right = node.arguments
        sign = node.operator
        text = self.within(right, _PRODUCT)
        if text.startswith("-"):
            # a + -b reads a - b; a product keeps its meaning when its first sign is turned.
            sign, text = ("+" if sign == "-" else "-"), text[1:]
        return f"{self.node(left)[0]} {sign} {text}"

    def negative(self, inner: Node) -> tuple[str, int]:
        text = self.within(inner, _PRODUCT)
        return (text[1:] if text.startswith("-") else f"-{text}"), _PRODUCT

    def unit_factor(self, node: Node) -> int:
        """1 or -1 for a constant that would be printed as such and needs not be; else 0."""
        if self.precision is None or not isinstance(node, Constant):
            return 0
        return {"1": 1, "-1": -1}.get(number_text(self.constants[node.index], self.precision), 0)

    def product(self, node: Call) -> tuple[str, int]:
        left, right = node.arguments
        if node.operator == "*":
            for one, other in ((left, right), (right, left)):
                unit = self.unit_factor(one)
                if unit:
                    return self.node(other) if unit > 0 else self.negative(other)
        text = self.within(right, _POWER)
        return f"{self.within(left, _PRODUCT)}{node.operator}{text}", _PRODUCT

    def raised(self, base: Node, exponent: Node) -> str:
        return f"{self.within(base, _ATOM)}{self.power}{self.within(exponent, _ATOM)}"

    def variable(self, name: str) -> str:
        return name

    def function(self, name: str) -> str:
        return name

    def call(self, node: Call) -> str:
        if node.operator in COMPARISONS:
            left, right = (self.node(argument)[0] for argument in node.arguments)
            return f"{left} {node.operator} {right}"
        arguments = ", ".join(self.node(argument)[0] for argument in node.arguments)
        return f"{self.function(node.operator)}({arguments})"


class _Python(_Text):
    """NumPy source."""

    def function(self, name: str) -> str:
        return f"np.{ {'min': 'minimum', 'max': 'maximum'}.get(name, name) }"

    def call(self, node: Call) -> str:
        if node.operator in ("min", "max") and len(node.arguments) > 2:
            nested = Call(
                node.operator, (Call(node.operator, node.arguments[:-1]), node.arguments[-1])
            )
            return super().call(nested)
        return super().call(node)


class _Latex(_Text):
    """LaTeX for mathematics mode."""

    def within(self, node: Node, tightness: int) -> str:
        text, own = self.node(node)
        return text if own >= tightness else rf"\left({text}\right)"

    def number(self, text: str) -> tuple[str, int]:
        if "e" in text:
            mantissa, exponent = text.split("e")
            return rf"{mantissa} \times 10^{{{int(exponent)}}}", _PRODUCT
        return super().number(text)

    def product(self, node: Call) -> tuple[str, int]:
        left, right = node.arguments
        if node.operator == "/":
            top, tightness = self.node(left)
            sign = "-" if tightness == _PRODUCT and top.startswith("-") else ""
            return rf"{sign}\frac{{{top[len(sign) :]}}}{{{self.text(right)}}}", _PRODUCT
        if any(self.unit_factor(part) for part in node.arguments):
            return super().product(node)
        # Each factor is written once: twice at every level would be 2**levels times.
        first, second = self.within(left, _PRODUCT), self.within(right, _POWER)
        dot = r" \cdot " if second[:1].isdigit() else r" \, "
        return f"{first}{dot}{second}", _PRODUCT

    def raised(self, base: Node, exponent: Node) -> str:
        return f"{self.within(base, _ATOM)}^{{{self.text(exponent)}}}"

    def variable(self, name: str) -> str:
        if len(name) == 2 and name[0] == "v" and name[1] in "xyz":
            return f"v_{name[1]}"
        stem, _, index = name.partition("_")
        stem = stem if len(stem) == 1 else rf"\mathrm{{{stem}}}"
        index = index.replace("_", r"\_")
        return f"{stem}_{{{index}}}" if len(index) > 1 else f"{stem}_{index}" if index else stem

    def call(self, node: Call) -> str:
        name = node.operator
        inner = [self.text(argument) for argument in node.arguments]
        if name in COMPARISONS:
            sign = {"<=": r"\le", ">=": r"\ge"}.get(name, name)
            return f"{inner[0]} {sign} {inner[1]}"
        if name == "where":
            return (
                rf"\begin{{cases}} {inner[1]} & {inner[0]} \\ {inner[2]} & \text{{otherwise}} "
                r"\end{cases}"
            )
        if name == "sqrt":
            return rf"\sqrt{{{inner[0]}}}"
        if name == "abs":
            return rf"\left|{inner[0]}\right|"
        assert name in (*FUNCTIONS, "min", "max")
        return rf"\{name}\left({', '.join(inner)}\right)"


def print_text(node: Node, constants: Sequence[float], precision: int | None) -> str:
    """Text that `parse_tree` reads back."""
    return _Text(constants, precision).text(node)


def print_latex(node: Node, constants: Sequence[float], precision: int | None) -> str:
    """LaTeX, without surrounding dollars."""
    return _Latex(constants, precision).text(node)


def print_python(node: Node, constants: Sequence[float], precision: int | None) -> str:
    """A Python expression that uses NumPy as `np`."""
    return _Python(constants, precision).text(node)


class Readable(abc.ABC):
    """What is written in text and in LaTeX shows itself so."""

    @abc.abstractmethod
    def written(self, precision: int | None) -> Sequence[str]:
        """What tells it from others of its class, as arguments of a call."""

    @abc.abstractmethod
    def text(self, precision: int | None = 4) -> str:
        """Text, constants rounded to `precision` significant digits."""

    @abc.abstractmethod
    def latex(self, precision: int | None = 4) -> str:
        """LaTeX without the surrounding dollars."""

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        leaves = jax.tree.leaves(self, is_leaf=lambda leaf: leaf is None)
        if not all(map(_known, leaves)):
            return eqx.tree_pformat(self)
        return f"{type(self).__name__}({', '.join(self.written(_DIGITS))})"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def _known(constants: Any) -> bool:
    """Whether these are numbers of one expression: inside transformations they are not, yet."""
    array = eqx.is_array_like(constants) and not isinstance(constants, Tracer)
    return array and constants.ndim == 1
