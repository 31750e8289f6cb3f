from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from signed_graphs import dataset_file, networks

from forcelaw.errors import InputError
from forcelaw.signed import SignedNetwork, node_attributes, pair_features, read, split
from forcelaw.signed.features import FeatureSettings, Featurizer, RatingFeatures
from forcelaw.signed.features import triads as triads_module
from forcelaw.signed.features.triads import TRIADS_DIRECTED, WAYS_DIRECTED, count_triads

# Checked types look at random elements, while Hypothesis wants to choose all randomness itself.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Do not use the .random. module:hypothesis.errors.HypothesisDeprecationWarning"
)


def all_pairs(n):
    return np.array(list(itertools.permutations(range(n), 2)))


def brute_force_triads(network, u, v):
    sign = {}
    for a, b, s in zip(network.source, network.target, network.sign, strict=True):
        sign[a, b] = s
        if not network.directed:
            sign[b, a] = s
    counts = {}

    def ways(end, w):
        if not network.directed:
            return ["+" if sign[end, w] > 0 else "-"] if (end, w) in sign else []
        found = [("out", (end, w)), ("in", (w, end))]
        return [d + ("+" if sign[e] > 0 else "-") for d, e in found if e in sign]

    for w in range(network.n_nodes):
        if w not in (u, v):
            for a, b in itertools.product(ways(u, w), ways(v, w)):
                key = (a, b) if network.directed else "".join(sorted(a + b))
                counts[key] = counts.get(key, 0) + 1
    if network.directed:
        return [counts.get((a, b), 0) for a in WAYS_DIRECTED for b in WAYS_DIRECTED]
    return [counts.get(key, 0) for key in ("++", "+-", "--")]


@settings(max_examples=60, deadline=None)
@given(networks(), st.sampled_from([1, 7, 10**6]))
def test_triads_equal_brute_force(network, lookups):
    pairs = all_pairs(network.n_nodes)
    limits = FeatureSettings(triad_lookups=lookups)
    counts = count_triads(network, pairs, limits)
    expected = [brute_force_triads(network, u, v) for u, v in pairs.tolist()]
    np.testing.assert_array_equal(counts, expected)


@settings(max_examples=60, deadline=None)
@given(networks(), st.data())
def test_an_edge_cannot_see_itself(network, data):
    """The features of a training edge are those of the network without that edge."""
    edge = data.draw(st.integers(0, network.n_edges - 1))
    reverse = network.directed
    own = network.edges[edge : edge + 1]
    kept = np.arange(network.n_edges) != edge
    features = pair_features(network, own, reverse_sign=reverse)
    without = pair_features(network.subset(kept), own, reverse_sign=reverse)
    np.testing.assert_allclose(features.values, without.values, atol=1e-12)
    sign = network.sign.copy()
    sign[edge] *= -1
    flipped = dataclasses.replace(network, sign=sign)
    np.testing.assert_array_equal(
        features.values, pair_features(flipped, own, reverse_sign=reverse).values
    )
    assert features.values.shape == (1, len(features.names))


@settings(max_examples=40, deadline=None)
@given(networks(directed=True, times=True), st.sampled_from(["pairs", "directed", "temporal"]),
       st.booleans())  # fmt: skip
