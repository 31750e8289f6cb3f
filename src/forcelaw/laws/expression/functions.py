"""Functions of trees, to put expressions together with."""

from __future__ import annotations

from functools import reduce

from forcelaw.laws.expression.tree import Call, Node, Operand, as_node


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
