"""A formula inside a network: the same force as the formula alone, with constants that train."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.errors import InputError
from forcelaw.graph import Graph
from forcelaw.laws import (
    Attributes,
    Formula,
    HamiltonianNetwork,
    MessageNetwork,
    PairNetwork,
    Scale,
    State,
)
from forcelaw.storage.law_files import load, save

NODES = 4
GRAPHS = [Graph.complete_graph(NODES), Graph.from_edges([(0, 1), (1, 0), (1, 2), (2, 1)], nodes=4)]
SCALE = Scale(length=2.0, speed=0.5, acceleration=3.0, center=[0.3], spread=[1.5])
GRAVITY = "0.7*m_i*m_j/r**2"


def world():
    keys = jax.random.split(jax.random.key(0), 3)
    state = State(jax.random.normal(keys[0], (NODES, 2)), jax.random.normal(keys[1], (NODES, 2)))
    return state, Attributes({"mass": jnp.exp(jax.random.normal(keys[2], (NODES,)))})


@pytest.mark.parametrize("graph", GRAPHS)
def test_a_pair_law_with_a_formula_is_that_formula(graph):
    law = PairNetwork(
        2, ("mass",), key=jax.random.key(1), formula=GRAVITY, scale=SCALE, one_body=False
    )
    truth = Formula.parse(GRAVITY)(graph, *world())
    np.testing.assert_allclose(law(graph, *world()), truth, rtol=1e-5)


def test_a_hamiltonian_takes_a_formula_for_the_energy(double_precision):
    energy = HamiltonianNetwork(2, ("mass",), key=jax.random.key(1), formula="-0.7*m_i*m_j/r")
    truth = Formula.parse(GRAVITY)(GRAPHS[0], *world())
    np.testing.assert_allclose(energy(GRAPHS[0], *world()), truth, rtol=1e-9)


@pytest.mark.parametrize("graph", GRAPHS)
def test_messages_are_the_force_of_the_formula(graph):
    law = MessageNetwork(2, ("mass",), key=jax.random.key(1), formula=GRAVITY, scale=SCALE)
    state, attributes = world()
    messages = law.predict(graph, state, attributes)[1].mean
    difference = state.position[graph.sender] - state.position[graph.receiver]
    r = jnp.linalg.norm(difference, axis=1, keepdims=True)
    mass = attributes.node["mass"]
    force = 0.7 * (mass[graph.sender] * mass[graph.receiver])[:, None] * difference / r**3
    real = np.asarray(graph.edge_mask)
    np.testing.assert_allclose(3.0 * messages[real], force[real], rtol=1e-4, atol=1e-4)
    assert law.regularise == "none"


@pytest.mark.parametrize("family", [PairNetwork, MessageNetwork])
def test_constants_have_gradients_and_are_saved(family, tmp_path):
    law = family(2, ("mass",), key=jax.random.key(1), formula=GRAVITY, scale=SCALE, hidden=(8,))
    slope = eqx.filter_grad(lambda law: jnp.sum(law(GRAPHS[0], *world()) ** 2))(law)
    scalar = slope.radial if family is PairNetwork else slope.edge.scalar
    assert np.abs(scalar.expression.constants).min() > 0
    trained = eqx.apply_updates(law, jax.tree.map(lambda leaf: 0.01 * jnp.ones_like(leaf), slope))
    save(tmp_path / "law", trained)
    again = load(tmp_path / "law")
    np.testing.assert_array_equal(again(GRAPHS[0], *world()), trained(GRAPHS[0], *world()))


def test_bodies_at_one_place_do_no_harm():
    state, attributes = world()
    state = State(state.position.at[1].set(state.position[0]), state.velocity)
    for family in (PairNetwork, MessageNetwork):
        law = family(2, ("mass",), key=jax.random.key(1), formula=GRAVITY, hidden=(8,))
        value, slope = eqx.filter_value_and_grad(
            lambda law: jnp.sum(law(GRAPHS[0], state, attributes) ** 2)
        )(law)
        assert np.isfinite(value)
        assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(slope))


def test_what_cannot_stand_there_is_named():
    key = jax.random.key(0)
    with pytest.raises(InputError, match="changes when i and j are exchanged"):
        PairNetwork(2, ("mass",), key=key, formula="m_j/r**2")
    law = PairNetwork(2, ("mass",), key=key, formula="q_i*q_j/r**2")
    with pytest.raises(InputError, match=r"found 'q_i', expected r and attributes .*mass"):
        law(GRAPHS[0], *world())
