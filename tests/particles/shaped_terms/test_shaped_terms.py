"""Walls and energies of three bodies: forces are slopes of energies, and keep what they must."""

from dataclasses import replace

import numpy as np
import pytest
from matter_laws import law, start

from forcelaw.particles.matter import Measured
from forcelaw.particles.matter.force_law import ShapedForce
from forcelaw.particles.matter.rollouts import simulate_law
from forcelaw.particles.matter.rollouts.forces import Forces
from forcelaw.particles.matter.rollouts.starts import Start
from forcelaw.particles.shaped_terms import (
    Angular,
    AxilrodTeller,
    CentreWall,
    PlaneWall,
    Profile,
    Surroundings,
    Tangent,
    read_term,
    sum_vectors,
    three_body,
    write_term,
)

TRIPLES = [AxilrodTeller(2.5), Angular(0, 1.2, 2.2, -1 / 3)]
WALLS = [
    PlaneWall(0, 1, Profile("contact", 1.5, 0.3), 3.0),
    PlaneWall(1, -1, Profile("exponential", 1.0, 0.3), 0.5),
    PlaneWall(2, 1, Profile("power", 1.0, 0.3), 5.0),
    CentreWall((2.0, 2.0, 2.1), Profile("power", 2.0, 0.3), 5.0),
]


def surroundings(term, turned=None, box=None):
    """Twenty bodies in space, turned by a matrix."""
    place = start(bodies=20, dim=3, size=4.0, seed=1).position[0]
    place = place if turned is None else place @ turned
    known = replace(law(), shaped=(ShapedForce("", term, Measured(1.0, 0.0)),))
    begun = Start.of(start(bodies=20, dim=3, size=4.0, seed=1, box=box), 2)
    forces = Forces(known, replace(begun, position=place))
    return Surroundings(place[None], *forces._pairs(place))


@pytest.mark.parametrize("term", [*TRIPLES, *WALLS], ids=lambda term: term.text(1.0)[:20])
def test_forces_are_slopes_of_the_energy(term):
    around = surroundings(term)
    force = term.vectors(around)[0]
    known = replace(law(), shaped=(ShapedForce("", term, Measured(1.0, 0.0)),))
    forces = Forces(known, Start.of(start(bodies=20, dim=3, size=4.0, seed=1), 2))
    for body, axis in ((0, 0), (7, 1), (19, 2)):
        energies = []
        for step in (1e-5, -1e-5):
            place = around.position[0].copy()
            place[body, axis] += step
            energy = forces.potential_energies(place[None])
            assert energy is not None
            energies.append(energy[0])
        slope = (energies[0] - energies[1]) / 2e-5
        assert force[body, axis] == pytest.approx(-slope, abs=1e-7 * (1 + np.abs(force).max()))


@pytest.mark.parametrize("term", TRIPLES, ids=["axilrod-teller", "angular"])
def test_triples_keep_momentum_and_turn_with_space(term):
    around = surroundings(term)
    force = term.vectors(around)[0]
    size = np.abs(force).max()
    assert size > 0.01
    np.testing.assert_allclose(force.sum(axis=0), 0, atol=1e-12 * size)
    np.testing.assert_allclose(np.cross(around.position[0], force).sum(axis=0), 0, atol=1e-10)
    turned, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))
    np.testing.assert_allclose(
        term.vectors(surroundings(term, turned))[0], force @ turned, atol=1e-9
    )


def test_triples_across_the_sides_of_a_box_are_those_of_the_bodies_moved_by_it():
    term = Angular(0, 1.2, 2.2, -1 / 3)
    around = surroundings(term, box=5.0)
    inside = surroundings(term)
    assert len(around.length) > len(inside.length)
    force = term.vectors(around)[0]
    np.testing.assert_allclose(force.sum(axis=0), 0, atol=1e-12 * np.abs(force).max())


def test_blocks_of_triples_do_not_change_the_sum(monkeypatch):
    term = TRIPLES[1]
    around = surroundings(term)
    whole = term.vectors(around)
    monkeypatch.setattr(three_body, "BLOCK", 7)
    np.testing.assert_allclose(term.vectors(around), whole, atol=1e-12)


@pytest.mark.parametrize("term", [*TRIPLES, *WALLS[:3]], ids=lambda term: term.text(1.0)[:20])
def test_terms_are_read_as_they_were_written(term):
    assert read_term(write_term(term)) == term


def test_a_tangent_is_the_change_with_a_shape():
    term = TRIPLES[1]
    around = surroundings(term)
    (slope,) = sum_vectors((Tangent(term, 1),), around)
    moved = term.with_shapes((1.2, 2.2 + 1e-3, -1 / 3))
    np.testing.assert_allclose(
        slope,
        (moved.vectors(around) - term.vectors(around)) / 1e-3,
        atol=0.02 * np.abs(slope).max(),
    )


def test_rollouts_of_triples_keep_energy_and_momentum():
    known = replace(law(), shaped=(ShapedForce("", TRIPLES[1], Measured(3.0, 0.0)),))
    moved = simulate_law(known, start(bodies=12, dim=3, size=4.0, box=5.0), steps=100, dt=0.005)
    assert moved.energy_drift is not None and moved.energy_drift < 1e-4
    assert moved.momentum_drift is not None and moved.momentum_drift < 1e-12
