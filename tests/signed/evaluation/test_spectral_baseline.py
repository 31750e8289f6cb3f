"""The spectral baseline: factions from few eigenvectors, chosen without the test part."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from signed_graphs import networks

from forcelaw import signed
from forcelaw.signed.evaluation.settings import SpectralSettings
from forcelaw.signed.evaluation.spectral_baseline import all_scores, eigenvectors

# Checked types look at random elements, while Hypothesis wants to choose all randomness itself.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Do not use the .random. module:hypothesis.errors.HypothesisDeprecationWarning"
)


def auc_of(method, test):
    return signed.scores(test.sign, method.predict_proba(test.pairs)[:, 1])["auc"]


@pytest.mark.parametrize(("factions", "rank"), [(2, 1), (3, 2)])
def test_block_models_are_found(factions, rank):
    network = signed.synthetic(300, factions=factions, degree=14.0, noise=0.05, hubs=0.0, seed=1)
    train, test = signed.split(network, "pairs", seed=0)
    model = signed.SpectralBaseline().fit(train)
    assert auc_of(model, test) > 0.85
    assert auc_of(model, test) > auc_of(signed.FeatureBaseline().fit(train), test) + 0.1
    assert model.choice_.rank >= rank
    right = (model.predict(test.pairs) == test.sign).mean()
    assert right > 0.8
    again = signed.SpectralBaseline().fit(train).predict_proba(test.pairs)
    np.testing.assert_array_equal(again, model.predict_proba(test.pairs))


def test_two_kinds_of_nodes_are_found():
    random = np.random.default_rng(0)
    user, item = random.integers(0, 2, 60), random.integers(0, 2, 60)
    rows = sorted({(u, i) for u, i in random.integers(0, 60, (900, 2)).tolist()})
    sign = [1 if user[u] == item[i] else -1 for u, i in rows]
    source, target = zip(*rows, strict=True)
    network = signed.SignedNetwork.from_edges(source, target, sign, bipartite=True)
    train, test = signed.split(network, "pairs", seed=0)
    assert auc_of(signed.SpectralBaseline().fit(train), test) > 0.97


def test_large_and_small_networks_have_the_same_eigenvectors(monkeypatch):
    network = signed.synthetic(SpectralSettings().dense - 50, factions=3, degree=12.0, seed=2)
    pairs = network.edges[:200]
    dense = all_scores(network, pairs)
    iterated = all_scores(network, pairs, SpectralSettings(dense=10))
    for choice in dense:
        if choice.rank <= 3:
            np.testing.assert_allclose(iterated[choice], dense[choice], atol=2e-3)
    value, vector = eigenvectors(network, "laplacian", 4)
    assert (np.diff(value) <= 1e-9).all() and vector.shape == (network.n_nodes, 4)


@settings(max_examples=25, deadline=None)
@given(networks())
def test_every_network_with_both_signs_has_a_baseline(network):
    model = signed.SpectralBaseline().fit(network)
    probability = model.predict_proba(network.edges)
    assert np.isfinite(probability).all() and (probability >= 0).all()
    assert model.choice_.rank in SpectralSettings().ranks
    both = model.predict_proba(signed.NodeIndices(np.asarray(network.edges)[:, ::-1]))
    np.testing.assert_allclose(both, probability)
    flipped = dataclasses.replace(network, name="other")
    np.testing.assert_array_equal(
        signed.SpectralBaseline().fit(flipped).predict_proba(network.edges), probability
    )
