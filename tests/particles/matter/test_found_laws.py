"""Laws of matter are found, and what is not one is not called so."""

from dataclasses import replace

import numpy as np
import pytest
from matter_laws import law, pair, recorded
from scipy.integrate import solve_ivp

from benchmarks.particles import worlds
from benchmarks.particles.worlds import positions_only
from forcelaw.laws import Expression
from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.kernels import OneBody
from forcelaw.particles.matter import Measured, OneBodyForce, discover_recordings


def constants(force):
    return force.formula.numbers()


@pytest.mark.slow
def test_alignment_is_found_from_positions_alone():
    world = worlds.cucker_smale(velocities=False, parts=3)
    found = discover_recordings(world.recordings)
    assert found.order.order.number == 2
    assert [force.term.key for force in found.law.pairs] == ["alignment"]
    r = np.linspace(0.3, 5, 20)
    np.testing.assert_allclose(
        found.law.pairs[0].formula.at({"r": r}), 1 / (20 * (1 + r**2)), rtol=2e-3
    )
    assert {judged.verdict for judged in found.judgements} == {"law"}


@pytest.mark.slow
def test_predators_and_prey_have_a_law_for_each_pair_of_kinds():
    found = discover_recordings(worlds.predator_prey(parts=3).recordings)
    assert found.order.order.number == 1
    laws = {(force.receiver, force.sender): force for force in found.law.pairs}
    assert set(laws) == {("prey", "prey"), ("prey", "predator"), ("predator", "prey")}
    r = np.linspace(0.5, 3, 20)
    truth = {
        ("prey", "prey"): (r - 1 / r) / 12,
        ("prey", "predator"): -0.5 / r,
        ("predator", "prey"): 0.25 / np.sqrt(r),
    }
    for kinds, force in truth.items():
        np.testing.assert_allclose(laws[kinds].formula.at({"r": r}), force, rtol=0.01, atol=1e-3)


@pytest.mark.slow
def test_a_liquid_in_a_box_with_a_fifth_of_entries_missing():
    world = worlds.argon(snapshots=80)
    found = discover_recordings(worlds.with_gaps(world.recordings, share=0.2, seed=0))
    r = np.linspace(0.95, 2, 20)
    (force,) = found.law.of_pairs("pair")
    truth = 24 / r**7 - 48 / r**13
    assert np.abs(force.formula.at({"r": r}) - truth).max() < 0.03 * np.abs(truth).max()


@pytest.mark.parametrize("attracting", [True, False])
def test_forces_among_unequal_masses_at_uneven_times(attracting):
    """Gravity is proportional to both masses; a spring is not, though both masses are given."""
    mass = np.array([1.0, 3e-3, 1e-3, 5e-4, 2e-3]) if attracting else np.arange(1.0, 6)
    radius = np.array([0.0, 1, 1.7, 2.9, 4.2])
    angle = 2.4 * np.arange(5)
    start = radius * np.array([np.cos(angle), np.sin(angle), 0.05 * np.sin(2 * angle)])
    speed = np.sqrt(1 / np.maximum(radius, 1)) * (radius > 0)
    speed = 1.02 * speed * np.array([-np.sin(angle), np.cos(angle), 0 * angle])

    def rates(_, state):
        place, speed = state.reshape(2, 3, 5)
        apart = place[:, None] - place[:, :, None]
        r = np.linalg.norm(apart, axis=0) + np.eye(5)
        force = np.outer(mass, mass) / r**2 if attracting else r - 1
        return np.concatenate([speed, (apart * force / r).sum(axis=2) / mass]).ravel()

    time = np.cumsum(np.random.default_rng(0).uniform(0.1, 0.2, 200))
    first = np.concatenate([start, speed]).ravel()
    path = solve_ivp(rates, (0, time[-1]), first, t_eval=time, rtol=1e-10, atol=1e-12).y
    place, speed = np.moveaxis(path.reshape(2, 3, 5, 200), (3, 2), (1, 2))
    one = Recording(place, time, np.ones((200, 5), bool), velocity=speed, attributes={"mass": mass})
    found = discover_recordings(Recordings((one,)))
    (force,) = found.law.pairs
    assert force.coupling.text == ("m_i*m_j" if attracting else "")
    r = np.linspace(1, 4, 10)
    truth = r**-2 if attracting else r - 1
    np.testing.assert_allclose(force.formula.at({"r": r}), truth, rtol=1e-3, atol=5e-4)
    assert found.judgements[0].verdict == "law"


