"""Distributions of ratings, and the intervals that are read off them."""

import numpy as np
import pytest

from forcelaw.signed.ratings import RATING_SETTINGS
from forcelaw.signed.ratings.forest import Forest, Scale, conformity, interval, threshold


def test_a_scale_keeps_few_values_and_cuts_many():
    rating = np.array([3.0, -1.0, 3.0, 5.0])
    few = Scale.of(rating, 64)
    np.testing.assert_array_equal(few.mean, [-1, 3, 5])
    np.testing.assert_array_equal(few.cell_of(rating), [1, 0, 1, 2])
    assert few.cell_of(np.array([-7.0]))[0] == 0
    fine = np.random.default_rng(0).normal(size=1000)
    cut = Scale.of(fine, 10)
    cell = cut.cell_of(fine)
    assert len(cut.mean) <= 10
    assert ((cut.low[cell] <= fine) & (fine <= cut.high[cell])).all()


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.99])
def test_intervals_hold_their_share_whatever_the_distribution_claims(level):
    random = np.random.default_rng(1)
    scale = Scale.of(np.arange(21.0) - 10, 64)
    held = []
    for _ in range(30):
        # Claimed shares have nothing to do with the truth.
        shares = random.dirichlet(np.full(21, 0.3), 600)
        cell = np.minimum(random.poisson(3.0, 600), 20)
        limit = threshold(conformity(shares[:300], cell[:300]), level)
        low, high = interval(shares[300:], scale, limit)
        true = scale.mean[cell[300:]]
        held.append(((low <= true) & (true <= high)).mean())
    assert np.mean(held) > level - 0.02


def test_with_too_few_examples_every_rating_belongs_inside():
    shares = np.array([[0.5, 0.0, 0.5]])
    assert threshold(np.array([0.4, 0.3]), 0.9) == 0
    low, high = interval(shares, Scale.of(np.array([1.0, 2.0, 3.0]), 9), 0.0)
    assert (low[0], high[0]) == (1, 3)


def test_trees_that_saw_a_row_do_not_tell_it():
    random = np.random.default_rng(2)
    values, rating = random.normal(size=(400, 3)), random.integers(0, 4, 400).astype(float)
    scale = Scale.of(rating, 9)
    settings = RATING_SETTINGS.model_copy(update={"trees": 30, "fewest_in_leaf": 1})
    forest = Forest.grow(values, rating, scale, 0, settings)
    cell = scale.cell_of(rating)
    seen, unseen = forest.shares(values), forest.held_out_shares(values)
    for shares in (seen, unseen):
        np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-6)
    # Ratings are of chance: who knows one has seen it.
    assert np.take_along_axis(seen, cell[:, None], 1).mean() > 0.5
    assert np.take_along_axis(unseen, cell[:, None], 1).mean() < 0.32
