import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.graph import (
    Graph,
    at_receivers,
    at_senders,
    edge_dot,
    edge_lengths,
    edge_sum,
    sum_messages,
)

GRAPHS = {
    "complete": lambda: Graph.complete_graph(5),
    "symmetric": lambda: Graph.from_edges([(0, 1), (1, 0), (1, 2), (2, 1)], nodes=4),
    "directed, loops, repeats": lambda: Graph.from_edges(
        [(0, 1), (1, 2), (2, 1), (0, 4), (0, 4), (4, 4)], nodes=6
    ),
    "padded": lambda: Graph.from_edges([(0, 1), (1, 2), (2, 1), (0, 4)], nodes=6, bucket=True),
    "no edge": lambda: Graph.from_edges(np.zeros((0, 2), int), nodes=3),
    "a hub": lambda: Graph.from_edges([(i, 0) for i in range(1, 40)], nodes=40),
}


@pytest.fixture(params=GRAPHS)
def graph(request, double_precision):
    return GRAPHS[request.param]()


def draw(graph, *shape, seed=0):
    return jnp.asarray(np.random.default_rng(seed).normal(size=shape))


def test_operations_equal_their_definition(graph):
    position = draw(graph, graph.nodes, 3)
    direction = draw(graph, graph.nodes, 3, seed=1)
    weight = draw(graph, graph.edges, seed=2)
    difference = position[graph.sender] - position[graph.receiver]
    np.testing.assert_allclose(
        edge_lengths(graph, position), np.linalg.norm(difference, axis=1), rtol=1e-12
    )
    np.testing.assert_allclose(
        edge_dot(graph, direction, position),
        np.sum(np.asarray(direction[graph.receiver]) * np.asarray(difference), axis=1),
        atol=1e-12,
    )
    expected = np.zeros_like(position)
    for edge in np.flatnonzero(graph.edge_mask):
        expected[graph.receiver[edge]] += weight[edge] * difference[edge]
    np.testing.assert_allclose(edge_sum(graph, weight, position), expected, atol=1e-12)


def test_first_and_second_derivatives(graph, check_gradients):
    position = draw(graph, graph.nodes, 3)
    direction = draw(graph, graph.nodes, 3, seed=1)
    weight = draw(graph, graph.edges, seed=2)

    def squared_lengths(position):
        return jnp.where(graph.edge_mask, edge_lengths(graph, position), 0) ** 2

    def dots(direction, position):
        return jnp.where(graph.edge_mask, edge_dot(graph, direction, position), 0)

    check_gradients(squared_lengths, (position,), order=2)
    check_gradients(lambda w, x: edge_sum(graph, w, x), (weight, position), order=2)
    check_gradients(dots, (direction, position), order=2)


def test_messages_and_their_derivatives(graph, check_gradients):
    values = draw(graph, graph.nodes, 2)
    messages = draw(graph, graph.edges, 2)
    np.testing.assert_array_equal(at_senders(graph, values), values[graph.sender])
    np.testing.assert_array_equal(at_receivers(graph, values), values[graph.receiver])
    check_gradients(lambda v: at_senders(graph, v) ** 2, (values,), order=2)
    check_gradients(lambda v: at_receivers(graph, v) ** 2, (values,), order=2)
    check_gradients(lambda m: sum_messages(graph, m) ** 2, (messages,), order=2)


def test_gradient_of_length_is_finite_where_nodes_coincide():
    graph = Graph.complete_graph(3)
    gradient = jax.grad(lambda x: jnp.sum(edge_lengths(graph, x)))(jnp.zeros((3, 2)))
    assert jnp.array_equal(gradient, jnp.zeros((3, 2)))


def test_padding_changes_nothing(double_precision):
    rng = np.random.default_rng(0)
    edges = rng.integers(0, 20, (57, 2))
    plain = Graph.from_edges(edges, nodes=20)
    padded = Graph.from_edges(edges, nodes=20, bucket=True)
    position = draw(padded, padded.nodes, 4)
    weight = draw(plain, plain.edges, seed=1)
    wide = jnp.zeros(padded.edges).at[jnp.flatnonzero(padded.edge_mask)].set(weight)
    np.testing.assert_allclose(
        edge_sum(padded, wide, position)[:20], edge_sum(plain, weight, position[:20]), atol=1e-12
    )


def test_relabelling_the_nodes_relabels_the_sums(double_precision):
    rng = np.random.default_rng(1)
    edges = rng.integers(0, 15, (40, 2))
    label = rng.permutation(15)
    position = jnp.asarray(rng.normal(size=(15, 3)))
    weight = rng.normal(size=40)
    plain = Graph.from_edges(edges, nodes=15)
    other = Graph.from_edges(label[edges], nodes=15)
    moved = jnp.zeros_like(position).at[label].set(position)
    first = edge_sum(plain, jnp.asarray(weight[plain.row]), position)
    second = edge_sum(other, jnp.asarray(weight[other.row]), moved)
    np.testing.assert_allclose(second[label], first, atol=1e-12)


def test_code_does_not_grow_with_the_number_of_nodes():
    def lines(nodes):
        graph, position = Graph.complete_graph(nodes), jnp.ones((nodes, 3))

        def energy(position):
            pull = edge_sum(graph, jnp.exp(-edge_lengths(graph, position)), position)
            return jnp.sum(pull**2)

        return str(jax.make_jaxpr(jax.grad(energy))(position)).count("=")

    assert lines(40) == lines(5)
