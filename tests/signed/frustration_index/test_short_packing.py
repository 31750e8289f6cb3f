"""Short cycles that are packed are cycles, keep to the weights, and are many."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.signed.frustration_index import CoupledGraph
from forcelaw.signed.frustration_index.short_packing import pack_short_cycles

FOREVER = float("inf")


def drawn(seed, nodes=12, share=0.5):
    random = np.random.default_rng(seed)
    first, second = np.triu_indices(nodes, 1)
    kept = random.random(len(first)) < share
    weight = random.choice([-2.0, -1.0, 0.5, 1.0, 3.0], int(kept.sum()))
    return CoupledGraph(nodes, np.stack([first[kept], second[kept]], axis=1), weight)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_cycles_have_one_negative_edge_and_keep_to_the_weights(seed):
    graph = drawn(seed)
    found = pack_short_cycles(graph, FOREVER, 1000)
    left, bound = np.abs(graph.weight), 0.0
    for cycle in found.cycles:
        assert 3 <= len(cycle) <= 5 and len(set(cycle.tolist())) == len(cycle)
        assert (graph.weight[cycle] < 0).sum() == 1
        # Closed: every node that is met is met twice, and no two parts are apart.
        met = np.unique(graph.ends[cycle], return_counts=True)[1]
        assert (met == 2).all() and len(met) == len(cycle)
        share = left[cycle].min()
        assert share > 0
        left[cycle] -= share
        bound += share
    assert np.allclose(left, found.left) and np.isclose(bound, found.bound)


def test_short_cycles_come_first():
    # The edge a-b closes a triangle, and a square that would take the triangle's place and more.
    ends = np.array([[0, 1], [0, 2], [1, 2], [0, 3], [3, 4], [4, 1]])
    graph = CoupledGraph(5, ends, np.array([-2.0, 1, 1, 1, 1, 1]))
    found = pack_short_cycles(graph, FOREVER, 1000)
    assert [len(cycle) for cycle in found.cycles] == [3, 4]
    assert found.bound == 2


def test_without_time_nothing_is_packed():
    found = pack_short_cycles(drawn(0), -1.0, 1000)
    assert found.bound == 0 and not found.cycles
