import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.graph import Graph, edge_lengths, edge_sum
from forcelaw.laws import Attributes, Law, State
from forcelaw.motion import Leapfrog, RungeKutta4, SemiImplicitEuler, Yoshida4, advance, rollout


class Springs(Law):
    """Every edge pulls like a spring of rest length 1, softened so that no crossing has a kink."""

    stiffness: jax.Array

    def __call__(self, graph, state, attributes):
        length = softened(graph, state)
        return edge_sum(graph, self.stiffness * (length - 1) / length, state.position)

    def settings(self):
        return {}

    @classmethod
    def from_settings(cls, settings):
        return cls(jnp.ones(()))


def softened(graph, state):
    return jnp.sqrt(edge_lengths(graph, state.position) ** 2 + 0.3)


@pytest.fixture
def system(double_precision):
    rng = np.random.default_rng(0)
    state = State(jnp.asarray(rng.normal(size=(4, 2))), jnp.asarray(rng.normal(size=(4, 2))))
    return Springs(jnp.asarray(2.0)), Graph.complete_graph(4), state


def energy(law, graph, state):
    length = softened(graph, state)
    return 0.5 * jnp.sum(state.velocity**2) + 0.25 * law.stiffness * jnp.sum((length - 1) ** 2)


@pytest.mark.parametrize(
    ("integrator", "order"),
    [(SemiImplicitEuler(), 1), (Leapfrog(), 2), (Yoshida4(), 4), (RungeKutta4(), 4)],
)
@pytest.mark.parametrize("damping", [0.0, 0.7])
def test_order_of_convergence(system, integrator, order, damping):
    law, graph, state = system

    def end(steps):
        return advance(
            law,
            graph,
            state,
            Attributes(),
            steps=steps,
            dt=1.0 / steps,
            damping=damping,
            integrator=integrator,
        ).position

    reference = end(2048) if order == 4 else (4 * end(2048) - end(1024)) / 3
    if order == 1:
        reference = 2 * end(4096) - end(2048)
    errors = [float(jnp.abs(end(n) - reference).max()) for n in (32, 64, 128)]
    rates = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    assert rates[-1] > order - 0.35, (errors, rates)


@pytest.mark.parametrize("integrator", [Leapfrog(), Yoshida4()])
def test_energy_stays_bounded_and_momentum_constant(system, integrator):
    law, graph, state = system
    frames = rollout(law, graph, state, steps=10_000, dt=0.01, integrator=integrator, every=10)
    energies = jax.vmap(lambda frame: energy(law, graph, frame))(frames)
    drift = jnp.abs(energies / energies[0] - 1)
    assert drift.max() < (2e-3 if isinstance(integrator, Leapfrog) else 1e-5)
    late, early = drift[-100:].max(), drift[:100].max()
    assert late < 3 * early
    momentum = frames.velocity.sum(axis=1)
    np.testing.assert_allclose(momentum, np.broadcast_to(momentum[0], momentum.shape), atol=1e-11)


def test_leapfrog_runs_backwards(system):
    law, graph, state = system
    there = advance(law, graph, state, Attributes(), steps=200, dt=0.01)
    back = advance(law, graph, there, Attributes(), steps=200, dt=-0.01)
    np.testing.assert_allclose(back.position, state.position, atol=1e-11)


def test_damping_is_per_unit_of_time():
    graph = Graph.from_edges(np.zeros((0, 2), int), nodes=1)
    state = State(jnp.zeros((1, 2)), jnp.ones((1, 2)))
    for steps in (10, 100):
        for integrator in (SemiImplicitEuler(), Leapfrog()):
            end = advance(
                Springs(jnp.ones(())),
                graph,
                state,
                Attributes(),
                steps=steps,
                dt=1 / steps,
                damping=0.5,
                integrator=integrator,
            )
            np.testing.assert_allclose(end.velocity, np.exp(-0.5), rtol=1e-5)