@pytest.mark.slow
def test_a_liquid_is_exact():
    found = discover_recordings(worlds.argon(snapshots=50, velocities=False).recordings)
    (force,) = found.law.of_pairs("pair")
    assert sorted(np.abs(constants(force))) == pytest.approx([24, 48], rel=0.01)
    assert found.judgements[0].verdict == "law"


def test_few_stochastic_data_are_not_called_a_law_where_other_functions_fit_as_well():
    found = discover_recordings(worlds.brownian_yukawa(bodies=30, snapshots=300).recordings)
    assert found.order.order.number == 1
    judged = found.judgements[0]
    others = [text for force in found.law.pairs for text in force.others]
    assert judged.verdict != "law" or not others
    assert "stochastic" in found.causes or not others
    assert found.law.diffusion is not None
    assert found.law.diffusion.value == pytest.approx(0.1, rel=0.1)
    for force in found.law.pairs:
        assert len(force.constants) == len(force.formula.numbers())
        assert all(one.error > 0 for one in force.constants)


@pytest.mark.slow
def test_vortices_turn_each_other():
    found = discover_recordings(worlds.vortices(parts=2, snapshots=200).recordings)
    (force,) = found.law.pairs
    assert force.term.key == "transverse"
    assert force.coupling.text == "strength_j"
    assert constants(force)[0] == pytest.approx(-1 / (2 * np.pi), rel=1e-3)


@pytest.mark.slow
def test_a_field_that_varies_in_time_without_a_period_is_said():
    parts = []
    for part in worlds.swing(parts=3, snapshots=300).recordings:
        # Seen from a frame that is shaken at three times, all are pushed alike.
        late = (part.time[:, None] - [3.0, 4.1, 9.7]) / 0.4
        shift = 0.4 * np.exp(-(late**2) / 2).sum(axis=1)
        moved = part.position + shift[:, None, None]
        parts.append(replace(part, position=moved, velocity=None))
    found = discover_recordings(Recordings(tuple(parts)))
    assert found.verdict != "law"
    assert found.causes[0] == "time-dependent"


@pytest.mark.slow
def test_constants_that_are_hidden_are_said():
    world = worlds.vortices(parts=2, snapshots=100)
    parts = [replace(part, attributes={}) for part in world.recordings]
    found = discover_recordings(Recordings(tuple(parts)))
    assert found.verdict != "law"
    assert found.causes == ("hidden-attribute",)


@pytest.mark.slow
def test_a_curve_stands_where_no_form_fits():
    """Two steps beside a wave are no form that is known."""
    strange = "1/(1 + exp(20*(r - 1.2))) - 0.7/(1 + exp(20*(r - 2.1))) + 0.2*sin(6*r)"
    data = recorded(
        law(pair(strange), order=1), bodies=5, size=3.0, recordings=8, steps=60, dt=0.03
    )
    found = discover_recordings(Recordings(tuple(positions_only(data))))
    (force,) = found.law.pairs
    assert found.verdict != "law" and found.answer == "curve"
    (judged,) = found.judgements
    assert found.explained == pytest.approx(judged.curves) and judged.curves > judged.formulas
    r = np.linspace(0.5, 2.5, 50)
    np.testing.assert_allclose(force.at(r), Expression.parse(strange).at({"r": r}), atol=0.2)
    assert found.to_json()["answer"] == "curve" and "curve" in str(found)


def test_a_trap_that_pulls_by_mass():
    """As in a field of gravity, all masses swing alike in it, about a place that is no origin."""
    mass = np.array([1.0, 2, 3, 1.5, 0.7])
    forces = {
        OneBody("place", 0, "mass"): -0.5,
        OneBody("place", 1, "mass"): -0.5,
        OneBody("constant", 0, "mass"): 0.4,
    }
    trap = [OneBodyForce("", term, Measured(factor, 0.0)) for term, factor in forces.items()]
    known = law(pair("exp(-r)"), one_body=tuple(trap))
    found = discover_recordings(recorded(known, recordings=2, steps=100, bodies=5, mass=mass))
    assert found.law.one_body_text("", 2, 3) == "(0.4*m - 0.5*m*x, -0.5*m*y)"
    factors = {one.term.text: one.factor.value for one in found.law.one_body}
    assert factors == pytest.approx({"m": 0.4, "m*x": -0.5, "m*y": -0.5}, rel=1e-3)
    assert found.verdict == "law"
