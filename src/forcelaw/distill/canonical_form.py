"""One way to write a sum of powers and exponentials of the distance."""

from __future__ import annotations

from typing import Any, NamedTuple

from forcelaw.laws import Expression

_LINEAR = {0, 1}
_DISTANCE = "r"
_LONGEST = 60
"""Nodes of an expression that is expanded, and of what it becomes."""


class _Term(NamedTuple):
    """`factor * r**power * exp(-rate*r)`."""

    factor: float
    power: Any
    rate: float

    def text(self) -> str:
        """The term without its sign."""
        size = repr(abs(self.factor))
        tail = f"*exp({-self.rate!r}*{_DISTANCE})" if self.rate else ""
        if self.power == 0:
            return f"{size}{tail}"
        power = abs(self.power)
        base = _DISTANCE if power == 1 else f"{_DISTANCE}**{_exponent(power)}"
        if self.power < 0:
            return f"{size}/{base}{tail}"
        return f"{base}{tail}" if abs(self.factor) == 1 else f"{size}*{base}{tail}"


def canonical(expression: Expression) -> Expression:
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
    text = ("-" if terms[0].factor < 0 else "") + terms[0].text()
    text += "".join(f" {'-' if term.factor < 0 else '+'} {term.text()}" for term in terms[1:])
    found = Expression.parse(text) if attributes == 1 else _after(attributes, text)
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


def _after(attributes: Any, text: str) -> Expression:
    """The sum times attributes, which come first."""
    product = Expression.from_sympy(attributes)
    frame = Expression.parse("attributes*total")
    return frame.substitute({"attributes": product, "total": Expression.parse(text)})


def _exponent(power: Any) -> str:
    return str(power) if power.is_Integer else f"({power})"
