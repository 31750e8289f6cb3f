"""Splines of the distance: values, nesting and what lies outside."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import BSpline

from forcelaw.particles.kernels import RadialBasis, place_breaks


@given(st.lists(st.floats(0.01, 2), min_size=2, max_size=12))
def test_values_are_those_of_scipy_and_sum_to_one(steps):
    basis = RadialBasis.between(np.cumsum([0.1, *steps]))
    r = np.linspace(basis.breaks[0], basis.breaks[-1], 50)
    expected = BSpline.design_matrix(r, basis.knots, 3).toarray()
    np.testing.assert_allclose(basis.matrix(r), expected, atol=1e-10)
    np.testing.assert_allclose(basis.matrix(r).sum(axis=1), 1, atol=1e-10)


def test_beyond_the_longest_there_is_no_force_and_below_the_shortest_that_of_the_shortest():
    basis = RadialBasis.between(np.array([1.0, 1.5, 2.5, 4.0]))
    assert (basis.matrix(np.array([4.1, 100.0])) == 0).all()
    np.testing.assert_allclose(basis.matrix(np.array([0.2])), basis.matrix(np.array([1.0])))


def test_splines_on_some_of_the_knots_are_sums_of_the_finer_ones():
    fine = RadialBasis.between(np.geomspace(0.5, 5, 25))
    coarse = RadialBasis.between(fine.breaks[::4])
    r = np.linspace(0.5, 5, 200)
    np.testing.assert_allclose(fine.matrix(r) @ coarse.within(fine), coarse.matrix(r), atol=1e-9)


@pytest.mark.parametrize("cutoff", [3.0, 10.0])
def test_breaks_hold_all_distances(cutoff):
    length = np.random.default_rng(0).gamma(3, 0.5, 1000)
    length = length[length < cutoff]
    breaks = place_breaks(length, 20, cutoff)
    assert breaks[0] < length.min()
    assert breaks[-1] == cutoff
    assert (np.diff(breaks) > 0).all()
