"""The decoder: geometry with its symmetries, a linear limit, and cross-fitted members."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.signed.decoder import DECODER_SETTINGS
from forcelaw.signed.decoder.ensemble import Examples, choose_simplest, fit_ensemble
from forcelaw.signed.decoder.geometry_decoder import Decoder, Standard, distances, geometry
from forcelaw.signed.decoder.logistic import fit_logistic
from forcelaw.signed.decoder.trees import LEAVES, fit_trees

ENDS = jnp.asarray([[0, 1], [2, 3], [4, 0]], jnp.int32)
MASK = jnp.asarray([True] * 5 + [False] * 3)


def positions():
    return jax.random.normal(jax.random.key(0), (8, 3))


def test_geometry_sees_neither_translation_nor_rotation_nor_padding():
    position = positions()
    turn, _ = jnp.linalg.qr(jax.random.normal(jax.random.key(1), (3, 3)))
    plain = geometry(position, MASK, ENDS, directed=True)
    moved = geometry(position @ turn + 1.5, MASK, ENDS, directed=True)
    np.testing.assert_allclose(moved, plain, rtol=1e-4, atol=1e-5)
    other = position.at[5:].set(100.0)
    np.testing.assert_array_equal(geometry(other, MASK, ENDS, directed=True), plain)


def test_an_unordered_pair_looks_the_same_from_both_ends():
    position = positions()
    plain = geometry(position, MASK, ENDS, directed=False)
    np.testing.assert_array_equal(geometry(position, MASK, ENDS[:, ::-1], directed=False), plain)
    turned = geometry(position, MASK, ENDS[:, ::-1], directed=True)
    assert not np.array_equal(turned, geometry(position, MASK, ENDS, directed=True))


def test_gradients_are_finite_at_coincident_nodes():
    def loss(position):
        placed = geometry(position, MASK, ENDS, directed=False)
        return jnp.sum(placed) + jnp.sum(distances(position, ENDS))

    assert bool(jnp.isfinite(jax.grad(loss)(jnp.zeros((8, 3)))).all())


def test_without_hidden_units_the_decoder_is_linear():
    decoder = Decoder(2, 0, key=jax.random.key(0))
    assert decoder.inner.shape == (0, 2)
    np.testing.assert_array_equal(decoder(jnp.ones((4, 2))), 0)


def test_standardised_columns_and_constant_columns():
    values = jnp.asarray([[1.0, 5.0], [3.0, 5.0], [100.0, -7.0]])
    standard = Standard.of(values, jnp.asarray([1.0, 0.2, 0.0]))
    np.testing.assert_allclose(standard(values)[:2], [[-1, 0], [1, 0]], atol=1e-6)


@pytest.fixture(scope="module")
def examples():
    feature = jax.random.normal(jax.random.key(2), (600, 3))
    log_odds = 2 * feature[:, 0] - feature[:, 1] + 0.5
    positive = jax.random.uniform(jax.random.key(3), (600,)) < jax.nn.sigmoid(log_odds)
    return Examples(
        feature=feature,
        positive=positive.astype(float),
        present=jnp.ones(600),
        member=jnp.arange(600, dtype=jnp.int32) % 3,
        members=3,
    )


def test_fitted_probabilities_are_calibrated(examples):
    ensemble, unseen = fit_ensemble(examples, trees=False)
    guess = jax.nn.sigmoid(unseen)
    assert abs(float(jnp.mean(guess - examples.positive))) < 0.03
    assert float(jnp.mean((guess > 0.5) == (examples.positive > 0.5))) > 0.75
    np.testing.assert_allclose(
        ensemble.standard.shift, examples.feature.mean(axis=0), rtol=1e-5, atol=1e-6
    )


def test_a_member_never_sees_its_own_rows(examples):
    feature, member = np.asarray(examples.feature, np.float64), np.asarray(examples.member)
    positive = np.asarray(examples.positive) > 0
    turned = np.where(member == 1, ~positive, positive)
    for first, second in zip(
        fit_logistic(feature, positive, member, 3),
        fit_logistic(feature, turned, member, 3),
        strict=True,
    ):
        for one, two in zip(first, second, strict=True):
            np.testing.assert_array_equal(one[1], two[1])
            assert not np.array_equal(one[0], two[0])
    ours, theirs = (fit_trees(feature, signs, member, 3) for signs in (positive, turned))
    np.testing.assert_array_equal(ours.value[1], theirs.value[1])
    assert not np.array_equal(ours.value[0], theirs.value[0])


def test_linear_members_are_those_of_scikit_learn(examples):
    from sklearn.linear_model import LogisticRegression

    feature, member = np.asarray(examples.feature, np.float64), np.asarray(examples.member)
    positive = np.asarray(examples.positive) > 0
    for ridge, (weight, bias) in zip(
        DECODER_SETTINGS.ridges, fit_logistic(feature, positive, member, 3), strict=True
    ):
        rows = member != 2
        model = LogisticRegression(C=1 / ridge, tol=1e-8).fit(feature[rows], positive[rows])
        np.testing.assert_allclose(weight[2], model.coef_[0], atol=1e-3)
        np.testing.assert_allclose(bias[2], model.intercept_[0], atol=1e-3)


def test_of_choices_about_as_good_the_first_is_taken():
    random = np.random.default_rng(0)
    best = random.random(400)
    close = best + 0.05 * random.standard_normal(400) + 0.001
    np.testing.assert_array_equal(choose_simplest(np.stack([close, best])), 0)
    np.testing.assert_array_equal(choose_simplest(np.stack([best + 0.1, best, close])), 1)


@pytest.mark.parametrize(("rows", "share"), [(600, 0), (1500, DECODER_SETTINGS.tree_shares[-1])])
def test_signs_that_jump_are_given_to_the_trees_where_there_are_many(rows, share):
    feature = jax.random.normal(jax.random.key(5), (rows, 3))
    jumps = Examples(
        feature=feature,
        positive=(feature[:, 0] * feature[:, 1] > 0).astype(float),
        present=jnp.ones(rows),
        member=jnp.arange(rows, dtype=jnp.int32) % 3,
        members=3,
    )
    ensemble, _ = fit_ensemble(jumps, trees=True)
    assert float(ensemble.share) == share


def test_trees_are_those_of_scikit_learn(examples):
    from sklearn.ensemble import HistGradientBoostingClassifier

    feature, member = np.asarray(examples.feature), np.asarray(examples.member)
    positive = np.asarray(examples.positive) > 0
    found = np.asarray(fit_trees(feature, positive, member, 3)(examples.feature))
    chosen = DECODER_SETTINGS
    make: Any = HistGradientBoostingClassifier
    model = make(
        max_iter=chosen.trees,
        learning_rate=chosen.learning_rate,
        max_leaf_nodes=LEAVES,
        l2_regularization=chosen.tree_ridge,
        min_samples_leaf=chosen.fewest_in_leaf,
        early_stopping=False,
        random_state=0,
    )
    for number in range(3):
        rows = member != number
        model.fit(feature[rows], positive[rows])
        np.testing.assert_allclose(found[number], model.decision_function(feature), atol=1e-5)
