"""Forces along bonds beside forces between all."""

import numpy as np
from matter_laws import law, pair, recorded

from benchmarks.particles import worlds
from forcelaw.particles.matter import discover_recordings

RING = [(k, (k + 1) % 6) for k in range(6)] + [((k + 1) % 6, k) for k in range(6)]


def test_bonds_and_forces_between_all_are_told_apart():
    known = law(pair("-1/r**3"), pair("5*(r - 1.5)", bonded=True))
    found = discover_recordings(recorded(known, recordings=3, edges=RING))
    r = np.linspace(1, 3, 20)
    forces = {force.name: force.formula.at({"r": r}) for force in found.law.pairs}
    assert set(forces) == {"pair", "bond"}
    np.testing.assert_allclose(forces["pair"], -1 / r**3, rtol=0.02)
    np.testing.assert_allclose(forces["bond"], 5 * (r - 1.5), atol=0.01)
    assert found.verdict == "law"


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
