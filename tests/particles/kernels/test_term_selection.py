"""Terms that act are told from those that follow errors of a few encounters."""

from dataclasses import replace

import numpy as np

from forcelaw.particles.kernels import Fit, Moments, OneBody, Residuals, Terms, drop_unsteady
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
