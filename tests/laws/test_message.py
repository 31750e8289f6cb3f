import re

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.errors import InputError
from forcelaw.graph import Graph, at_receivers, at_senders
from forcelaw.laws import Attributes, MessageNetwork, Scale, State
from forcelaw.laws.networks import Perceptron
from forcelaw.laws.networks.perceptron import on_edges
from forcelaw.laws.networks.row_products import rows_product
from forcelaw.storage.law_files import load, save

NODES = 5
GRAPH = Graph.complete_graph(NODES)


def small(regularise="l1", **arguments):
    scale = Scale(length=2.0, speed=0.5, acceleration=3.0, center=[0.3], spread=[1.5])
    return MessageNetwork(
        2,
        ("mass",),
        key=jax.random.key(0),
        regularise=regularise,
        hidden=(16, 16),
        scale=scale,
        **{"message": 7, **arguments},
    )


def world(seed=0):
    keys = jax.random.split(jax.random.key(seed), 3)
    state = State(
        jax.random.normal(keys[0], (NODES, 2)),
        jax.random.normal(keys[1], (NODES, 2)),
    )
    return state, Attributes({"mass": jnp.exp(jax.random.normal(keys[2], (NODES,)))})


def test_the_factorised_first_layer_equals_the_plain_one():
    network = Perceptron([2 * 3 + 2, 16, 4], key=jax.random.key(0))
    features = jax.random.normal(jax.random.key(1), (NODES, 3))
    between = jax.random.normal(jax.random.key(2), (GRAPH.edges, 2))
    ends = [at_receivers(GRAPH, features), at_senders(GRAPH, features), between]
    plain = network(jnp.concatenate(ends, axis=1))
    factorised = on_edges(network, GRAPH, features, between)
    np.testing.assert_allclose(factorised, plain, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("axes", [(0, None), (1, None), (None, 0), (0, 1), (None, None)])
def test_the_product_of_rows_maps_like_the_plain_one(axes):
    keys = jax.random.split(jax.random.key(0))
    shapes = [[3, 4], [4, 2]]
    for shape, axis in zip(shapes, axes, strict=True):
        if axis is not None:
            shape.insert(axis, 5)
    operands = [jax.random.normal(key, shape) for key, shape in zip(keys, shapes, strict=True)]

    def mapped(product):
        return product if axes == (None, None) else jax.vmap(product, axes)

    def value_and_slopes(product):
        total = lambda rows, matrix: jnp.sum(jnp.sin(mapped(product)(rows, matrix)))  # noqa: E731
        return mapped(product)(*operands), jax.grad(total, (0, 1))(*operands)

    expected = value_and_slopes(jnp.matmul)
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6),
        value_and_slopes(rows_product),
        expected,
    )


def test_the_product_of_rows_has_all_derivatives(check_gradients, double_precision):
    keys = jax.random.split(jax.random.key(0))
    rows, matrix = jax.random.normal(keys[0], (5, 3, 4)), jax.random.normal(keys[1], (4, 2))

    def total(rows, matrix):
        return jnp.sum(jnp.sin(jax.vmap(rows_product, (0, None))(rows, matrix)))

    check_gradients(total, (rows, matrix))
    each = jax.vmap(
        jax.grad(lambda row, matrix: jnp.sum(rows_product(row, matrix) ** 2)), (0, None)
    )
    np.testing.assert_allclose(each(rows, matrix), 2 * rows @ matrix @ matrix.T, rtol=1e-10)
    forward, reverse = jax.jacfwd(jax.grad(total)), jax.jacrev(jax.grad(total))
    np.testing.assert_allclose(forward(rows, matrix), reverse(rows, matrix), atol=1e-12)


def test_what_errors_grow_in_has_full_precision_on_accelerators():
    """They multiply float32 with ten bits otherwise, as they may in the perceptrons' layers."""

    def total(rows, matrix):
        exact = lambda rows, matrix: rows_product(rows, matrix, exact=True)  # noqa: E731
        return jnp.sum(jnp.sin(jax.vmap(exact, (0, None))(rows, matrix)))

    def products(function, *arguments):
        traced = jax.jit(function).trace(*arguments)
        text = traced.lower(lowering_platforms=("cuda",)).as_text()
        return [line for line in text.splitlines() if "stablehlo.dot_general" in line]

    slopes = products(jax.grad(total, (0, 1)), jnp.ones((5, 3, 4)), jnp.ones((4, 2)))
    assert len(slopes) == 3
    assert all("HIGHEST" in line for line in slopes)
    found = products(lambda law, *given: law(*given), small(), GRAPH, *world())
    assert [("HIGHEST" in line) for line in found].count(True) == 2


def test_a_batch_makes_products_of_two_matrices_only():
    law, (state, attributes) = small(), world()
    batch = jax.tree.map(lambda leaf: jnp.stack([leaf] * 3), (state, attributes))

    def total(law, state, attributes):
        return jnp.sum(jax.vmap(lambda *example: law(GRAPH, *example))(state, attributes))

    lowered = jax.jit(jax.grad(total, allow_int=True)).lower(law, *batch).as_text()
    products = re.findall(r"stablehlo.dot_general.*: \(tensor<(.*?)>, tensor<(.*?)>\)", lowered)
    assert len(products) > 10
    assert all(operand.count("x") == 2 for pair in products for operand in pair)