def test_gradient_through_time_equals_finite_differences(system, check_gradients):
    law, graph, state = system

    def loss(stiffness, position):
        start = State(position, state.velocity)
        end = advance(Springs(stiffness), graph, start, Attributes(), steps=30, dt=0.02)
        return jnp.sum(end.position**2)

    check_gradients(loss, (law.stiffness, state.position), order=1)


@pytest.mark.parametrize("segments", [1, 3, 30])
def test_checkpointing_changes_no_gradient(system, segments):
    law, graph, state = system

    def loss(law, segments):
        end = advance(law, graph, state, Attributes(), steps=30, dt=0.02, segments=segments)
        return jnp.sum(end.position**2)

    gradient = eqx.filter_grad(loss)
    np.testing.assert_allclose(
        gradient(law, segments).stiffness, gradient(law, None).stiffness, rtol=1e-12
    )


def test_steps_within_a_capacity_share_one_compilation(system):
    law, graph, state = system
    traces = 0

    @jax.jit
    def run(steps, dt, damping):
        nonlocal traces
        traces += 1
        return advance(
            law, graph, state, Attributes(), steps=steps, dt=dt, damping=damping, capacity=50
        ).position

    for steps, dt, damping in [(50, 0.01, 0.0), (7, 0.02, 0.3), (0, 0.01, 0.0)]:
        plain = advance(law, graph, state, Attributes(), steps=steps, dt=dt, damping=damping)
        np.testing.assert_allclose(
            run(jnp.asarray(steps, jnp.int32), jnp.asarray(dt), jnp.asarray(damping)),
            plain.position,
            atol=1e-13,
        )
    assert traces == 1


def test_rollout_frames_are_the_states_on_the_way(system):
    law, graph, state = system
    frames = rollout(law, graph, state, steps=20, dt=0.01, every=5)
    assert frames.position.shape == (5, 4, 2)
    end = advance(law, graph, state, Attributes(), steps=10, dt=0.01)
    np.testing.assert_allclose(frames.position[2], end.position, rtol=1e-12)
    with pytest.raises(ValueError, match="must divide"):
        rollout(law, graph, state, steps=20, dt=0.01, every=3)
    with pytest.raises(ValueError, match="capacity"):
        advance(law, graph, state, Attributes(), steps=20, dt=0.01, capacity=3)


class Counted(Springs):
    """Counts how often it is traced: every trace is compiled."""

    traces = 0

    def __call__(self, graph, state, attributes):
        type(self).traces += 1
        return super().__call__(graph, state, attributes)


@pytest.mark.parametrize("integrator", [None, RungeKutta4()])
@pytest.mark.parametrize("move", ["rollout", "advance", "gradient"])
def test_the_same_shapes_compile_once_outside_jit(system, move, integrator):
    _, graph, state = system

    def call(stiffness, dt, damping):
        law, how = Counted(jnp.asarray(stiffness)), {"dt": dt, "damping": damping}
        if move == "advance":
            return advance(law, graph, state, Attributes(), steps=7, integrator=integrator, **how)
        return rollout(law, graph, state, steps=6, every=2, integrator=integrator, **how)

    def run(stiffness, dt, damping):
        if move == "gradient":
            return jax.grad(lambda s: jnp.sum(call(s, dt, damping).position))(stiffness)
        return call(stiffness, dt, damping)

    run(1.0, 0.1, 0.0)
    Counted.traces = 0
    for repeat in range(1, 4):
        run(1.0 + repeat, 0.1 * repeat, 0.2 * repeat)
    assert Counted.traces == 0


def test_compiled_outside_and_inside_jit_are_the_same(system):
    law, graph, state = system

    def run(state):
        return rollout(law, graph, state, steps=8, dt=0.05, every=2)

    outside, inside = run(state), jax.jit(run)(state)
    np.testing.assert_allclose(outside.position, inside.position, rtol=1e-12)
