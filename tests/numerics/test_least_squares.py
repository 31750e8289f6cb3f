"""Least squares do not depend on the units of the columns."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.numerics import (
    least_squares,
    orthonormal_basis,
    solve_normal_equations,
    solve_with_ridge,
)

POWERS = st.lists(st.integers(-12, 12), min_size=3, max_size=3)


@settings(max_examples=50, deadline=None)
@given(POWERS, st.integers(0, 99))
def test_factors_are_found_whatever_the_units(powers, seed):
    draw = np.random.default_rng(seed)
    columns, truth = draw.normal(size=(40, 3)), draw.normal(size=(3, 2))
    units = 10.0 ** np.asarray(powers)
    factors, left = least_squares(columns * units, columns @ truth)
    np.testing.assert_allclose(factors * units[:, None], truth, rtol=1e-9)
    assert np.abs(left).max() < 1e-9
    one, _ = least_squares(columns * units, columns @ truth[:, 0])
    np.testing.assert_allclose(one * units, truth[:, 0], rtol=1e-9)


def test_what_is_left_is_fit_minus_goal_and_empty_columns_get_nothing():
    columns = np.stack([np.ones(4), np.zeros(4)], axis=1)
    factors, left = least_squares(columns, np.asarray([1.0, 2.0, 3.0, 6.0]))
    np.testing.assert_allclose(factors, [3.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(left, [2.0, 1.0, 0.0, -3.0], atol=1e-12)


@settings(max_examples=50, deadline=None)
@given(POWERS, st.integers(0, 99))
def test_normal_equations_have_the_same_factors(powers, seed):
    draw = np.random.default_rng(seed)
    columns, goal = draw.normal(size=(40, 3)) * 10.0 ** np.asarray(powers), draw.normal(size=40)
    expected, _ = least_squares(columns, goal)
    found = solve_normal_equations(columns.T @ columns, columns.T @ goal)
    np.testing.assert_allclose(
        found * 10.0 ** np.asarray(powers),
        expected * 10.0 ** np.asarray(powers),
        rtol=1e-8,
        atol=1e-12,
    )


def test_of_dependent_columns_the_smallest_factors_are_taken():
    found = solve_normal_equations(np.ones((2, 2)), np.full(2, 4.0))
    np.testing.assert_allclose(found, [2.0, 2.0])
    assert solve_normal_equations(np.zeros((0, 0)), np.zeros(0)).size == 0


def test_a_ridge_solves_many_problems_as_it_solves_each():
    draw = np.random.default_rng(0)
    columns, goal = draw.normal(size=(5, 30, 3)), draw.normal(size=(5, 30, 2))
    gram, projection = columns.swapaxes(1, 2) @ columns, columns.swapaxes(1, 2) @ goal
    ridge = np.full((5, 3), 1e-12)
    found = solve_with_ridge(gram, projection, ridge)
    for one, other, mine in zip(columns, goal, found, strict=True):
        np.testing.assert_allclose(mine, least_squares(one, other)[0], rtol=1e-9)
    np.testing.assert_allclose(solve_with_ridge(gram, projection[..., 0], ridge), found[..., 0])
    np.testing.assert_allclose(solve_with_ridge(gram[0], projection[0], 1e-12), found[0])


def test_a_ridge_keeps_dependent_columns_apart_and_changes_nothing_that_it_is_given():
    gram, projection = np.ones((2, 2)), np.full(2, 4.0)
    np.testing.assert_allclose(solve_with_ridge(gram, projection, 1e-9), [2.0, 2.0], rtol=1e-6)
    assert (gram == 1).all()


@settings(max_examples=50, deadline=None)
@given(POWERS, st.integers(0, 99))
def test_a_basis_spans_the_columns_whatever_their_units(powers, seed):
    draw = np.random.default_rng(seed)
    columns = draw.normal(size=(20, 3)) * 10.0 ** np.asarray(powers)
    twice = np.concatenate([columns, columns @ np.ones((3, 1)), np.zeros((20, 1))], axis=1)
    for given_columns, most in ((columns, 3), (twice, 4)):
        basis = orthonormal_basis(given_columns)
        assert 3 <= basis.shape[1] <= most
        np.testing.assert_allclose(basis.T @ basis, np.eye(basis.shape[1]), atol=1e-12)
        left = columns - basis @ (basis.T @ columns)
        assert (np.abs(left).max(axis=0) < 1e-6 * np.abs(columns).max(axis=0)).all()
