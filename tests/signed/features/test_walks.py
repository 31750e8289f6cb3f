"""Walks against brute force, without the pair's own edge; node effects against what made them."""

import dataclasses

import numpy as np
import pytest

from forcelaw import signed
from forcelaw.signed.features import FeatureSettings, NodeEffects, WalkFeatures, walks_of_all


def dense(network):
    n = network.n_nodes
    matrix = np.zeros((n, n))
    degree = np.maximum(network.degree, 1)
    ends = network.edges
    matrix[ends[:, 0], ends[:, 1]] = network.sign / np.sqrt(degree[ends].prod(axis=1))
    return matrix + matrix.T


@pytest.mark.parametrize("table", [1, 200, 4_000_000])
def test_walks_agree_with_matrix_powers_without_the_own_edge(table):
    network = signed.synthetic(30, degree=6.0, noise=0.3, seed=0)
    matrix = dense(network)
    pairs = np.stack(np.triu_indices(30, 1), axis=1)
    found = WalkFeatures.fit(network, FeatureSettings(walk_table=table)).transform(pairs)
    scale = np.sqrt(np.maximum(network.degree, 1)[pairs].prod(axis=1))
    for (u, v), row, size in zip(pairs, found, scale, strict=True):
        without = matrix.copy()
        without[u, v] = without[v, u] = 0
        for power, balance, number, ratio in ((2, 0, 1, 4), (3, 2, 3, 5)):
            even = size * np.linalg.matrix_power(without, power)[u, v]
            total = size * np.linalg.matrix_power(np.abs(without), power)[u, v]
            np.testing.assert_allclose(
                np.sign(row[balance]) * np.expm1(abs(row[balance])), even, atol=1e-9
            )
            np.testing.assert_allclose(np.expm1(row[number]), total, atol=1e-9)
            assert abs(row[ratio]) <= 1 + 1e-9


def test_walks_do_not_see_the_own_sign():
    network = signed.synthetic(30, degree=6.0, seed=1)
    flipped = network.sign.copy()
    flipped[7] *= -1
    other = dataclasses.replace(network, sign=flipped)
    pair = network.edges[7:8]
    np.testing.assert_allclose(
        WalkFeatures.fit(network).transform(pair),
        WalkFeatures.fit(other).transform(pair),
        atol=1e-9,
    )


def test_in_a_balanced_network_every_walk_tells_the_sign():
    network = signed.synthetic(60, degree=10.0, noise=0.0, seed=2)
    found = WalkFeatures.fit(network).transform(network.edges)
    joined = found[:, 3] > 1e-6
    assert joined.mean() > 0.9
    np.testing.assert_array_equal(np.sign(found[joined, 2]), network.sign[joined])


def test_node_effects_find_who_likes_and_who_is_liked():
    random = np.random.default_rng(0)
    source_true, target_true = random.normal(size=(2, 80))
    s, t = np.nonzero(~np.eye(80, dtype=bool))
    log_odds = source_true[s] + target_true[t] + 0.5
    sign = np.where(random.random(len(s)) < 1 / (1 + np.exp(-log_odds)), 1.0, -1.0)
    network = signed.SignedNetwork.from_edges(
        [str(i) for i in s], [str(i) for i in t], sign, directed=True
    )
    effects = NodeEffects.fit(network)
    assert np.corrcoef(effects.source, source_true)[0, 1] > 0.9
    assert np.corrcoef(effects.target, target_true)[0, 1] > 0.9
    effects = NodeEffects.fit(network.pairs())
    np.testing.assert_array_equal(effects.source, effects.target)


def test_nothing_known_no_effect():
    network = signed.synthetic(30, degree=6.0, seed=1)
    lonely = network.subset((network.source != 3) & (network.target != 3))
    assert NodeEffects.fit(lonely).source[3] == 0
    np.testing.assert_array_equal(WalkFeatures.fit(lonely).transform(np.array([[3, 5]])), 0)


def test_networks_together_have_the_walks_that_each_has_alone():
    network = signed.synthetic(40, degree=6.0, noise=0.3, seed=3)
    random = np.random.default_rng(0)
    some = [network.subset(random.random(network.n_edges) < share) for share in (0.5, 0.9)]
    some += [network, network.subset(np.zeros(network.n_edges, bool))]
    fitted = [WalkFeatures.fit(each) for each in some]
    pairs = np.stack(np.triu_indices(40, 1), axis=1)
    for each, found in zip(fitted, walks_of_all(fitted, pairs), strict=True):
        np.testing.assert_allclose(found, each.transform(pairs), rtol=0, atol=1e-9)
    assert len(walks_of_all(fitted, pairs[:0])[0]) == 0
