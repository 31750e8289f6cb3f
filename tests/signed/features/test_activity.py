"""What times say about signs that are asked about without a time."""

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from signed_graphs import networks
from sklearn.metrics import roc_auc_score

from forcelaw import signed
from forcelaw.errors import InputError
from forcelaw.signed.evaluation.features_only import FeaturesAlone
from forcelaw.signed.features import (
    FEATURE_SETTINGS,
    ActivityFeatures,
    FeatureSettings,
    Featurizer,
    without_times,
)

# Checked types look at random elements, while Hypothesis wants to choose all randomness itself.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Do not use the .random. module:hypothesis.errors.HypothesisDeprecationWarning"
)


def all_pairs(n):
    return np.array(list(itertools.permutations(range(n), 2)))


def changing_times(seed, nodes=80, edges=700):
    """Everybody is active for a while, and trust comes and goes three times."""
    random = np.random.default_rng(seed)
    begin = random.uniform(0, 0.7, nodes)
    end = begin + random.uniform(0.15, 0.4, nodes)
    pairs = all_pairs(nodes)
    pairs = pairs[random.permutation(len(pairs))]
    since, until = begin[pairs].max(axis=1), end[pairs].min(axis=1)
    pairs, since, until = (rows[since < until][:edges] for rows in (pairs, since, until))
    time = random.uniform(since, until)
    friendly = random.random(edges) < np.where(time % 0.4 < 0.2, 0.95, 0.05)
    names = pairs.astype(str)
    rating = np.where(friendly, 1.0, -1.0)
    return signed.SignedNetwork.from_edges(names[:, 0], names[:, 1], rating, time)


def test_by_hand():
    """a and b share the last time bin, in which a rated and b was rated negatively."""
    network = signed.SignedNetwork.from_edges("acad", "cadb", [1, 1, -1, -1], [0, 0, 9, 9])
    bins, width = FEATURE_SETTINGS.time_bins, FEATURE_SETTINGS.window_widths[0]
    row = ActivityFeatures.fit(network).transform(network.index("ab")[None, :])[0]
    assert row[1] == pytest.approx((bins - 1) / bins, abs=2 * width / bins)
    assert row[3] < np.log(0.9 / 0.1)
    a_outgoing, b_outgoing, a_incoming, b_incoming = row[4:16].reshape(4, 3)
    assert a_outgoing[1] > 1 and a_outgoing[2] < 0.2
    assert b_incoming[1] > 1 and b_incoming[2] == 0
    np.testing.assert_allclose(b_outgoing, [np.log(9), 0, 0], atol=1e-8)
    assert a_incoming[1] == 0
    last = (bins - 1) / bins
    np.testing.assert_allclose(row[-6:], [0, last, last, last, last, 0])


@settings(max_examples=30, deadline=None)
@given(networks(directed=True, times=True), st.booleans(), st.randoms(use_true_random=False))
def test_neither_names_nor_order_nor_the_clock_matter(network, unordered, random):
    number = list(range(network.n_nodes))
    random.shuffle(number)
    renamed = signed.SignedNetwork.from_edges(
        [f"n{number[i]}" for i in network.source],
        [f"n{number[i]}" for i in network.target],
        network.sign if network.rating is None else network.rating,
        32 * network.time - 64,
        nodes=[f"n{i}" for i in range(network.n_nodes)],
    )
    where = renamed.index([f"n{number[i]}" for i in range(network.n_nodes)])
    pairs = all_pairs(network.n_nodes)
    if unordered:
        network, renamed = network.pairs(), renamed.pairs()
        turned = ActivityFeatures.fit(network).transform(pairs[:, ::-1])
        np.testing.assert_array_equal(ActivityFeatures.fit(network).transform(pairs), turned)
    features = ActivityFeatures.fit(network).transform(pairs)
    assert np.isfinite(features).all()
    np.testing.assert_allclose(
        features, ActivityFeatures.fit(renamed).transform(where[pairs]), atol=1e-6
    )


@pytest.mark.parametrize("directed", [False, True])
def test_blocks_of_pairs_are_as_one(directed):
    network = changing_times(0, nodes=20, edges=60)
    network = network if directed else network.pairs()
    pairs = all_pairs(20)
    whole = ActivityFeatures.fit(network).transform(pairs)
    blocks = ActivityFeatures.fit(network, FeatureSettings(pairs_per_block=7))
    np.testing.assert_allclose(blocks.transform(pairs), whole, atol=1e-8)


@pytest.mark.slow
def test_signs_that_change_with_time_are_told_by_times():
    split = signed.split(changing_times(0), "pairs", seed=0)
    auc = {}
    for timed, train in ((True, split.train), (False, without_times(split.train))):
        probability = FeaturesAlone().fit(train).predict_proba(split.test.pairs)[:, 1]
        auc[timed] = roc_auc_score(split.test.sign, probability)
    assert auc[True] > auc[False] + 0.02


def test_a_network_without_times_is_the_same_without():
    network = changing_times(0, nodes=20, edges=60).pairs()
    bare = without_times(network)
    assert bare.time is None
    assert bare.directed_ratings is not None and bare.directed_ratings.time is None
    asked = network.edges[:5]
    columns = Featurizer.fit(bare).transform(asked)
    np.testing.assert_array_equal(
        columns, Featurizer.fit(network).transform(asked)[:, : columns.shape[1]]
    )


def test_a_decoder_that_reads_times_asks_for_them():
    network = changing_times(0, nodes=30, edges=120)
    learned = signed.load_learned_model("default")
    assert not learned.timed
    timed = dataclasses.replace(learned, timed=True)
    with pytest.raises(InputError, match="found no times, expected a time for each edge"):
        signed.apply(timed, without_times(network))


def test_the_shipped_law_does_not_read_times():
    network = changing_times(0, nodes=30, edges=120)
    ours, bare = (
        signed.apply("default", each).predict_proba(network.edges)
        for each in (network, without_times(network))
    )
    np.testing.assert_array_equal(ours, bare)
