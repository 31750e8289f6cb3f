"""The nodes of an expression, the operators between them, and what is asked of a whole tree.

The tree of an `Expression` is static and hashable; the numbers that may be refitted live outside
it and are named by their index, so that one structure is compiled once whatever its constants are.
A tree that is being put together has its numbers in it, each a `Parameter`:

    r, depth = Variable("r"), Parameter(3.0)
    Expression.of(depth * exp(-r / 0.5))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import TypeAlias, cast

FUNCTIONS = ("exp", "log", "sqrt", "abs", "sin", "cos", "tanh")
SELECTIONS = ("min", "max")
COMPARISONS = ("<", "<=", ">", ">=")


class Algebra:
    """`+ - * / **`, signs, `abs` and comparisons with other nodes and Python's numbers.

    Nothing is worked out or reordered; `a + -b` is `a - b`, and `-a*b` is `-(a*b)`, as they are
    read and printed. An integer or `Fraction` as an exponent is exact, and so is the integer 0;
    any other number is a new `Parameter`.
    """

    __array_ufunc__ = None
    """NumPy's numbers leave the operators to the node."""

    def __neg__(self) -> Node:
        return Call("neg", (as_node(self),))

    def __abs__(self) -> Node:
        return Call("abs", (as_node(self),))

    def __add__(self, other: Operand) -> Node:
        return _sum(as_node(self), "+", as_node(other))

    def __radd__(self, other: Operand) -> Node:
        return _sum(as_node(other), "+", as_node(self))

    def __sub__(self, other: Operand) -> Node:
        return _sum(as_node(self), "-", as_node(other))

    def __rsub__(self, other: Operand) -> Node:
        return _sum(as_node(other), "-", as_node(self))

    def __mul__(self, other: Operand) -> Node:
        return _product(as_node(self), "*", as_node(other))

    def __rmul__(self, other: Operand) -> Node:
        return _product(as_node(other), "*", as_node(self))

    def __truediv__(self, other: Operand) -> Node:
        return _product(as_node(self), "/", as_node(other))

    def __rtruediv__(self, other: Operand) -> Node:
        return _product(as_node(other), "/", as_node(self))

    def __pow__(self, exponent: Operand) -> Node:
        exact = isinstance(exponent, int | Fraction)
        right = Number(Fraction(exponent)) if exact else as_node(exponent)
        return Call("**", (as_node(self), right))

    def __rpow__(self, base: Operand) -> Node:
        return Call("**", (as_node(base), as_node(self)))

    def __lt__(self, other: Operand) -> Node:
        return Call("<", (as_node(self), as_node(other)))

    def __le__(self, other: Operand) -> Node:
        return Call("<=", (as_node(self), as_node(other)))

    def __gt__(self, other: Operand) -> Node:
        return Call(">", (as_node(self), as_node(other)))

    def __ge__(self, other: Operand) -> Node:
        return Call(">=", (as_node(self), as_node(other)))


@dataclass(frozen=True)
class Number(Algebra):
    """An exact number that is part of the structure: an exponent, or zero."""

    value: Fraction


@dataclass(frozen=True)
class Constant(Algebra):
    """A number that may be refitted: entry `index` of the expression's constants."""

    index: int


@dataclass(frozen=True, eq=False)
class Parameter(Algebra):
    """A number that may be refitted, in a tree that is no expression yet.

    The same object at several places is one number, and so is its negative; two objects are two
    numbers, whatever their values.
    """

    value: float
    origin: Parameter | None = None
    """What this is the negative of."""

    def __neg__(self) -> Parameter:
        return Parameter(-self.value, self) if self.origin is None else self.origin


@dataclass(frozen=True)
class Variable(Algebra):
    """A named input."""

    name: str


@dataclass(frozen=True)
class Call(Algebra):
    """An operator (`+ - * / **`, `neg`, a function, a comparison, `where`) and its arguments."""

    operator: str
    arguments: tuple[Node, ...]


Node: TypeAlias = Number | Constant | Parameter | Variable | Call
Operand: TypeAlias = Algebra | int | float | Fraction


def as_node(value: Operand) -> Node:
    """A node as it is; of a number a new parameter, of the integer 0 the exact zero."""
    if isinstance(value, Algebra):
        return cast("Node", value)
    if isinstance(value, int) and value == 0:
        return Number(Fraction(0))
    return Parameter(float(value))


