"""Right signs are told although some of those that were learned from are wrong."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from forcelaw import signed
from forcelaw.signed.grouping import JoinedFactions
from forcelaw.signed.suspicion.right_signs import right_probability, share_of_wrong

FEW = signed.RightSignsSettings(choices=1, groups=(2,))


def joined(seed, nodes=120, edges=420):
    """Two factions; four of five edges are within one, and friendly."""
    random = np.random.default_rng(seed)
    group = np.arange(nodes) % 2
    ends = random.integers(nodes, size=(8 * edges, 2))
    alike = group[ends[:, 0]] == group[ends[:, 1]]
    kept = (ends[:, 0] < ends[:, 1]) & (alike | (random.random(len(ends)) < 0.25))
    ends = np.unique(ends[kept], axis=0)
    ends = ends[random.permutation(len(ends))[:edges]]
    sign = np.where(group[ends[:, 0]] == group[ends[:, 1]], 1, -1)
    names = ends.astype(str)
    return signed.SignedNetwork.from_edges(names[:, 0], names[:, 1], sign, directed=False), group


def flipped(network, share, seed):
    wrong = np.random.default_rng(seed).random(network.n_edges) < share
    return dataclasses.replace(network, sign=np.where(wrong, -network.sign, network.sign))


def test_wrong_signs_cost_less_than_the_baseline():
    parts = signed.split(joined(1)[0], "pairs", seed=1)
    train = flipped(parts.train, 0.2, 1)
    ours = signed.RightSigns(settings=FEW).fit(train)
    found = {}
    for name, model in (("right", ours), ("baseline", signed.FeatureBaseline().fit(train))):
        probability = model.predict_proba(parts.test.pairs)[:, 1]
        score = signed.scores(parts.test.sign, probability, model.threshold_)
        found[name] = score["f1_macro"]
    assert found["right"] > found["baseline"] + 0.2
    assert 0.08 < ours.wrong_share_ < 0.3


def test_without_wrong_signs_none_are_found():
    parts = signed.split(joined(5)[0], "pairs", seed=0)
    model = signed.RightSigns(settings=FEW).fit(parts.train)
    assert model.wrong_share_ < 0.03
    probability = model.predict_proba(parts.test.pairs)[:, 1]
    assert signed.scores(parts.test.sign, probability, model.threshold_)["f1_macro"] > 0.85
    assert model.predict_proba([("0", "nobody")])[0, 1] == pytest.approx(parts.train.positive_share)


def test_certain_predictions_bound_the_share_of_wrong_signs():
    given = np.concatenate([np.full(300, 0.8), np.full(100, 0.2)])
    assert share_of_wrong(given) == pytest.approx(0.2)
    assert right_probability(np.array([0.1, 0.2, 0.5, 0.8]), 0.2) == pytest.approx([0, 0, 0.5, 1])
    # Few enemies that are certain are no evidence of none.
    assert share_of_wrong(np.full(50, 0.99)) == pytest.approx(0.01)


def test_who_is_joined_tells_of_factions_whatever_the_signs():
    network, group = joined(1)
    mostly = flipped(network, 0.35, 3)
    place = np.array([int(name) for name in network.names])
    pairs = np.random.default_rng(0).integers(network.n_nodes, size=(400, 2))
    log_odds = JoinedFactions.fit(mostly, 2).log_odds(pairs)
    alike = group[place[pairs[:, 0]]] == group[place[pairs[:, 1]]]
    assert signed.scores(np.where(alike, 1, -1), 1 / (1 + np.exp(-log_odds)))["auc"] > 0.8


def test_a_forecast_is_no_matter():
    network = signed.synthetic(40, degree=10.0, seed=0)
    timed = dataclasses.replace(network, time=np.arange(float(network.n_edges)))
    model = signed.RightSigns(settings=FEW).fit(dataclasses.replace(timed, forecast=True))
    assert np.isfinite(model.predict_proba([("0", "1")])).all()


def test_beliefs_without_edges_are_even():
    network = signed.SignedNetwork.from_edges([], [], [], nodes=["a", "b"])
    found = JoinedFactions.fit(network, 2)
    assert found.probability == pytest.approx(0.5)
    assert np.isfinite(found.log_odds(np.array([[0, 1]]))).all()
