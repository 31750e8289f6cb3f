"""Laws are found from states and where they lead, with nothing seen between."""

from dataclasses import replace

import numpy as np
import pytest

from forcelaw.device_arrays import to_device
from forcelaw.errors import InvalidSetting, NotEnoughData
from forcelaw.graph import Graph
from forcelaw.laws import Expression, Formula
from forcelaw.motion import adaptive_rollout
from forcelaw.particles import Trajectories
from forcelaw.particles.pairs_of_states import PairsResult, StatePairs, discover_from_pairs
from forcelaw.particles.pairs_of_states.forces.central_forces import CentralForce
from forcelaw.particles.pairs_of_states.forces.forms_of_forces import FORMS_TRIED
from forcelaw.particles.pairs_of_states.search import search_pairs
from forcelaw.particles.pairs_of_states.shooting import Problem
from forcelaw.particles.pairs_of_states.stretches import LeapfrogSteps


def states_apart(law, *, stretch=1.0, count=60, seed=0):
    """States of two bodies in the plane, and the exact motion so much later."""
    rng = np.random.default_rng(seed)
    x, v = rng.normal(size=(2, count, 2, 2))
    charge = rng.choice([-1.0, 1.0, 2.0], (count, 2))
    formula = Formula.parse(law, core=1e-9)
    moved = adaptive_rollout(
        formula,
        Graph.complete_graph(2),
        2 * x,
        v,
        {"charge": charge},
        times=np.array([0.0, stretch]),
        tolerance=1e-11,
    )
    (start, end), velocity = moved.position.transpose(1, 0, 2, 3), moved.velocity[:, 0]
    return StatePairs(start, velocity, end, np.full(count, stretch), {"charge": charge})


def test_a_law_of_charges_is_found_from_pairs_of_states():
    forms = {name: FORMS_TRIED[name] for name in ("power", "spring")}
    pairs = states_apart("-1.7*q_i*q_j/r")
    best, *others = search_pairs(pairs, forms=forms, seed=1).candidates
    assert best.form == "power" and best.coupling == "charge"
    np.testing.assert_allclose(best.numbers, [-1.7, -1], rtol=1e-3)
    assert best.median < 1e-3 < others[-1].median


def test_a_prediction_does_not_look_at_the_end():
    pairs = states_apart("1.5*(r - 1)", count=40, seed=2)
    best = search_pairs(pairs, forms={"spring": FORMS_TRIED["spring"]}).candidates[0]
    np.testing.assert_allclose(best.numbers, [1.5, -1.5], rtol=1e-3)
    found = PairsResult((best,), pairs)
    assert found.verdict == "law" and found.explained > 0.999
    elsewhere = replace(pairs, end=pairs.end + 7)
    np.testing.assert_array_equal(found.predict(pairs), found.predict(elsewhere))
    np.testing.assert_allclose(found.predict(pairs), pairs.end, atol=1e-3)
    assert found.to_json()["formula"]["pair"] == found.formula.pair.text(None)


@pytest.mark.parametrize("kind", ["components", "length"])
def test_a_cap_is_of_the_total_force(kind):
    force = CentralForce(Expression.parse("-1/r**2"), np.ones((1, 1)), cap=kind)
    x = to_device(np.array([[0.0, 0.1, -0.1], [0.0, 0.02, 0.3]])[..., None])
    ones = to_device(np.ones((3, 1)))
    free, capped = (
        np.asarray(force.accelerations(to_device([-1.0, most]), x, x, ones, ones))
        for most in (1e9, 30.0)
    )
    sizes = np.abs(capped) if kind == "components" else np.linalg.norm(capped, axis=0)
    assert sizes.max() == pytest.approx(30)
    small = np.abs(free) < 30 if kind == "components" else np.linalg.norm(free, axis=0) < 30
    np.testing.assert_allclose((capped - free)[np.broadcast_to(small, free.shape)], 0, atol=1e-4)


def test_velocities_must_be_measured_and_pairs_be_many():
    position = np.random.default_rng(0).normal(size=(20, 4, 3, 2))
    data = Trajectories(position, time=np.arange(4.0))
    with pytest.raises(NotEnoughData, match="measured velocities"):
        discover_from_pairs(data)
    with pytest.raises(NotEnoughData, match="at least 30"):
        discover_from_pairs(states_apart("-1/r", count=20))


def test_snapshots_so_far_apart_make_pairs():
    time = np.arange(5) * 0.1
    velocity = np.ones((2, 5, 3, 2))
    position = np.arange(3.0)[None, None, :, None] * [1, 2] + time[None, :, None, None] * velocity
    data = Trajectories(position, velocity, time)
    pairs = StatePairs.of(data, apart=3)
    assert len(pairs) == 4
    np.testing.assert_allclose(pairs.stretch, 0.3)
    np.testing.assert_allclose(pairs.end - pairs.position, 0.3)
    with pytest.raises(InvalidSetting, match="expected 1 to 4"):
        StatePairs.of(data, apart=5)


def test_bodies_that_nothing_acts_on_have_no_law():
    rng = np.random.default_rng(0)
    x, v = rng.normal(size=(2, 40, 3, 2))
    found = discover_from_pairs(StatePairs(x, v, x + 2 * v, np.full(40, 2.0), {}))
    assert found.verdict == "none" and found.text() == "0" and found.explained == 0
    assert found.notes == ("ends lie where bodies would be without forces: nothing acts on them",)


@pytest.mark.slow
def test_noise_alone_explains_nothing():
    rng = np.random.default_rng(0)
    x, v, noise = rng.normal(size=(3, 40, 3, 2))
    pairs = StatePairs(x, v, x + v + 0.01 * noise, np.ones(40), {})
    best = search_pairs(pairs, forms={"spring": FORMS_TRIED["spring"]}).candidates[0]
    found = PairsResult((best,), pairs)
    assert found.verdict == "none" and found.explained < 0.2


def test_bodies_that_begin_at_one_place_are_followed():
    pairs = states_apart("2*r", count=40)
    together = replace(pairs, position=pairs.position.copy(), end=pairs.end.copy())
    middle, apart = pairs.position.mean(axis=1), pairs.velocity[:, 1] - pairs.velocity[:, 0]
    along = middle + pairs.velocity.mean(axis=1)
    half = 0.5 * apart * np.sin(2) / 2  # of two unit masses on a spring of 2
    together.position[:] = middle[:, None]
    together.end[:] = np.stack([along - half, along + half], axis=1)
    best = search_pairs(pairs, forms={"spring": FORMS_TRIED["spring"]}).candidates[0]
    missed = PairsResult((best,), pairs).predict(together) - together.end
    np.testing.assert_allclose(missed, 0, atol=1e-4)


@pytest.mark.slow
def test_a_cap_that_many_pairs_reach_is_told_from_softening():
    rng = np.random.default_rng(0)
    x, v = rng.normal(size=(2, 120, 2, 2))
    force = CentralForce(Expression.parse("1/r**2"), np.ones((1, 1)), cap="length")
    apart = StatePairs(x, v, x, np.ones(120), {})
    end = Problem.of(apart, None).ends(force, LeapfrogSteps(20_000), np.array([1.0, 3.0]))
    forms = {name: FORMS_TRIED[name] for name in ("power", "softened power")}
    found = search_pairs(replace(apart, end=end), forms=forms)
    best = found.candidates[0]
    assert best.form == "power" and best.force.cap == "length" and not found.missing
    np.testing.assert_allclose(best.numbers, [1, -2, 3], rtol=1e-3)
