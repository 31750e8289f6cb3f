"""Standard errors, and which models are as good as the best."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.numerics import as_good_as_the_best, nearby_round_numbers, standard_error


def test_the_standard_error_is_that_of_a_mean():
    draw = np.random.default_rng(0)
    means = draw.normal(size=(4000, 25)).mean(axis=1)
    found = standard_error(draw.normal(size=(4000, 25)), axis=1)
    assert np.mean(found) == pytest.approx(np.std(means), rel=0.05)
    assert standard_error(np.ones((1, 3))).tolist() == [np.inf] * 3
    assert standard_error(np.ones(1)) == np.inf


def test_a_lead_that_one_unit_makes_is_chance():
    errors = np.ones((3, 20))
    errors[1] += 0.1
    errors[2, 0] += 2.0
    assert as_good_as_the_best(errors, significance=2.0).tolist() == [True, False, True]
    assert as_good_as_the_best(errors, significance=2.0, slight=0.11).all()


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 6), st.integers(1, 8), st.integers(0, 99), st.integers(0, 5))
def test_the_best_is_as_good_as_itself(models, units, seed, lost):
    errors = np.random.default_rng(seed).exponential(size=(models, units))
    errors[np.arange(models) < lost, 0] = np.inf
    good = as_good_as_the_best(errors, significance=2.0)
    assert good[np.argmin(errors.mean(axis=1))]
    assert good.all() if lost >= models else not good[:lost].any()


@settings(max_examples=100, deadline=None)
@given(st.floats(-50, 50), st.floats(0, 0.2), st.integers(0, 3))
def test_round_numbers_are_near_and_none_is_zero(value, reach, digits):
    for simple in nearby_round_numbers(value, reach=reach, digits=digits):
        assert simple and abs(simple - value) <= reach
        assert (2 * simple).is_integer() or float(f"{simple:.3g}") == simple


def test_the_simplest_round_number_stands_first():
    assert nearby_round_numbers(1.98, reach=0.6) == [2.0]
    assert nearby_round_numbers(1.52, reach=0.6) == [2.0, 1.5]
    assert nearby_round_numbers(0.25, reach=0.01) == []
    assert nearby_round_numbers(0.251, reach=0.01, digits=3) == [0.25, 0.251]
    assert nearby_round_numbers(0.2, reach=0.3, denominators=(1,)) == []
