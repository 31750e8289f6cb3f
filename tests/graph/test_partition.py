import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.graph import Graph, edge_lengths, edge_sum, partition, rows_of_parts, subgraphs


@pytest.fixture(params=["metis", "built-in"])
def method(request, monkeypatch):
    if request.param == "built-in":
        monkeypatch.setitem(sys.modules, "pymetis", None)
    else:
        pytest.importorskip("pymetis")


def both_ways(pairs):
    pairs = np.asarray(pairs).reshape(-1, 2)
    return np.concatenate([pairs, pairs[:, ::-1]])


def social(nodes, seed, degree=6):
    """A random network with hubs, symmetric."""
    random = np.random.default_rng(seed)
    target = (nodes * random.random(nodes * degree // 2) ** 2).astype(int)
    source = random.integers(0, nodes, len(target))
    pairs = np.unique(np.sort(np.stack([source, target], axis=1), axis=1), axis=0)
    return both_ways(pairs[pairs[:, 0] != pairs[:, 1]])


def ring_of_cliques(cliques, size):
    clique = [(i, j) for i in range(size) for j in range(i)]
    pairs = [(c * size + i, c * size + j) for c in range(cliques) for i, j in clique]
    pairs += [(c * size, (c + 1) % cliques * size) for c in range(cliques)]
    names = np.random.default_rng(0).permutation(cliques * size)
    return both_ways(names[np.array(pairs)])


def cut_share(graph, part):
    return float((part[np.asarray(graph.sender)] != part[np.asarray(graph.receiver)]).mean())


@st.composite
def divided_graphs(draw):
    nodes = draw(st.integers(1, 14))
    node = st.integers(0, nodes - 1)
    edges = np.array(draw(st.lists(st.tuples(node, node), max_size=40)), int).reshape(-1, 2)
    if draw(st.booleans()):
        edges = np.unique(both_ways(edges), axis=0)
    parts = draw(st.integers(1, nodes))
    assignment = np.array(draw(st.lists(st.integers(0, parts - 1), min_size=nodes, max_size=nodes)))
    graph = Graph.from_edges(edges, nodes=nodes, bucket=draw(st.booleans()))
    padded = np.pad(assignment, (0, graph.nodes - nodes), constant_values=-1)
    return graph, edges, padded, draw(st.integers(1, 3))


def test_every_node_gets_a_part_and_parts_weigh_the_same(method):
    graph = Graph.from_edges(social(600, 0), nodes=600, bucket=True)
    degree = np.diff(np.asarray(graph.offsets))
    for parts in (1, 2, 5, 16):
        part = partition(graph, parts, seed=0)
        real = np.asarray(graph.node_mask)
        assert (part[~real] == -1).all()
        assert np.array_equal(np.unique(part[real]), np.arange(parts))
        weight = degree[real] + round(degree[real].mean())
        size = np.bincount(part[real], weight)
        assert size.max() <= 1.03 * size.mean() + weight.max()
        assert np.array_equal(part, partition(graph, parts, seed=0))


def test_cliques_stay_together(method):
    edges = ring_of_cliques(6, 12)
    graph = Graph.from_edges(edges, nodes=72)
    assert cut_share(graph, partition(graph, 6, seed=0)) == pytest.approx(12 / len(edges))


def test_fewer_edges_are_cut_than_at_random(method):
    graph = Graph.from_edges(social(2000, 1), nodes=2000)
    random = np.random.default_rng(0).integers(0, 4, 2000)
    assert cut_share(graph, partition(graph, 4, seed=0)) < 0.75 * cut_share(graph, random)


@settings(max_examples=40, deadline=None)
@given(divided_graphs())
def test_any_graph_can_be_divided(drawn):
    graph, _, assignment, _ = drawn
    parts = int(assignment.max()) + 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "pymetis", None)
        part = partition(graph, parts, seed=0)
    real = np.asarray(graph.node_mask)
    assert (part[~real] == -1).all()
    assert ((part[real] >= 0) & (part[real] < parts)).all()


def test_too_many_parts_are_refused():
    graph = Graph.from_edges([(0, 1)], nodes=2)
    with pytest.raises(ValueError, match="3 parts of 2 nodes; expected 1 to 2"):
        partition(graph, 3, seed=0)


@settings(max_examples=60, deadline=None)
@given(divided_graphs())
def test_cores_and_halos(drawn):
    graph, edges, assignment, halo = drawn
    divided = subgraphs(graph, assignment, halo=halo)
    real = np.asarray(graph.node_mask)
    owner = np.zeros(graph.nodes, int)
    owned = np.zeros(graph.edges, int)
    for index in range(divided.parts):
        part = divided.part(index)
        node, local = np.asarray(part.node), part.graph
        mask = np.asarray(local.node_mask)
        assert np.array_equal(mask, node >= 0)
        assert not mask[-1]
        core = set(node[np.asarray(part.core)].tolist())
        assert core == set(np.flatnonzero(assignment == index).tolist())
        owner[sorted(core)] += 1
        near, kept = core, set()
        for _ in range(halo):
            kept = {e for e, (a, b) in enumerate(edges.tolist()) if a in near or b in near}
            near = near | {end for e in kept for end in edges[e].tolist()}
        assert set(node[mask].tolist()) == near
        place = np.asarray(local.row)[np.asarray(local.edge_mask)]
        assert set(np.asarray(graph.row)[place].tolist()) == kept
        owned[np.asarray(local.row)[np.asarray(part.owned_edges)]] += 1
        ends = np.stack([local.sender, local.receiver], axis=1)[np.asarray(local.edge_mask)]
        whole = np.stack([graph.sender, graph.receiver], axis=1)[place]
        assert np.array_equal(node[ends], whole)
        check_order(local)
        assert local.symmetric == graph.symmetric
    assert (owner[real] == 1).all()
    assert np.array_equal(owned, np.asarray(graph.edge_mask).astype(int))


def check_order(graph):
    """The invariants that `Graph` promises."""
    sender, receiver = np.asarray(graph.sender), np.asarray(graph.receiver)
    every = np.arange(graph.nodes + 1)
    assert np.array_equal(graph.offsets, np.searchsorted(receiver, every))
    turned = np.asarray(graph.transpose)
    assert (np.diff(sender[turned]) >= 0).all()
    assert np.array_equal(graph.sender_offsets, np.searchsorted(sender[turned], every))
    if graph.symmetric:
        assert np.array_equal(sender[turned], receiver)
        assert np.array_equal(receiver[turned], sender)


def test_values_follow_their_nodes_and_edges():
    graph = Graph.from_edges(social(60, 2), nodes=60, bucket=True)
    divided = subgraphs(graph, partition(graph, 3, seed=0))
    at_nodes = divided.at_nodes(jnp.arange(graph.nodes, dtype=float), -1.0)
    assert np.array_equal(at_nodes, np.asarray(divided.node, float))
    wide = divided.part(1).at_nodes(jnp.arange(2.0 * graph.nodes).reshape(-1, 2))
    assert wide.shape == (divided.node.shape[1], 2)
    ends = divided.at_edges(jnp.stack([graph.sender, graph.receiver], axis=1), -1)
    part = divided.part(2)
    mask = np.asarray(part.graph.edge_mask)
    assert np.array_equal(ends[2][mask][:, 0], np.asarray(part.node[part.graph.sender])[mask])
    assert (np.asarray(ends[2])[~mask] == -1).all()


def test_pairs_have_one_owner_that_knows_both_ends():
    edges = social(60, 3)
    graph = Graph.from_edges(edges, nodes=60)
    assignment = partition(graph, 4, seed=0)
    divided = subgraphs(graph, assignment)
    part, local = divided.owned_pairs(edges)
    assert np.array_equal(part, assignment[edges[:, 0]])
    assert np.array_equal(np.asarray(divided.node)[part[:, None], local], edges)
    rows = rows_of_parts(part, 4)
    assert sorted(rows[rows >= 0].tolist()) == list(range(len(edges)))
    assert all((part[row[row >= 0]] == index).all() for index, row in enumerate(rows))
    assert rows_of_parts(part, 4, size=200).shape == (4, 200)


def test_a_pair_too_far_apart_is_refused():
    path = both_ways([(i, i + 1) for i in range(5)])
    divided = subgraphs(Graph.from_edges(path, nodes=6), np.array([0, 0, 0, 1, 1, 1]))
    with pytest.raises(ValueError, match=r"pair \(0, 5\) is too far apart: part 0"):
        divided.owned_pairs(np.array([[0, 1], [0, 5]]))


def test_assignments_that_do_not_fit_are_refused():
    graph = Graph.from_edges([(0, 1)], nodes=2)
    with pytest.raises(ValueError, match="each of the 2 nodes"):
        subgraphs(graph, np.array([0]))
    with pytest.raises(ValueError, match="halo is 0"):
        subgraphs(graph, np.array([0, 1]), halo=0)


def test_a_complete_graph_can_be_divided():
    divided = subgraphs(Graph.complete_graph(6), np.array([0, 0, 0, 1, 1, 1]))
    assert int(divided.owned_edges.sum()) == 30


def pair_loss_gradient(graph, stiffness, start, pairs, weight, steps):
    """The gradient by the springs' stiffness of a weighted sum over pairs after some steps."""

    def loss(stiffness):
        position, velocity = start, jnp.zeros_like(start)
        for _ in range(steps):
            length = edge_lengths(graph, position)
            velocity = velocity + 0.1 * edge_sum(graph, stiffness * jnp.tanh(length), position)
            position = position + 0.1 * velocity
        apart = position[pairs[:, 0]] - position[pairs[:, 1]]
        return jnp.sum(weight * jnp.sqrt(jnp.sum(apart**2, axis=1) + 1e-3))

    return jax.jit(jax.grad(loss))(stiffness)


def gradients(halo, steps):
    """By the whole graph, and summed over parts that each take their own pairs."""
    edges = social(80, 4, degree=3)
    graph = Graph.from_edges(edges, nodes=80)
    divided = subgraphs(graph, partition(graph, 4, seed=0), halo=halo)
    pairs = edges[: len(edges) // 2]
    start = jax.random.normal(jax.random.key(0), (80, 3), float)
    weight = jax.random.uniform(jax.random.key(1), (len(pairs),), float)
    stiffness = jnp.asarray(1.3)
    whole = pair_loss_gradient(graph, stiffness, start, jnp.asarray(pairs), weight, steps)
    part, local = divided.owned_pairs(pairs)
    total = 0.0
    for index, rows in enumerate(rows_of_parts(part, 4)):
        here = divided.part(index)
        total += pair_loss_gradient(
            here.graph,
            stiffness,
            here.at_nodes(start),
            jnp.asarray(local[rows]),
            jnp.where(rows >= 0, weight[rows], 0),
            steps,
        )
    return float(whole), float(total)


@pytest.mark.parametrize("steps", [1, 2])
def test_gradients_of_parts_add_up_to_the_whole(double_precision, steps):
    whole, total = gradients(halo=steps + 1, steps=steps)
    assert total == pytest.approx(whole, rel=1e-12)


@pytest.mark.slow
def test_deeper_halos_come_closer_to_the_whole(double_precision):
    errors = []
    for halo in (1, 2, 3):
        whole, total = gradients(halo, steps=6)
        errors.append(abs(total / whole - 1))
    assert errors[0] > errors[1] > errors[2]
    assert errors[0] < 0.5
