import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.errors import InputError
from forcelaw.graph import Graph
from forcelaw.laws import Attributes, HamiltonianNetwork, State
from forcelaw.motion import rollout
from forcelaw.storage.law_files import load, save

NODES = 4
GRAPH = Graph.complete_graph(NODES)


def small(one_body=False):
    return HamiltonianNetwork(
        2, ("mass",), key=jax.random.key(2), hidden=(16, 16), one_body=one_body
    )


def world(seed=0):
    keys = jax.random.split(jax.random.key(seed), 3)
    state = State(jax.random.normal(keys[0], (NODES, 2)), jax.random.normal(keys[1], (NODES, 2)))
    return state, Attributes({"mass": jnp.exp(0.3 * jax.random.normal(keys[2], (NODES,)))})


@pytest.mark.parametrize("one_body", [True, False])
def test_the_force_is_minus_the_gradient_of_the_energy(one_body, double_precision):
    law, (state, attributes) = small(one_body), world()

    def energy(position):
        return law.energy(GRAPH, State(position, state.velocity), attributes)

    force = law(GRAPH, state, attributes) * attributes.node["mass"][:, None]
    np.testing.assert_allclose(force, -jax.grad(energy)(state.position), rtol=1e-8, atol=1e-10)


def test_leapfrog_keeps_the_energy_to_second_order(double_precision):
    law, (state, attributes) = small(), world()

    @eqx.filter_jit
    def drift(dt, steps):
        frames = rollout(law, GRAPH, state, attributes, steps=steps, dt=dt)
        energy = jax.vmap(lambda state: law.energy(GRAPH, state, attributes))(frames)
        return jnp.max(jnp.abs(energy - energy[0]))

    coarse, fine = drift(0.02, 500), drift(0.01, 1000)
    assert coarse < 1e-3
    assert coarse / fine == pytest.approx(4, rel=0.1)


def test_momentum_is_kept_without_a_self_energy(double_precision):
    law, (state, attributes) = small(), world()
    frames = rollout(law, GRAPH, state, attributes, steps=200, dt=0.01)
    momentum = jnp.sum(attributes.node["mass"][None, :, None] * frames.velocity, axis=1)
    np.testing.assert_allclose(momentum, jnp.broadcast_to(momentum[:1], momentum.shape), atol=1e-10)


def test_symmetries():
    law, (state, attributes) = small(), world()
    order = jnp.asarray([3, 0, 1, 2])
    turn = jnp.asarray([[np.cos(1.0), -np.sin(1.0)], [np.sin(1.0), np.cos(1.0)]], jnp.float32)
    changed = State(
        (state.position @ turn)[order] + jnp.asarray([[1.0, -2.0]]),
        (state.velocity @ turn)[order],
    )
    mass = Attributes({"mass": attributes.node["mass"][order]})
    np.testing.assert_allclose(
        law(GRAPH, changed, mass),
        (law(GRAPH, state, attributes) @ turn)[order],
        rtol=1e-3,
        atol=1e-4,
    )


def test_gradients_agree_with_finite_differences(double_precision, check_gradients):
    law, (state, attributes) = small(one_body=True), world()
    parameters, fixed = eqx.partition(law, eqx.is_inexact_array)

    def total(radial, alone):
        whole = eqx.tree_at(lambda law: (law.radial, law.one_body), parameters, (radial, alone))
        return jnp.sum(eqx.combine(whole, fixed)(GRAPH, state, attributes) ** 2)

    check_gradients(total, (parameters.radial, parameters.one_body))


def test_one_way_edges_are_refused():
    graph = Graph.from_edges([(0, 1)], nodes=NODES)
    with pytest.raises(InputError, match="symmetric graph"):
        small()(graph, *world())


def test_saved_and_loaded_it_is_the_same(tmp_path):
    law, (state, attributes) = small(one_body=True), world()
    save(tmp_path / "run", law)
    again = load(tmp_path / "run")
    np.testing.assert_array_equal(law(GRAPH, state, attributes), again(GRAPH, state, attributes))
