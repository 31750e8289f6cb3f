"""Forces along bonds beside forces between all."""

from dataclasses import replace

import numpy as np
import pytest
from matter_laws import law, pair, recorded

from benchmarks.particles import worlds
from forcelaw.particles.data import Cell, Recording
from forcelaw.particles.matter import discover_recordings
from forcelaw.particles.matter.searches.permanent_pairs import find_permanent_pairs

RING = [(k, (k + 1) % 6) for k in range(6)] + [((k + 1) % 6, k) for k in range(6)]


@pytest.mark.slow
def test_bonds_and_forces_between_all_are_told_apart():
    known = law(pair("-1/r**3"), pair("5*(r - 1.5)", bonded=True))
    found = discover_recordings(recorded(known, recordings=3, edges=RING))
    r = np.linspace(1, 3, 20)
    forces = {force.name: force.formula.at({"r": r}) for force in found.law.pairs}
    assert set(forces) == {"pair", "bond"}
    np.testing.assert_allclose(forces["pair"], -1 / r**3, rtol=0.02)
    np.testing.assert_allclose(forces["bond"], 5 * (r - 1.5), atol=0.01)
    assert found.verdict == "law"


@pytest.mark.slow
def test_bonds_may_be_longer_than_the_cutoff_of_other_forces():
    world = worlds.chain(chains=4, beads=8, snapshots=400, velocities=True)
    found = discover_recordings(world.recordings, cutoff=world.cutoff)
    forces = {force.name: force for force in found.law.pairs}
    assert world.cutoff is not None
    assert forces["pair"].reach <= world.cutoff < forces["bond"].reach
    # Few beads touch that no bond joins: what is sure is the sum on those that are joined.
    r = np.linspace(0.96, 1.1, 10)
    both = sum(forces[name].formula.at({"r": r}) for name in ("pair", "bond"))
    truth = 24 / r**7 - 48 / r**13 + 50 * (r - 1)
    np.testing.assert_allclose(both, truth, atol=0.1 * np.abs(truth).max())
    far = np.linspace(1.15, 1.3, 10)
    np.testing.assert_allclose(forces["bond"].formula.at({"r": far}), 50 * (far - 1), atol=1.5)


@pytest.mark.slow
def test_a_force_that_leaves_bonds_out_is_found():
    known = law(pair("-1/r**3", key="apart"), pair("5*(r - 1.5)", bonded=True))
    found = discover_recordings(recorded(known, recordings=3, edges=RING))
    assert found.verdict == "law"
    r = np.linspace(1, 3, 20)
    forces = {force.name: force.formula.at({"r": r}) for force in found.law.pairs}
    assert set(forces) == {"apart", "bond"}
    np.testing.assert_allclose(forces["apart"], -1 / r**3, rtol=0.01)
    np.testing.assert_allclose(forces["bond"], 5 * (r - 1.5), atol=0.01)
    # Bonds go with the data in which they were found.
    bare = replace(found.data, parts=tuple(replace(part, edges=None) for part in found.data))
    moved, told = (found.rollout(one, steps=3, dt=0.01) for one in (bare, found.data))
    np.testing.assert_array_equal(
        moved.recordings.parts[0].position, told.recordings.parts[0].position
    )


def scattered(bodies, spread=0.0, seed=0):
    """Bodies that fly about in a box, or a crystal, and a partner of each not farther than .5."""
    chance = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(*[np.arange(4.0)] * 2), axis=-1).reshape(-1, 2)[: bodies // 2]
    time = np.arange(60.0)
    speed = spread * chance.normal(size=grid.shape)
    centre = grid * 2 + time[:, None, None] * speed
    angle = chance.uniform(0, 6, (60, len(grid)))
    arm = 0.25 * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    position = np.concatenate([centre - arm, centre + arm], axis=1)
    here = np.ones(position.shape[:2], bool)
    return Recording(position, time, here, cell=Cell.of([8.0, 8.0]))


def test_pairs_that_never_part_are_taken_for_bonds():
    bonds = find_permanent_pairs(scattered(16, spread=0.3))
    assert sorted(bonds.tolist()) == [[k, k + 8] for k in range(8)]
    crystal = scattered(32)
    lattice = Recording(crystal.position[:, :16], crystal.time, crystal.present[:, :16])
    assert not len(find_permanent_pairs(lattice))
    gas = np.random.default_rng(1).uniform(0, 8, (60, 16, 2))
    assert not len(find_permanent_pairs(Recording(gas, np.arange(60.0), np.ones((60, 16), bool))))
