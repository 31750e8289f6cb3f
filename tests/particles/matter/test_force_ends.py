"""Where nobody says how far forces reach, that is found, and the law is the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forcelaw.particles.data import Cell, Recording, Recordings
from forcelaw.particles.kernels import SecondOrder, fit_terms
from forcelaw.particles.matter import discover_recordings
from forcelaw.particles.matter.candidate_terms import find_candidates
from forcelaw.particles.matter.searches.force_ends import find_ends
from forcelaw.particles.matter.searches.reach import find_reach


def moving(bodies, times, box, force, reach, seed=0, fine=5, step=0.02, spread=0.2):
    """Bodies in a square box that push each other, up to a distance (leapfrog)."""
    rng = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(bodies)))
    grid = np.stack(np.meshgrid(*2 * [np.arange(side)]), -1).reshape(-1, 2)[:bodies]
    place = (grid + 0.5 + rng.uniform(-spread, spread, grid.shape)) * box / side
    velocity = rng.standard_normal(place.shape)
    seen = np.empty((times, bodies, 2))
    for number in range(times * fine):
        if number % fine == 0:
            seen[number // fine] = place
        apart = place[None] - place[:, None]
        apart -= box * np.round(apart / box)
        r = np.linalg.norm(apart, axis=-1) + np.eye(bodies)
        size = np.where((r < reach) & ~np.eye(bodies, dtype=bool), force(r) / r, 0)
        velocity = velocity + step / fine * np.einsum("ijd,ij->id", apart, size)
        place = place + step / fine * velocity
    cell, there = Cell.of([box] * 2), np.ones((times, bodies), bool)
    return Recordings((Recording(seen, step * np.arange(times), there, cell=cell),), "moving")


def ends_of(data):
    """Where the only force ends, by block; and half the box."""
    candidates = find_candidates(data)
    terms = candidates.terms(0, SecondOrder())
    terms = replace(terms, blocks=terms.blocks[:1], one_body=())
    fit = fit_terms(data, terms, SecondOrder(), candidates.cutoff, rows=20_000)
    finer = candidates.refined(terms)
    ends = find_ends(data, finer, fit, SecondOrder(), candidates.cutoff)
    return {index: end.place for index, end in ends.items()}, candidates.ended(terms, ends).blocks[
        0
    ].splines.breaks[-1]


@pytest.mark.parametrize("end", [1.5, 2.0])
def test_the_end_of_a_force_is_found(end):
    ends, last = ends_of(moving(40, 60, 6.5, lambda r: -1 / r**2, end))
    assert ends[0] == last == pytest.approx(end, rel=0.03)


def test_a_force_that_does_not_end_goes_up_to_half_the_box():
    assert ends_of(moving(40, 60, 6.5, lambda r: -1 / r, np.inf)) == ({}, 3.25)


def test_of_many_bodies_all_are_looked_at_only_where_forces_reach_them():
    reach = find_reach(moving(400, 14, 20.0, lambda r: -1 / r**2, 1.5), SecondOrder(), "auto")
    assert reach is not None and 1.5 < reach < 5


def test_of_few_bodies_all_are_looked_at():
    few = moving(40, 14, 6.5, lambda r: -1 / r**2, 1.5)
    assert find_reach(few, SecondOrder(), "auto") is None


def repulsion(r):
    """Of Lennard-Jones up to its minimum (Weeks, Chandler & Andersen 1971)."""
    return 24 / r**7 - 48 / r**13


def test_a_force_that_is_smooth_where_it_ends_ends_at_its_own_zero():
    end = 2 ** (1 / 6)
    data = moving(40, 100, 7.7, repulsion, end, fine=10, step=0.01, spread=0.05)
    found = discover_recordings(data, order="second")
    assert found.formula.text() == "24/r**7 - 48/r**13" and found.verdict == "law"
    assert found.law.pairs[0].reach == pytest.approx(end, rel=1e-4)


def test_a_force_that_is_cut_off_ends_where_that_is():
    data = moving(36, 60, 6.0, lambda r: -1 / r**2, 1.5, fine=10, step=0.01)
    found = discover_recordings(data, order="second")
    assert found.formula.text() == "-1/r**2" and found.verdict == "law"
    assert found.law.pairs[0].reach == pytest.approx(1.5, rel=3e-3)
