"""Walls and three-body energies are found in motion, or named as the cause."""

from dataclasses import replace

import numpy as np
import pytest
from matter_laws import law, pair, recorded

from benchmarks.particles.worlds import positions_only
from forcelaw.particles.data import Recordings
from forcelaw.particles.matter import Measured, discover_recordings
from forcelaw.particles.matter.force_law import ShapedForce
from forcelaw.particles.matter.rollouts import read_law, write_law
from forcelaw.particles.matter.searches import shape_scan
from forcelaw.particles.shaped_terms import Angular, AxilrodTeller, CentreWall, PlaneWall, Profile

SOFT = {"force": "-2*exp(-r)", "reach": 20.0, "speed": 1.5, "steps": 150}
CUBE = {"bodies": 27, "dim": 3, "size": 4.5, "box": 5.0}


def moved(*terms, force="-1/r**3", reach=2.5, **how):
    """Recordings of bodies that repel each other, under more terms."""
    shaped = tuple(ShapedForce("", term, Measured(factor, 0.0)) for factor, term in terms)
    return recorded(replace(law(pair(force, reach=reach)), shaped=shaped), dt=0.02, **how)


@pytest.mark.slow
def test_an_angular_energy_is_found_from_positions(tmp_path):
    world = moved((3.0, Angular(0, 1.2, 2.2, -1 / 3)), bodies=16, size=4.5, box=5.0, recordings=3)
    found = discover_recordings(Recordings(tuple(positions_only(world))))
    (force,) = found.law.shaped
    assert force.factor.value == pytest.approx(3, rel=0.01)
    assert force.term.shapes == pytest.approx((1.2, 2.2, -1 / 3), rel=0.01)
    assert found.verdict == "law"
    assert "cos(theta)" in found.to_json()["formula"]["three-body"]
    assert found.to_json()["shaped"][0]["shapes"]["cosine"]["error"] > 0
    write_law(tmp_path, found.law, found.data)
    kept, _ = read_law(tmp_path)
    assert kept.shaped == found.law.shaped
    ahead = found.rollout(world, steps=40, dt=0.004, every=20)
    np.testing.assert_allclose(
        ahead.recordings.parts[0].position[1], world.parts[0].position[4], atol=1e-4
    )


@pytest.mark.slow
def test_the_energy_of_axilrod_and_teller_is_found():
    found = discover_recordings(moved((0.5, AxilrodTeller(2.5)), **CUBE))
    (force,) = found.law.shaped
    assert isinstance(force.term, AxilrodTeller)
    assert force.factor.value == pytest.approx(0.5, rel=0.01)
    assert found.verdict == "law"


@pytest.mark.slow
def test_triples_that_are_not_searched_are_the_cause(monkeypatch):
    monkeypatch.setattr(shape_scan, "list_triples", lambda cutoff: ())
    world = moved((4.0, Angular(0, 1.2, 2.2, -1 / 3)), bodies=16, size=4.5, box=5.0, recordings=3)
    found = discover_recordings(world)
    assert found.verdict != "law" and found.causes[0] == "three-body"


@pytest.mark.slow
def test_a_soft_circle_is_found():
    wall = CentreWall((2.0, 2.0), Profile("contact", 1.0, 0.3), 3.0)
    found = discover_recordings(moved((30.0, wall), bodies=6, size=4.0, **SOFT))
    (force,) = found.law.shaped
    assert isinstance(force.term, CentreWall) and force.term.profile.name == "contact"
    assert force.factor.value == pytest.approx(30, rel=0.01)
    assert force.term.shapes == pytest.approx((3, 2, 2), abs=0.01)


@pytest.mark.slow
def test_soft_planes_are_found():
    walls = [
        (50.0, PlaneWall(axis, side, Profile("contact", 1.0, 0.3), place))
        for axis in (0, 1)
        for side, place in ((1, 4.0), (-1, 0.0))
    ]
    found = discover_recordings(moved(*walls, bodies=6, size=4.0, **SOFT))
    assert len(found.law.shaped) == 4
    for force in found.law.shaped:
        assert force.factor.value == pytest.approx(50, rel=0.02)
        assert isinstance(force.term, PlaneWall)
        assert force.term.place == pytest.approx(4 if force.term.side > 0 else 0, abs=0.01)
