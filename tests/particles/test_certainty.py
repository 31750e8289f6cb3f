"""Constants are printed with the digits that they deserve, and doubted where they say nothing."""

import math

import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelaw.laws import Formula, Units, numbers
from forcelaw.particles.certainty import (
    find_insignificant,
    round_to_certainty,
    significant_digits,
)
from forcelaw.particles.discovery_settings import DISCOVERY
from forcelaw.particles.selection import ConstantEstimate
from forcelaw.particles.selection.unit_conversion import deviations_in_units

DIGITS = DISCOVERY.certainty.most


def rows(formula, errors):
    return [*map(ConstantEstimate, numbers(formula).tolist(), errors)]


@pytest.mark.parametrize(
    ("value", "error", "expected"),
    [
        (1.2345678, 0.03, 4),
        (1.2345678, 0.004, 5),
        (1.2345678, 0.7, 3),
        (1.2345678, 5.0, 2),
        (1.2345678, 1e-12, 8),
        (1.2345678, 0.0, 8),
        (1234.5678, 30.0, 4),
        (6.6741234e-11, 2e-14, 5),
        (1.2345678, math.nan, 4),
        (2.0, 1e-9, 4),
        (2500.0, 900.0, 4),
    ],
)
def test_digits(value, error, expected):
    assert significant_digits(value, error) == expected


@given(st.floats(1e-12, 1e12), st.floats(1e-12, 1e12), st.floats(0.1, 10))
def test_digits_are_bounded_and_do_not_depend_on_powers_of_ten(value, error, factor):
    found = significant_digits(value, error)
    assert 2 <= found <= DIGITS
    assert significant_digits(value, error * (1 + factor)) <= max(found, 4)


def test_a_formula_is_printed_as_surely_as_it_is_known():
    formula = Formula.parse("1.23456*exp(-0.98765*r) - 2*r", "-0.456789*v")
    with_errors = rows(formula, [0.2, 1e-4, 0.3, math.nan])
    assert round_to_certainty(formula, with_errors).text(DIGITS) == (
        "pair: 1.23*exp(-0.98765*r) - 2*r\none-body: -0.4568*v"
    )
    assert numbers(formula)[0] == pytest.approx(1.23456)


def test_large_and_small_constants_stay_readable():
    formula = Formula.parse("123456.7*r - 6.6741234e-11/r**2")
    printed = round_to_certainty(formula, rows(formula, [2e4, 3e-14])).text(DIGITS)
    assert printed == "123000*r - 6.6741e-11/r**2"


def test_all_digits_of_double_precision(double_precision):
    formula = Formula.parse("1.23456789*r")
    assert round_to_certainty(formula, rows(formula, [1e-12])).text(DIGITS) == "1.2345679*r"


def test_single_precision_shows_no_digits_that_it_does_not_have():
    assert not jax.config.read("jax_enable_x64")
    formula = Formula.parse("1.23456789*r")
    assert round_to_certainty(formula, rows(formula, [1e-12])).text(DIGITS) == "1.234568*r"


def test_constants_less_sure_than_their_value_are_named():
    formula = Formula.parse("1.5*r - 0.02", ("-0.3*(x - 0.1)", "-0.3*(y - 0.2)"))
    with_errors = rows(formula, [0.1, 0.02, 0.01, 5.0, 5.0])
    assert find_insignificant(formula, with_errors) == ["0.02 (+- 0.02)"]
    assert find_insignificant(formula, rows(formula, [0.1, 0.01, 0.5, 0.0, 0.0])) == [
        "-0.3 (+- 0.5)"
    ]
    assert find_insignificant(formula, rows(formula, [math.nan] * 5)) == []


def test_an_unknown_error_stays_unknown_in_other_units():
    formula = Formula.parse("1.5*r - 0.02")
    found = deviations_in_units(formula, np.array([np.nan, 0.1]), Units(length=10.0))
    assert np.isnan(found).tolist() == [True, False]
