"""Rollouts of laws of recorded matter: what they conserve, their chance, and laws on disk."""

from typing import Any

import numpy as np
import pytest
from matter_laws import alone, law, pair, start

from forcelaw.errors import InputError, InvalidSetting
from forcelaw.particles.data import Recordings
from forcelaw.particles.matter import simulate_law
from forcelaw.particles.matter.rollouts import read_law, write_law

SPRING = pair("2*(r - 1)")


def velocity_of(moved) -> Any:
    """Of the first recording."""
    return moved.recordings.parts[0].velocity


def test_energy_and_momentum_are_conserved():
    moved = simulate_law(law(SPRING), start(), steps=2000, dt=1e-3)
    assert moved.energy_drift is not None and moved.energy_drift < 1e-5
    assert moved.momentum_drift is not None and moved.momentum_drift < 1e-12


def test_energy_is_conserved_in_a_box_with_a_cutoff():
    soft = pair("-8*(2 - r)**3", reach=2.0)
    moved = simulate_law(law(soft), start(16, size=6.0, box=6.0), steps=500, dt=2e-3)
    assert moved.energy_drift is not None and moved.energy_drift < 1e-4
    assert moved.recordings.parts[0].cell is not None


def test_fields_and_springs_to_a_place_have_an_energy():
    fields = (alone("constant", -0.7, 1), alone("place", -1.5, 0), alone("turn", 0.4))
    moved = simulate_law(law(SPRING, one_body=fields), start(), steps=1000, dt=1e-3)
    assert moved.energy_drift is not None and moved.energy_drift < 1e-5
    assert moved.momentum_drift is None


@pytest.mark.parametrize(
    "known",
    [
        law(SPRING, one_body=(alone("velocity", -0.2),)),
        law(pair("1/(1 + r**2)", "alignment")),
        law(SPRING, diffusion=0.1),
        law(SPRING, order=1),
        law(pair("r", receiver="a", sender="b"), kinds=("a", "b")),
    ],
)
def test_what_loses_energy_knows_none(known):
    bodies = start(species="aabbab" if known.kinds else ())
    assert simulate_law(known, bodies, steps=4, dt=1e-3).energy_drift is None


def test_alignment_slows_bodies_down_and_keeps_momentum():
    moved = simulate_law(law(pair("1/(1 + r**2)", "alignment")), start(), steps=400, dt=0.02)
    speed = np.linalg.norm(velocity_of(moved), axis=-1).mean(axis=1)
    assert speed[-1] < 0.05 * speed[0]
    assert moved.momentum_drift is not None and moved.momentum_drift < 1e-12


def test_a_vortex_pair_turns_as_it_should():
    """Two equal vortices turn about their middle: at distance d with speed 1/d each."""
    two = start(2, size=2.0, speed=0.0)
    moved = simulate_law(law(pair("1/r", "transverse"), order=1), two, steps=200, dt=0.01)
    x = moved.recordings.parts[0].position
    line = x[:, 1] - x[:, 0]
    distance = np.linalg.norm(line, axis=1)
    angle = np.unwrap(np.arctan2(line[:, 1], line[:, 0]))
    np.testing.assert_allclose(distance, distance[0], rtol=1e-6)
    np.testing.assert_allclose(abs(angle[-1] - angle[0]), 2 * 2.0 / distance[0] ** 2, rtol=1e-6)


def test_charges_and_masses_count():
    """Of two bodies of other masses, the accelerations go with their inverse."""
    two = start(2, size=2.0, speed=0.0, mass=[1, 4], charge=[2, 3])
    moved = simulate_law(law(pair("-1/r**2", both=("charge",))), two, steps=2, dt=1e-4)
    part = moved.recordings.parts[0]
    speed = np.linalg.norm(velocity_of(moved)[-1], axis=1)
    distance = np.linalg.norm(part.position[0, 1] - part.position[0, 0])
    np.testing.assert_allclose(speed, 2e-4 * 6 / distance**2 / np.array([1, 4]), rtol=1e-3)


