"""One-body forces to choose from: drag, uniform fields, traps, and what turns charges about."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from operator import add

import numpy as np
from jaxtyping import Float

from forcelaw.distill import simplify
from forcelaw.laws import Expression, short_name
from forcelaw.laws.expression import (
    Call,
    Node,
    Number,
    Parameter,
    Variable,
    parameters,
    product,
    replaced,
)
from forcelaw.laws.shared_numbers import alike_to
from forcelaw.particles.equations import Design

AXES = "xyz"
"""How components are called; above three dimensions they have no names."""
NOTHING, _ONE = Number(Fraction(0)), Number(Fraction(1))
"""The numbers zero and one in a formula."""
_V = Variable("v")


@dataclasses.dataclass(frozen=True)
class OneBodyTerm:
    """A one-body force that is linear in its factors."""

    trees: tuple[tuple[Node, ...], ...]
    """For each factor, what it multiplies: one tree for all components alike (of `v`), or one for
    every component, `NOTHING` for those that it leaves alone."""
    factors: tuple[float, ...] = ()

    def columns(self, design: Design) -> list[Float[np.ndarray, "row body dim"]]:
        """The acceleration caused by each factor being one, as it would be measured."""
        return [design.observe(_caused(trees, design)) for trees in self.trees]

    def with_factors(self, factors: Float[np.ndarray, " factor"]) -> OneBodyTerm:
        """The same with these factors."""
        return dataclasses.replace(self, factors=tuple(factors.tolist()))

    def without(self, place: int) -> OneBodyTerm:
        """The same with one factor less."""
        return OneBodyTerm(self.trees[:place] + self.trees[place + 1 :])

    def beside(self, other: OneBodyTerm) -> OneBodyTerm:
        """Both together; what both have stands once."""
        return OneBodyTerm(tuple(dict.fromkeys([*self.trees, *other.trees])))

    def whole(self) -> list[Node]:
        """Every component, as `Formula.of_trees` wants it; a factor is one number throughout."""
        count = max(map(len, self.trees))
        parts: list[list[tuple[Parameter, Node]]] = [[] for _ in range(count)]
        for factor, trees in zip(map(Parameter, self.factors), self.trees, strict=True):
            for axis in range(count):
                tree = trees[axis if len(trees) > 1 else 0]
                if tree != NOTHING:
                    parts[axis].append((factor, tree))
        return [_sum(part, axis, alike=count == 1) for axis, part in enumerate(parts)]


def list_prefixes(design: Design) -> list[tuple[Variable, ...]]:
    """What may multiply a force on one body: nothing, or an attribute that varies."""
    varying = [name for name, value in design.attributes.items() if np.ptp(value) > 0]
    return [(), *((Variable(short_name(name)),) for name in varying)]


def one_body_terms(design: Design) -> list[OneBodyTerm]:
    """Drag linear or quadratic in the speed and uniform fields, each times 1 or an attribute."""
    dim = design.position.shape[2]
    found = []
    for prefix in list_prefixes(design):
        found.append(OneBodyTerm(((product(*prefix, _V),),)))
        found.append(OneBodyTerm(((product(*prefix, Variable("speed"), _V),),)))
        found.append(OneBodyTerm(_uniform(prefix, dim)))
    return found


def position_terms(design: Design) -> list[OneBodyTerm]:
    """Traps, alike in all directions or not, and forces across the velocity; times 1 or more.

    None above three dimensions, where components have no names.
    """
    dim = design.position.shape[2]
    if dim > len(AXES):
        return []
    found = []
    for prefix in list_prefixes(design):
        axes = [product(*prefix, Variable(letter)) for letter in AXES[:dim]]
        found.append(OneBodyTerm((tuple(axes), *_uniform(prefix, dim))))
        each = [_only(tree, axis, dim) for axis, tree in enumerate(axes)]
        found.append(OneBodyTerm((*each, *_uniform(prefix, dim))))
        if dim > 1:
            found.append(OneBodyTerm(_turning(prefix, dim)))
    return found


def all_columns(
    terms: Sequence[OneBodyTerm], design: Design
) -> list[Float[np.ndarray, "row body dim"]]:
    """The columns of all terms, those that several have once."""
    trees = dict.fromkeys(tree for term in terms for tree in term.trees)
    return OneBodyTerm(tuple(trees)).columns(design)


def _uniform(prefix: tuple[Node, ...], dim: int) -> tuple[tuple[Node, ...], ...]:
    return tuple(_only(product(*(prefix or (_ONE,))), axis, dim) for axis in range(dim))


def _turning(prefix: tuple[Node, ...], dim: int) -> tuple[tuple[Node, ...], ...]:
    """Magnetic forces: the velocity times a field along each axis, or out of the plane."""
    planes = [(0, 1)] if dim == 2 else [(1, 2), (2, 0), (0, 1)]
    found = []
    for one, other in planes:
        trees: list[Node] = [NOTHING] * dim
        trees[one] = product(*prefix, Variable(f"v{AXES[other]}"))
        trees[other] = -product(*prefix, Variable(f"v{AXES[one]}"))
        found.append(tuple(trees))
    return tuple(found)


def _only(tree: Node, axis: int, dim: int) -> tuple[Node, ...]:
    return tuple(tree if k == axis else NOTHING for k in range(dim))


def _caused(trees: tuple[Node, ...], design: Design) -> Float[np.ndarray, "sample body dim"]:
    force = np.zeros_like(design.position)
    for axis in range(force.shape[2]):
        tree = trees[axis if len(trees) > 1 else 0]
        if tree != NOTHING:
            force[..., axis] = Expression.of(tree).at(design.one_body_variables(axis))
    return np.nan_to_num(force) / design.mass[..., None]


def _sum(parts: list[tuple[Parameter, Node]], axis: int, *, alike: bool) -> Node:
    whole = reduce(add, [_times(*part) for part in parts]) if parts else NOTHING
    if not alike and axis < len(AXES):
        whole = replaced(whole, {"v": Variable(f"v{AXES[axis]}")})
    # The numbers of a centre stand elsewhere, too.
    written = any(parameters(tree) for _, tree in parts)
    if written or (alike and len(parts) < 2):
        return whole
    return alike_to(simplify(Expression.of(whole)).term, whole)


def _times(factor: Parameter, tree: Node) -> Node:
    if isinstance(tree, Call) and tree.operator == "neg":
        factor, tree = -factor, tree.arguments[0]
    return factor if tree == _ONE else product(factor, tree)
