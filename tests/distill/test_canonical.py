"""Sums of powers and exponentials are written in one way."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forcelaw.distill import simplify
from forcelaw.laws import Expression

FACTORS = st.integers(-400, 400).filter(bool).map(lambda k: k / 100)
TERMS = st.one_of(
    st.tuples(FACTORS, st.integers(-7, 4)).map(lambda t: f"({t[0]})*r**({t[1]})"),
    st.tuples(FACTORS, st.integers(1, 40)).map(lambda t: f"({t[0]})*exp(-{t[1] / 10}*r)"),
)
SUMS = st.lists(TERMS, min_size=1, max_size=4).map(" + ".join)
PRODUCTS = st.tuples(
    st.sampled_from(["1", "m_i*m_j", "q_i*q_j/m_i"]),
    st.sampled_from(["r", "1/r**2", "(r - 1)", "exp(-0.5*r)"]),
    SUMS,
).map(lambda t: f"{t[0]}*{t[1]}*({t[2]})")


def value(expression, known):
    return expression.at(known)


@example("q_i*q_j/m_i*(r - 1)*(0.01*r**2 + 0.01/r**3 + 0.01*exp(-0.1*r) + 0.02*exp(-0.2*r))")
@given(st.one_of(SUMS, PRODUCTS))
@settings(deadline=None, max_examples=40)
def test_it_is_the_same_function_and_stays_what_it_is(text):
    draw = np.random.default_rng(0)
    known = {n: draw.uniform(0.5, 3, 30) for n in ("r", "m_i", "m_j", "q_i", "q_j")}
    before = Expression.parse(text)
    after = simplify(before)
    size = np.abs(value(before, known)).max() + 10
    np.testing.assert_allclose(value(after, known), value(before, known), atol=1e-5 * size)
    # To rounding: a common factor that is taken out and put back may cost the last digit.
    for again in (simplify(after), simplify(Expression.parse(after.text(None)))):
        assert again.tree == after.tree
        np.testing.assert_allclose(again.constants, after.constants, rtol=1e-5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("r*(0.205*r - 0.02614*r**2 - 0.295)", "-0.02614*r**3 + 0.205*r**2 - 0.295*r"),
        ("2*r - 2", "2*(r - 1)"),
        ("(2.5 - 3.2/r)/r**2", "-3.2/r**3 + 2.5/r**2"),
        ("24*(2*(1/r)**13 - (1/r)**7)", "48/r**13 - 24/r**7"),
        ("m_i*m_j*r*(0.2 - 0.1*r)", "m_i*m_j*(-0.1*r**2 + 0.2*r)"),
        ("3*exp(-4*r) - 2*exp(-r)", "-2*exp(-r) + 3*exp(-4*r)"),
        ("4.5/r**3 + exp(-r)*15 - 14/r**2 + 2", "2 - 14/r**2 + 4.5/r**3 + 15*exp(-r)"),
        ("r/(r**2 + 0.01)**1.5", "r/(r**2 + 0.01)**1.5"),
        ("where(r < 2, r*(r - 3), 0)", "where(r < 2, r**2 - 3*r, 0)"),
    ],
)
def test_every_family_has_its_form(text, expected):
    assert simplify(Expression.parse(text)).text() == expected
