"""Functions of the distance that forces are known to be: what a curve may be read as."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product
from typing import TypeAlias

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Expression
from forcelaw.laws.expression import (
    Node,
    Number,
    Parameter,
    Variable,
    cos,
    exp,
    log,
    maximum,
    parameters,
    sin,
    where,
)

_R = Variable("r")
_ONE, _TWO = Number(Fraction(1)), Number(Fraction(2))
"""Exact: a plain number in a tree would be a constant to fit."""
_RATES = tuple(np.geomspace(0.15, 12, 20).tolist())
"""Rates of decay, over the typical distance."""
_LENGTHS = tuple(np.geomspace(0.03, 3, 18).tolist())
"""Lengths, as shares of the typical distance."""
_REACHES = tuple(np.linspace(0.1, 3, 30).tolist())
"""Where a force ends or turns over, likewise."""
_WAVES = tuple(np.geomspace(1, 25, 24).tolist())
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
            for values in product(*self.grids)
        ]

    def written(
        self, factors: Sequence[float], shapes: Sequence[float]
    ) -> tuple[Expression, Float[np.ndarray, "constant number"]]:
        """The sum of the terms with these factors, and what its constants are of the numbers.

        A shape that stands at several places is one number: factors come first, then shapes.
        """
        numbers = [Parameter(value) for value in (*factors, *shapes)]
        terms = self.terms(tuple(numbers[len(factors) :]))
        parts = [
            factor if term is None else factor * term
            for factor, term in zip(numbers[: len(factors)], terms, strict=True)
        ]
        total = _added(parts)
        ties = [
            [float(one is number) - float(one.origin is number) for number in numbers]
            for one in parameters(total)
        ]
        return Expression.build(total), np.array(ties)


def _added(parts: Sequence[Node]) -> Node:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _powers(*exponents: int) -> Form:
    """A sum of whole powers of the distance."""

    def terms(shapes: Shapes) -> tuple[Node | None, ...]:
        del shapes
        return tuple(None if p == 0 else _R if p == 1 else _R**p for p in exponents)

    return Form(terms)


def _contact(power: float) -> Form:
    def terms(shapes: Shapes) -> tuple[Node | None, ...]:
        gap = maximum(0, shapes[0] - _R)
        return (gap if power == 1 else gap ** _exact(power),)

    return Form(terms, (_REACHES,), (1,))


def _exact(power: float) -> Fraction:
    return Fraction(power).limit_denominator(2)


_FAMILIES: tuple[tuple[Form, ...], ...] = (
    tuple(_powers(p) for p in _WHOLE),
    (_powers(1, 0),),
    tuple(
        _powers(*sorted(pair, reverse=True)) for pair in combinations(_WHOLE, 2) if pair != (0, 1)
    ),
    (
        *(_powers(*three) for three in ((1, 0, -1), (1, 0, -2), (2, 1, 0), (3, 2, 1), (1, -1, -2))),
        _powers(3, 2, 1, 0),
    ),
    (Form(lambda s: (_R ** s[0],), (_POWERS,), (0,)),),
    (Form(lambda s: (exp(-s[0] * _R),), (_RATES,), (-1,)),),
    (
        Form(lambda s: (exp(-s[0] * _R) / _R,), (_RATES,), (-1,)),
        Form(lambda s: (exp(-s[0] * _R) / _R**2,), (_RATES,), (-1,)),
        Form(lambda s: (_R * exp(-s[0] * _R),), (_RATES,), (-1,)),
    ),
    (Form(lambda s: (exp(-s[0] * _R) * (_R**-2 + s[0] / _R),), (_RATES,), (-1,)),),
    (Form(lambda s: (exp(-s[0] * _R**2),), (_RATES,), (-2,)),),
    (Form(lambda s: (_R * exp(-s[0] * _R**2),), (_RATES,), (-2,)),),
    (Form(lambda s: (exp(-(_TWO * s[0] * _R)), exp(-s[0] * _R)), (_RATES,), (-1,)),),
    (Form(lambda s: (exp(-s[0] * _R), exp(-s[1] * _R)), (_RATES, _RATES), (-1, -1)),),
    tuple(
        Form(lambda s, p=p: (exp(-s[0] * _R), _R**p if p != 1 else _R), (_RATES,), (-1,))
        for p in (-7, -6, -3, -2, -1, 1)
    ),
    (
        Form(lambda s: ((_R + s[0]) ** -1,), (_LENGTHS,), (1,)),
        Form(lambda s: ((_R + s[0]) ** -2,), (_LENGTHS,), (1,)),
        *(Form(lambda s, p=p: ((_R**2 + s[0]) ** -p,), (_LENGTHS,), (2,)) for p in (1, 2, 3)),
        Form(lambda s: (_R / (_R**2 + s[0]),), (_LENGTHS,), (2,)),
    ),
    (Form(lambda s: ((_R**2 + s[0]) ** -s[1],), (_LENGTHS, (0.25, 0.5, 1.5, 2.5)), (2, 0)),),
    (Form(lambda s: (_R / (_R**2 + s[0]) ** Fraction(3, 2),), (_LENGTHS,), (2,)),),
    tuple(_contact(p) for p in (1, 1.5, 2)),
    (
        Form(
            lambda s: ((_ONE + exp(s[1] * (_R - s[0]))) ** -1,),
            (_REACHES, (2.0, 5.0, 12.0, 30.0)),
            (1, -1),
        ),
        Form(lambda s: (where(s[0] > _R, _ONE, 0),), (_REACHES,), (1,)),
    ),
    (
        Form(lambda s: (sin(s[0] * _R),), (_WAVES,), (-1,)),
        Form(lambda s: (cos(s[0] * _R),), (_WAVES,), (-1,)),
        Form(lambda s: (cos(s[0] * _R), sin(s[0] * _R)), (_WAVES,), (-1,)),
    ),
    tuple(
        Form(lambda s, p=p: (cos(s[0] * _R) / _R**p, sin(s[0] * _R) / _R**p), (_WAVES,), (-1,))
        for p in (1, 2, 3)
    ),
    (
        Form(
            lambda s: (exp(-s[1] * _R) * cos(s[0] * _R), exp(-s[1] * _R) * sin(s[0] * _R)),
            (_WAVES, (0.3, 0.8, 2.0, 5.0)),
            (-1, -1),
        ),
    ),
    (
        Form(lambda s: (log(_R), None)),
        Form(lambda s: (_R * log(_R), _R)),
    ),
)
"""Forms that are much alike, a law of its own name alone: powers, springs with a length at rest
(Hooke 1678), and sums of two powers, of which
Lennard-Jones and all of Mie (1903), and of more; the exponential of Born and Mayer (1932), screened
ones, and the force of Yukawa's potential (1935); Gaussians, and the force of their potential; Morse
(1929); two exponentials; Buckingham and others beside a power; softened poles, of Cucker and Smale
(2007) and of Plummer (1911); contacts, linear and of Hertz (1882); steps, sharp and logistic;
oscillations of Friedel's kind; logarithms."""


FORMS: tuple[Form, ...] = tuple(
    replace(form, prior=1 / len(_FAMILIES) / len(family)) for family in _FAMILIES for form in family
)
"""All of them. Before data are seen no family is likelier than another, and in a family no form: a
law with a name is one word, however long it is to write, and the hundred sums of two powers do not
make a sum of powers likely."""
