"""Camps that only all edges together tell apart."""

import dataclasses

import numpy as np
import pytest
from scipy import sparse

from forcelaw import signed
from forcelaw.signed.decoder import area_under_curve
from forcelaw.signed.features import spectral_features, walk_features
from forcelaw.signed.features.spectral import RANKS, leading_eigenvectors


def test_leading_eigenvectors_are_those_of_a_dense_solver():
    turn, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(30, 30)))
    size = np.array([3.0, -2.0, 1.5, -1.0, *np.linspace(0.3, -0.3, 26)])
    found, vector = leading_eigenvectors(sparse.csr_array(turn @ np.diag(size) @ turn.T), 4)
    np.testing.assert_allclose(found, size[:4], atol=1e-9)
    np.testing.assert_allclose(np.abs(np.sum(vector * turn[:, :4], axis=0)), 1, atol=1e-9)


@pytest.mark.parametrize(("factions", "degree"), [(2, 10.0), (4, 24.0)])
def test_camps_are_seen_where_short_walks_say_little(factions, degree):
    whole = signed.synthetic(800, degree=degree, factions=factions, noise=0.1, seed=0)
    train, test = signed.split(whole, "pairs", seed=0)
    friend = test.sign > 0
    by_camps = max(
        area_under_curve(friend, column) for column in spectral_features(train, test.pairs).T
    )
    by_walks = max(
        area_under_curve(friend, column) for column in walk_features(train, test.pairs).T
    )
    assert by_camps > max(0.8, by_walks + 0.1)


def test_neither_the_names_of_nodes_nor_the_order_of_ends_matter():
    network = signed.synthetic(60, degree=6.0, noise=0.2, seed=3)
    order = np.random.default_rng(0).permutation(60).astype(np.int32)
    renamed = dataclasses.replace(network, source=order[network.source],
                                  target=order[network.target])  # fmt: skip
    pairs = np.random.default_rng(1).integers(60, size=(200, 2))
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    found = spectral_features(network, pairs)
    np.testing.assert_allclose(spectral_features(renamed, order[pairs]), found, atol=1e-6)
    np.testing.assert_array_equal(spectral_features(network, pairs[:, ::-1]), found)


@pytest.mark.parametrize("edges", [0, 1, 3])
def test_little_known_little_said(edges):
    network = signed.SignedNetwork.from_edges("abc", "bca", [1.0, -1.0, 1.0], nodes="abcd")
    network = network.subset(np.arange(edges))
    found = spectral_features(network, np.array([[0, 1], [2, 3]]))
    assert found.shape == (2, 2 * len(RANKS))
    assert np.isfinite(found).all()
    assert edges or not found.any()