def test_test_signs_do_not_leak(network, protocol, transductive):
    """Flipping every test sign, and moving every test edge in time where the split does not go by
    time, changes nothing in the training part or in any feature."""
    try:
        train, test = split(network, protocol, transductive=transductive)
    except InputError:
        return
    whole = network.pairs().largest_component() if protocol == "pairs" else network
    asked = {tuple(pair) for pair in test.pairs.tolist()}
    in_test = np.array([tuple(edge) in asked for edge in whole.edges.tolist()])
    said = whole.directed_ratings
    if said is not None:
        about = np.array([tuple(sorted(edge)) in asked for edge in said.edges.tolist()])
        turned = np.where(about, -said.sign, said.sign).astype(np.int8)
        rating = None if said.rating is None else np.where(about, -said.rating, said.rating)
        said = dataclasses.replace(said, sign=turned, rating=rating, time=moved(said, about))
    flipped = dataclasses.replace(
        whole,
        sign=np.where(in_test, -whole.sign, whole.sign).astype(np.int8),
        rating=None if whole.rating is None else np.where(in_test, -whole.rating, whole.rating),
        time=whole.time if protocol == "temporal" else moved(whole, in_test),
        directed_ratings=said,
    )
    other, other_test = split(flipped, protocol, transductive=transductive)
    np.testing.assert_array_equal(other_test.sign, -test.sign)
    np.testing.assert_array_equal(train.edges, other.edges)
    np.testing.assert_array_equal(train.sign, other.sign)
    np.testing.assert_array_equal(train.unknown, other.unknown)
    for pairs in (train.edges, test.pairs):
        np.testing.assert_array_equal(
            pair_features(train, pairs).values, pair_features(other, pairs).values
        )
    np.testing.assert_array_equal(node_attributes(train).values, node_attributes(other).values)
    # That all test edges come after the others, as they may by chance, is a fact of the split.
    other = dataclasses.replace(other, forecast=train.forecast)
    np.testing.assert_array_equal(
        Featurizer.fit(train).transform(test.pairs), Featurizer.fit(other).transform(test.pairs)
    )


def moved(network, chosen):
    """The times, with the chosen ones long before all."""
    return network.time - np.where(chosen, 1e4, 0)


@settings(max_examples=40, deadline=None)
@given(networks(), st.randoms(use_true_random=False))
def test_renaming_nodes_only_permutes(network, random):
    number = list(range(network.n_nodes))
    random.shuffle(number)
    number = np.array(number)
    renamed = SignedNetwork.from_edges(
        [f"n{number[i]}" for i in network.source],
        [f"n{number[i]}" for i in network.target],
        network.sign,
        nodes=[f"n{i}" for i in range(network.n_nodes)],
        directed=network.directed,
    )
    where = renamed.index([f"n{number[i]}" for i in range(network.n_nodes)])
    pairs = all_pairs(network.n_nodes)
    np.testing.assert_allclose(
        pair_features(network, pairs).values, pair_features(renamed, where[pairs]).values
    )
    np.testing.assert_allclose(
        node_attributes(network).values, node_attributes(renamed).values[where]
    )


@settings(max_examples=20, deadline=None)
@given(networks(directed=False))
def test_unordered_pairs_have_no_order(network):
    pairs = all_pairs(network.n_nodes)
    np.testing.assert_array_equal(
        pair_features(network, pairs).values, pair_features(network, pairs[:, ::-1]).values
    )


@settings(max_examples=30, deadline=None)
@given(networks(directed=True), st.booleans(), st.randoms(use_true_random=False))
def test_ratings_depend_on_no_names_and_no_order(network, unordered, random):
    number = list(range(network.n_nodes))
    random.shuffle(number)
    renamed = SignedNetwork.from_edges(
        [f"n{number[i]}" for i in network.source],
        [f"n{number[i]}" for i in network.target],
        network.sign if network.rating is None else network.rating,
        nodes=[f"n{i}" for i in range(network.n_nodes)],
    )
    where = renamed.index([f"n{number[i]}" for i in range(network.n_nodes)])
    pairs = all_pairs(network.n_nodes)
    if unordered:
        network, renamed = network.pairs(), renamed.pairs()
        np.testing.assert_array_equal(
            RatingFeatures.fit(network).transform(pairs),
            RatingFeatures.fit(network).transform(pairs[:, ::-1]),
        )
    np.testing.assert_allclose(
        RatingFeatures.fit(network).transform(pairs),
        RatingFeatures.fit(renamed).transform(where[pairs]),
        atol=1e-6,
    )


def test_directed_ratings_go_with_their_pairs():
    network = SignedNetwork.from_edges("abca", "bacc", [2.0, -1.0, 3.0, 1.0])
    pairs = network.pairs()
    assert pairs.directed_ratings is not None
    assert pairs.directed_ratings.n_edges == 4 - 1
    kept = pairs.subset(pairs.source == 0)
    assert kept.directed_ratings is not None
    assert {tuple(sorted(e)) for e in kept.directed_ratings.edges.tolist()} == {
        tuple(e) for e in kept.edges.tolist()
    }


