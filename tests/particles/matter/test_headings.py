"""Bodies that point somewhere: how they turn each other, swim, and are moved on."""

from dataclasses import replace

import numpy as np
import pytest
from matter_laws import alone, law, pair, start

import forcelaw as fl
from benchmarks.particles import worlds
from forcelaw.errors import InputError
from forcelaw.particles.data import Recordings
from forcelaw.particles.matter import Measured, discover_recordings, simulate_law
from forcelaw.particles.matter.found_formula import MatterFormula
from forcelaw.particles.matter.rollouts import read_law, write_law

SWIM = (alone("propulsion", 0.8), alone("spin", 0.3))
SCHOOL = (pair("-0.5/r"), pair("0.4*exp(-r)", "torque"))


def heading_start(bodies=8, seed=0, **how):
    """Bodies that point anywhere."""
    angles = np.random.default_rng(seed).uniform(-3, 3, bodies)
    return replace(start(bodies, seed=seed, **how), heading=np.repeat(angles[None], 3, axis=0))


def school(order=1, recordings=3, seed=0, pairs=SCHOOL, one_body=SWIM, steps=60):
    """Recordings of swimmers that move without chance."""
    known = law(*pairs, order=order, one_body=one_body)
    starts = Recordings(tuple(heading_start(seed=seed + k) for k in range(recordings)))
    return simulate_law(known, starts, steps=4 * steps, dt=0.01, every=4).recordings


def said(found):
    """Forces and rates by name, and numbers of terms of one body."""
    pairs = {force.name: force.formula for force in found.law.pairs}
    return pairs, {one.term.kind: one.factor.value for one in found.law.one_body}


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.slow
def test_forces_torques_and_propulsion_are_found(order):
    found = discover_recordings(school(order))
    pairs, numbers = said(found)
    assert found.law.order == order
    assert set(pairs) == {"pair", "torque"}
    r = np.linspace(0.8, 3, 20)
    np.testing.assert_allclose(pairs["pair"].at({"r": r}), -0.5 / r, rtol=0.01)
    np.testing.assert_allclose(pairs["torque"].at({"r": r}), 0.4 * np.exp(-r), rtol=0.01)
    assert numbers == pytest.approx({"propulsion": 0.8, "spin": 0.3}, rel=0.01)
    assert found.verdict == "law"
    assert found.to_json()["turning"][0]["verdict"] == "law"


@pytest.mark.slow
def test_a_direction_turns_all_and_others_are_steered_to():
    pairs = (pair("0.5/(1 + r**2)", "steering"), pair("-0.3/r"))
    fields = (alone("propulsion", 1.0), alone("sin", -0.4))
    found, numbers = said(discover_recordings(school(pairs=pairs, one_body=fields)))
    r = np.linspace(0.8, 3, 20)
    np.testing.assert_allclose(found["steering"].at({"r": r}), 0.5 / (1 + r**2), rtol=0.02)
    assert numbers == pytest.approx({"propulsion": 1.0, "sin": -0.4}, rel=0.01)


@pytest.mark.slow
def test_swarmalators_attract_by_their_phases():
    world = worlds.swarmalators(bodies=12, parts=2, snapshots=100)
    found = discover_recordings(worlds.with_headings(world.recordings, world.heading))
    pairs, numbers = said(found)
    assert set(pairs) == {"pair", "polar", "torque"} and not numbers
    r = np.linspace(0.5, 2, 20)
    np.testing.assert_allclose(pairs["pair"].at({"r": r}), (1 - 1 / r) / 12, atol=1e-3)
    np.testing.assert_allclose(pairs["polar"].at({"r": r}), 0.5 / 12, rtol=0.02)
    np.testing.assert_allclose(pairs["torque"].at({"r": r}), 0.5 / (12 * r), rtol=0.02)


