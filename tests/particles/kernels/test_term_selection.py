"""Terms that act are told from those that follow errors of a few encounters."""

from dataclasses import replace

import numpy as np

from forcelaw.particles.kernels import (
    Fit,
    Moments,
    OneBody,
    Residuals,
    Terms,
    drop_unsteady,
    select_terms,
)
from forcelaw.particles.kernels.factors import LEAST_SQUARES, WITH_INSTRUMENTS

DRAG, SPRING = OneBody("velocity"), OneBody("place", axis=0)
TERMS = Terms(0, (), (DRAG, SPRING))
COUNT = np.full(5, 1000.0)


def fitted(gains):
    """A fit of two columns; `gains` the products of the second with changes, in each part."""
    ones = np.ones(5)
    xx = np.stack([np.eye(2)] * 5) * 100
    xy = np.stack([-100 * ones, np.asarray(gains, float)], axis=1)
    moments = Moments(xx, xy, 130 * ones, xx, xy, xx, COUNT, 0 * ones)
    residuals = Residuals(np.array([1e-3, 0, 0, 0, 0, 0]), 5000, 1.0)
    return Fit(TERMS, LEAST_SQUARES, moments, np.zeros(2), np.eye(2), residuals)


def test_what_one_part_alone_shows_is_dropped():
    assert drop_unsteady(fitted([0, 0, 0, 0, 40])).one_body == (DRAG,)


def test_what_two_parts_show_is_kept():
    assert drop_unsteady(fitted([0, 20, 0, 0, 20])).one_body == (DRAG, SPRING)


def test_a_weak_term_that_all_parts_show_is_kept():
    assert drop_unsteady(fitted([5, 5, 5, 5, 5])).one_body == (DRAG, SPRING)


def test_under_chance_nothing_is_dropped():
    fit = replace(fitted([0, 0, 0, 0, 40]), estimator=WITH_INSTRUMENTS)
    assert drop_unsteady(fit).one_body == (DRAG, SPRING)


def chosen_of(columns, goal, terms):
    """The terms that are chosen for equations with noise, of all those that there are."""
    noise = 0.01 * np.random.default_rng(1).normal(size=len(goal))
    folds = np.array_split(np.arange(len(goal)), 5)
    xx = np.stack([columns[f].T @ columns[f] for f in folds])
    xy = np.stack([columns[f].T @ (goal + noise)[f] for f in folds])
    yy = np.array([float((goal[f] + noise[f]) @ (goal[f] + noise[f])) for f in folds])
    moments = Moments(xx, xy, yy, xx, xy, xx, np.full(5, len(goal) / 5), 0 * yy)
    residuals = Residuals(np.array([1e-4, 0, 0, 0, 0, 0]), len(goal), float(np.var(goal)))
    fit = Fit(terms, LEAST_SQUARES, moments, np.zeros(terms.size), np.eye(terms.size), residuals)
    return select_terms(fit).one_body


def test_a_trap_far_from_where_coordinates_begin_is_chosen_with_its_constant():
    x = 1000 + np.random.default_rng(0).normal(size=4000)
    terms = Terms(0, (), (OneBody("constant", 0), OneBody("place", 0), DRAG))
    columns = np.stack([np.ones_like(x), x, np.random.default_rng(2).normal(size=4000)], axis=1)
    assert chosen_of(columns, -0.3 * (x - 1000), terms) == terms.one_body[:2]
    near = np.stack([columns[:, 0], x - 1000, columns[:, 2]], axis=1)
    assert chosen_of(near, -0.3 * (x - 1000), terms) == terms.one_body[1:2]


def test_a_trap_by_mass_comes_with_a_weight():
    """Away from the origin it leaves a constant that is proportional to the mass, too."""
    assert OneBody("place", 1, "mass").shifts(2) == (OneBody("constant", 1, "mass"),)
    assert OneBody("velocity").shifts(2) == (OneBody("constant", 0), OneBody("constant", 1))
