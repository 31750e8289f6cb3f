import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.graph import Graph


@st.composite
def edge_lists(draw):
    nodes = draw(st.integers(1, 12))
    node = st.integers(0, nodes - 1)
    return nodes, draw(st.lists(st.tuples(node, node), max_size=40))


@settings(max_examples=50, deadline=None)
@given(edge_lists(), st.booleans())
def test_edges_are_kept_sorted_by_receiver(drawn, bucket):
    nodes, edges = drawn
    graph = Graph.from_edges(np.array(edges, int).reshape(-1, 2), nodes=nodes, bucket=bucket)
    receiver = np.asarray(graph.receiver)
    assert (np.diff(receiver) >= 0).all()
    real = np.asarray(graph.row) >= 0
    assert np.array_equal(real, graph.edge_mask)
    kept = np.stack([graph.sender, graph.receiver], axis=1)[real]
    given_rows = np.array(edges, int).reshape(-1, 2)[np.asarray(graph.row)[real]]
    assert np.array_equal(kept, given_rows)
    for node in range(graph.nodes):
        span = receiver[graph.offsets[node] : graph.offsets[node + 1]]
        assert (span == node).all()
        by_sender = np.asarray(graph.sender)[np.asarray(graph.transpose)]
        assert (
            by_sender[graph.sender_offsets[node] : graph.sender_offsets[node + 1]] == node
        ).all()


@pytest.mark.parametrize("nodes", [1, 2, 3, 7])
def test_reverse_is_the_opposite_edge(nodes):
    graph = Graph.complete_graph(nodes)
    reverse = np.asarray(graph.reverse)
    assert np.array_equal(np.asarray(graph.sender)[reverse], graph.receiver)
    assert np.array_equal(reverse[reverse], np.arange(graph.edges))
    pairs = set(zip(graph.sender.tolist(), graph.receiver.tolist(), strict=True))
    assert len(pairs) == nodes * (nodes - 1)


def test_transposing_twice_gives_the_graph_back():
    graph = Graph.from_edges([(0, 1), (2, 1), (3, 0), (0, 3), (1, 1)], nodes=5)
    twice = graph.transposed().transposed()
    assert jnp.array_equal(twice.sender, graph.sender)
    assert jnp.array_equal(twice.receiver, graph.receiver)
    assert jnp.array_equal(twice.row, graph.row)


def test_buckets_share_shapes():
    rng = np.random.default_rng(0)
    shapes = {
        (graph.nodes, graph.edges)
        for edges in (1000, 1010, 1020)
        for graph in [Graph.from_edges(rng.integers(0, 99, (edges, 2)), nodes=99, bucket=True)]
    }
    assert len(shapes) == 1


def test_errors_name_the_row():
    with pytest.raises(ValueError, match=r"edge row 1 is \(0, 5\), expected nodes from 0 to 2"):
        Graph.from_edges([(0, 1), (0, 5)], nodes=3)
    with pytest.raises(ValueError, match="not symmetric"):
        _ = Graph.from_edges([(0, 1)], nodes=2).reverse