def test_values_by_hand():
    # c is joined to both ends: a -> c and c -> b.
    network = SignedNetwork.from_edges("abacc", "baccb", [1, -1, -1, 1, 1], directed=True)
    table = pair_features(network, np.array([[0, 1]]), reverse_sign=True)
    row = dict(zip(table.names, table.values[0], strict=True))
    assert len(row) == 8 + 4 + 16 + 2
    assert row["source_out_positive"] == 0
    assert row["source_out_negative"] == pytest.approx(np.log(2))
    assert row["reverse_negative"] == 1 and row["reverse_positive"] == 0
    assert row["target_in_positive"] == pytest.approx(np.log(2))
    assert row["target_in_negative"] == 0
    assert all(np.isfinite(table.values[0]))
    triads = {kind: row[f"triads_{kind}"] for kind in TRIADS_DIRECTED}
    assert triads.pop("source_out-_target_in+") == pytest.approx(np.log(2))
    assert not any(triads.values())
    unknown = dataclasses.replace(network, unknown=np.array([[0, 2]], np.int32))
    attributes = node_attributes(unknown)
    share = attributes.values[:, attributes.names.index("positive_share")]
    full = node_attributes(network)
    assert share[0] < full.values[0, full.names.index("positive_share")]


def test_wrong_pairs():
    network = SignedNetwork.from_edges("ab", "bc", [1, -1], directed=False)
    with pytest.raises(InputError, match="found node 7 in a pair, expected 0 to 2"):
        pair_features(network, np.array([[0, 7]]))
    with pytest.raises(InputError, match="pair 0 joins node 1 to itself"):
        pair_features(network, np.array([[1, 1]]))
    with pytest.raises(InputError, match="undirected network, expected a directed one"):
        pair_features(network, np.array([[0, 1]]), reverse_sign=True)
    assert pair_features(network, np.empty((0, 2), np.int64)).values.shape == (0, 9)


def test_a_hub_is_quick(monkeypatch):
    """A star of 60,000 leaves with a ring around it: the hub's row is read once, not per leaf."""
    looked_up = 0
    ranges = triads_module.row_entries

    def counted(*arguments):
        nonlocal looked_up
        entry, owner = ranges(*arguments)
        looked_up += len(entry)
        return entry, owner

    monkeypatch.setattr(triads_module, "row_entries", counted)
    n = 60_000
    leaves = np.arange(1, n)
    source = np.concatenate([np.zeros(n - 1, np.int32), leaves[:-1]]).astype(np.int32)
    target = np.concatenate([leaves, leaves[1:]]).astype(np.int32)
    sign = np.where(np.arange(len(source)) % 3 == 0, -1, 1).astype(np.int8)
    network = SignedNetwork(tuple(map(str, range(n))), source, target, sign, directed=False)
    triads = count_triads(network, network.edges)
    assert triads[1 : n - 2].sum(axis=1).tolist() == [2] * (n - 3)
    # The smaller degrees of all pairs, and a few readings of every row.
    smaller = np.minimum(*network.degree[network.edges].T).sum()
    assert smaller <= looked_up < 3 * smaller


def test_bitcoin_alpha_features():
    train, test = split(read(dataset_file("bitcoin-alpha")), "pairs", seed=0)
    table = pair_features(train, test.pairs)
    assert table.values.shape == (len(test), 9) and np.isfinite(table.values).all()


@settings(max_examples=20, deadline=None)
@given(networks(times=True), st.booleans())
def test_every_column_of_a_featurizer_has_a_name(network, forecast):
    """Pairs are read off one by one as all together, from what was fitted once."""
    network = dataclasses.replace(network, forecast=forecast)
    featurizer = Featurizer.fit(network)
    pairs = all_pairs(network.n_nodes)
    columns = featurizer.transform(pairs)
    assert columns.shape == (len(pairs), len(featurizer.names))
    assert len(set(featurizer.names)) == len(featurizer.names)
    assert [len(group.names) for group in featurizer.groups] == [
        group.transform(pairs[:3]).shape[1] for group in featurizer.groups
    ]
    np.testing.assert_allclose(featurizer.transform(pairs[:1]), columns[:1], atol=1e-9)
    walks = featurizer.walks.transform(pairs)
    np.testing.assert_array_equal(featurizer.transform(pairs, walks=walks), columns)
    assert featurizer.transform(pairs[:0]).shape == (0, len(featurizer.names))
