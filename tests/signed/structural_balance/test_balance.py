"""Triangles, walks and null models against their definitions, and against what is published."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import linalg
from signed_graphs import dataset_file, networks

import forcelaw as fl
from forcelaw.signed.frustration_index import CoupledGraph
from forcelaw.signed.structural_balance.null_models import shuffled_signs, signs_by_node
from forcelaw.signed.structural_balance.settings import BALANCE_SETTINGS
from forcelaw.signed.structural_balance.triangles import count_triangles, list_triangles
from forcelaw.signed.structural_balance.walks import balance_of_walks

FEW = BALANCE_SETTINGS.model_copy(update={"shuffles": 5})


def dense(network):
    matrix = np.zeros((network.n_nodes, network.n_nodes), int)
    matrix[network.source, network.target] = network.sign
    return matrix if network.directed else matrix + matrix.T


@given(networks())
@settings(max_examples=30, deadline=None)
def test_every_triangle_is_counted_once_by_its_signs(network):
    pairs = network.pairs()
    sign = dense(pairs)
    names: tuple[str, ...] = ("+++", "++-", "+--", "---")
    expected = dict.fromkeys(names, 0)
    for a, b, c in itertools.combinations(range(pairs.n_nodes), 3):
        signs = [sign[a, b], sign[b, c], sign[a, c]]
        if all(signs):
            expected[names[signs.count(-1)]] += 1
    found = count_triangles(network, list_triangles(pairs))
    assert found.counts == expected
    assert found.total == sum(expected.values())


@given(networks(directed=True))
@settings(max_examples=30, deadline=None)
def test_directed_triangles_are_counted_by_sign_and_direction(network):
    sign = dense(network)
    letter = {1: "+", -1: "-"}
    transitive, cyclic = {}, [0, 0, 0, 0]
    for u, v, w in itertools.permutations(range(network.n_nodes), 3):
        if sign[u, w] and sign[w, v] and sign[u, v]:
            kind = letter[sign[u, w]] + letter[sign[w, v]] + letter[sign[u, v]]
            transitive[kind] = transitive.get(kind, 0) + 1
        if sign[u, v] and sign[v, w] and sign[w, u] and u == min(u, v, w):
            cyclic[[sign[u, v], sign[v, w], sign[w, u]].count(-1)] += 1
    found = count_triangles(network, list_triangles(network.pairs()))
    assert found.transitive is not None and found.cyclic is not None
    assert {kind: count for kind, count in found.transitive.items() if count} == transitive
    assert list(found.cyclic.values()) == cyclic


def test_hubs_and_chunks_lose_no_triangle():
    network = fl.signed.synthetic(300, degree=30, hubs=1.0, seed=0)
    matrix = abs(dense(network))
    few = BALANCE_SETTINGS.model_copy(update={"wedges": 100})
    for chosen in (BALANCE_SETTINGS, few):
        listed = list_triangles(network, chosen)
        assert len(listed) == np.trace(matrix @ matrix @ matrix) // 6
        assert len(np.unique(np.sort(listed, axis=1), axis=0)) == len(listed)


@given(networks())
@settings(max_examples=20, deadline=None)
def test_walks_are_traces_of_exponentials(network):
    pairs = network.pairs()
    matrix = dense(pairs).astype(float)
    found = balance_of_walks(CoupledGraph.of(network).matrix())
    expected = np.trace(linalg.expm(matrix)) / np.trace(linalg.expm(abs(matrix)))
    assert found.error == 0
    assert found.balance == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("degree", [3, 30])
def test_walks_of_large_networks_come_near_those_of_all_eigenvalues(degree):
    network = fl.signed.synthetic(800, degree=degree, hubs=0.2, noise=0.1, seed=0)
    matrix = CoupledGraph.of(network).matrix()
    exact = balance_of_walks(matrix)
    few = BALANCE_SETTINGS.model_copy(update={"dense": 10})
    found = balance_of_walks(matrix, few)
    assert 0 < found.error < 0.05 * exact.balance
    assert abs(found.balance - exact.balance) < 5 * found.error


def test_shuffled_signs_keep_their_number_and_those_by_node_the_nodes():
    network = fl.signed.synthetic(200, degree=10, noise=0.2, hubs=0.7, seed=0).pairs()
    random = np.random.default_rng(0)
    assert (shuffled_signs(network)(random) < 0).sum() == (network.sign < 0).sum()
    draw = signs_by_node(network, BALANCE_SETTINGS)
    mean = np.mean([draw(random) < 0 for _ in range(400)], axis=0)

    def at_nodes(value):
        return np.bincount(network.edges.ravel(), np.repeat(value, 2), network.n_nodes)

    wanted = at_nodes((network.sign < 0).astype(float))
    # Four standard errors of a node's mean of 400 draws.
    assert (np.abs(at_nodes(mean) - wanted) < 0.1 + 4 * np.sqrt(wanted + 1) / 20).all()


def test_factions_are_far_more_balanced_than_chance():
    found = fl.signed.balance(fl.signed.synthetic(100, noise=0.05, seed=0), settings=FEW)
    for null in (found.shuffled, found.by_node):
        assert null.networks == 5
        assert null.triangles.z > 3 and null.walks.z > 3 and null.frustration.z < -3
        assert null.generalised.z < -3
    assert not found.balanced and found.clusters is None


def test_signs_by_chance_are_not():
    network = fl.signed.synthetic(100, noise=0.5, seed=0)
    found = fl.signed.balance(
        network, seconds=0, settings=BALANCE_SETTINGS.model_copy(update={"shuffles": 20})
    )
    for null in (found.shuffled, found.by_node):
        for number in (null.triangles, null.walks, null.frustration, null.generalised):
            assert abs(number.z) < 4


def test_friends_alone_are_balanced():
    network = fl.signed.SignedNetwork.from_edges([1, 2, 3], [2, 3, 1], [1, 1, 1])
    found = fl.signed.balance(network, settings=FEW)
    assert found.balanced and found.clusters == 1
    assert found.triangles.balanced == found.walks.balance == 1
    assert found.frustration.exact and found.frustration.upper == 0
    assert found.generalised.exact and found.generalised.upper == 0
    document = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert document["null"]["z"] is None
    assert document["frustration"] == {"lower": 0, "upper": 0, "exact": True}
    assert document["triangles"]["cyclic"] == {"+++": 1, "++-": 0, "+--": 0, "---": 0}


def test_what_is_found_reads_well():
    found = fl.signed.balance(fl.signed.synthetic(60, seed=0), settings=FEW)
    assert "signs shuffled by node" in str(found)
    assert "Triangles:" in str(found) and "proven" in str(found)
    assert "<table>" in found._repr_html_()
    assert repr(found).startswith("<Balance synthetic")
    document = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert set(document["null"]) == {"mean", "std", "z", "shuffled", "by_node"}
    assert document["null"]["mean"] == document["null"]["shuffled"]["frustration"]["mean"]


def test_tribes_is_as_published_with_signnet():
    # Schoch, signnet (README): balance_score by triangles, walk and frustration.
    found = fl.signed.balance(fl.signed.read(dataset_file("tribes")), settings=FEW)
    assert found.triangles.balanced == pytest.approx(0.8676471, abs=1e-7)
    assert found.walks.balance == pytest.approx(0.3575761, abs=1e-7)
    assert 1 - found.frustration.upper / (found.pairs / 2) == pytest.approx(0.7586207, abs=1e-7)


def test_no_edges_are_refused():
    network = fl.signed.SignedNetwork.from_edges([], [], [], nodes=["a", "b"])
    with pytest.raises(fl.InputError, match="found no edges, expected signed ones"):
        fl.signed.balance(network)
    loops = fl.signed.SignedNetwork.from_edges(["a", "b", "a"], ["a", "b", "b"], [1, -1, 0])
    with pytest.raises(fl.InputError, match="no edges beside 2 self-loops and 1 zero rating, exp"):
        fl.signed.balance(loops)
    with pytest.raises(fl.InputError, match="expected SignedNetwork"):
        fl.signed.balance([(1, 2, 1)])  # pyright: ignore[reportArgumentType]


def test_no_triangles_are_no_share():
    star = fl.signed.SignedNetwork.from_edges(["a"] * 4, ["b", "c", "d", "e"], [1, -1, 1, -1])
    row = next(line for line in str(fl.signed.balance(star, settings=FEW)).split("\n")
               if line.startswith("triangles"))  # fmt: skip
    assert row.split() == ["triangles", "none", "none", "none"]
