"""Which constants of a formula are one number: those that were one parameter when it was made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from forcelaw.errors import InputError
from forcelaw.laws.expression import Expression, Node, Parameter, parameters, with_parameters

Shared: TypeAlias = tuple[tuple[int, int], ...]
"""Of every constant, in reading order: which number it is, and with which sign."""


def shared_numbers(pair: Node, own: Sequence[Node]) -> Shared:
    """The constants of the pair force, then those of the one-body force, by identity.

    A number of the pair force has the sign of the constant that is read first, one of the one-body
    force alone is positive.
    """
    places: dict[Parameter, tuple[int, int]] = {}
    found = []
    for place, tree in enumerate((pair, *own)):
        for part in parameters(tree):
            origin, turned = (part, 1) if part.origin is None else (part.origin, -1)
            positive = -1 if place and part.value < 0 else 1
            index, sign = places.setdefault(origin, (len(places), turned * positive))
            found.append((index, turned * sign))
    return tuple(found)


def with_shared_numbers(parts: Sequence[Expression], shared: Shared | None) -> list[Node]:
    """The trees of expressions, with one parameter for each number."""
    if shared is None:
        return [part.term for part in parts]
    known: dict[int, Parameter] = {}
    places = iter(shared)
    trees = []
    for part in parts:
        found = []
        for value in part.numbers():
            index, sign = next(places)
            one = known.setdefault(index, Parameter(sign * value))
            found.append(one if sign > 0 else -one)
        trees.append(with_parameters(part.tree, found))
    return trees


def read_shared(parts: Sequence[Expression], indices: Sequence[int] | None) -> Shared | None:
    """Constants with the number that each is; signs are those that are written.

    **Raises** `InputError` where there are not as many as constants.
    """
    if indices is None:
        return None
    written = [(value, place) for place, part in enumerate(parts) for value in part.numbers()]
    if len(written) != len(indices):
        raise InputError(
            f"formula: found {len(indices)} places of numbers for {len(written)} numbers, expected "
            "as many; write the file again"
        )
    return tuple(
        (index, -1 if place and value < 0 else 1)
        for index, (value, place) in zip(indices, written, strict=True)
    )


def alike_by_size(trees: Sequence[Node]) -> list[Node]:
    """Trees that were read from text, where numbers of the same size are one number.

    Text has no other way to say it: a centre stands in the expression of every component, and a
    field that is alike in all directions has one strength.
    """
    known: dict[float, Parameter] = {}
    return [_with_known(tree, known) for tree in trees]


def alike_to(tree: Node, before: Node) -> Node:
    """The tree with the parameters of another, which it was made from, where sizes say so."""
    values = Expression.build(before).numbers()
    known = {
        abs(value): part if value > 0 else -part
        for part, value in zip(parameters(before)[::-1], values[::-1], strict=True)
    }
    return _with_known(tree, known)


def _with_known(tree: Node, known: dict[float, Parameter]) -> Node:
    """One parameter, positive, for each size other than zero; new ones become known."""
    expression = Expression.build(tree)
    found = []
    for value in expression.numbers():
        one = known.setdefault(abs(value), Parameter(abs(value))) if value else Parameter(value)
        found.append(-one if value < 0 else one)
    return with_parameters(expression.tree, found)
