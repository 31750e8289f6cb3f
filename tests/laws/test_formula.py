"""Formulas as laws: known accelerations, symmetries, coinciding bodies, energies, settings."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.errors import InputError
from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Formula, State

NODES = 5
LAWS = [
    Formula.parse("2*(r - 1)"),
    Formula.parse("m_i*m_j/r**2 - q_i*q_j/r"),
    Formula.parse("where(r < 2, 0, 2*(r - 1))"),
]


@pytest.fixture
def state():
    keys = jax.random.split(jax.random.key(0))
    return State(*(jax.random.normal(key, (NODES, 3)) for key in keys))


@pytest.fixture
def attributes():
    mass = jnp.asarray([1.0, 2.0, 0.5, 3.0, 1.5])
    return Attributes({"mass": mass, "charge": jnp.asarray([1.0, -1.0, 1.0, 1.0, -1.0])})


def sparse():
    pairs = [(i, j) for i in range(NODES) for j in range(NODES) if i != j]
    return Graph.from_edges(pairs, nodes=NODES)


def test_two_bodies_by_hand():
    law = Formula.parse("m_i*m_j/r**2", "-0.5*v")
    state = State(jnp.asarray([[0.0, 0.0], [2.0, 0.0]]), jnp.asarray([[0.0, 1.0], [0.0, 0.0]]))
    attributes = Attributes({"mass": jnp.asarray([1.0, 4.0])})
    found = law(Graph.complete_graph(2), state, attributes)
    np.testing.assert_allclose(found, [[1.0, -0.5], [-0.25, 0.0]], rtol=1e-6)


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_dense_and_sparse_agree_and_momentum_is_kept(law, state, attributes):
    dense = law(Graph.complete_graph(NODES), state, attributes)
    np.testing.assert_allclose(law(sparse(), state, attributes), dense, rtol=1e-4, atol=1e-5)
    force = law.force(Graph.complete_graph(NODES), state, attributes)
    np.testing.assert_allclose(jnp.sum(force, axis=0), 0.0, atol=2e-4)


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_force_is_minus_the_gradient_of_the_energy(law, state, attributes):
    graph = Graph.complete_graph(NODES)
    slope = jax.grad(lambda x: law.potential_energy(graph, State(x, state.velocity), attributes))(
        state.position
    )
    force = law.force(graph, state, attributes)
    np.testing.assert_allclose(-slope, force, rtol=1e-3, atol=1e-4)


def test_potential_crosses_a_jump():
    r = jnp.asarray([0.5, 1.9, 2.5, 30.0])
    found = Formula.parse("where(r < 2, 0, 2*(r - 1))").pair_potential({"r": r})
    np.testing.assert_allclose(found, jnp.where(r < 2, 0.0, (r - 1) ** 2 - 1), rtol=1e-5)


@pytest.mark.parametrize("graph", [Graph.complete_graph(NODES), sparse()], ids=["dense", "sparse"])
@pytest.mark.parametrize("law", [*LAWS, Formula.parse("q_i*q_j/r**3")], ids=str)
def test_coinciding_bodies_stay_finite(law, graph, state, attributes):
    position = state.position.at[1].set(state.position[0])

    def total(law, position):
        return jnp.sum(law(graph, State(position, state.velocity), attributes) ** 2)

    value, gradient = eqx.filter_value_and_grad(total)(law, position)
    slope = jax.grad(total, argnums=1)(law, position)
    for leaf in jax.tree.leaves((value, gradient, slope)):
        assert jnp.isfinite(leaf).all()


def test_self_force_by_component(state, attributes):
    law = Formula.parse("0*r", "(0, -9.8*m, vx - speed*v + z)")
    x, v = state.position, state.velocity
    mass = attributes.node["mass"]
    speed = jnp.linalg.norm(v, axis=1)
    expected = jnp.stack([0 * mass, -9.8 * mass, v[:, 0] - speed * v[:, 2] + x[:, 2]], axis=1)
    found = law(Graph.complete_graph(NODES), state, attributes)
    np.testing.assert_allclose(found, expected / mass[:, None], rtol=1e-5, atol=1e-6)
    assert law.one_body_text() == "(0, -9.8*m, vx - speed*v + z)"
    with pytest.raises(InputError, match="expected 1 or 3"):
        Formula.parse("r", "(v, v)")(Graph.complete_graph(NODES), state, attributes)


def test_other_attributes_and_edges(state):
    law = Formula.parse("spin_i*spin_j*sign*r")
    graph = sparse()
    spin = jnp.arange(1.0, NODES + 1)
    sign = jnp.where(graph.sender > graph.receiver, 1.0, -1.0)
    plain = Formula.parse("w*r")
    weight = spin[graph.sender] * spin[graph.receiver] * sign
    np.testing.assert_allclose(
        law(graph, state, Attributes({"spin": spin}, {"sign": sign})),
        plain(graph, state, Attributes({}, {"w": weight})),
        rtol=1e-5,
        atol=1e-5,
    )
    with pytest.raises(InputError, match="no value for 'q_i'"):
        Formula.parse("q_i*r")(graph, state, Attributes())


def test_runs_under_vmap_and_jit(state, attributes):
    law = LAWS[1]
    graph = Graph.complete_graph(NODES)
    many = jax.tree.map(lambda leaf: jnp.stack([leaf, 2 * leaf]), (state, attributes))
    run = eqx.filter_jit(lambda law, *seen: jax.vmap(law, in_axes=(None, 0, 0))(*seen))
    found = run(law, graph, *many)
    np.testing.assert_allclose(found[0], law(graph, state, attributes), rtol=1e-5, atol=1e-5)


def test_settings_are_exact():
    law = Formula.parse("0.1*(r - 1.2345678)**1.7", ["-0.3*v"])
    again = Formula.from_settings(law.settings())
    assert again.settings() == law.settings()
    np.testing.assert_array_equal(again.pair.constants, law.pair.constants)


def test_prints():
    law = Formula.parse("2*(r - 1)", "-0.5*v")
    assert law.text() == "pair: 2*(r - 1)\none-body: -0.5*v"
    assert law.latex().startswith("F_{ij} = 2")
    assert "def pair(r):" in law.python()
    assert "def one_body(v):" in law.python()
    assert Formula.from_sympy(law.sympy()).text() == "2*r - 2"
