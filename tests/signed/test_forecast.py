"""Forecasts: what comes later is predicted from what came before, in learning as in use."""

import dataclasses

import jax
import numpy as np
import pytest

from forcelaw import signed
from forcelaw.errors import InputError
from forcelaw.signed.features import (
    FEATURE_SETTINGS,
    Featurizer,
    NeighbourFeatures,
    NodeEffects,
    RecencyFeatures,
)
from forcelaw.signed.features.neighbours import neighbour_table
from forcelaw.signed.features.recency import recency_table
from forcelaw.signed.forces import PRESETS, make_views
from forcelaw.signed.splits import make_folds
from forcelaw.signed.splits.folds import blocks_of_time
from forcelaw.training import Stage


def random_network(seed):
    """Directed or not, with ratings, several edges a moment, and edges of both signs early."""
    random = np.random.default_rng(seed)
    edges = random.integers(0, 12, (random.integers(40, 90), 2))
    rating = random.choice([-3.0, -1.0, 1.0, 2.0], len(edges))
    rating[:8] = [1.0, -1.0] * 4
    time = np.sort(random.integers(0, 50, len(edges))).astype(float)
    return signed.SignedNetwork.from_edges(
        edges[:, 0].astype(str), edges[:, 1].astype(str), rating, time, directed=bool(seed % 2)
    )


def later(network):
    return dataclasses.replace(network, forecast=True)


@pytest.mark.parametrize("seed", range(20))
def test_every_block_is_predicted_from_its_past_alone(seed):
    network, count = random_network(seed), 1 + seed % 6
    time = network.time
    assert time is not None
    hidden = np.zeros(network.n_edges, int)
    for fold in blocks_of_time(later(network), count):
        assert time[fold.visible].max() < time[fold.hidden].min()
        assert len(np.unique(network.sign[fold.visible])) == 2
        hidden += fold.hidden
    assert hidden.max(initial=0) <= 1


@pytest.mark.parametrize("seed", range(10))
def test_what_comes_later_changes_no_feature_of_a_pair(seed):
    network = later(random_network(seed))
    folds = blocks_of_time(network, 6)
    fold = folds[seed % len(folds)]
    turned = np.where(fold.visible, network.sign, -network.sign).astype(np.int8)
    rating = None if network.rating is None else network.rating * np.where(fold.visible, 1, -5)
    other = dataclasses.replace(network, sign=turned, rating=rating)
    asked = network.edges[fold.hidden]
    ours, theirs = (
        Featurizer.fit(each.subset(fold.visible)).transform(asked) for each in (network, other)
    )
    np.testing.assert_array_equal(ours, theirs)
    kept = blocks_of_time(other, 6)
    assert any(np.array_equal(fold.hidden, again.hidden) for again in kept)


def test_views_of_a_forecast_hide_blocks_of_time():
    random = np.random.default_rng(0)
    edges = random.integers(0, 30, (400, 2))
    network = signed.SignedNetwork.from_edges(
        edges[:, 0].astype(str),
        edges[:, 1].astype(str),
        np.where(random.random(400) < 0.7, 1.0, -1.0),
        np.arange(400.0),
    )
    train = signed.split(network, "temporal").train
    assert train.forecast and train.time is not None
    views = make_views(train, folds=3, seed=0)
    assert views.folds == 3
    turned = dataclasses.replace(
        train, sign=np.where(train.time < np.quantile(train.time, 0.7), train.sign, -train.sign)
    )
    (view, hidden), (other, hidden_other) = (
        make_views(each, folds=3, seed=0).fold(1) for each in (train, turned)
    )
    for one, two in zip(jax.tree.leaves(view), jax.tree.leaves(other), strict=True):
        np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(hidden.feature, hidden_other.feature)


def test_only_splits_in_time_ask_for_a_forecast():
    network = signed.SignedNetwork.from_edges(
        list("abcdeabcde"), list("bcdeacdeab"), [1, -1] * 5, np.arange(10.0)
    )
    assert signed.split(network, "temporal", test=0.3).train.forecast
    assert not network.forecast and not signed.split(network, "directed", seed=1).train.forecast


