"""Fewer nodes and rounder numbers, as long as the error stays what it was."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from forcelaw.distill.candidates import Candidate
from forcelaw.distill.canonical_form import canonicalise
from forcelaw.distill.expression_constants import measure, refit, standard_errors
from forcelaw.distill.samples import Samples
from forcelaw.laws import Expression, Formula
from forcelaw.laws.expression import parameters
from forcelaw.laws.shared_numbers import alike_to, with_shared_numbers
from forcelaw.numerics import nearby_round_numbers

_NEAR = 0.05
"""Share of a constant within which a round number is tried; the refit's error decides."""
_DENOMINATORS = (1, 2, 3, 4)
"""Of the fractions that are tried: those of exponents and factors in laws of physics."""


def simplify(expression: Expression, *, signs: Collection[str] = ()) -> Expression:
    """The shortest of several equivalent forms, by SymPy; of equal ones the most factored.

    `2*r - 2` becomes `2*(r - 1)`, and sums of powers and exponentials are written as such
    (`canonicalise`). The numbers stay as they are. **Arguments:** `signs` are variables known to be
    1 or -1, whose powers reduce: `q_j/q_i` becomes `q_i*q_j`.
    """
    return expression.map_branches(lambda branch: _shortest(branch, signs))


def simplify_formula(formula: Formula) -> Formula:
    """The formula with its pair force simplified, and what has a zero in it in the one-body force.

    There numbers stay the numbers that they were; so does a pair force in which one stands twice.
    A one-body force of zeros is none.
    """
    pair, *trees = with_shared_numbers((formula.pair, *formula.one_body), formula.shared)
    once = len({id(part.origin or part) for part in parameters(pair)}) == len(parameters(pair))
    own = [
        alike_to(simplify(part).term, tree) if 0.0 in part.numbers() else tree
        for part, tree in zip(formula.one_body, trees, strict=True)
    ]
    some = any(not Expression.build(tree).is_zero for tree in own)
    pair = simplify(formula.pair).term if once else pair
    return Formula.of_trees(pair, own if some else (), formula.core)


def _shortest(expression: Expression, signs: Collection[str]) -> Expression:
    import sympy

    def reduced(form: Any) -> Any:
        return form.replace(
            lambda part: part.is_Pow and str(part.base) in signs and part.exp.is_Integer,
            lambda part: part.base ** (part.exp % 2),
        )

    whole = reduced(expression.sympy(None))
    forms = [_factor_number(whole), sympy.factor_terms(whole), whole]
    if expression.complexity <= 40:
        expanded = reduced(sympy.expand(whole))
        forms += [_factor_number(expanded), sympy.factor_terms(expanded), expanded]
    found: list[Expression] = []
    for form in forms:
        try:
            found.append(Expression.from_sympy(form))
        except ValueError:
            # An undefined or complex form, such as zero to a negative power.
            continue
    return canonicalise(min([*found, expression], key=lambda form: form.complexity))


def _factor_number(form):
    """`a*x + b` with a number `b` as `a*(x + b/a)`: a stiffness and a rest length."""
    import sympy

    number, rest = form.as_coeff_Add()
    factor, inner = rest.as_coeff_Mul()
    if number == 0 or factor in (0, 1, -1) or inner.is_Add:
        return form
    ratio = number / factor
    if ratio.is_Float and float(ratio).is_integer():
        ratio = sympy.Integer(int(ratio))
    return sympy.Mul(factor, inner + ratio, evaluate=False)


def polish(expression: Expression, samples: Samples, *, tolerance: float = 0.01) -> Candidate:
    """The expression simplified and refitted, then pruned, then with round numbers.

    A shorter or rounder form is taken if its error is at most `1 + tolerance` times that of the
    plain refit. A round number within two standard errors is taken up to 25 times that tolerance:
    with heavy tails a few samples make the fit, and a gain of their making is no evidence.
    Exact integers then take the place of exponents: `r**1.9997` becomes `r**2`.
    """
    plain = refit(simplify(expression, signs=_signs(samples)), samples)
    if not np.isfinite(plain.error):
        return plain
    limit = plain.error * (1 + tolerance) + 1e-15
    loose = plain.error * (1 + 25 * tolerance) + 1e-15
    return _round(_prune(plain, samples, limit), samples, limit, loose)


def _prune(candidate: Candidate, samples: Samples, limit: float) -> Candidate:
    """Constants set to 0, 1 or -1 where that shortens the expression at no loss."""
    improved = True
    while improved:
        improved = False
        numbers = candidate.expression.numbers()
        for index, value in sorted(enumerate(numbers), key=lambda pair: abs(pair[1])):
            for simple in (0.0, float(np.sign(value))):
                trial = _with(candidate.expression, index, simple)
                shorter = simplify(trial, signs=_signs(samples))
                gain = _cost(candidate.expression) - _cost(shorter)
                if simple == value or gain <= 0:
                    continue
                fitted = refit(shorter, samples)
                if fitted.error <= limit:
                    candidate, improved = fitted, True
                    break
            if improved:
                break
    return candidate


def _signs(samples: Samples) -> list[str]:
    """The variables that are 1 or -1 in every sample."""
    return [name for name, value in samples.variables.items() if (np.abs(value) == 1).all()]


def _cost(expression: Expression) -> int:
    """Nodes plus constants: an exact zero is worth less than a number that has to be fitted."""
    return expression.complexity + len(expression.numbers())


def _round(candidate: Candidate, samples: Samples, limit: float, loose: float) -> Candidate:
    """Constants moved to near round numbers one by one, the others refitted each time."""
    expression, fixed = candidate.expression, set()
    for _ in expression.numbers():
        uncertainty = 2 * standard_errors(expression, samples)
        options = [
            (abs(value - simple) / abs(value), index, simple)
            for index, value in enumerate(expression.numbers())
            for simple in _simple_numbers(value)
            if index not in fixed
        ]
        for _, index, simple in sorted(options):
            trial = refit(_with(expression, index, simple), samples, fixed={*fixed, index})
            distance = abs(expression.numbers()[index] - simple)
            if trial.error <= (loose if distance <= uncertainty[index] else limit):
                expression = trial.expression
                fixed.add(index)
                break
        else:
            break
    shorter = measure(simplify(expression), samples)
    return shorter if shorter.error <= loose else measure(expression, samples)


def _simple_numbers(value: float) -> list[float]:
    """Round numbers near a value, the simplest first."""
    if value == 0 or not np.isfinite(value) or abs(value) > 1e3:
        return []
    return nearby_round_numbers(value, reach=_NEAR * abs(value), denominators=_DENOMINATORS)


def _with(expression: Expression, index: int, value: float) -> Expression:
    numbers = expression.numbers()
    numbers[index] = value
    return expression.with_constants(numbers)
