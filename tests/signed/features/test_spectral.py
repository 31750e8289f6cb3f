"""Camps that only all edges together tell apart."""

import dataclasses

import numpy as np
import pytest
from scipy import sparse

from forcelaw import signed
from forcelaw.signed.decoder import area_under_curve
from forcelaw.signed.features import (
    FEATURE_SETTINGS,
    FeatureSettings,
    SpectralFeatures,
    WalkFeatures,
)
from forcelaw.signed.features.spectral import leading_eigenvectors


def test_leading_eigenvectors_are_those_of_a_dense_solver():
    turn, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(30, 30)))
    size = np.array([3.0, -2.0, 1.5, -1.0, *np.linspace(0.3, -0.3, 26)])
    found, vector = leading_eigenvectors(
        sparse.csr_array(turn @ np.diag(size) @ turn.T), FeatureSettings(ranks=(1, 2, 4))
    )
    np.testing.assert_allclose(found, size[:4], atol=1e-9)
    np.testing.assert_allclose(np.abs(np.sum(vector * turn[:, :4], axis=0)), 1, atol=1e-9)


@pytest.mark.parametrize(("factions", "degree"), [(2, 10.0), (4, 24.0)])
def test_factions_are_found_where_short_walks_tell_little(factions, degree):
    whole = signed.synthetic(800, degree=degree, factions=factions, noise=0.1, seed=0)
    train, test = signed.split(whole, "pairs", seed=0)
    friend = test.sign > 0
    by_factions = max(
        area_under_curve(friend, column)
        for column in SpectralFeatures.fit(train).transform(test.pairs).T
    )
    by_walks = max(
        area_under_curve(friend, column)
        for column in WalkFeatures.fit(train).transform(test.pairs).T
    )
    assert by_factions > max(0.8, by_walks + 0.1)


def test_neither_the_names_of_nodes_nor_the_order_of_ends_matter():
    network = signed.synthetic(60, degree=6.0, noise=0.2, seed=3)
    order = np.random.default_rng(0).permutation(60).astype(np.int32)
    renamed = dataclasses.replace(network, source=order[network.source],
                                  target=order[network.target])  # fmt: skip
    pairs = np.random.default_rng(1).integers(60, size=(200, 2))
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    found = SpectralFeatures.fit(network).transform(pairs)
    np.testing.assert_allclose(
        SpectralFeatures.fit(renamed).transform(order[pairs]), found, atol=1e-6
    )
    np.testing.assert_array_equal(SpectralFeatures.fit(network).transform(pairs[:, ::-1]), found)


@pytest.mark.parametrize("edges", [0, 1, 3])
def test_little_known_little_told(edges):
    network = signed.SignedNetwork.from_edges("abc", "bca", [1.0, -1.0, 1.0], nodes="abcd")
    network = network.subset(np.arange(edges))
    found = SpectralFeatures.fit(network).transform(np.array([[0, 1], [2, 3]]))
    assert found.shape == (2, 2 * len(FEATURE_SETTINGS.ranks))
    assert np.isfinite(found).all()
    assert edges or not found.any()