def _sum(left: Node, operator: str, right: Node) -> Node:
    turned = "-" if operator == "+" else "+"
    if isinstance(right, Call) and right.operator == "neg":
        return Call(turned, (left, right.arguments[0]))
    if isinstance(right, Parameter) and right.value < 0:
        return Call(turned, (left, -right))
    return Call(operator, (left, right))


def _product(left: Node, operator: str, right: Node) -> Node:
    # One sign before a product, not on its first factor.
    if isinstance(left, Call) and left.operator == "neg":
        return -Call(operator, (left.arguments[0], right))
    return Call(operator, (left, right))


def exp(argument: Operand) -> Node:
    """The exponential."""
    return Call("exp", (as_node(argument),))


def log(argument: Operand) -> Node:
    """The natural logarithm."""
    return Call("log", (as_node(argument),))


def sqrt(argument: Operand) -> Node:
    """The square root."""
    return Call("sqrt", (as_node(argument),))


def sin(argument: Operand) -> Node:
    """The sine."""
    return Call("sin", (as_node(argument),))


def cos(argument: Operand) -> Node:
    """The cosine."""
    return Call("cos", (as_node(argument),))


def tanh(argument: Operand) -> Node:
    """The hyperbolic tangent."""
    return Call("tanh", (as_node(argument),))


def minimum(*arguments: Operand) -> Node:
    """The least of two arguments or more."""
    return Call("min", tuple(map(as_node, arguments)))


def maximum(*arguments: Operand) -> Node:
    """The largest of two arguments or more."""
    return Call("max", tuple(map(as_node, arguments)))


def where(condition: Node, then: Operand, otherwise: Operand) -> Node:
    """`then` where a comparison such as `r < 2` holds, else `otherwise`."""
    return Call("where", (condition, as_node(then), as_node(otherwise)))


def product(*factors: Operand) -> Node:
    """The factors one after the other, `a*b*c/d` of `a*b` and `c/d`: none stays in brackets."""
    return reduce(_extended, map(as_node, factors))


def _extended(left: Node, right: Node) -> Node:
    if not (isinstance(right, Call) and right.operator in ("*", "/")):
        return left * right
    first, last = right.arguments
    chain = _extended(left, first)
    return chain * last if right.operator == "*" else chain / last


def walk(node: Node) -> Iterator[Node]:
    """Every node of the tree, a parent before its children, left before right."""
    yield node
    if isinstance(node, Call):
        for argument in node.arguments:
            yield from walk(argument)


def variable_names(node: Node) -> tuple[str, ...]:
    """The names of all variables, sorted."""
    return tuple(sorted({part.name for part in walk(node) if isinstance(part, Variable)}))


def constant_indices(node: Node) -> tuple[int, ...]:
    """The indices of all constants, sorted."""
    return tuple(sorted({part.index for part in walk(node) if isinstance(part, Constant)}))


def parameters(node: Node) -> list[Parameter]:
    """The parameters in reading order, each as often as it stands there."""
    return [part for part in walk(node) if isinstance(part, Parameter)]


def with_parameters(node: Node, values: Sequence[Node]) -> Node:
    """The same tree with parameters in place of its constants."""
    return _leaves_replaced(
        node, lambda leaf: values[leaf.index] if isinstance(leaf, Constant) else leaf
    )


def with_constants(node: Node) -> Node:
    """The same tree with constants, numbered in reading order, in place of its parameters."""
    count = iter(range(len(parameters(node))))
    return _leaves_replaced(
        node, lambda leaf: Constant(next(count)) if isinstance(leaf, Parameter) else leaf
    )


def replaced(node: Node, trees: Mapping[str, Node]) -> Node:
    """The same tree with other trees in place of some variables."""
    return _leaves_replaced(
        node, lambda leaf: trees.get(leaf.name, leaf) if isinstance(leaf, Variable) else leaf
    )


def _leaves_replaced(node: Node, change: Callable[[Node], Node]) -> Node:
    if not isinstance(node, Call):
        return change(node)
    parts = tuple(_leaves_replaced(argument, change) for argument in node.arguments)
    return Call(node.operator, parts)
