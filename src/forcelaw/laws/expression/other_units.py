"""An expression in other units: its variables and its value are measured anew.

Factors are carried through the tree and go into the constants that are there: `2*(r - 1)` in
metres is `2000*(r - 0.001)` in kilometres, and not `2*(1000*r - 1)`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from forcelaw.errors import InputError
from forcelaw.laws.expression.expression import Expression
from forcelaw.laws.expression.tree import (
    COMPARISONS,
    Call,
    Node,
    Number,
    Parameter,
    Variable,
    parameters,
    variable_names,
)

_ONE = Fraction(1)
_LINEAR = ("*", "/", "neg", "+", "-", "min", "max", "where")
_SAME = Fraction(1, 10**12)
_MOTION = ("r", "x", "y", "z", "v", "vx", "vy", "vz", "speed")
"""Variables that are no attributes."""
_SMALLEST, _LARGEST = 1e-30, 1e30
"""Constants beyond do not fit into single precision, or barely."""


def in_units(
    trees: Sequence[Node], variables: Sequence[Mapping[str, float]], value: float
) -> list[Node]:
    """The same functions of variables that are measured in other units, their value in another.

    **Arguments:** `variables` for each tree the units by name, one where none is given, and
    `value`, each in the units in use. Numbers are exact: decimals stay decimals where units are
    powers of ten. A parameter at several places stays one where it is multiplied by one factor.

    Where a constant would leave single precision, as the twelfth power of a length of atoms in
    metres does, lengths stay inside of powers, `2*(3.4e-10/r)**13 - (3.4e-10/r)**7`, and masses
    beside a number of their own.
    """
    made: dict[tuple[Parameter | None, Fraction], Parameter] = {}
    found = []
    for tree, units in zip(trees, variables, strict=True):
        work = _Work(tree, units, made)
        new = work.whole(_exact(value))
        if not work.fits(new):
            work = _Work(_with_one_length(tree), units, made, kept=True)
            new = work.whole(_exact(value))
        found.append(new)
    return found


class _Work:
    """Visits every node once; the value of a node is its new tree times a factor."""

    def __init__(
        self,
        tree: Node,
        units: Mapping[str, float],
        made: dict[tuple[Parameter | None, Fraction], Parameter],
        *,
        kept: bool = False,
    ) -> None:
        self.tree = tree
        self.made = made
        self.units = {name: _exact(unit) for name, unit in units.items()}
        self.kept = kept
        self.exact: dict[Parameter, Fraction] = {}

    def whole(self, unit: Fraction) -> Node:
        tree, factor = self.visit(self.tree)
        return self.times(tree, factor / unit)

    def constant(self, value: Fraction, made_from: Parameter | None = None) -> Parameter:
        """A number; one that was made from the same parameter, with the same value, is the same."""
        origin = None if made_from is None else made_from.origin or made_from
        turned = -1 if made_from is not None and made_from.origin is not None else 1
        found = self.made.setdefault((origin, turned * value), Parameter(_float(turned * value)))
        found = found if turned > 0 else -found
        self.exact[found] = value
        return found

    def fits(self, tree: Node) -> bool:
        """Whether all numbers that were made are numbers in single precision."""
        made = [abs(self.exact.get(part, _ONE)) for part in parameters(tree)]
        return all(not value or _SMALLEST <= value <= _LARGEST for value in made)

    def visit(self, node: Node) -> tuple[Node, Fraction]:
        if isinstance(node, Variable):
            unit = self.units.get(node.name, _ONE)
            return (self.times(node, unit), _ONE) if self.keeps(node) else (node, unit)
        return self.call(node) if isinstance(node, Call) else (node, _ONE)

    def keeps(self, node: Node) -> bool:
        return self.kept and isinstance(node, Variable) and node.name not in _MOTION

    def call(self, node: Call) -> tuple[Node, Fraction]:
        operator, first = node.operator, node.arguments[0]
        if operator == "**":
            return self.power(*node.arguments)
        if operator == "where":
            branches, factor = self.alike(operator, node.arguments[1:])
            return Call(operator, (self.visit(first)[0], *branches.arguments)), factor
        if operator in ("+", "-", "min", "max"):
            return self.alike(operator, node.arguments)
        if operator in COMPARISONS:
            return self.alike(operator, node.arguments)[0], _ONE
        if operator not in ("*", "/", "neg", "abs", "sqrt"):
            # What a function reads is a number without a unit.
            return Call(operator, tuple(self.plain(part) for part in node.arguments)), _ONE
        parts, factors = zip(*map(self.visit, node.arguments), strict=True)
        if operator == "*" and isinstance(first, Parameter) and self.keeps(node.arguments[1]):
            # One number beside another is one.
            kept = node.arguments[1]
            assert isinstance(kept, Variable)
            parts = self.times(first, self.units.get(kept.name, _ONE)), kept
        factor = factors[0] if operator != "sqrt" else _raised(factors[0], 0.5)
        if len(factors) > 1:
            factor = factor * factors[1] if operator == "*" else factor / factors[1]
        return Call(operator, parts), factor

    def plain(self, node: Node) -> Node:
        return self.times(*self.visit(node))

    def power(self, base: Node, exponent: Node) -> tuple[Node, Fraction]:
        inner, factor = self.visit(base)
        power = self.value(exponent)
        if power is None:
            return Call("**", (self.times(inner, factor), self.plain(exponent))), _ONE
        if not self.kept or factor == 1 or abs(power) < 3:
            return Call("**", (inner, exponent)), _raised(factor, power)
        if power > 0:
            return Call("**", (self.times(inner, factor), exponent)), _ONE
        turned = Call("/", (self.constant(1 / factor), inner))
        return Call("**", (turned, self.negative(exponent))), _ONE

    def negative(self, exponent: Node) -> Node:
        if isinstance(exponent, Number):
            return Number(-exponent.value)
        if isinstance(exponent, Parameter):
            return self.constant(-_exact(exponent.value), -exponent)
        if isinstance(exponent, Call) and exponent.operator == "neg":
            return exponent.arguments[0]
        return Call("neg", (exponent,))

    def value(self, node: Node) -> float | None:
        """The value of an exponent; None where it varies."""
        if variable_names(node):
            return None
        plain = Expression.build(node)
        return float(plain.at({}))

    def alike(self, operator: str, arguments: tuple[Node, ...]) -> tuple[Call, Fraction]:
        """Arguments that must have one unit: that of the first one that cannot take a factor."""
        visited = [self.visit(part) for part in arguments]
        fixed = [factor for tree, factor in visited if self.number(tree) is None]
        unit = fixed[0] if fixed else visited[0][1]
        return Call(operator, tuple(self.times(t, f / unit) for t, f in visited)), unit

    def number(self, node: Node) -> float | None:
        """The number that a factor goes into; NaN if it goes into several, None if into none."""
        if isinstance(node, Parameter):
            return node.value
        if isinstance(node, Number):
            return None if node.value else math.nan
        if not isinstance(node, Call) or node.operator not in _LINEAR:
            return None
        where = node.operator == "where"
        found = [self.number(part) for part in node.arguments[where:]]
        if node.operator in ("*", "/", "neg"):
            return next((value for value in found if value is not None), None)
        # A one in a sum is part of its form, as in `1/r**2 + k/r`.
        several = all(value is not None and abs(value) != 1 for value in found)
        return math.nan if several else None

    def times(self, node: Node, factor: Fraction) -> Node:
        """The node times a factor, in as few numbers as possible."""
        if abs(factor - 1) < _SAME or (isinstance(node, Number) and node.value == 0):
            return node
        if isinstance(node, Parameter):
            value = node.value
            return self.constant(_exact(value) * factor, node) if math.isfinite(value) else node
        if isinstance(node, Call):
            first, *rest = node.arguments
            if node.operator in ("*", "/"):
                return self.product(node.operator, first, rest[0], factor)
            if node.operator == "where":
                return Call("where", (first, *(self.times(part, factor) for part in rest)))
            if node.operator == "neg" or self.number(node) is not None:
                return Call(node.operator, tuple(self.times(p, factor) for p in node.arguments))
        return Call("*", (self.constant(factor), node))

    def product(self, operator: str, left: Node, right: Node, factor: Fraction) -> Node:
        if self.number(left) is None and self.number(right) is not None:
            right = self.times(right, factor if operator == "*" else 1 / factor)
        else:
            left = self.times(left, factor)
        if self.is_one(right):
            return left
        return right if operator == "*" and self.is_one(left) else Call(operator, (left, right))

    def is_one(self, node: Node) -> bool:
        exact = self.exact.get(node) if isinstance(node, Parameter) else None
        return exact is not None and abs(exact - 1) < _SAME


def _exact(value: float) -> Fraction:
    """The decimal that is printed for a number."""
    return Fraction(repr(float(value)))


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.copysign(math.inf, value)


def _raised(factor: Fraction, power: float) -> Fraction:
    if power == int(power):
        return factor ** int(power)
    if factor == 1:
        return factor
    # In logarithms: the power of a large unit may be no floating-point number.
    digits = power * (math.log10(factor.numerator) - math.log10(factor.denominator))
    whole = math.floor(digits)
    return Fraction(10) ** whole * Fraction(repr(10.0 ** (digits - whole)))


def _with_one_length(tree: Node) -> Node:
    """`a/r**13 + b/r**7` as `c*(2*(d/r)**13 - (d/r)**7)`, where the energy vanishes at `d`.

    Any two such powers of opposite sign, as of Mie (1903), of whom Lennard-Jones (1924) is this
    case. Other expressions stay what they are, as all do where SymPy is not installed.
    """
    terms = _two_powers(Expression.build(tree))
    if terms is None:
        return tree
    (steep, high), (slow, low) = terms
    ratio = (high - 1) / (low - 1)
    share = -steep / (ratio * slow)
    if not share > 0:
        return tree
    length = share ** (1 / (high - low))
    factor = -slow / length**low
    nearer = Parameter(length) / Variable("r")
    return factor * (ratio * nearer**high - nearer**low)


def _two_powers(expression: Expression) -> tuple[tuple[float, int], tuple[float, int]] | None:
    """Factor and power of `1/r` of both terms, the steeper one first; None for anything else."""
    if expression.variables != ("r",):
        return None
    try:
        import sympy

        whole = sympy.expand(expression.sympy(None))
    except (ImportError, InputError):
        return None
    found = []
    for term in sympy.Add.make_args(whole):
        factor, rest = term.as_coeff_Mul()
        base, power = rest.as_base_exp()
        if str(base) != "r" or not power.is_Integer or power > -2:
            return None
        found.append((float(factor), -int(power)))
    if len(found) != 2:
        return None
    found.sort(key=lambda item: -item[1])
    return found[0], found[1]