def test_bonds_act_along_edges_alone(tmp_path):
    """Of three bodies two are joined: the third rests, and goes on from disk as before."""
    known = law(pair("5*(r - 1)", bonded=True))
    bodies = start(3, size=6.0, speed=0.0, edges=[[0, 1], [1, 0]])
    moved = simulate_law(known, bodies, steps=100, dt=0.01)
    position = moved.recordings.parts[0].position
    assert (position[:, 2] == position[0, 2]).all() and (position[-1, 0] != position[0, 0]).any()
    assert moved.energy_drift is not None and moved.energy_drift < 1e-3
    write_law(tmp_path, known, Recordings((bodies,)))
    again = simulate_law(*read_law(tmp_path), steps=100, dt=0.01)
    np.testing.assert_allclose(again.recordings.parts[0].position, position, rtol=1e-6)


def test_chance_is_that_of_the_seed():
    known = law(SPRING, order=1, diffusion=0.3)
    first, again, other = (
        simulate_law(known, start(), steps=20, dt=0.01, seed=seed).recordings.parts[0].position
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first[-1] != other[-1]).all()


def test_free_bodies_diffuse_as_they_should():
    many = Recordings(tuple(start(100, seed=k) for k in range(4)))
    moved = simulate_law(law(order=1, diffusion=0.3), many, steps=50, dt=0.02)
    steps = [np.diff(part.position, axis=0) for part in moved.recordings]
    assert np.var(np.concatenate(steps)) == pytest.approx(2 * 0.3 * 0.02, rel=0.02)


@pytest.mark.parametrize("friction", [2.0, 40.0])
def test_langevin_bodies_have_the_temperature_of_their_chance(friction):
    """Whatever the friction: BAOAB takes it exactly, at steps longer than it lasts, too."""
    known = law(one_body=(alone("velocity", -friction),), diffusion=0.5 * friction)
    moved = simulate_law(known, start(400, speed=0.7), steps=200, dt=0.05)
    late = velocity_of(moved)[50:]
    assert np.var(late) == pytest.approx(0.5, rel=0.05)


def test_a_law_on_disk_moves_bodies_as_before(tmp_path):
    known = law(
        pair("2.123456789*(r - 1)", receiver="a", sender="b"),
        pair("-1/r**2", receiver="b", sender="b", both=("charge",)),
        pair("exp(-r)", "friction", receiver="b", sender="a"),
        one_body=(alone("constant", 0.3, 1, "b"), alone("velocity", -0.1, receiver="a")),
        diffusion=0.01,
        kinds=("a", "b"),
    )
    bodies = start(species="aabbab", box=4.0, charge=np.arange(6.0), mass=np.arange(1.0, 7))
    write_law(tmp_path, known, Recordings((bodies,)))
    again, starts = read_law(tmp_path)
    moved = simulate_law(known, bodies, steps=20, dt=0.01, seed=3)
    read = simulate_law(again, starts, steps=20, dt=0.01, seed=3)
    np.testing.assert_allclose(
        read.recordings.parts[0].position, moved.recordings.parts[0].position, rtol=1e-6
    )


def test_a_damaged_law_is_named(tmp_path):
    write_law(tmp_path, law(SPRING), Recordings((start(),)))
    path = tmp_path / "matter.json"
    path.write_text(path.read_text().replace('"term": "pair"', '"term": "magic"'))
    with pytest.raises(InputError, match=r"matter\.json"):
        read_law(tmp_path)


def test_wrong_rollouts_are_refused():
    known = law(pair("r", receiver="a", sender="b"), kinds=("a", "b"))
    with pytest.raises(InputError, match="found no kinds, expected a, b"):
        simulate_law(known, start(), steps=4, dt=0.1)
    with pytest.raises(InputError, match="found the kind 'c'"):
        simulate_law(known, start(species="abcabc"), steps=4, dt=0.1)
    for wrong, words in (({"steps": 0}, "steps=0"), ({"dt": -1.0}, "dt=-1"), ({"every": 3}, "3")):
        how: dict[str, Any] = {"steps": 4, "dt": 0.1, **wrong}
        with pytest.raises(InvalidSetting, match=words):
            simulate_law(law(SPRING), start(), **how)
    with pytest.raises(InvalidSetting, match="no longer finite"):
        simulate_law(law(pair("r**9", reach=1e100)), start(), steps=200, dt=1.0)
