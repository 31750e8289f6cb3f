"""Expressions put together by operators are what their text would have been."""

import operator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from forcelaw.errors import InputError
from forcelaw.laws import Expression
from forcelaw.laws.expression import (
    Number,
    Parameter,
    Variable,
    cos,
    exp,
    log,
    maximum,
    minimum,
    parameters,
    product,
    sin,
    sqrt,
    tanh,
    walk,
    where,
)

R, M = Variable("r"), Variable("m")
KNOWN = {"r": np.asarray([0.7, 1.3, 2.9]), "m": np.asarray([0.4, -1.1, 2.0])}
OPERATORS = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}
PYTHON = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
NUMBERS = st.integers(-400, 400).map(lambda k: k / 100)
LEAVES = st.one_of(st.sampled_from([R, M]), NUMBERS.map(Parameter), st.just(Number(Fraction(0))))
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(list(PYTHON)), inner, inner).map(lambda t: PYTHON[t[0]](*t[1:])),
        inner.map(lambda tree: -tree),
        inner.map(abs),
        inner.map(tanh),
        st.tuples(inner, st.integers(-3, 3)).map(lambda t: t[0] ** t[1]),
        st.tuples(inner, inner).map(lambda t: where(R < 1.5, *t)),
    ),
    max_leaves=8,
)


def value(tree):
    expression = Expression.of(tree)
    with np.errstate(all="ignore"):
        found = expression.at(KNOWN)
    return np.broadcast_to(found, (3,))


@settings(max_examples=100, deadline=None)
@given(TREES, TREES, st.sampled_from(list(OPERATORS)))
def test_the_value_is_that_of_the_operator(left, right, sign):
    with np.errstate(all="ignore"):
        expected = OPERATORS[sign](value(left), value(right))
    np.testing.assert_allclose(value(PYTHON[sign](left, right)), expected, rtol=1e-9)
    np.testing.assert_array_equal(value(-left), -value(left))


@settings(max_examples=100, deadline=None)
@given(TREES)
def test_text_reads_back_as_what_was_put_together(tree):
    expression = Expression.of(tree)
    again = Expression.parse(expression.text(None))
    # Texts know no sign of zero, which decides the sign of what is divided by it.
    assume(all(np.isfinite(value(part)).all() for part in walk(tree)))
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(value(again.term), value(tree), rtol=1e-9)
    assert Expression.of(expression.term).tree == expression.tree
    assert Expression.of(expression.term).numbers() == expression.numbers()


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (2 * (R - 1), "2*(r - 1)"),
        (R + -3.0, "r - 3"),
        (R - -M, "r + m"),
        (-R / 0.5 * M, "-r/0.5*m"),
        (0 - R, "0 - r"),
        (1 / R**2 + 2 ** (-R), "1/r**2 + 2**(-r)"),
        (R ** Fraction(1, 2) * R**1.5, "r**(1/2)*r**1.5"),
        (np.float64(2.5) * R, "2.5*r"),
        (where(R <= 2, 0, abs(R)), "where(r <= 2, 0, abs(r))"),
        (where(R > M, maximum(R, 0, M), minimum(R, 3)), "where(r > m, max(r, 0, m), min(r, 3))"),
        (exp(R) + log(R) - sqrt(R) + sin(R) * cos(R), "exp(r) + log(r) - sqrt(r) + sin(r)*cos(r)"),
        (product(0.5, M * R, M / R), "0.5*m*r*m/r"),
        (product(0.5, where(R >= 1, M, R)), "0.5*where(r >= 1, m, r)"),
    ],
)
def test_trees_are_those_of_the_text(tree, text):
    built, read = Expression.of(tree), Expression.parse(text)
    assert built.tree == read.tree
    assert built.numbers() == read.numbers()
    assert built.text() == text


def test_a_parameter_stays_itself_through_two_signs():
    size = Parameter(2.5)
    turned = -size
    assert -turned is size
    assert [part.value for part in parameters(-size * R + M)] == [-2.5]
    assert parameters(R - -size) == [size]
    assert Parameter(2.5) != size


def test_numbers_beyond_the_precision_are_refused():
    for wrong in (1e300, float("inf"), float("nan")):
        with pytest.raises(InputError, match="change units"):
            Expression.of(wrong * R)


def test_zero_is_known_however_it_is_written():
    assert Expression.parse("0").is_zero
    assert Expression.parse("0.0").is_zero
    assert not Expression.parse("1e-9").is_zero
    assert not Expression.parse("0*r").is_zero
