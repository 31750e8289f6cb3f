"""The fewest signs that any number of groups contradicts, against all there are."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from signed_graphs import dataset_file, networks

import forcelaw as fl
from forcelaw.signed.frustration_index import CoupledGraph
from forcelaw.signed.grouping import generalised_frustration
from forcelaw.signed.grouping.generalised import contradicted_by_groups
from forcelaw.signed.grouping.one_enemy_cycles import short_one_enemy_cycles


def least_of_all(graph):
    """Over all ways to part the nodes, one after the other."""
    assigned = itertools.product(range(graph.nodes), repeat=graph.nodes - 1)
    return min(
        contradicted_by_groups(graph, np.array([0, *rest]))
        for rest in assigned
        if all(own <= max((0, *rest[:place])) + 1 for place, own in enumerate(rest))
    )


@given(networks(max_nodes=6))
@settings(max_examples=25, deadline=None)
def test_bounds_hold_the_least_of_all_partitions(network):
    pairs = network.pairs()
    graph = CoupledGraph.of(pairs)
    least = least_of_all(graph)
    found = generalised_frustration(pairs, seconds=20)
    assert found.lower <= least == found.upper
    assert contradicted_by_groups(graph, found.group) == found.upper
    quick = generalised_frustration(pairs, seconds=0)
    assert quick.lower <= least <= quick.upper


@given(networks(max_nodes=9))
@settings(max_examples=40, deadline=None)
def test_cycles_have_one_negative_edge_and_are_short(network):
    graph = CoupledGraph.of(network)
    random = np.random.default_rng(0)
    for length in (np.zeros(len(graph.weight)), random.random(len(graph.weight)) / 2):
        found = short_one_enemy_cycles(graph, length, shorter=0.9, most=50, random=random)
        for cycle in found:
            assert (graph.weight[cycle] < 0).sum() == 1
            assert len(set(cycle.tolist())) == len(cycle)
            assert (np.bincount(graph.ends[cycle].ravel()) % 2 == 0).all()
            assert length[cycle].sum() < 0.9 + 1e-6


def test_three_factions_without_noise_have_none():
    network = fl.signed.synthetic(60, factions=3, noise=0.0, degree=20, seed=1)
    found = generalised_frustration(network, seconds=0)
    assert found.exact and found.upper == 0 and found.groups == 3
    assert fl.signed.frustration(network, seconds=0).lower > 0


@pytest.mark.parametrize(("name", "least"), [("tribes", 2), ("congress", 18)])
def test_public_networks_are_as_published(name, least):
    # Doreian & Mrvar (1996) of tribes: three groups, two signs.
    found = generalised_frustration(fl.signed.read(dataset_file(name)).pairs(), seconds=20)
    assert found.exact and found.upper == least
    assert str(found) == str(least)
