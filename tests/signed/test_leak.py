"""Nothing that is learned or predicted depends on a test sign."""

import dataclasses

import equinox as eqx
import jax
import numpy as np
import pytest

from forcelaw import signed
from forcelaw.signed.forces import PRESETS, make_views
from forcelaw.signed.splits import folds as _folds
from forcelaw.signed.splits.folds import assign_folds
from forcelaw.training import Stage

QUICK = dataclasses.replace(
    PRESETS["default"], stages=(Stage(1, 6, 0.1, 1.7, 0.02),), steps=6, dt=0.1, folds=3,
    trainings=2, choices=2,
)  # fmt: skip


def network_of(protocol):
    random = np.random.default_rng(0)
    edges = random.integers(0, 60, (900, 2))
    return signed.SignedNetwork.from_edges(
        [str(i) for i in edges[:, 0]],
        [str(i) for i in edges[:, 1]],
        np.where(random.random(900) < 0.75, 1.0, -1.0),
        time=np.arange(900.0) if protocol == "temporal" else None,
        directed=True,
    )


def flipped(parts):
    """The same network with the sign of every test edge turned round, split in the same way."""

    def flip(network, protocol):
        whole = network.pairs().largest_component() if protocol == "pairs" else network
        asked = {tuple(pair) for pair in parts.test.pairs.tolist()}
        turn = np.array([tuple(edge) in asked for edge in whole.edges.tolist()])
        sign = np.where(turn, -whole.sign, whole.sign).astype(np.int8)
        said = whole.directed_ratings
        if said is not None:
            about = np.array([tuple(sorted(edge)) in asked for edge in said.edges.tolist()])
            turned = np.where(about, -said.sign, said.sign).astype(np.int8)
            said = dataclasses.replace(said, sign=turned)
        return dataclasses.replace(whole, sign=sign, rating=None, directed_ratings=said)

    return flip


@pytest.mark.parametrize(
    ("protocol", "transductive"),
    [
        ("pairs", False),
        pytest.param("pairs", True, marks=pytest.mark.slow),
        pytest.param("directed", False, marks=pytest.mark.slow),
        pytest.param("directed", True, marks=pytest.mark.slow),
        ("temporal", False),
    ],
)
def test_flipping_the_test_signs_changes_only_the_score(protocol, transductive):
    network = network_of(protocol)
    parts = signed.split(network, protocol, seed=0, transductive=transductive)
    other_network = flipped(parts)(network, protocol)
    other = signed.split(other_network, protocol, seed=0, transductive=transductive)
    np.testing.assert_array_equal(parts.test.pairs, other.test.pairs)
    np.testing.assert_array_equal(parts.test.sign, -other.test.sign)

    first, second = (
        signed.SpringEmbedding(4, seed=0, preset=QUICK).fit(split.train) for split in (parts, other)
    )
    for name in ("law", "ensemble"):
        ours, theirs = (
            jax.tree.leaves(eqx.filter(getattr(model.learned_, name), eqx.is_array))
            for model in (first, second)
        )
        for one, two in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(one, two)
    assert [epoch.metrics for epoch in first.history_] == [e.metrics for e in second.history_]
    assert first.threshold_ == second.threshold_ and first.prior_ == second.prior_
    np.testing.assert_array_equal(first.positions_, second.positions_)
    probability = first.predict_proba(parts.test.pairs)
    np.testing.assert_array_equal(probability, second.predict_proba(other.test.pairs))

    scored, turned = (
        signed.scores(split.test.sign, probability[:, 1], first.threshold_)
        for split in (parts, other)
    )
    assert scored["auc"] == pytest.approx(1 - turned["auc"])


def test_a_hidden_fold_is_not_visible_to_its_own_view(monkeypatch):
    network = signed.synthetic(60, seed=1)
    fold = assign_folds(network.sign, 3, 0)
    turned = dataclasses.replace(
        network, sign=np.where(fold == 1, -network.sign, network.sign).astype(np.int8)
    )
    # Folds are stratified by sign: both networks are given the same ones.
    monkeypatch.setattr(_folds, "assign_folds", lambda sign, folds, seed: fold)
    ours, hidden_ours = make_views(network, folds=3, seed=0).fold(1)
    theirs, hidden_theirs = make_views(turned, folds=3, seed=0).fold(1)
    for one, two in zip(jax.tree.leaves(ours), jax.tree.leaves(theirs), strict=True):
        np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(hidden_ours.feature, hidden_theirs.feature)
    real = np.asarray(hidden_ours.weight) > 0
    assert (np.asarray(hidden_ours.positive) != np.asarray(hidden_theirs.positive))[real].all()
