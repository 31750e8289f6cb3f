"""Spring laws: their formulas, symmetries, derivatives, and what keeps them finite."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.graph import Graph, edge_lengths
from forcelaw.laws import Attributes, AttributeSpring, NeuralSpring, Spring, State, families
from forcelaw.laws.springs.attribute_springs import REACH
from forcelaw.motion import SemiImplicitEuler, advance

FEATURES = 5


def laws():
    return {
        "Spring": Spring(),
        "NeuralSpring": NeuralSpring(key=jax.random.key(1)),
        "AttributeSpring": AttributeSpring(FEATURES, key=jax.random.key(2)),
    }


LAWS = tuple(laws())


def ring(nodes=6, *, bucket=False, seed=0):
    """A ring with chords, both directions of each pair, every relation and none of them."""
    pairs = [(i, (i + k) % nodes) for i in range(nodes) for k in (1, 2)]
    edges = np.array(pairs + [(b, a) for a, b in pairs])
    graph = Graph.from_edges(edges, nodes=nodes, bucket=bucket)
    random = np.random.default_rng(seed)
    kind = np.tile(np.arange(len(pairs)) % 4, 2)
    feature = np.tile(random.normal(size=(len(pairs), FEATURES)), (2, 1))
    row = np.asarray(graph.row)
    real = row >= 0
    node = random.uniform(0.1, 1, (nodes, 3))
    padding = ((0, graph.nodes - nodes), (0, 0))
    node = jnp.asarray(np.pad(node, padding), float)
    edge = {
        name: jnp.asarray(real & (kind[row] == i), float)
        for i, name in enumerate(("friend", "enemy", "unknown"))
    }
    edge["feature"] = jnp.asarray(np.where(real[:, None], feature[row], 0), float)
    attributes = Attributes(
        node={"log_degree": node[:, 0], "centrality": node[:, 1], "neighbourhood": node},
        edge=edge,
    )
    return graph, attributes


def state_of(position):
    return State(position, jnp.zeros_like(position))


def two_nodes(relation):
    graph = Graph.from_edges([[0, 1], [1, 0]], nodes=2)
    names = ("friend", "enemy", "unknown")
    edge = {name: jnp.full(2, float(name == relation)) for name in names}
    return graph, Attributes(node={"centrality": jnp.asarray([0.0, 1.0])}, edge=edge)


@pytest.mark.parametrize(
    ("relation", "length", "force"),
    [
        ("friend", 3.0, 5.0),  # 5 (3 - 1) / 2
        ("friend", 0.5, 0.0),  # nearer than the rest length: nothing
        ("enemy", 4.0, -15.0),  # -5 (10 - 4) / 2
        ("enemy", 11.0, 0.0),
        ("unknown", 4.5, 1.0),  # 1 (4.5 - 2.5) / 2
        ("unknown", 0.5, -1.0),
        ("none", 3.0, 0.0),
    ],
)
def test_spring_follows_the_published_formulas(relation, length, force):
    graph, attributes = two_nodes(relation)
    position = jnp.asarray([[0.0, 0.0], [length, 0.0]])
    law = Spring()
    acceleration = law(graph, state_of(position), attributes)
    np.testing.assert_allclose(acceleration[0], [force, 0.0], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(acceleration[1], [-force, 0.0], rtol=1e-5, atol=1e-6)


def test_centrality_multiplies_the_acceleration_of_its_node():
    graph, attributes = two_nodes("friend")
    law = eqx.tree_at(lambda law: law.centrality, Spring(), jnp.asarray(0.5))
    position = jnp.asarray([[0.0, 0.0], [3.0, 0.0]])
    acceleration = law(graph, state_of(position), attributes)
    np.testing.assert_allclose(acceleration[:, 0], [5.0, -7.5], rtol=1e-5)


@pytest.mark.parametrize("name", LAWS)
def test_moves_and_turns_with_space(name):
    graph, attributes = ring()
    position = jax.random.normal(jax.random.key(3), (6, 3))
    turn, _ = jnp.linalg.qr(jax.random.normal(jax.random.key(4), (3, 3)))
    law = laws()[name]
    plain = law(graph, state_of(position), attributes)
    moved = law(graph, state_of(position @ turn + 2.0), attributes)
    np.testing.assert_allclose(moved, plain @ turn, rtol=2e-3, atol=2e-4)


@pytest.mark.parametrize("name", LAWS)
def test_padding_changes_nothing(name):
    position = jax.random.normal(jax.random.key(3), (6, 3))
    graph, attributes = ring()
    plain = laws()[name](graph, state_of(position), attributes)
    graph, attributes = ring(bucket=True)
    assert graph.nodes > 6
    padded = jnp.pad(position, ((0, graph.nodes - 6), (0, 0)))
    padded = laws()[name](graph, state_of(padded), attributes)
    np.testing.assert_allclose(padded[:6], plain, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(padded[6:], 0)


def test_momentum_is_conserved_where_the_law_does_not_ask_who_receives():
    graph, attributes = ring()
    position = jax.random.normal(jax.random.key(3), (6, 3))
    total = Spring()(graph, state_of(position), attributes).sum(axis=0)
    np.testing.assert_allclose(total, 0, atol=1e-4)
    bound = laws()["AttributeSpring"].bind(graph, attributes)
    force = (
        bound(graph, state_of(position), attributes)
        / np.asarray(bound.gain)[np.asarray(graph.offsets[:-1])][:, None]
    )
    np.testing.assert_allclose(force.sum(axis=0), 0, atol=1e-4)


@pytest.mark.parametrize("name", LAWS)
def test_gradients_agree_with_finite_differences(name, double_precision, check_gradients):
    graph, attributes = ring()
    position = jax.random.normal(jax.random.key(3), (6, 3))

    def loss(law, position):
        state = state_of(position)
        state = advance(
            law, graph, state, attributes, steps=3, dt=0.05, integrator=SemiImplicitEuler()
        )
        return jnp.sum(state.position**3)

    law = laws()[name]
    parameters, fixed = eqx.partition(law, eqx.is_inexact_array)

    def of(parameters, position):
        return loss(eqx.combine(parameters, fixed), position)

    check_gradients(of, (parameters, position))


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("scale", [0.0, 1e-12, 1.0, 1e6, 1e12])
def test_finite_in_float32_from_coincidence_to_far_away(name, scale):
    graph, attributes = ring()
    position = scale * jax.random.normal(jax.random.key(3), (6, 3))

    def loss(law, position):
        return jnp.sum(jnp.tanh(law(graph, state_of(position), attributes)))

    parameters, fixed = eqx.partition(laws()[name], eqx.is_inexact_array)
    value, slopes = jax.value_and_grad(
        lambda parameters, at: loss(eqx.combine(parameters, fixed), at), argnums=(0, 1)
    )(parameters, position)
    assert jnp.isfinite(value)
    assert all(bool(jnp.isfinite(leaf).all()) for leaf in jax.tree.leaves(slopes))


@pytest.mark.parametrize("name", ["NeuralSpring", "AttributeSpring"])
def test_learned_forces_are_bounded(name):
    graph, attributes = ring()
    bound = laws()[name].bind(graph, attributes)
    largest = {"NeuralSpring": 10.0, "AttributeSpring": 3 * 0.5 * REACH * 5.0}[name]
    for length in (1e2, 1e8, 1e15):
        force = bound.force(jnp.full(graph.edges, length))
        assert float(jnp.max(jnp.abs(force))) <= largest * (1 + 1e-5)


def test_the_three_networks_start_differently():
    law = laws()["NeuralSpring"]
    for array in (law.by_distance, law.by_ends, law.outer):
        assert not np.allclose(array[0], array[1])
        assert not np.allclose(array[1], array[2])


@pytest.mark.parametrize("name", LAWS)
def test_binding_does_not_change_the_law(name):
    graph, attributes = ring()
    state = state_of(jax.random.normal(jax.random.key(3), (6, 3)))
    law = laws()[name]
    bound = law.bind(graph, attributes)
    np.testing.assert_array_equal(law(graph, state, attributes), bound(graph, state, attributes))
    assert bound.force(edge_lengths(graph, state.position)).shape == (graph.edges,)
    with pytest.raises(TypeError, match="save the law"):
        bound.settings()


@pytest.mark.parametrize("name", LAWS)
def test_settings_rebuild_the_structure(name):
    law = laws()[name]
    again = families()[name].from_settings(law.settings())
    shapes, structure = jax.tree.flatten(jax.tree.map(jnp.shape, eqx.filter(law, eqx.is_array)))
    assert (shapes, structure) == jax.tree.flatten(
        jax.tree.map(jnp.shape, eqx.filter(again, eqx.is_array))
    )
