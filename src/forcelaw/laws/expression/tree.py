"""The nodes of an expression.

The tree is static and hashable; the numbers that may be refitted live outside it and are named
by their index, so that one structure is compiled once whatever its constants are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

FUNCTIONS = ("exp", "log", "sqrt", "abs", "sin", "cos", "tanh")
SELECTIONS = ("min", "max")
COMPARISONS = ("<", "<=", ">", ">=")


@dataclass(frozen=True)
class Number:
    """An exact number that is part of the structure: an exponent, or zero."""

    value: Fraction


@dataclass(frozen=True)
class Constant:
    """A number that may be refitted: entry `index` of the expression's constants."""

    index: int


@dataclass(frozen=True)
class Variable:
    """A named input."""

    name: str


@dataclass(frozen=True)
class Call:
    """An operator (`+ - * / **`, `neg`, a function, a comparison, `where`) and its arguments."""

    operator: str
    arguments: tuple[Node, ...]


Node: TypeAlias = Number | Constant | Variable | Call


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


def renumbered(node: Node) -> tuple[Node, tuple[int, ...]]:
    """The same tree with constants numbered in reading order, and the old index of each."""
    old: list[int] = []

    def visit(part: Node) -> Node:
        if isinstance(part, Constant):
            old.append(part.index)
            return Constant(len(old) - 1)
        if isinstance(part, Call):
            return Call(part.operator, tuple(visit(argument) for argument in part.arguments))
        return part

    return visit(node), tuple(old)


def shifted(node: Node, by: int) -> Node:
    """The same tree with `by` added to the index of every constant."""
    if isinstance(node, Constant):
        return Constant(node.index + by)
    if isinstance(node, Call):
        return Call(node.operator, tuple(shifted(argument, by) for argument in node.arguments))
    return node


def replaced(node: Node, trees: Mapping[str, Node]) -> Node:
    """The same tree with other trees in place of some variables."""
    if isinstance(node, Variable):
        return trees.get(node.name, node)
    if isinstance(node, Call):
        return Call(node.operator, tuple(replaced(argument, trees) for argument in node.arguments))
    return node
