"""Factions of networks that have some, and of those that have none."""

import csv
import io
import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from signed_graphs import dataset_file, networks
from sklearn.metrics import adjusted_rand_score

import forcelaw as fl
from forcelaw.signed.frustration_index import CoupledGraph
from forcelaw.signed.grouping.belief import evidence_of_one, settle
from forcelaw.signed.grouping.potts import anneal_groups, descend_groups
from forcelaw.signed.grouping.settings import GROUPING_SETTINGS


def planted(nodes, sizes, degree, noise, seed):
    """Signs of groups of these relative sizes, a share of them flipped, and the groups."""
    random = np.random.default_rng(seed)
    group = random.choice(len(sizes), nodes, p=np.array(sizes) / sum(sizes))
    first, second = np.triu_indices(nodes, 1)
    kept = random.random(len(first)) < degree / (nodes - 1)
    first, second = first[kept], second[kept]
    sign = np.where(group[first] == group[second], 1, -1)
    sign = np.where(random.random(len(sign)) < noise, -sign, sign)
    network = fl.signed.SignedNetwork.from_edges(
        first, second, sign, nodes=range(nodes), directed=False
    )
    return network, group


def contradicted(network, group):
    pairs = network.pairs()
    return int(((group[pairs.source] == group[pairs.target]) != (pairs.sign > 0)).sum())


@pytest.mark.parametrize(
    ("sizes", "degree", "noise", "least"),
    [
        ((1, 1), 20, 0.05, 0.97),
        ((1, 1), 10, 0.2, 0.7),
        ((1, 1, 1), 30, 0.25, 0.85),
        ((1, 1, 1), 8, 0.05, 0.85),
        ((4, 2, 1), 20, 0.1, 0.9),
        ((1,) * 8, 50, 0.05, 0.9),
    ],
)
def test_planted_factions_and_their_number_are_found(sizes, degree, noise, least):
    network, group = planted(300, sizes, degree, noise, seed=1)
    found = fl.signed.factions(network)
    assert found.k == len(sizes)
    assert adjusted_rand_score(group, found.group) > least
    assert found.frustration == contradicted(network, found.group)
    assert max(found.evidence, key=lambda k: found.evidence[k]) == len(sizes)


def test_every_seed_finds_them():
    network, group = planted(200, (3, 2, 1), 15, 0.1, seed=0)
    scores = [
        adjusted_rand_score(group, fl.signed.factions(network, seed=seed).group)
        for seed in range(4)
    ]
    assert max(scores) - min(scores) < 0.05


def test_signs_by_chance_have_no_factions():
    network, _ = planted(200, (1, 1), 10, 0.5, seed=0)
    found = fl.signed.factions(network)
    assert found.k == 1
    assert found.polarisation == 0
    assert found.frustration == (network.sign < 0).sum()


def test_friends_alone_are_one_faction():
    network = fl.signed.SignedNetwork.from_edges([1, 2, 3], [2, 3, 1], [1, 1, 1])
    found = fl.signed.factions(network)
    assert found.k == 1 and found.frustration == 0
    # There are no enemies to compare with.
    assert np.isnan(found.polarisation) and np.isnan(found.node_polarisation).all()
    assert found.to_json()["polarisation"] is None
    assert "Polarisation is not defined: all pairs are friends." in found.notes
    assert "nan" not in str(found) and {row["polarisation"] for row in rows_of(found)} == {""}


def test_few_enemies_that_tell_nothing_are_said():
    first, second = np.triu_indices(40, 1)
    chosen = np.random.default_rng(0).choice(len(first), 200, replace=False)
    sign = np.where(np.arange(200) < 5, -1, 1)
    network = fl.signed.SignedNetwork.from_edges(
        first[chosen], second[chosen], sign, directed=False
    )
    found = fl.signed.factions(network)
    assert found.k == 1 and found.negative == 5
    note = "One faction: 5 negative pairs of 200 give no evidence of more."
    assert found.notes == (note,) and note in str(found) and note in found._repr_html_()
    assert found.to_json()["notes"] == [note]
    # Nothing is said of a number that was asked for, nor where there are several.
    assert not fl.signed.factions(network, 1).notes
    assert not fl.signed.factions(fl.signed.synthetic(60, seed=0)).notes


def rows_of(found):
    return list(csv.DictReader(io.StringIO(found.csv())))


def test_tribes_has_its_three_factions():
    # signnet's signed_blockmodel(tribes, k = 3); Hage & Harary, Structural Models in Anthropology.
    known = [2, 2, 1, 1, 3, 1, 1, 1, 3, 3, 1, 1, 3, 3, 2, 2]
    found = fl.signed.factions(fl.signed.read(dataset_file("tribes")))
    names = [int(name) - 1 for name in found.names]
    assert found.k == 3 and found.frustration == 2
    assert adjusted_rand_score(np.array(known)[names], found.group) == 1


def test_congress_has_two():
    network = fl.signed.read(dataset_file("congress"))
    found = fl.signed.factions(network)
    assert found.k == 2 and found.frustration == 18


