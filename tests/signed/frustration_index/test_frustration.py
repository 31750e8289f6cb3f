"""The frustration index against every assignment there is, and against what is published."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from signed_graphs import dataset_file, networks

import forcelaw as fl
from forcelaw.signed.frustration_index import CoupledGraph, balanced_sides, clusters, contradicted
from forcelaw.signed.frustration_index.annealing import anneal, colour_classes
from forcelaw.signed.frustration_index.branch_and_bound import improve_or_prove
from forcelaw.signed.frustration_index.cycle_packing import pack_cycles
from forcelaw.signed.frustration_index.reduction import reduce_graph
from forcelaw.signed.frustration_index.settings import FRUSTRATION_SETTINGS
from forcelaw.signed.frustration_index.violated_cycles import short_unbalanced_cycles


def least_cost(graph):
    """Of all assignments, one after the other."""
    sides = itertools.product((1, -1), repeat=max(graph.nodes - 1, 0))
    return min((graph.cost(np.array([1, *rest][: graph.nodes])) for rest in sides), default=0.0)


@st.composite
def weighted_graphs(draw):
    """Small graphs of whole weights of both signs."""
    nodes = draw(st.integers(2, 9))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    first, second = np.triu_indices(nodes, 1)
    kept = random.random(len(first)) < draw(st.sampled_from([0.3, 0.6, 1.0]))
    weight = random.choice([-3.0, -2.0, -1.0, 1.0, 2.0], int(kept.sum()))
    return CoupledGraph(nodes, np.stack([first[kept], second[kept]], axis=1), weight)


def complete(nodes, sign):
    first, second = np.triu_indices(nodes, 1)
    signs = np.full(len(first), sign)
    return fl.signed.SignedNetwork.from_edges(first, second, signs, directed=False)


def petersen(sign):
    ring = np.arange(5)
    source = np.concatenate([ring, ring, ring + 5])
    target = np.concatenate([(ring + 1) % 5, ring + 5, (ring + 2) % 5 + 5])
    return fl.signed.SignedNetwork.from_edges(source, target, np.full(15, sign), directed=False)


@given(networks())
@settings(max_examples=40, deadline=None)
def test_it_is_that_of_the_best_of_all_assignments(network):
    graph = CoupledGraph.of(network)
    found = fl.signed.frustration(network, seconds=60)
    assert found.exact
    assert found.upper == least_cost(graph) == graph.cost(found.side)
    assert contradicted(network.pairs(), found.side).sum() == found.upper


@given(networks())
@settings(max_examples=20, deadline=None)
def test_bounds_hold_without_time_for_a_proof(network):
    found = fl.signed.frustration(network, seconds=0)
    least = least_cost(CoupledGraph.of(network))
    assert found.lower <= least <= found.upper
    assert found.to_json() == {"lower": found.lower, "upper": found.upper, "exact": found.exact}


@given(weighted_graphs())
@settings(max_examples=60, deadline=None)
def test_reduction_keeps_the_least_cost_and_the_way_back(graph):
    reduction = reduce_graph(graph)
    small = reduction.graph
    assert small.nodes <= graph.nodes
    assert least_cost(small) + reduction.constant == least_cost(graph)
    random = np.random.default_rng(0)
    side = random.choice([-1, 1], small.nodes)
    full = reduction.restore(side)
    assert (full[reduction.kept] == side).all()
    assert graph.cost(full) <= small.cost(side) + reduction.constant
    degree = np.bincount(small.ends.ravel(), minlength=small.nodes)
    assert small.nodes == 0 or degree.min() >= 4


@given(weighted_graphs())
@settings(max_examples=30, deadline=None)
def test_packed_cycles_never_prove_too_much(graph):
    told = []
    packing = pack_cycles(
        graph,
        short_unbalanced_cycles,
        enough=np.inf,
        until=np.inf,
        random=np.random.default_rng(0),
        settings=FRUSTRATION_SETTINGS,
        told=told.append,
    )
    assert packing.bound <= least_cost(graph) + 1e-9
    assert told == sorted(told)
    for cycle in packing.cycles:
        assert (graph.weight[cycle] < 0).sum() % 2 == 1
        assert (np.bincount(graph.ends[cycle].ravel()) % 2 == 0).all()


@given(weighted_graphs())
@settings(max_examples=20, deadline=None)
def test_branch_and_bound_improves_or_proves(graph):
    least = least_cost(graph)
    proof = improve_or_prove(graph, (), below=least - 1, seconds=30)
    assert proof.side is None and proof.bound == np.inf
    better = improve_or_prove(graph, (), below=least + 1e-6, seconds=30)
    assert better.side is not None and graph.cost(better.side) == least


@pytest.mark.parametrize("nodes", [3, 4, 5, 6, 7, 8])
def test_enemies_of_all_others_frustrate_as_published(nodes):
    # Max-cut of the complete graph; Harary, Measurement of structural balance (1959).
    most = nodes * (nodes - 1) // 2 - (nodes // 2) * ((nodes + 1) // 2)
    found = fl.signed.frustration(complete(nodes, -1))
    assert found.exact and found.upper == most


def test_the_petersen_graph_frustrates_as_published():
    # Zaslavsky, Six signed Petersen graphs, and their automorphisms (2012): 0 and 3.
    assert fl.signed.frustration(petersen(1)).upper == 0
    found = fl.signed.frustration(petersen(-1))
    assert found.exact and found.upper == 3


@pytest.mark.parametrize(("name", "index"), [("tribes", 7), ("congress", 18)])
def test_public_networks_frustrate_as_published(name, index):
    # Aref & Neal, Scientific Reports 10 (2020); signnet's frustration_exact of tribes.
    found = fl.signed.frustration(fl.signed.read(dataset_file(name)))
    assert found.exact and found.upper == index


def test_a_balanced_network_has_none_and_shows_its_groups():
    network = fl.signed.synthetic(200, factions=2, noise=0.0, seed=1)
    found = fl.signed.frustration(network, seconds=0)
    assert found.exact and found.upper == 0
    assert not contradicted(network, found.side).any()
    assert balanced_sides(network) is not None


def test_groups_of_friends_are_told_from_enemies_joined_by_friends():
    network = fl.signed.synthetic(60, factions=3, noise=0.0, degree=20, seed=1)
    together = clusters(network)
    assert together is not None and together.max() + 1 == 3
    assert balanced_sides(network) is None
    names = ["a", "b", "a"], ["b", "c", "c"]
    assert clusters(fl.signed.SignedNetwork.from_edges(*names, [1, 1, -1], directed=False)) is None


def test_a_planted_cut_is_found_among_noise():
    network = fl.signed.synthetic(2000, degree=8, noise=0.05, seed=0)
    planted = round(0.05 * network.n_edges)
    found = fl.signed.frustration(network, seconds=0)
    assert 0 < found.lower <= found.upper <= planted * 1.1


def test_the_same_seed_finds_the_same():
    network = fl.signed.synthetic(100, noise=0.3, seed=0)
    one, other = (fl.signed.frustration(network, seconds=0, seed=3) for _ in range(2))
    assert (one.side == other.side).all()


@given(weighted_graphs())
@settings(max_examples=20, deadline=None)
def test_no_two_nodes_of_one_colour_are_joined(graph):
    colour = np.zeros(graph.nodes, int)
    for number, nodes in enumerate(colour_classes(graph.matrix())):
        colour[nodes] = number
    assert (colour[graph.ends[:, 0]] != colour[graph.ends[:, 1]]).all()
    side = anneal(graph, replicas=3, sweeps=5, random=np.random.default_rng(0))
    pull = side @ graph.matrix().toarray()
    assert (side * pull >= 0).all()


@pytest.mark.parametrize("seconds", [-1.0, float("nan")])
def test_no_time_is_refused(seconds):
    with pytest.raises(fl.InputError, match="seconds: found"):
        fl.signed.frustration(complete(3, -1), seconds=seconds)
