"""Motion in discrete steps is told from motion by rates, and its radius is found."""

from __future__ import annotations

import numpy as np
import pytest

import forcelaw as fl
from forcelaw.particles.data import Cell, Recording, Recordings
from forcelaw.particles.matter.searches.discrete_steps import find_discrete_steps


def flock(times=60, bodies=60, box=6.0, radius=0.8, speed=0.05, noise=0.6, fine=1, seed=0):
    """Vicsek's model (1995); with `fine` steps between snapshots it is one of rates, nearly."""
    rng = np.random.default_rng(seed)
    place, way = rng.uniform(0, box, (bodies, 2)), rng.uniform(-np.pi, np.pi, bodies)
    seen = []
    for number in range(times * fine):
        if number % fine == 0:
            seen.append(place)
        apart = place[None] - place[:, None]
        near = np.linalg.norm(apart - box * np.round(apart / box), axis=-1) < radius
        mean = near @ np.column_stack([np.cos(way), np.sin(way)])
        way = np.arctan2(mean[:, 1], mean[:, 0]) + noise * rng.uniform(-0.5, 0.5, bodies)
        place = place + speed / fine * np.column_stack([np.cos(way), np.sin(way)])
    shape = (times, bodies)
    cell = Cell.of([box] * 2)
    here = Recording(np.stack(seen), np.arange(float(times)), np.ones(shape, bool), cell=cell)
    return Recordings((here,), "flock")


@pytest.mark.parametrize("seed", range(3))
def test_radius_length_and_error_of_discrete_steps_are_found(seed):
    found = find_discrete_steps(flock(seed=seed))
    assert found is not None
    assert found.length == pytest.approx(0.05)
    assert found.radius == pytest.approx(0.8, rel=0.02)
    assert found.error == pytest.approx(0.6 / np.sqrt(12), rel=0.1)


def test_bodies_that_turn_while_they_move_take_no_discrete_steps():
    assert find_discrete_steps(flock(fine=8)) is None


def test_without_alignment_no_radius_is_told():
    found = find_discrete_steps(flock(radius=1e-6))
    assert found is not None and found.radius is None


@pytest.mark.slow
def test_no_formula_is_the_law_of_discrete_steps():
    found = fl.particles.discover(flock())
    assert found.verdict != "law"
    assert found.causes == ("discrete-steps",)
    assert any("mean direction of all within 0." in note for note in found.notes)
