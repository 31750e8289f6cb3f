"""One way to write a sum of powers and exponentials of the distance."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from typing import Any, NamedTuple

from forcelaw.laws import Expression
from forcelaw.laws.expression import Node, Parameter, Variable, exp

_LINEAR = {0, 1}
_DISTANCE = "r"
_LONGEST = 60
"""Nodes of an expression that is expanded, and of what it becomes."""


class _Term(NamedTuple):
    """`factor * r**power * exp(-rate*r)`."""

    factor: float
    power: Any
    rate: float

    def tree(self) -> Node:
        """The term as a tree; a factor of one is not written before a power."""
        r = Variable(_DISTANCE)
        found: Node = Parameter(self.factor)
        if self.power:
            size = Fraction(int(abs(self.power).p), int(self.power.q))
            base = r if size == 1 else r**size
            if self.power < 0:
                found = found / base
            elif abs(self.factor) == 1:
                found = base if self.factor > 0 else -base
            else:
                found = found * base
        return found * exp(-self.rate * r) if self.rate else found

    def added(self, whole: Node) -> Node:
        """The term after others, its sign between them."""
        if self.factor < 0:
            return whole - self._replace(factor=-self.factor).tree()
        return whole + self.tree()


def canonicalise(expression: Expression) -> Expression:
    """A sum of powers and exponentials of `r`, times attributes, written term by term.

    Powers come first and fall (`0.2*r**3 - r**2 + 2`), or where all are negative the steepest leads
    (`48/r**13 - 24/r**7`); exponentials follow, the farthest reaching first. A line stays the
    spring `2*(r - 1)`, and whatever is no such sum stays what it is.
    """
    import sympy

    if _DISTANCE not in expression.variables or expression.complexity > _LONGEST:
        return expression
    attributes, terms = sympy.Integer(1), []
    parts = sympy.Add.make_args(sympy.expand(expression.sympy(None)))
    for place, part in enumerate(parts):
        apart = _apart(part)
        if apart is None or (place and apart[0] != attributes):
            return expression
        attributes, term = apart
        terms.append(term)
    powers = {term.power for term in terms if not term.rate}
    if len(terms) < 2 or (powers == _LINEAR and len(terms) == 2):
        return expression
    falling = any(term.power >= 0 for term in terms)
    terms.sort(key=lambda t: (t.rate != 0, t.rate, -t.power if falling else t.power))
    whole = reduce(lambda whole, term: term.added(whole), terms[1:], terms[0].tree())
    # The attributes come first.
    tree = whole if attributes == 1 else Expression.from_sympy(attributes).term * whole
    found = Expression.of(tree)
    return found if found.complexity <= _LONGEST else expression


def _apart(part: Any) -> tuple[Any, _Term] | None:
    """A term of an expanded sum: its attributes, and the rest; None if it is no such term."""
    import sympy

    r = sympy.Symbol(_DISTANCE)
    number, rest = part.as_coeff_Mul()
    power, rate, attributes = sympy.Integer(0), 0.0, sympy.Integer(1)
    for factor in sympy.Mul.make_args(rest):
        base, exponent = factor.as_base_exp()
        if base == r and exponent.is_Rational:
            power += exponent
        elif isinstance(factor, sympy.exp):
            slope = factor.args[0] / r
            if not slope.is_number or not slope.is_real:
                return None
            rate -= float(slope)
        elif r not in factor.free_symbols and not factor.is_number:
            attributes *= factor
        elif factor != 1:
            return None
    if not number.is_real or not number.is_finite:
        return None
    return attributes, _Term(float(number), power, rate)
