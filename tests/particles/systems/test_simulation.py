"""Simulated trajectories: conserved energies, exact accelerations, seeds and settings."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.errors import InputError
from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Formula, State
from forcelaw.motion import kinetic_energy
from forcelaw.particles import LAWS, law, simulate
from forcelaw.particles.systems.simulation import energy_drift, energy_function, in_blocks


@pytest.fixture(scope="module")
def runs():
    """Six trajectories of every law, 100 frames of its usual time step."""
    return {name: simulate(name, trajectories=6, steps=100, seed=3) for name in LAWS}


@pytest.mark.parametrize("name", [name for name, known in LAWS.items() if known.conservative])
def test_energy_is_conserved(runs, name):
    data = runs[name]
    energy = energy_function(LAWS[name], LAWS[name].formula(), 0.0)
    assert energy is not None
    drift = in_blocks(
        energy_drift, energy, data.graph, data.position, data.velocity, data.attributes
    )
    assert drift.max() < 1e-6


def test_the_energy_checks_used_above_is_that_of_the_definition(runs):
    data = runs["1/r2"]
    mass, x, v = data.attributes["mass"], data.position, data.velocity
    energy = np.einsum("ib,itb->it", mass, (v**2).sum(-1)) / 2
    for i in range(4):
        for j in range(i):
            r = np.linalg.norm(x[:, :, i] - x[:, :, j], axis=-1)
            energy -= (mass[:, i] * mass[:, j])[:, None] / r
    scale = np.abs(energy).max(axis=1)
    assert (np.ptp(energy, axis=1) / scale).max() < 1e-5


@pytest.mark.parametrize("name", LAWS)
def test_accelerations_are_the_second_differences(runs, name):
    data, dt = runs[name], LAWS[name].dt
    x, v, a = data.position, data.velocity, data.acceleration
    quiet = np.abs(a).max(axis=(1, 2, 3)) < 20
    second = (x[:, 2:] - 2 * x[:, 1:-1] + x[:, :-2])[quiet] / dt**2
    difference = np.abs(second - a[quiet][:, 1:-1])
    assert np.median(difference) < 2e-2
    first = (x[:, 2:] - x[:, :-2])[quiet] / (2 * dt)
    assert np.median(np.abs(first - v[quiet][:, 1:-1])) < 2e-3


def test_the_damped_law_loses_what_drag_takes(runs):
    data, dt = runs["damped"], LAWS["damped"].dt
    mass, v = data.attributes["mass"], data.velocity
    x = data.position
    energy = np.einsum("ib,itb->it", mass, (v**2).sum(-1)) / 2
    for i in range(4):
        for j in range(i):
            energy += (np.linalg.norm(x[:, :, i] - x[:, :, j], axis=-1) - 1) ** 2
    power = 0.5 * (v**2).sum(axis=(2, 3))
    lost = dt * (power.sum(axis=1) - (power[:, 0] + power[:, -1]) / 2)
    np.testing.assert_allclose(energy[:, 0] - energy[:, -1], lost, rtol=2e-2)


def test_strings_are_chains_that_fall(runs):
    data = runs["string"]
    assert sorted(map(tuple, data.edges.tolist())) == [
        (0, 1),
        (1, 0),
        (1, 2),
        (2, 1),
        (2, 3),
        (3, 2),
    ]
    assert (data.attributes["mass"] == 1).all()
    middle = data.acceleration.mean(axis=2)
    np.testing.assert_allclose(middle[..., 0], 0, atol=1e-12)
    np.testing.assert_allclose(middle[..., 1], -1, rtol=1e-12)


def test_the_ball_repels_along_the_line_from_its_centre():
    formula = LAWS["string-ball"].formula(dim=2)
    place = jnp.array([[5.0, -10.5], [9.0, -12.0]])
    force = formula.one_body_force(
        State(place, jnp.zeros((2, 2))), Attributes({"mass": jnp.zeros(2)})
    )
    np.testing.assert_allclose(force, [[0, 4.0], [0.8, 0.6]], rtol=1e-5)


def test_starts_are_drawn_as_documented():
    data = simulate("charge", trajectories=200, steps=1, bodies=5, dim=3, softening=0.01)
    assert data.position.shape == (200, 2, 5, 3)
    assert set(np.unique(data.attributes["charge"])) == {-1, 1}
    assert abs(np.log(data.attributes["mass"]).std() - 1) < 0.1
    assert abs(data.position[:, 0].std() - 1) < 0.1
    assert abs(data.velocity[:, 0].std() - 1) < 0.1
    assert data.law == "charge"
    assert set(simulate("spring", trajectories=1, steps=1).attributes) == {"mass"}


def test_a_seed_gives_the_same_trajectories_whatever_their_number():
    few = simulate("spring", trajectories=2, steps=5, seed=4)
    many = simulate("spring", trajectories=5, steps=5, seed=4)
    other = simulate("spring", trajectories=2, steps=5, seed=5)
    np.testing.assert_allclose(few.position, many.position[:2], rtol=1e-12, atol=1e-12)
    assert few.content_hash == simulate("spring", trajectories=2, steps=5, seed=4).content_hash
    assert few.content_hash != other.content_hash


@pytest.mark.slow
def test_collisions_are_drawn_again_and_counted():
    data = simulate("1/r2", trajectories=30, steps=40, dt=0.1, bodies=3, seed=0)
    assert data.counts["redrawn"] > 0
    assert str(data.counts["redrawn"]) in data.notes[0]
    energy = energy_function(LAWS["1/r2"], LAWS["1/r2"].formula(), 0.0)
    drift = in_blocks(
        energy_drift, energy, data.graph, data.position, data.velocity, data.attributes
    )
    assert drift.max() < 1e-6


def test_noise_has_the_size_asked_for():
    clean = simulate("spring", trajectories=20, steps=50)
    noisy = simulate("spring", trajectories=20, steps=50, noise=0.01)
    for name in ("position", "velocity", "acceleration"):
        exact, found = getattr(clean, name), getattr(noisy, name)
        centre = exact.mean(axis=(1, 2), keepdims=True) if name == "position" else 0
        size = np.sqrt(((exact - centre) ** 2).mean(axis=(1, 2, 3)))
        error = np.sqrt(((found - exact) ** 2).mean(axis=(1, 2, 3)))
        np.testing.assert_allclose(error / size, 0.01, rtol=0.15)


def test_softening_changes_singular_laws_only():
    assert law("1/r2").text(softening=0.01) == "m_i*m_j/(r + 0.01)**2"
    assert law("spring").text(softening=0.01) == "2*(r - 1)"
    hard, soft = (simulate("1/r", trajectories=2, steps=5, softening=s) for s in (0.0, 0.5))
    assert not np.allclose(hard.acceleration, soft.acceleration)


def test_a_formula_is_simulated_like_a_law():
    formula = Formula.parse("2*(r - 1)")
    ours = simulate(formula, trajectories=3, steps=5)
    theirs = simulate("spring", trajectories=3, steps=5)
    np.testing.assert_allclose(ours.position, theirs.position, rtol=1e-12, atol=1e-12)
    assert ours.law is None
    charged = simulate(Formula.parse("-q_i*q_j/(r + 0.1)"), trajectories=2, steps=2)
    assert set(charged.attributes) == {"mass", "charge"}


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("dim", [2, 3])
def test_forces_are_the_slopes_of_the_potentials(name, dim, double_precision):
    known = LAWS[name]
    energy = energy_function(known, known.formula(dim=dim), 0.0)
    if energy is None:
        return
    generator = np.random.default_rng(1)
    x = jnp.asarray(generator.normal(size=(4, dim)))
    own = Attributes(
        {
            "mass": jnp.asarray(np.exp(generator.normal(size=4))),
            "charge": jnp.asarray(generator.choice([-1.0, 1.0], 4)),
        }
    )
    edges = known.edges(4)
    graph = Graph.complete_graph(4) if edges is None else Graph.from_edges(edges, nodes=4)

    def potential(x):
        return energy(graph, State(x, jnp.zeros_like(x)), own)[1]

    state = State(x, jnp.zeros_like(x))
    force = known.formula(dim=dim).force(graph, state, own)
    np.testing.assert_allclose(-jax.grad(potential)(x), force, rtol=1e-10, atol=1e-12)
    assert kinetic_energy(state, own) == 0


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"law": "sprong"}, "did you mean 'spring'"),
        ({"bodies": 1}, "bodies: found 1"),
        ({"dim": 0}, "dim: found 0"),
        ({"steps": 0}, "steps: found 0"),
        ({"trajectories": 0}, "trajectories: found 0"),
        ({"dt": 0.0}, "dt: found 0.0"),
        ({"noise": -1.0}, "noise: found -1.0"),
        ({"softening": float("nan")}, "softening: found nan"),
        ({"law": "string", "dim": 1}, "expected 2 or 3"),
    ],
)
def test_wrong_settings_are_named(settings, words):
    with pytest.raises(InputError, match=words):
        simulate(**({"law": "spring"} | settings))
