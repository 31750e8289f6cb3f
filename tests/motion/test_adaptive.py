"""Adaptive motion against SciPy, closed forms and conservation; energies and momenta."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Formula, State
from forcelaw.motion import (
    adaptive_rollout,
    angular_momentum,
    kinetic_energy,
    momentum,
    potential_energy,
)


def starts(trajectories, bodies=3, dim=2, seed=0):
    generator = np.random.default_rng(seed)
    position, velocity = generator.normal(size=(2, trajectories, bodies, dim))
    return position, velocity, np.exp(generator.normal(size=(trajectories, bodies)))


def reference(force, position, velocity, mass, times):
    """SciPy's method of the same order at its tightest tolerance, one trajectory."""
    shape = position.shape

    def slope(_, y):
        x, v = y.reshape(2, *shape)
        between = x[None] - x[:, None]
        length = np.linalg.norm(between, axis=-1) + np.eye(len(x))
        strength = force(length, mass[:, None], mass[None]) * (1 - np.eye(len(x)))
        return np.stack(
            [
                v,
                (strength / length) @ x / mass[:, None]
                - x * (strength / length).sum(1)[:, None] / mass[:, None],
            ]
        ).ravel()

    start = np.stack([position, velocity]).ravel()
    done = solve_ivp(slope, times[[0, -1]], start, "DOP853", times, rtol=1e-13, atol=1e-13)
    return done.y.T.reshape(len(times), 2, *shape)


