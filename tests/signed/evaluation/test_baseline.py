from __future__ import annotations

import numpy as np
import pytest
from signed_graphs import dataset_file

from forcelaw.errors import InputError
from forcelaw.signed import FeatureBaseline, SignedNetwork, read, scores, split


def two_camps(n=60, seed=0):
    """Friends inside two camps, enemies between them, a tenth of the signs wrong."""
    random = np.random.default_rng(seed)
    source, target = np.nonzero(np.triu(random.random((n, n)) < 0.3, 1))
    sign = np.where(source % 2 == target % 2, 1, -1)
    sign = np.where(random.random(len(sign)) < 0.1, -sign, sign)
    return SignedNetwork.from_edges(map(str, source), map(str, target), sign.astype(float))


@pytest.mark.parametrize("protocol", ["pairs", "directed"])
def test_balance_is_learned(protocol):
    train, test = split(two_camps(), protocol, seed=0)
    model = FeatureBaseline().fit(train)
    probability = model.predict_proba(test.pairs)
    assert probability.shape == (len(test), 2) and model.classes_.tolist() == [-1, 1]
    np.testing.assert_allclose(probability.sum(axis=1), 1)
    assert scores(test.sign, probability[:, 1], model.threshold_)["auc"] > 0.8
    expected = np.where(probability[:, 1] >= model.threshold_, 1, -1)
    np.testing.assert_array_equal(model.predict(test.pairs), expected)
    again = FeatureBaseline().fit(train).predict_proba(test.pairs)
    np.testing.assert_array_equal(probability, again)
    assert model.predict_proba(np.empty((0, 2), np.int32)).shape == (0, 2)


def test_one_negative_edge_is_enough_to_fit():
    network = SignedNetwork.from_edges("abcd", "bcda", [1, 1, 1, -1])
    model = FeatureBaseline().fit(network)
    assert np.isfinite(model.predict_proba(network.edges)).all()


def test_one_class_is_refused():
    with pytest.raises(InputError, match="found only negative edges"):
        FeatureBaseline().fit(SignedNetwork.from_edges("ab", "bc", [-1, -1]))


@pytest.mark.parametrize(
    ("name", "protocol", "reverse", "auc", "f1"),
    [
        ("bitcoin-alpha", "pairs", False, 0.900, 0.735),
        ("bitcoin-otc", "pairs", False, 0.926, 0.827),
        ("bitcoin-alpha", "directed", True, 0.956, 0.820),
        ("bitcoin-otc", "temporal", False, 0.722, 0.505),
    ],
)
def test_published_scores(name, protocol, reverse, auc, f1):
    """Within the spread between splits of the known scores of these features."""
    parts = split(read(dataset_file(name)), protocol, seed=0)
    model = FeatureBaseline(reverse_sign=reverse).fit(parts.train)
    found = scores(parts.test.sign, model.predict_proba(parts.test.pairs)[:, 1], model.threshold_)
    assert found["auc"] == pytest.approx(auc, abs=0.025)
    assert found["f1_macro"] > f1 - 0.02
