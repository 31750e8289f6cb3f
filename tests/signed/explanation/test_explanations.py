"""Why pairs are predicted as they are: sums that are exact, and edges that are there."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from signed_graphs import networks

from forcelaw import signed
from forcelaw.errors import InputError
from forcelaw.signed.explanation import EvidenceSettings, evidence_of
from forcelaw.signed.forces import PRESETS
from forcelaw.training import Stage

QUICK = dataclasses.replace(
    PRESETS["default"], stages=(Stage(1, 8, 0.1, 1.7, 0.02),), steps=8, dt=0.1, folds=4,
    trainings=1, choices=1,
)  # fmt: skip


def with_times_and_ratings(network, *, directed, times=True):
    """The same edges with ratings and times, and directions if asked for."""
    random = np.random.default_rng(0)
    names = np.array(network.names)
    turn = random.random(network.n_edges) < 0.5
    source = np.where(turn, network.source, network.target)
    target = np.where(turn, network.target, network.source)
    return signed.SignedNetwork.from_edges(
        names[source],
        names[target],
        network.sign * random.integers(1, 4, network.n_edges),
        random.permutation(network.n_edges).astype(float) if times else None,
        directed=directed,
    )


def synthetic(directed, times=False, nodes=100):
    network = signed.synthetic(nodes, degree=24.0, noise=0.1, seed=3)
    return with_times_and_ratings(network, directed=directed, times=times)


@pytest.fixture(scope="module", params=["shipped", "shipped directed", "fitted", "fitted directed"])
def model(request):
    directed = request.param.endswith("directed")
    if request.param.startswith("shipped"):
        return signed.apply("default", synthetic(directed))
    network = synthetic(directed, times=True)
    return signed.SpringEmbedding(8, preset=QUICK).fit(network)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_contributions_sum_to_the_log_odds_that_are_predicted(model, seed):
    ends = np.random.default_rng(seed).integers(0, model.network_.n_nodes, (64, 2))
    ends = signed.NodeIndices(ends[ends[:, 0] != ends[:, 1]])
    found = model.explain(ends)
    np.testing.assert_allclose(found.base + found.by_group.sum(axis=1), found.log_odds, atol=1e-12)
    probability = model.predict_proba(ends)[:, 1]
    np.testing.assert_allclose(found.probability, probability, atol=2e-6)
    sure = np.abs(probability - model.threshold_) > 1e-5
    np.testing.assert_array_equal(found.sign[sure], model.predict(ends)[sure])


def test_all_columns_have_a_name_and_a_group(model):
    found = model.explain(model.network_.edges[:3])
    names, subjects = found.columns
    assert len(names) == len(subjects) == found.contributions.shape[1]
    own = {"sender", "receiver", "opposite edge"} if model.network_.directed else {"ends"}
    assert {"forces", "triads", "walks", "eigenvectors", *own} <= set(found.columns.groups)
    assert ("activity" in found.columns.groups) == model.learned_.timed
    assert float(model.learned_.ensemble.share) > 0, "no trees to explain"


def test_a_pair_by_itself_and_in_a_document(model):
    network = model.network_
    pairs = signed.predict(model, network.edges[:4]).pairs
    found = model.explain(pairs)
    assert len(found) == 4 and list(found)[3].source == pairs[3][0]
    pair = found[2]
    assert (pair.source, pair.target) == pairs[2]
    assert pair.base + sum(pair.groups.values()) == pytest.approx(pair.log_odds, abs=1e-12)
    for group, total in pair.groups.items():
        parts = [column.contribution for column in pair.columns if column.group == group]
        assert sum(parts) == pytest.approx(total, abs=1e-12)
    document = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert document["pairs"][2]["groups"] == pair.groups
    assert document["pairs"][2]["evidence"]["known_sign"] == network.sign[2]
    lines = found.csv().splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("source,target,sign,probability,log_odds,base,forces,")
    row = dict(zip(lines[0].split(","), lines[3].split(","), strict=True))
    assert float(row["triads"]) == pytest.approx(pair.groups["triads"], abs=1e-6)


def test_an_explanation_survives_a_saved_model(tmp_path):
    model = signed.apply("default", synthetic(directed=True, nodes=40))
    pairs = model.network_.edges[:5]
    model.save(tmp_path)
    loaded = signed.SpringEmbedding.load(tmp_path)
    assert loaded.explain(pairs).to_json() == model.explain(pairs).to_json()


def test_distances_alone_are_explained_by_forces():
    network = signed.synthetic(40, seed=1)
    preset = dataclasses.replace(QUICK, features=False)
    found = signed.SpringEmbedding(4, preset=preset).fit(network).explain(network.edges[:6])
    assert found.columns.groups == ("forces",)


def test_an_unordered_pair_is_named_as_it_was_asked_for():
    model = signed.apply("default", signed.synthetic(40, seed=1))
    first, second = model.network_.names[:2]
    here, there = model.explain([(first, second), (second, first)])
    assert (here.source, there.source) == (first, second)
    assert here.columns == there.columns
    assert here.evidence.source == there.evidence.target


@pytest.mark.parametrize(
    ("pairs", "words"),
    [([("0", "nobody")], "does not have, 'nobody'"), ([("1", "1")], "joins node 1 to itself")],
)
def test_what_is_no_pair_of_the_network_is_an_error(pairs, words):
    network = signed.SignedNetwork.from_edges(
        ["0", "1", "2", "0"], ["1", "2", "3", "3"], [1.0, -1.0, 1.0, -1.0], directed=False
    )
    with pytest.raises(InputError, match=words):
        signed.apply("default", network).explain(pairs)


@settings(max_examples=60, deadline=None)
@given(networks(times=True))
def test_evidence_equals_brute_force(network):
    n = network.n_nodes
    sign = {}
    for u, v, s in zip(
        network.source.tolist(), network.target.tolist(), network.sign.tolist(), strict=True
    ):
        sign[u, v] = s
        if not network.directed:
            sign[v, u] = s
    pairs = np.array([(u, v) for u in range(n) for v in range(n) if u != v])

    def side(u, w):
        there = [sign[edge] for edge in ((u, w), (w, u)) if edge in sign]
        return min(there, default=0)

    for (u, v), found in zip(pairs.tolist(), evidence_of(network, pairs), strict=True):
        assert found.known_sign == sign.get((u, v), 0)
        assert found.opposite_sign == (sign.get((v, u), 0) if network.directed else 0)
        products = [side(u, w) * side(v, w) for w in range(n) if w not in (u, v)]
        assert found.friendly_triangles == products.count(1)
        assert found.hostile_triangles == products.count(-1)
        assert len(found.triangles) == len(products) - products.count(0)
        given_to = [s for (a, b), s in sign.items() if a == u and b != v]
        assert found.source.given.positive == given_to.count(1)
        assert found.source.given.negative == given_to.count(-1)
        came_from = [s for (a, b), s in sign.items() if b == v and a != u]
        assert found.target.received.positive == came_from.count(1)
        assert len(found.target.received.listed) == len(came_from)


def test_hubs_are_counted_and_not_listed():
    network = synthetic(directed=True, times=True)
    (found,) = evidence_of(network, network.edges[:1], EvidenceSettings(most_ratings=2))
    given_ratings = found.source.given
    assert given_ratings.positive + given_ratings.negative > 2 == len(given_ratings.listed)
    times = [rating.time or 0.0 for rating in given_ratings.listed if rating.sign < 0]
    assert times == sorted(times, reverse=True)
