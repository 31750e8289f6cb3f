"""What acts beside forces between pairs of states: found, or a cause why there is no law."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.device_arrays import to_device
from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Expression, Formula, State
from forcelaw.particles.pairs_of_states import PAIRS, PairsResult, StatePairs
from forcelaw.particles.pairs_of_states.candidates import Candidate
from forcelaw.particles.pairs_of_states.forces.central_forces import CentralForce
from forcelaw.particles.pairs_of_states.forces.forces_beside import (
    Acting,
    Alignment,
    Bends,
    BodyFactors,
    Drag,
    ForcesBeside,
    MagneticField,
    QuadraticDrag,
    Transverse,
    Trap,
    UniformField,
)
from forcelaw.particles.pairs_of_states.forces.forms_of_forces import FORMS_TRIED
from forcelaw.particles.pairs_of_states.missing_forces import Missing
from forcelaw.particles.pairs_of_states.pairs_astray import find_astray
from forcelaw.particles.pairs_of_states.search import search_pairs
from forcelaw.particles.pairs_of_states.shooting import Problem
from forcelaw.particles.pairs_of_states.stretches import EncounterSteps


def acting(dim, bodies=3, pairs=4, seed=0):
    """Bodies anywhere, under an attraction that grows with the distance."""
    x, v = np.random.default_rng(seed).normal(size=(2, dim, bodies, pairs))
    mass = np.random.default_rng(seed + 1).uniform(0.5, 2, (bodies, pairs))
    first, second = np.triu_indices(bodies, 1)
    coupling = np.ones((len(first), pairs))
    arrays = (x, v, mass, coupling, x[:, second] - x[:, first])
    return Acting(*(to_device(array) for array in arrays))


@pytest.mark.parametrize(
    ("force", "dim"),
    [
        (Drag(2), 2),
        (QuadraticDrag(3), 3),
        (UniformField(3), 3),
        (Trap(3), 3),
        (Trap(1), 1),
        (MagneticField(2), 2),
        (MagneticField(3), 3),
    ],
    ids=repr,
)
def test_a_formula_says_what_acts_on_a_body_alone(force, dim):
    now = acting(dim)
    numbers = [0.3, -0.7, 1.1, 0.2][: force.count]
    found = np.asarray(force.accelerations(to_device(np.array(numbers)), now))
    formula = Formula.of_trees(Expression.parse("0").term, force.components(numbers))
    for pair in range(found.shape[-1]):
        state = State(now.position[..., pair].T, now.velocity[..., pair].T)
        attributes = Attributes(node={"mass": now.mass[:, pair]})
        expected = formula(Graph.complete_graph(3), state, attributes)
        np.testing.assert_allclose(found[..., pair].T, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "force", [Alignment(1.3), Transverse(), Bends(-2.0, 0.4, 6)], ids=lambda one: type(one).__name__
)
def test_forces_between_bodies_keep_the_momentum(force):
    now = acting(2)
    numbers = to_device(np.linspace(0.5, 1.5, force.count))
    pushed = force.accelerations(numbers, now) * now.mass[None]
    assert np.abs(pushed).max() > 0.1
    np.testing.assert_allclose(jnp.sum(pushed, axis=1), 0, atol=1e-5)


def test_factors_of_bodies_are_of_the_force_between_them():
    now = acting(2)
    half = BodyFactors(3).accelerations(to_device(np.full(6, 0.25)), now)
    first, second = np.triu_indices(3, 1)
    pull = np.zeros(now.position.shape)
    for line, (a, b) in enumerate(zip(first, second, strict=True)):
        pull[:, a] += now.between[:, line]
        pull[:, b] -= now.between[:, line]
    np.testing.assert_allclose(half, 0.5 * pull / np.asarray(now.mass), rtol=1e-4, atol=1e-5)


def test_bends_are_linear_in_their_numbers_and_nothing_at_zero():
    pair = CentralForce(Expression.parse("-1/r**2"), np.ones((1, 1)))
    now, bends = acting(2), Bends(-2.0, 0.4, 6)
    forces = ForcesBeside(pair, 1, (bends,))
    with jax.enable_x64():
        rest = [to_device(np.asarray(one, float)) for one in (now.position, now.velocity)]
        rest += [to_device(np.asarray(one, float)) for one in (now.coupling, now.mass)]
        alone, none, once, twice = (
            np.asarray(of.accelerations(to_device(np.array(numbers)), *rest))
            for of, numbers in (
                (pair, [-1.0]),
                (forces, [-1.0, *np.zeros(6)]),
                (forces, [-1.0, *np.ones(6)]),
                (forces, [-1.0, *np.full(6, 2.0)]),
            )
        )
    np.testing.assert_allclose(none, alone, rtol=1e-12)
    np.testing.assert_allclose(twice - alone, 2 * (once - alone), rtol=1e-9)


def springs_that_fall(count=45, seed=0):
    """Two bodies in the plane on a spring of stiffness one, in a uniform field, solved."""
    rng = np.random.default_rng(seed)
    start, velocity = 2 * rng.normal(size=(count, 2, 2)), rng.normal(size=(count, 2, 2))
    rate, apart = np.sqrt(2), start[:, 1] - start[:, 0]
    later = apart * np.cos(rate) + (velocity[:, 1] - velocity[:, 0]) * np.sin(rate) / rate
    middle = (start + velocity).mean(axis=1) + np.array([0, -0.8]) / 2
    end = middle[:, None] + later[:, None] * np.array([-0.5, 0.5])[:, None]
    return StatePairs(start, velocity, end, np.ones(count), {})


@pytest.mark.slow
def test_a_field_beside_a_force_becomes_part_of_the_law():
    pairs = springs_that_fall()
    search = search_pairs(pairs, forms={"spring": FORMS_TRIED["spring"]})
    found = PairsResult(tuple(search.candidates), pairs, search.missing)
    assert found.verdict == "law" and found.causes == ()
    assert found.text(3) == "pair: r; one-body: (0, -0.8*m)"
    np.testing.assert_allclose(found.predict(pairs), pairs.end, atol=1e-5)
    lacking = replace(found, missing=(Missing("form", "another form of the force", 0.4),))
    assert lacking.verdict == "approximation" and lacking.causes == ("form",)


def test_a_law_that_meets_most_pairs_is_no_law_where_the_others_felt_more():
    pairs = springs_that_fall(seed=1)
    pairs = replace(pairs, end=pairs.end - np.array([0, -0.4]))
    spring = CentralForce(Expression.parse("1*r"), np.ones((1, 1)))
    far = np.linalg.norm(pairs.position, axis=-1).max(axis=1) > 3
    assert 0.1 < far.mean() < 0.5
    touched = replace(pairs, end=np.where(far[:, None, None], 0.9 * pairs.end, pairs.end))
    for given, count in ((pairs, 0), (touched, far.sum())):
        numbers = np.ones(1)
        misses = Problem.of(given, None).misses(spring, EncounterSteps(), numbers)
        best = Candidate("spring", spring, numbers, None, EncounterSteps(), misses)
        astray = find_astray(best, given, PAIRS)
        assert best.median < PAIRS.law and sum(one.count for one in astray) == count
        found = PairsResult((best,), given, astray=astray)
        assert found.verdict == ("approximation" if count else "law")
    assert astray[0].cause in {"form", "external-field"} and "farther" in astray[0].sentence()
