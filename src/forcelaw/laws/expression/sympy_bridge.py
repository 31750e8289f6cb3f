"""To and from SymPy, node by node: no text is ever handed to SymPy to interpret."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

from forcelaw.errors import InputError
from forcelaw.laws.expression.printing import number_text
from forcelaw.laws.expression.tree import Call, Constant, Node, Number, Parameter, Variable

_MOST_BITS = 100_000


def sympy_module() -> Any:
    """SymPy, imported when first needed.

    **Raises** `InputError` that says how to install it.
    """
    try:
        import sympy
    except ImportError as error:
        raise InputError(
            f"symbolic mathematics needs SymPy ({error}); pip install 'forcelaw[symbolic]'"
        ) from None
    return sympy


def to_sympy(node: Node, constants: Sequence[float], precision: int | None) -> Any:
    """The SymPy expression of a tree over plain symbols (no assumptions)."""
    sympy = sympy_module()

    def number(value: float) -> Any:
        rounded = float(number_text(value, precision))
        return sympy.Integer(int(rounded)) if rounded.is_integer() else sympy.Float(rounded)

    builders = _builders(sympy)

    def visit(part: Node) -> Any:
        if isinstance(part, Number):
            return sympy.Rational(part.value.numerator, part.value.denominator)
        if isinstance(part, Constant):
            return number(constants[part.index])
        if isinstance(part, Parameter):
            return number(part.value)
        if isinstance(part, Variable):
            return sympy.Symbol(part.name)
        values = [visit(argument) for argument in part.arguments]
        if part.operator == "where":
            condition, then, otherwise = values
            return sympy.Piecewise((then, condition), (otherwise, True))
        try:
            _check_growth(sympy, part.operator, values)
            return builders[part.operator](*values)
        except (TypeError, ArithmeticError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(
                f"expression: found {part.operator!r} of numbers that are not real ({error}), "
                "expected what SymPy can write; rewrite it"
            ) from None

    return visit(node)


def _check_growth(sympy: Any, operator: str, values: Sequence[Any]) -> None:
    """SymPy works numbers out exactly: `9**9**9` would be an integer of 370 million digits.

    **Raises** `InputError` where a number would have more than `_MOST_BITS`.
    """
    argument = values[0]
    if operator == "**":
        exponent = values[1]
        size = max(map(_bits, argument.atoms(sympy.Number)), default=0)
        if not exponent.is_number or abs(exponent) * size <= _MOST_BITS:
            return
    elif operator == "exp":
        if not argument.is_number or abs(argument) <= _MOST_BITS:
            return
    elif max(map(_bits, argument.atoms(sympy.Number)), default=0) <= _MOST_BITS:
        return
    raise InputError(
        f"expression: found a number of more than {_MOST_BITS:,} bits in {operator!r}, expected "
        "smaller powers to be worked out exactly; shorten the expression"
    )


def _bits(number: Any) -> int:
    """How long the number is: bits of an integer or fraction, the binary exponent of others."""
    if number.is_Rational:
        return max(int(number.p).bit_length(), int(number.q).bit_length())
    return abs(int(number._mpf_[2])) + 64 if number.is_Float else 1


def _builders(sympy: Any) -> dict[str, Any]:
    return {
        "+": sympy.Add,
        "*": sympy.Mul,
        "**": sympy.Pow,
        "-": lambda a, b: sympy.Add(a, sympy.Mul(-1, b)),
        "/": lambda a, b: sympy.Mul(a, sympy.Pow(b, -1)),
        "neg": lambda a: sympy.Mul(-1, a),
        "<": sympy.StrictLessThan,
        "<=": sympy.LessThan,
        ">": sympy.StrictGreaterThan,
        ">=": sympy.GreaterThan,
        "exp": sympy.exp,
        "log": sympy.log,
        "sqrt": sympy.sqrt,
        "abs": sympy.Abs,
        "sin": sympy.sin,
        "cos": sympy.cos,
        "tanh": sympy.tanh,
        "min": sympy.Min,
        "max": sympy.Max,
    }


def from_sympy(expression: Any) -> Node:
    """The tree of a SymPy expression.

    Integers and rationals become exact only as exponents; elsewhere numbers are parameters.

    **Raises** `InputError` naming the first part that has no counterpart here.
    """
    return _Reader().node(expression)


class _Reader:
    def __init__(self) -> None:
        self.sympy = sympy_module()

    def refuse(self, part: Any) -> InputError:
        return InputError(
            f"SymPy expression: found {part} ({type(part).__name__}), expected real numbers, "
            "symbols, sums, products, powers, exp, log, Abs, sin, cos, tanh, Min, Max or a "
            "Piecewise that ends in True; rewrite it in those"
        )

    def constant(self, value: Any) -> Node:
        if value == 0:
            return Number(Fraction(0))
        if not value.is_finite:
            raise self.refuse(value)
        return Parameter(float(value))

    def node(self, part: Any) -> Node:  # noqa: PLR0911
        sympy = self.sympy
        if part.is_Symbol:
            return Variable(part.name)
        if part.is_number and part.is_real:
            return self.constant(part)
        if part.is_Add:
            return self.sum(part)
        if part.is_Mul:
            return self.product(part)
        if part.is_Pow:
            return self.power(part)
        if isinstance(part, sympy.Piecewise):
            return self.piecewise(part)
        for name in ("exp", "log", "sin", "cos", "tanh"):
            if isinstance(part, getattr(sympy, name)):
                return Call(name, (self.node(part.args[0]),))
        for name, kind in (("abs", sympy.Abs), ("min", sympy.Min), ("max", sympy.Max)):
            if isinstance(part, kind):
                return Call(name, tuple(self.node(argument) for argument in part.args))
        raise self.refuse(part)

    def sum(self, part: Any) -> Node:
        """Positive terms first where there are any, so that `r - 1` is not `-1 + r`."""
        terms = sorted(part.as_ordered_terms(), key=lambda term: term.could_extract_minus_sign())
        result = self.node(terms[0])
        for term in terms[1:]:
            negative = term.could_extract_minus_sign()
            operand = self.node(-term if negative else term)
            result = Call("-" if negative else "+", (result, operand))
        return result

    def product(self, part: Any) -> Node:
        coefficient, rest = part.as_coeff_Mul()
        if coefficient == -1:
            return Call("neg", (self.node(rest),))
        top, bottom = [], []
        for factor in rest.as_ordered_factors():
            base, exponent = factor.as_base_exp()
            if exponent.is_number and exponent.is_negative and base.is_number is False:
                bottom.append(base**-exponent)
            else:
                top.append(factor)
        if coefficient != 1 or not top:
            top.insert(0, coefficient)
        numerator = reduce(lambda a, b: Call("*", (a, b)), [self.node(f) for f in top])
        if not bottom:
            return numerator
        denominator = reduce(lambda a, b: Call("*", (a, b)), [self.node(f) for f in bottom])
        return Call("/", (numerator, denominator))

    def power(self, part: Any) -> Node:
        base, exponent = part.as_base_exp()
        if base == self.sympy.E:
            return Call("exp", (self.node(exponent),))
        if exponent.is_number and exponent.is_negative:
            return Call("/", (Parameter(1.0), self.node(base**-exponent)))
        if exponent == self.sympy.Rational(1, 2):
            return Call("sqrt", (self.node(base),))
        inner = self.node(base)
        if exponent.is_Rational:
            return Call("**", (inner, Number(Fraction(int(exponent.p), int(exponent.q)))))
        return Call("**", (inner, self.node(exponent)))

    def piecewise(self, part: Any) -> Node:
        pairs = [(branch.expr, branch.cond) for branch in part.args]
        if pairs[-1][1] != self.sympy.true:
            raise self.refuse(part)
        tests = [(self.node(value), self.condition(test)) for value, test in pairs[:-1]]
        result = self.node(pairs[-1][0])
        for value, test in reversed(tests):
            result = Call("where", (test, value, result))
        return result

    def condition(self, part: Any) -> Node:
        sympy = self.sympy
        kinds = {
            sympy.StrictLessThan: "<",
            sympy.LessThan: "<=",
            sympy.StrictGreaterThan: ">",
            sympy.GreaterThan: ">=",
        }
        if type(part) not in kinds:
            raise self.refuse(part)
        return Call(kinds[type(part)], (self.node(part.lhs), self.node(part.rhs)))