def test_edges_of_one_moment_fall_back_to_random_folds():
    network = later(
        signed.SignedNetwork.from_edges(
            list("abcdeabcde"), list("bcdeacdeab"), [1, -1] * 5, np.zeros(10)
        )
    )
    assert blocks_of_time(network, 4) == []
    folds = make_folds(network, 4, 0)
    np.testing.assert_array_equal(sum(fold.hidden for fold in folds), 1)
    assert np.isfinite(recency_table(network)).all()


@pytest.mark.parametrize("seed", range(10))
def test_renumbering_the_nodes_changes_no_column(seed):
    network = later(random_network(seed))
    order = np.random.default_rng(network.n_edges).permutation(network.n_nodes)
    ends = order[network.edges]
    if not network.directed:
        ends = np.sort(ends, axis=1)
    rows = np.lexsort((ends[:, 1], ends[:, 0]))
    other = dataclasses.replace(
        network.subset(rows),
        names=tuple(str(i) for i in range(network.n_nodes)),
        source=ends[rows, 0].astype(np.int32),
        target=ends[rows, 1].astype(np.int32),
    )
    asked = np.array([[0, 1], [2, 0], [3, 1]])
    for features in (RecencyFeatures, NeighbourFeatures):
        ours = features.fit(network).transform(asked)
        np.testing.assert_allclose(ours, features.fit(other).transform(order[asked]), atol=1e-8)
        if not network.directed:
            np.testing.assert_array_equal(ours, features.fit(network).transform(asked[:, ::-1]))


def test_ages_and_latest_ratings_by_hand():
    network = later(
        signed.SignedNetwork.from_edges(
            ["a", "a", "b", "c"], ["b", "c", "c", "b"], [5, -5, 10, 1], [1, 2, 3, 4]
        )
    )
    table = recency_table(network)
    made, received = table[:, : table.shape[1] // 2], table[:, table.shape[1] // 2 :]
    np.testing.assert_allclose(made[:, 0], [0.75, 0.5, 0.25])
    np.testing.assert_allclose(made[:, 1], [1, 0.5, 0.25])
    np.testing.assert_allclose(received[0, :2], FEATURE_SETTINGS.never_age)
    np.testing.assert_allclose(made[:, -1], [0, 1, 0.1])
    np.testing.assert_allclose(received[:, -1], [0, 0.3, 0.25])


def test_the_neighbours_of_a_node_by_hand():
    network = signed.SignedNetwork.from_edges(["a", "b", "c"], ["c", "c", "a"], [1, -1, 1])
    effects = NodeEffects.fit(network)
    source, target = effects.source, effects.target
    table = neighbour_table(network, effects)
    np.testing.assert_allclose(table[2, 0], (source[0] + source[1]) / 3, atol=1e-8)
    np.testing.assert_allclose(table[2, 2], (target[0] - target[1]) / 3, atol=1e-8)
    np.testing.assert_allclose(table[0, 4], target[2] / 2, atol=1e-8)
    np.testing.assert_allclose(table[1, 5], -target[2] / 2, atol=1e-8)
    np.testing.assert_allclose(table[2, 3], 2 * np.log(2) / 3, atol=1e-8)
    np.testing.assert_allclose(table[1, :4], 0)


@pytest.mark.slow
def test_a_fit_that_looks_ahead_is_saved_and_needs_times(tmp_path):
    random = np.random.default_rng(1)
    edges = random.integers(0, 40, (500, 2))
    network = signed.SignedNetwork.from_edges(
        edges[:, 0].astype(str),
        edges[:, 1].astype(str),
        np.where(random.random(500) < 0.7, 1.0, -1.0),
        np.arange(500.0),
    )
    parts = signed.split(network, "temporal")
    quick = dataclasses.replace(
        PRESETS["default"], stages=(Stage(1, 6, 0.1, 1.7, 0.02),), steps=6, dt=0.1, folds=3
    )
    model = signed.SpringEmbedding(4, preset=quick).fit(parts.train)
    model.save(tmp_path)
    loaded = signed.SpringEmbedding.load(tmp_path)
    np.testing.assert_array_equal(
        loaded.predict_proba(parts.test.pairs), model.predict_proba(parts.test.pairs)
    )
    with pytest.raises(InputError, match="found no times"):
        signed.apply(tmp_path, dataclasses.replace(network, time=None))
    assert np.isfinite(signed.apply(tmp_path, network).predict_proba(parts.test.pairs)).all()
