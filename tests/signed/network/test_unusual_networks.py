"""Networks that are not what they might be: one kind of edge, several edges, weights, two sides."""

from __future__ import annotations

import numpy as np
import pytest

from forcelaw import signed
from forcelaw.errors import InputError, InvalidSetting, NotEnoughData
from forcelaw.signed import SignedNetwork, read


@pytest.fixture
def friends():
    return SignedNetwork.from_edges("abcd", "bcda", [1, 1, 1, 1], name="friends")


def test_balance_of_friends_alone_is_defined_and_prediction_is_not(friends):
    found = signed.balance(friends, seconds=0)
    assert found.balanced and found.frustration.upper == 0
    assert signed.factions(friends).k == 1
    assert signed.layout(friends).position.shape == (4, 2)
    words = r"friends: found only positive edges \(4\), expected edges of both signs; "
    for model in (signed.FeatureBaseline(), signed.SpectralBaseline(), signed.SpringEmbedding()):
        with pytest.raises(NotEnoughData, match=words):
            model.fit(friends)
    with pytest.raises(NotEnoughData, match=words):
        signed.split(friends, "pairs")
    with pytest.raises(NotEnoughData, match=words):
        signed.evaluate(friends, "pairs", seeds=1)
    with pytest.raises(NotEnoughData, match=words):
        signed.suspects(signed.apply("default", friends))


def test_parallel_edges_are_merged_and_counted():
    import igraph
    import networkx

    graph = networkx.MultiDiGraph()
    graph.add_edge("a", "b", sign=1, time=1)
    graph.add_edge("a", "b", sign=-1, time=2)
    graph.add_edge("b", "c", sign=1, time=1)
    graph.add_edge("b", "c", sign=1, time=5)
    other = igraph.Graph(
        edges=[(0, 1), (0, 1), (1, 2), (1, 2)],
        directed=True,
        vertex_attrs={"name": list("abc")},
        edge_attrs={"sign": [1, -1, 1, 1], "time": [1, 2, 1, 5]},
    )
    for network in (
        signed.from_networkx(graph, time="time"), signed.from_igraph(other, time="time")
    ):  # fmt: skip
        assert network.named_pairs == [("a", "b"), ("b", "c")]
        # The latest decides, and without times one negative edge is enough.
        assert network.sign.tolist() == [-1, 1] and network.time is not None
        assert network.time.tolist() == [2, 5]
        assert network.cleanup["duplicates"] == 2 and network.cleanup["conflicts"] == 1
    assert signed.from_networkx(graph).sign.tolist() == [-1, 1]


def test_weights_without_signs_ask_for_a_scale(tmp_path):
    import igraph
    import networkx

    graph = networkx.Graph()
    graph.add_weighted_edges_from([("a", "b", 2.0), ("b", "c", 5.0), ("c", "a", 1.0)])
    with pytest.raises(InputError, match="has no attribute 'sign', expected one on every edge"):
        signed.from_networkx(graph)
    asks = r"found ratings from 1 to 5, expected negative ones for enemies; .*scale=\(1, 5\)"
    with pytest.raises(InputError, match=asks):
        signed.from_networkx(graph, sign="weight")
    other = igraph.Graph.from_networkx(graph)
    with pytest.raises(InputError, match="found edge attributes weight, expected 'sign' too"):
        signed.from_igraph(other)
    with pytest.raises(InputError, match=asks):
        signed.from_scipy(networkx.to_scipy_sparse_array(graph, weight="weight"))
    file = tmp_path / "weights.csv"
    file.write_text("source,target,weight\na,b,2\nb,c,5\nc,a,1\n")
    with pytest.raises(InputError, match="found ratings from 1 to 5, expected negative ones"):
        read(file)
    assert signed.from_networkx(graph, sign="weight", scale=(1, 5)).sign.tolist() == [-1, -1, 1]


def test_more_factions_than_nodes_are_refused(friends):
    with pytest.raises(InvalidSetting, match="k: found 5, expected 1 to 4, the nodes of friends"):
        signed.factions(friends, 5)
    # More nodes than there are is all of them.
    assert signed.top_degree_subgraph(friends, 9).n_nodes == 4


@pytest.fixture
def stars():
    """Users 0 to 9 and items 0 to 7; users like items of their own parity, mostly."""
    random = np.random.default_rng(0)
    user, item = np.nonzero(random.random((10, 8)) < 0.7)
    sign = np.where((user % 2 == item % 2) ^ (random.random(len(user)) < 0.1), 1, -1)
    return SignedNetwork.from_edges(user, item, sign, bipartite=True)


@pytest.mark.parametrize("protocol", ["pairs", "directed"])
def test_two_kinds_of_nodes_are_split_between_the_sides(stars, protocol):
    parts = signed.split(stars, protocol, seed=0)
    for source, target in parts.test.named_pairs + parts.train.named_pairs:
        assert source.startswith("source:") and target.startswith("target:")
    model = signed.SpectralBaseline().fit(parts.train)
    assert model.score(parts.test.pairs, parts.test.sign) > 0.6
    assert model.knows([("source:0", "target:0"), ("0", "0")]).tolist() == [True, False]


def test_two_kinds_of_nodes_keep_their_names_there_and_back(stars):
    names = {"nodes": stars.names}
    for again in (
        signed.from_networkx(signed.to_networkx(stars)),
        signed.from_igraph(signed.to_igraph(stars)),
        signed.from_pandas(signed.to_pandas(stars), **names),
        signed.from_pandas(signed.to_polars(stars), **names),
        signed.from_scipy(signed.to_scipy(stars), names=stars.names),
    ):
        assert again.names == stars.names and again.named_pairs == stars.named_pairs
        np.testing.assert_array_equal(again.sign, stars.sign)