@pytest.mark.parametrize(
    ("text", "force"),
    [
        ("2*(r - 1)", lambda r, m_i, m_j: 2 * (r - 1)),
        ("m_i*m_j/r**2", lambda r, m_i, m_j: m_i * m_j / r**2),
        ("where(r < 2, 0, 2*(r - 1))", lambda r, m_i, m_j: np.where(r < 2, 0, 2 * (r - 1))),
    ],
)
def test_agrees_with_scipy(text, force):
    position, velocity, mass = starts(3)
    times = np.linspace(0, 1, 21)
    law = Formula.parse(text)
    motion = adaptive_rollout(
        law, Graph.complete_graph(3), position, velocity, {"mass": mass}, times=times
    )
    assert motion.finished.all()
    assert motion.position.dtype == np.float64
    for k in range(3):
        expected = reference(force, position[k], velocity[k], mass[k], times)
        np.testing.assert_allclose(motion.position[k], expected[:, 0], rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(motion.velocity[k], expected[:, 1], rtol=1e-8, atol=1e-8)


def test_a_spring_swings_by_the_cosine_over_uneven_times():
    position = np.array([[[0.0], [1.5]]])
    times = np.array([0.0, 0.01, 0.5, 0.6, 3.0, 40.0])
    law = Formula.parse("2*(r - 1)")
    motion = adaptive_rollout(
        law, Graph.complete_graph(2), position, np.zeros_like(position), {}, times=times
    )
    distance = motion.position[0, :, 1, 0] - motion.position[0, :, 0, 0]
    np.testing.assert_allclose(distance, 1 + 0.5 * np.cos(2 * times), rtol=1e-10)


def test_lanes_and_chunks_and_neighbours_do_not_matter():
    position, velocity, mass = starts(40)
    law, graph, times = Formula.parse("m_i*m_j/r"), Graph.complete_graph(3), np.linspace(0, 1, 6)
    whole = adaptive_rollout(law, graph, position, velocity, {"mass": mass}, times=times)
    small = adaptive_rollout(
        law, graph, position, velocity, {"mass": mass}, times=times, lanes=16, chunk=600
    )
    alone = adaptive_rollout(
        law, graph, position[7:8], velocity[7:8], {"mass": mass[7:8]}, times=times
    )
    np.testing.assert_allclose(small.position, whole.position, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(alone.position[0], whole.position[7], rtol=1e-9, atol=1e-9)
    assert whole.finished.all()


def test_a_collision_is_reported_and_disturbs_nobody():
    position, velocity, _ = starts(2, bodies=2)
    position[0], velocity[0] = [[-0.5, 0], [0.5, 0]], 0.0
    position[1], velocity[1] = [[-0.5, 0], [0.5, 0]], [[0, -0.7], [0, 0.7]]
    law = Formula.parse("1/r**2", core=1e-12)
    motion = adaptive_rollout(
        law, Graph.complete_graph(2), position, velocity, {}, times=np.linspace(0, 2, 11)
    )
    assert motion.finished.tolist() == [False, True]
    assert np.isfinite(motion.position[1]).all()
    assert (motion.position[0, -1] == 0).all()


def test_the_precision_of_the_process_stays():
    position, velocity, mass = starts(2)
    law = Formula.parse("2*(r - 1)")
    adaptive_rollout(
        law, Graph.complete_graph(3), position, velocity, {"mass": mass}, times=np.arange(3.0)
    )
    assert jnp.ones(2).dtype == jnp.float32
    assert law.pair.constants.dtype == jnp.float32


def test_drag_slows_exponentially():
    position, velocity, mass = starts(1)
    law = Formula.parse("0*r", one_body="-0.5*v")
    times = np.array([0.0, 1.0, 2.0])
    motion = adaptive_rollout(
        law, Graph.complete_graph(3), position, velocity, {"mass": mass}, times=times
    )
    expected = velocity * np.exp(-0.5 * times[:, None, None] / mass[0][:, None])
    np.testing.assert_allclose(motion.velocity[0], expected, rtol=1e-9)


def test_energy_and_momenta_of_two_bodies(double_precision):
    state = State(jnp.array([[1.0, 0.0], [-1.0, 0.0]]), jnp.array([[0.0, 2.0], [0.0, -1.0]]))
    own = Attributes({"mass": jnp.array([1.0, 3.0])})
    graph = Graph.complete_graph(2)
    assert kinetic_energy(state, own) == 3.5
    assert kinetic_energy(state, Attributes()) == 2.5
    np.testing.assert_allclose(momentum(state, own), [0, -1])
    np.testing.assert_allclose(angular_momentum(state, own), [[0, 5], [-5, 0]])
    potential = potential_energy(graph, state, own, lambda r, i, j: -i["mass"] * j["mass"] / r)
    np.testing.assert_allclose(potential, -1.5)


def test_forces_are_the_slope_of_the_energy(double_precision):
    position, velocity, mass = starts(1, bodies=4, dim=3)
    state = State(jnp.asarray(position[0]), jnp.asarray(velocity[0]))
    own = Attributes({"mass": jnp.asarray(mass[0])})
    graph = Graph.complete_graph(4)

    def energy(x):
        pair = lambda r, i, j: i["mass"] * j["mass"] * jnp.log(r)  # noqa: E731
        return potential_energy(graph, State(x, state.velocity), own, pair)

    force = Formula.parse("m_i*m_j/r").force(graph, state, own)
    np.testing.assert_allclose(-jax.grad(energy)(state.position), force, rtol=1e-12)


def test_momenta_are_conserved():
    position, velocity, mass = starts(5, bodies=4, dim=3)
    law = Formula.parse("m_i*m_j/(r + 0.1)")
    motion = adaptive_rollout(
        law, Graph.complete_graph(4), position, velocity, {"mass": mass}, times=np.linspace(0, 3, 4)
    )
    with jax.enable_x64(True):
        own = Attributes({"mass": jnp.asarray(mass)})
        state = State(jnp.asarray(motion.position), jnp.asarray(motion.velocity))
        for quantity in (momentum, angular_momentum):
            frames = jax.vmap(jax.vmap(quantity, in_axes=(0, None)))(state, own)
            np.testing.assert_allclose(frames[:, -1], frames[:, 0], atol=1e-11)