@given(networks(max_nodes=7))
@settings(max_examples=15, deadline=None)
def test_a_given_number_is_kept_and_no_move_is_better(network):
    for k in (1, 2, 3, network.n_nodes):
        found = fl.signed.factions(network, k)
        assert found.k == k
        assert found.frustration == contradicted(network, found.group)
        assert sum(map(len, found.members)) == network.n_nodes
        assert (np.diff(np.bincount(found.group)) <= 0).all()
        assert ((found.probability >= 0) & (found.probability <= 1 + 1e-6)).all()


@given(networks(max_nodes=7))
@settings(max_examples=15, deadline=None)
def test_annealing_finds_the_best_groups_of_all(network):
    pairs = network.pairs()
    graph = CoupledGraph.of(pairs)
    assigned = itertools.product(range(3), repeat=pairs.n_nodes)
    least = min(contradicted(pairs, np.array(group)) for group in assigned)
    random = np.random.default_rng(0)
    found = anneal_groups(graph, 3, replicas=8, sweeps=60, random=random)
    costs = [contradicted(pairs, group) for group in found]
    assert costs == sorted(costs)
    assert costs[0] == least
    start = random.integers(3, size=pairs.n_nodes)
    moved = descend_groups(graph, start, 3)
    assert contradicted(pairs, moved) <= contradicted(pairs, start)


def test_beliefs_on_a_tree_are_exact():
    # Without cycles they are no approximation: against the sum over all assignments.
    source, target, sign = [0, 1, 1, 3], [1, 2, 3, 4], [1, -1, -1, 1]
    network = fl.signed.SignedNetwork.from_edges(source, target, sign, directed=False)
    fixed = GROUPING_SETTINGS.model_copy(update={"learn_every": 1000, "settled": 1e-12})
    group = np.array([0, 0, 1, 1, 1])
    found = settle(network, group, 2, fixed)
    share = np.array([0.9 * (group == g).mean() + 0.1 / 2 for g in range(2)])
    weight = np.zeros((5, 2))
    for assigned in itertools.product(range(2), repeat=5):
        chance = np.prod(share[list(assigned)])
        for one, other, friend in zip(network.source, network.target, network.sign, strict=True):
            positive = found.within if assigned[one] == assigned[other] else found.between
            chance *= positive if friend > 0 else 1 - positive
        for node, own in enumerate(assigned):
            weight[node, own] += chance
    expected = weight / weight.sum(axis=1, keepdims=True)
    assert found.probability == pytest.approx(expected, abs=1e-5)
    penalty = np.log(4) + np.log(5) / 2 - np.log(2)
    assert found.evidence == pytest.approx(np.log(weight[0].sum()) - penalty, abs=1e-4)
    assert evidence_of_one(network) == pytest.approx(4 * np.log(0.5) - np.log(4) / 2)


def test_polarisation_tells_who_is_in_it():
    source, target = ["a", "a", "b", "c", "a", "x"], ["b", "c", "c", "d", "d", "a"]
    network = fl.signed.SignedNetwork.from_edges(
        source, target, [1, 1, 1, -1, -1, 1], nodes=["y"], directed=False
    )
    found = fl.signed.factions(network, 2)
    assert found.frustration == 0 and found.polarisation == 1
    own = dict(zip(found.names, found.node_polarisation.tolist(), strict=True))
    assert np.isnan(own.pop("y")) and set(own.values()) == {1.0}
    rows = rows_of(found)
    assert [row["node"] for row in rows] == list(found.names)
    assert {row["faction"] for row in rows} == {"1", "2"}
    assert [row["polarisation"] for row in rows if row["node"] == "y"] == [""]


def test_what_is_found_reads_well():
    found = fl.signed.factions(fl.signed.synthetic(60, seed=0))
    assert str(found).startswith("synthetic: 2 factions; ")
    assert "<table>" in found._repr_html_()
    assert repr(found).startswith("<Factions synthetic: 2, frustration")
    document = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert document["k"] == len(document["members"]) == 2


@pytest.mark.parametrize(
    ("k", "message"),
    [
        (0, "k: found 0, expected 1 to 3"),
        (4, "k: found 4, expected 1 to 3, the nodes of"),
        (2.0, "k: found a float"),
        (True, "k: found True"),
    ],
)
def test_a_number_that_cannot_be_is_refused(k, message):
    network = fl.signed.SignedNetwork.from_edges([1, 2], [2, 3], [1, -1])
    with pytest.raises(fl.InputError, match=message):
        fl.signed.factions(network, k)


def test_more_than_memory_holds_is_refused():
    small = GROUPING_SETTINGS.model_copy(update={"entries": 1000})
    network = fl.signed.synthetic(50, seed=0)
    with pytest.raises(fl.InputError, match="expected 2 at most in a network of this size"):
        fl.signed.factions(network, 20, settings=small)
    with pytest.raises(fl.InputError, match="found no edges"):
        fl.signed.factions(fl.signed.SignedNetwork.from_edges([], [], [], nodes=["a"]))
