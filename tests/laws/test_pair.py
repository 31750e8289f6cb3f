import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.graph import Graph
from forcelaw.laws import Attributes, PairNetwork, Scale, State
from forcelaw.storage.law_files import load, save

NODES = 5
GRAPH = Graph.complete_graph(NODES)


def small(one_body=True, seed=0):
    scale = Scale(length=2.0, speed=0.5, acceleration=3.0, center=[0.3, 0.0], spread=[1.5, 1.0])
    key, own_key = jax.random.split(jax.random.key(seed))
    law = PairNetwork(
        2, ("mass", "charge"), key=key, hidden=(16, 16), scale=scale, one_body=one_body, power=-1.3
    )
    if one_body:
        # The one-body force starts at zero; give it something to do.
        assert law.one_body is not None
        last = law.one_body.drag.weights[-1]
        values = jax.random.normal(own_key, last.shape), 0.1 + law.one_body.field
        law = eqx.tree_at(
            lambda law: (law.one_body.drag.weights[-1], law.one_body.field), law, values
        )
    return law


def world(seed=0):
    keys = jax.random.split(jax.random.key(seed), 4)
    state = State(jax.random.normal(keys[0], (NODES, 2)), jax.random.normal(keys[1], (NODES, 2)))
    mass = jnp.exp(jax.random.normal(keys[2], (NODES,)))
    return state, Attributes({"mass": mass, "charge": jax.random.normal(keys[3], (NODES,))})


def test_newtons_third_law_by_construction():
    law, (state, attributes) = small(one_body=False), world()
    force = law.force(GRAPH, state, attributes)
    assert np.max(np.abs(force)) > 0.1
    np.testing.assert_allclose(np.sum(force, axis=0), 0, atol=1e-4 * np.max(np.abs(force)))
    acceleration = law(GRAPH, state, attributes)
    np.testing.assert_allclose(acceleration * attributes.node["mass"][:, None], force, rtol=1e-5)


def test_the_force_is_symmetric_under_exchange():
    law, (_, attributes) = small(), world()
    values = jnp.stack([attributes.node["mass"], attributes.node["charge"]], axis=1)
    r = jnp.linspace(0.1, 3.0, NODES - 1)
    one, other = law.pair(r, values[:-1], values[1:]), law.pair(r, values[1:], values[:-1])
    np.testing.assert_allclose(one, other, rtol=1e-5)


def test_it_does_not_matter_where_the_origin_is():
    law, (state, attributes) = small(), world()
    moved = State(state.position + jnp.asarray([[3.0, -7.0]]), state.velocity)
    np.testing.assert_allclose(
        law(GRAPH, moved, attributes), law(GRAPH, state, attributes), rtol=1e-3, atol=1e-3
    )


def test_turning_space_turns_the_accelerations():
    law, (state, attributes) = small(), world()
    assert law.one_body is not None
    law = eqx.tree_at(lambda law: law.one_body.field, law, jnp.zeros_like(law.one_body.field))
    turn = jnp.asarray([[np.cos(1.0), -np.sin(1.0)], [np.sin(1.0), np.cos(1.0)]], jnp.float32)
    turned = law(GRAPH, State(state.position @ turn, state.velocity @ turn), attributes)
    np.testing.assert_allclose(turned, law(GRAPH, state, attributes) @ turn, rtol=1e-3, atol=1e-3)


def test_renaming_the_bodies_renames_the_accelerations():
    law, (state, attributes) = small(), world()
    order = jnp.asarray([3, 0, 4, 1, 2])
    turned = law(
        GRAPH,
        jax.tree.map(lambda leaf: leaf[order], state),
        jax.tree.map(lambda leaf: leaf[order], attributes),
    )
    np.testing.assert_allclose(turned, law(GRAPH, state, attributes)[order], rtol=1e-4, atol=1e-4)


def test_complete_graphs_and_edge_lists_agree():
    law, (state, attributes) = small(), world()
    pairs = [(s, r) for s in range(NODES) for r in range(NODES) if s != r]
    listed = Graph.from_edges(pairs, nodes=NODES, bucket=True)
    padding = listed.nodes - NODES
    padded = jax.tree.map(
        lambda leaf: jnp.concatenate([leaf, jnp.ones((padding, *leaf.shape[1:]))]),
        (state, attributes),
    )
    np.testing.assert_allclose(
        law(listed, *padded)[:NODES], law(GRAPH, state, attributes), rtol=1e-4, atol=1e-4
    )


def test_bodies_at_one_place_stay_finite():
    law, (state, attributes) = small(), world()
    state = State(jnp.zeros_like(state.position), state.velocity)

    def total(law, state):
        return jnp.sum(law(GRAPH, state, attributes) ** 2)

    value, slope = eqx.filter_value_and_grad(total)(law, state)
    assert np.isfinite(value)
    assert all(np.all(np.isfinite(leaf)) for leaf in jax.tree.leaves(slope))


def test_a_body_alone_and_an_unlearned_self_force():
    law = PairNetwork(2, key=jax.random.key(0))
    alone = State(jnp.ones((1, 2)), jnp.ones((1, 2)))
    np.testing.assert_array_equal(law(Graph.complete_graph(1), alone, Attributes()), 0)


def test_gradients_agree_with_finite_differences(double_precision, check_gradients):
    law, (state, attributes) = small(), world()
    parameters, fixed = eqx.partition(law, eqx.is_inexact_array)

    def total(radial, own, position):
        whole = eqx.tree_at(lambda law: (law.radial, law.one_body), parameters, (radial, own))
        law = eqx.combine(whole, fixed)
        return jnp.sum(law(GRAPH, State(position, state.velocity), attributes)) / 100

    check_gradients(total, (parameters.radial, parameters.one_body, state.position))


@pytest.mark.parametrize("one_body", [True, False])
def test_saved_and_loaded_it_is_the_same(tmp_path, one_body):
    law, (state, attributes) = small(one_body), world()
    save(tmp_path / "run", law)
    again = load(tmp_path / "run")
    np.testing.assert_array_equal(law(GRAPH, state, attributes), again(GRAPH, state, attributes))