def test_renaming_the_bodies_renames_the_accelerations():
    law, (state, attributes) = small(), world()
    order = jnp.asarray([3, 0, 4, 1, 2])
    turned = law(
        GRAPH,
        State(state.position[order], state.velocity[order]),
        Attributes({"mass": attributes.node["mass"][order]}),
    )
    np.testing.assert_allclose(turned, law(GRAPH, state, attributes)[order], rtol=1e-4, atol=1e-5)


def test_nothing_changes_where_everything_is_moved():
    law, (state, attributes) = small(), world()
    moved = State(state.position + jnp.asarray([[3.0, -5.0]]), state.velocity)
    expected = law(GRAPH, state, attributes)
    np.testing.assert_allclose(law(GRAPH, moved, attributes), expected, rtol=1e-3, atol=1e-4)


def test_a_heavier_receiver_is_accelerated_less():
    state, attributes = world()
    blind = MessageNetwork(2, key=jax.random.key(0), message=7, hidden=(16, 16))
    light = blind(GRAPH, state, Attributes())
    np.testing.assert_allclose(
        blind(GRAPH, state, attributes), light / attributes.node["mass"][:, None], rtol=1e-5
    )


def test_messages_follow_the_power_of_the_distance():
    law, (state, attributes) = small(), world()
    steep = eqx.tree_at(lambda law: law.powers, law, law.powers.at[0].set(-2.0))
    flat = law.messages(GRAPH, state, attributes).mean
    difference = at_senders(GRAPH, state.position) - at_receivers(GRAPH, state.position)
    near = jnp.linalg.norm(difference, axis=1, keepdims=True) / 2.0
    np.testing.assert_allclose(
        steep.messages(GRAPH, state, attributes).mean, flat * near**-2, rtol=1e-4
    )


def test_complete_graphs_and_edge_lists_agree():
    law, (state, attributes) = small(), world()
    pairs = [(s, r) for s in range(NODES) for r in range(NODES) if s != r]
    listed = Graph.from_edges(pairs, nodes=NODES)
    np.testing.assert_allclose(
        law(listed, state, attributes), law(GRAPH, state, attributes), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize(
    ("regularise", "components"), [("none", 7), ("l1", 7), ("kl", 7), ("bottleneck", 2)]
)
def test_message_sizes(regularise, components):
    law, (state, attributes) = small(regularise), world()
    acceleration, messages = law.predict(GRAPH, state, attributes)
    assert acceleration.shape == (NODES, 2)
    assert messages.mean.shape == (GRAPH.edges, components)
    assert (messages.log_variance is not None) == (regularise == "kl")


def test_messages_are_drawn_only_with_a_key():
    law, (state, attributes) = small("kl"), world()
    calm = law.predict(GRAPH, state, attributes)[0]
    np.testing.assert_array_equal(calm, law(GRAPH, state, attributes))
    drawn = law.predict(GRAPH, state, attributes, key=jax.random.key(1))[0]
    assert not np.allclose(calm, drawn)
    plain = small("l1")
    np.testing.assert_array_equal(
        plain(GRAPH, state, attributes),
        plain.predict(GRAPH, state, attributes, key=jax.random.key(1))[0],
    )


def test_gradients_agree_with_finite_differences(double_precision, check_gradients):
    law, (state, attributes) = small(activation="tanh"), world()
    parameters, fixed = eqx.partition(law, eqx.is_inexact_array)

    def total(edge, powers, node, turn, position):
        whole = eqx.tree_at(
            lambda law: (law.edge, law.powers, law.node, law.turn),
            parameters,
            (edge, powers, node, turn),
        )
        law = eqx.combine(whole, fixed)
        return jnp.sum(law(GRAPH, State(position, state.velocity), attributes) ** 2)

    trained = parameters.edge, parameters.powers, parameters.node, parameters.turn
    check_gradients(total, (*trained, state.position))


def test_the_scale_is_no_parameter():
    law, (state, attributes) = small(), world()
    slope = eqx.filter_grad(lambda law: jnp.sum(law(GRAPH, state, attributes) ** 2))(law)
    assert all(not np.any(leaf) for leaf in jax.tree.leaves(slope.reading))
    assert all(np.any(leaf) for leaf in slope.edge.weights)


def test_new_values_do_not_compile_again():
    compiled = []

    @eqx.filter_jit
    def accelerate(law, state, attributes):
        compiled.append(1)
        return law(GRAPH, state, attributes)

    for seed in range(3):
        accelerate(small(), *world(seed))
    assert len(compiled) == 1


@pytest.mark.parametrize("regularise", ["l1", "kl", "bottleneck"])
def test_saved_and_loaded_it_is_the_same(tmp_path, regularise):
    law, (state, attributes) = small(regularise), world()
    save(tmp_path / "run", law)
    again = load(tmp_path / "run")
    np.testing.assert_array_equal(law(GRAPH, state, attributes), again(GRAPH, state, attributes))


def test_wrong_input_is_named():
    with pytest.raises(InputError, match="did you mean 'bottleneck'"):
        MessageNetwork(2, key=jax.random.key(0), regularise="botleneck")
    with pytest.raises(InputError, match="attribute 'mass'"):
        small()(GRAPH, world()[0], Attributes())
