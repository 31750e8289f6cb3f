"""Functions of the distance that forces are known to be: what a curve may be read as."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from itertools import product as grid
from typing import TypeAlias

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Expression
from forcelaw.laws.expression import (
    Call,
    Node,
    Number,
    Parameter,
    Variable,
    cos,
    exp,
    log,
    maximum,
    parameters,
    product,
    sin,
    where,
)

R = Variable("r")
ONE, _TWO = Number(Fraction(1)), Number(Fraction(2))
"""Exact: a plain number in a tree would be a constant to fit."""
RATES = tuple(np.geomspace(0.15, 12, 20).tolist())
"""Rates of decay, over the typical distance."""
_LENGTHS = tuple(np.geomspace(0.03, 3, 18).tolist())
"""Lengths, as shares of the typical distance."""
REACHES = tuple(np.linspace(0.1, 3, 30).tolist())
"""Where a force ends or turns over, likewise."""
_BEYOND = tuple((np.linspace(1.05, 3, 14) ** 2).tolist())
"""Squares of distances that bodies never reach, likewise."""
WAVES = tuple(np.geomspace(1, 25, 24).tolist())
"""Wave numbers, over the typical distance."""
_POWERS = tuple(np.arange(-12.5, 4).tolist())
"""Powers between which the search of a free one starts."""
_WHOLE = (-13, -12, -11, -10, -9, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3)
"""Whole powers, alone and in pairs: up to the core of Lennard-Jones."""

Shapes: TypeAlias = tuple[Parameter, ...]


@dataclass(frozen=True)
class Form:
    """Factors times functions of `r`, which have at most two shapes."""

    terms: Callable[[Shapes], tuple[Node | None, ...]]
    """Functions that factors multiply; None for a constant."""
    grids: tuple[tuple[float, ...], ...] = ()
    """Values of each shape to try, where the typical distance is 1."""
    lengths: tuple[int, ...] = ()
    """Power of the unit of length that each shape has."""
    prior: float = 1.0
    """The probability of the form before data are seen."""

    def shapes(self, unit: float) -> list[tuple[float, ...]]:
        """All combinations of shapes to try, in the unit of the data."""
        scales = [unit**power for power in self.lengths]
        return [
            tuple(value * scale for value, scale in zip(values, scales, strict=True))
            for values in grid(*self.grids)
        ]

    def tree(
        self, factors: Sequence[float], shapes: Sequence[float], ends: Sequence[Node] = ()
    ) -> tuple[Node, list[Parameter]]:
        """The sum of the terms with these factors, and its numbers: factors, then shapes.

        A shape that stands at several places is one number. `ends` multiply every term.
        """
        numbers = [Parameter(value) for value in (*factors, *shapes)]
        terms = self.terms(tuple(numbers[len(factors) :]))
        parts = [
            _times(product(factor, *ends), term)
            for factor, term in zip(numbers[: len(factors)], terms, strict=True)
        ]
        return _added(parts), numbers

    def written(
        self, factors: Sequence[float], shapes: Sequence[float]
    ) -> tuple[Expression, Float[np.ndarray, "constant number"]]:
        """The sum of the terms with these factors, and what its constants are of the numbers."""
        total, numbers = self.tree(factors, shapes)
        ties = [
            [float(one is number) - float(one.origin is number) for number in numbers]
            for one in parameters(total)
        ]
        return Expression.build(total), np.array(ties)


def _times(factor: Node, term: Node | None) -> Node:
    if term is None:
        return factor
    if isinstance(term, Call) and term.operator == "**":
        base, exponent = term.arguments
        if isinstance(exponent, Number) and exponent.value < 0:
            return factor / (base if exponent.value == -1 else base**-exponent.value)
    return product(factor, term)


def _added(parts: Sequence[Node]) -> Node:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _powers(*exponents: int) -> Form:
    """A sum of whole powers of the distance."""

    def terms(shapes: Shapes) -> tuple[Node | None, ...]:
        del shapes
        return tuple(None if p == 0 else power(p) for p in exponents)

    return Form(terms)


def power(exponent: int) -> Node:
    """A whole power of the distance."""
    return R if exponent == 1 else R**exponent


def yukawa(rate: Node) -> Node:
    """The force of a potential `exp(-rate*r)/r`, repulsion positive."""
    return (ONE + rate * R) * exp(-rate * R) / R**2


def _contact(power: float) -> Form:
    def terms(shapes: Shapes) -> tuple[Node | None, ...]:
        gap = maximum(0, shapes[0] - R)
        return (gap if power == 1 else gap ** _exact(power),)

    return Form(terms, (REACHES,), (1,))


def _exact(power: float) -> Fraction:
    return Fraction(power).limit_denominator(2)


CORE = Form(
    lambda s: (maximum(0, s[0] / R**13 - R**-7),),
    (tuple(reach**6 for reach in REACHES if reach <= 1.5),),
    (6,),
)
"""Lennard-Jones up to its minimum, and nothing beyond (Weeks, Chandler & Andersen 1971)."""

FAMILIES: tuple[tuple[Form, ...], ...] = (
    tuple(_powers(p) for p in _WHOLE),
    (_powers(1, 0),),
    tuple(
        _powers(*sorted(pair, reverse=True)) for pair in combinations(_WHOLE, 2) if pair != (0, 1)
    ),
    (
        *(_powers(*three) for three in ((1, 0, -1), (1, 0, -2), (2, 1, 0), (3, 2, 1), (1, -1, -2))),
        _powers(3, 2, 1, 0),
    ),
    (Form(lambda s: (R ** s[0],), (_POWERS,), (0,)),),
    (Form(lambda s: (exp(-s[0] * R),), (RATES,), (-1,)),),
    (
        Form(lambda s: (exp(-s[0] * R) / R,), (RATES,), (-1,)),
        Form(lambda s: (exp(-s[0] * R) / R**2,), (RATES,), (-1,)),
        Form(lambda s: (R * exp(-s[0] * R),), (RATES,), (-1,)),
    ),
    (Form(lambda s: (yukawa(s[0]),), (RATES,), (-1,)),),
    (Form(lambda s: (exp(-s[0] * R**2),), (RATES,), (-2,)),),
    (Form(lambda s: (R * exp(-s[0] * R**2),), (RATES,), (-2,)),),
    (Form(lambda s: (exp(-(_TWO * s[0] * R)), exp(-s[0] * R)), (RATES,), (-1,)),),
    (Form(lambda s: (exp(-s[0] * R), exp(-s[1] * R)), (RATES, RATES), (-1, -1)),),
    tuple(
        Form(lambda s, p=p: (exp(-s[0] * R), power(p)), (RATES,), (-1,))
        for p in (-7, -6, -3, -2, -1, 1)
    ),
    (
        Form(lambda s: ((R + s[0]) ** -1,), (_LENGTHS,), (1,)),
        Form(lambda s: ((R + s[0]) ** -2,), (_LENGTHS,), (1,)),
        *(Form(lambda s, p=p: ((R**2 + s[0]) ** -p,), (_LENGTHS,), (2,)) for p in (1, 2, 3)),
        Form(lambda s: (R / (R**2 + s[0]),), (_LENGTHS,), (2,)),
    ),
    (Form(lambda s: ((R**2 + s[0]) ** -s[1],), (_LENGTHS, (0.25, 0.5, 1.5, 2.5)), (2, 0)),),
    (Form(lambda s: (R / (R**2 + s[0]) ** Fraction(3, 2),), (_LENGTHS,), (2,)),),
    (Form(lambda s: (R / (s[0] - R**2),), (_BEYOND,), (2,)),),
    tuple(_contact(p) for p in (1.0, 1.5, 2.0)),
    (CORE,),
    (Form(lambda s: (where(s[0] > R, R, 0), where(s[0] > R, ONE, 0)), (REACHES,), (1,)),),
    (
        Form(
            lambda s: ((ONE + exp(s[1] * (R - s[0]))) ** -1,),
            (REACHES, (2.0, 5.0, 12.0, 30.0)),
            (1, -1),
        ),
        Form(lambda s: (where(s[0] > R, ONE, 0),), (REACHES,), (1,)),
    ),
    (
        Form(lambda s: (sin(s[0] * R),), (WAVES,), (-1,)),
        Form(lambda s: (cos(s[0] * R),), (WAVES,), (-1,)),
        Form(lambda s: (cos(s[0] * R), sin(s[0] * R)), (WAVES,), (-1,)),
    ),
    tuple(
        Form(lambda s, p=p: (cos(s[0] * R) / R**p, sin(s[0] * R) / R**p), (WAVES,), (-1,))
        for p in (1, 2, 3)
    ),
    (
        Form(
            lambda s: (exp(-s[1] * R) * cos(s[0] * R), exp(-s[1] * R) * sin(s[0] * R)),
            (WAVES, (0.3, 0.8, 2.0, 5.0)),
            (-1, -1),
        ),
    ),
    (
        Form(lambda s: (log(R), None)),
        Form(lambda s: (R * log(R), R)),
    ),
)
"""Forms that are much alike, a law of its own name alone: powers, springs with a length at rest
(Hooke 1678), and sums of two powers, of which
Lennard-Jones and all of Mie (1903), and of more; the exponential of Born and Mayer (1932), screened
ones, and the force of Yukawa's potential (1935); Gaussians, and the force of their potential; Morse
(1929); two exponentials; Buckingham and others beside a power; softened poles, of Cucker and Smale
(2007) and of Plummer (1911); bonds that end, of Warner (1972); contacts, linear and of Hertz
(1882), and springs between cells that touch, which end; the core of Lennard-Jones; steps, sharp
and logistic; oscillations of Friedel's kind; logarithms."""


def as_likely(families: Sequence[Sequence[Form]]) -> tuple[Form, ...]:
    """All forms, each family of them as likely as any, and in a family each form."""
    return tuple(
        replace(form, prior=1 / len(families) / len(family))
        for family in families
        for form in family
    )


FORMS = as_likely(FAMILIES)
"""All of them. Before data are seen no family is likelier than another, and in a family no form: a
law with a name is one word, however long it is to write, and the hundred sums of two powers do not
make a sum of powers likely."""