@pytest.mark.slow
def test_headings_that_are_wrapped_or_missing_tell_the_same():
    data = school()
    chance = np.random.default_rng(0)
    parts = []
    for part in data:
        assert part.heading is not None
        seen = chance.random(part.present.shape) > 0.1
        turned = (part.heading + np.pi) % (2 * np.pi) - np.pi
        parts.append(
            replace(
                part,
                present=seen,
                position=np.where(seen[..., None], part.position, np.nan),
                velocity=None,
                heading=np.where(seen, turned, np.nan),
            )
        )
    found = discover_recordings(Recordings(tuple(parts)))
    pairs, numbers = said(found)
    r = np.linspace(0.8, 3, 20)
    np.testing.assert_allclose(pairs["torque"].at({"r": r}), 0.4 * np.exp(-r), rtol=0.03)
    assert numbers["spin"] == pytest.approx(0.3, rel=0.03)


@pytest.mark.slow
def test_rotational_diffusion_is_measured():
    known = replace(
        law(pair("-0.5/r"), order=1, one_body=SWIM), rotational_diffusions=(Measured(0.1, 0),)
    )
    starts = Recordings(tuple(heading_start(seed=k) for k in range(5)))
    data = simulate_law(known, starts, steps=1600, dt=0.005, every=4).recordings
    found = discover_recordings(data)
    pairs, numbers = said(found)
    assert set(pairs) == {"pair"} and numbers["propulsion"] == pytest.approx(0.8, rel=0.01)
    chance = found.law.rotational_diffusion
    assert chance is not None and chance.value == pytest.approx(0.1, rel=0.08)


def test_formulas_name_the_angles():
    known = law(*SCHOOL, order=1, one_body=SWIM)
    written = MatterFormula(known, 2)
    assert written.text().splitlines() == [
        "pair: -0.5/r",
        "torque: 0.4*exp(-r)*sin(dtheta)",
        "one-body: (0.8*cos(theta), 0.8*sin(theta))",
        "turning: 0.3",
    ]
    document = written.to_json()
    assert document["torque"] == "0.4*exp(-r)*sin(dtheta)" and document["turning"] == "0.3"
    assert r"\dot \theta_i = \sum_{j}" in written.latex()
    assert r"\theta_j - \theta_i" in written.latex()


@pytest.mark.parametrize("order", [1, 2])
def test_headings_diffuse_by_the_seed(order):
    known = replace(law(order=order, one_body=SWIM), rotational_diffusions=(Measured(0.2, 0.0),))
    still = replace(start(4000, size=400.0), heading=np.zeros((3, 4000)))

    def move(seed):
        moved = simulate_law(known, still, steps=50, dt=0.02, seed=seed).recordings.parts[0]
        assert moved.heading is not None
        return moved.heading

    last = move(1)[-1]
    assert np.var(last) == pytest.approx(2 * 0.2 * 1.0, rel=0.1)
    assert last.mean() == pytest.approx(0.3, abs=0.05)
    np.testing.assert_array_equal(move(1), move(1))
    assert not np.array_equal(move(1), move(2))


def test_a_law_of_headings_on_disk_moves_bodies_as_before(tmp_path):
    known = law(*SCHOOL, order=1, one_body=SWIM, diffusion=0.01)
    known = replace(known, rotational_diffusions=(Measured(0.1, 0.01),))
    write_law(tmp_path, known, Recordings((heading_start(),)))
    again, starts = read_law(tmp_path)
    moved, read = (
        simulate_law(one, begin, steps=20, dt=0.01, seed=3).recordings.parts[0]
        for one, begin in ((known, heading_start()), (again, starts))
    )
    np.testing.assert_allclose(read.position, moved.position, rtol=1e-9)
    assert read.heading is not None and moved.heading is not None
    np.testing.assert_allclose(read.heading, moved.heading, rtol=1e-9)


def test_bodies_without_headings_are_refused():
    with pytest.raises(InputError, match="found bodies without headings"):
        simulate_law(law(*SCHOOL, order=1, one_body=SWIM), start(), steps=4, dt=0.1)
    with pytest.raises(InputError, match="found headings of bodies in 3 dimensions"):
        flat = start(dim=3)
        replace(flat, heading=np.zeros((3, 6)))
    x = np.random.default_rng(0).normal(size=(5, 3, 2))
    with pytest.raises(InputError, match=r"'heading' of shape \[5, 2\]"):
        fl.particles.Trajectories(x, heading=np.zeros((5, 2)))
    with pytest.raises(InputError, match=r"headings, given or not"):
        Recordings((heading_start(), start(8)))
