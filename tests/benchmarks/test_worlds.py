"""The simulated worlds move by the law that they say moves them."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.particles import worlds

SMALL = {
    "active": {"bodies": 12, "snapshots": 100, "box": 6.0},
    "argon": {"snapshots": 40, "settle": 200},
    "brownian_yukawa": {"bodies": 20, "snapshots": 300, "box": 7.0},
    "chain": {"chains": 3, "beads": 5, "snapshots": 60, "box": 6.0},
    "cucker_smale": {"parts": 2, "snapshots": 40},
    "grains": {"bodies": 30, "snapshots": 200, "box": 5.6, "step": 0.004, "substeps": 2},
    "kob_andersen": {"snapshots": 30, "settle": 300},
    "kuramoto": {"parts": 2, "snapshots": 50},
    "langevin_yukawa": {"bodies": 20, "snapshots": 800, "box": 7.0, "velocities": True},
    "milling": {"parts": 2, "snapshots": 60, "step": 0.02},
    "predator_prey": {"parts": 2, "snapshots": 50, "step": 0.005},
    "swing": {"parts": 2, "snapshots": 60},
    "vicsek": {"bodies": 40, "snapshots": 50, "box": 6.0},
    "vortices": {"parts": 2, "snapshots": 50},
}
ALONG_THE_LINE = ("argon", "brownian_yukawa", "kob_andersen", "predator_prey")


@pytest.fixture(scope="module")
def made():
    """Every world once, small."""
    return {name: getattr(worlds, name)(**sizes) for name, sizes in SMALL.items()}


def vectors(part, snapshot):
    """From receiver to sender, and distances; a body is infinitely far from itself."""
    vector = part.position[snapshot][None] - part.position[snapshot][:, None]
    if part.cell is not None:
        box = np.diag(part.cell.vectors[0])
        vector -= box * np.round(vector / box)
    r = np.sqrt(np.square(vector).sum(axis=-1))
    np.fill_diagonal(r, np.inf)
    return vector, r


def net_force(part, pairs, snapshot):
    """Every pair of bodies by the law of their kinds, one after the other."""
    vector, r = vectors(part, snapshot)
    size = np.zeros_like(r)
    for (receiver, sender), law in pairs.items():
        of = [
            np.array([kind in (k, "") for k in part.species or [""] * part.n_bodies])
            for kind in (receiver, sender)
        ]
        chosen = np.outer(*of) & np.isfinite(r)
        size[chosen] = law.value(r[chosen])
    return (vector * (size / r)[..., None]).sum(axis=1)


@pytest.mark.parametrize("name", ALONG_THE_LINE)
def test_the_drift_is_the_sum_of_the_stated_forces(made, name):
    world = made[name]
    for part, drift in zip(world.recordings, world.drift, strict=True):
        np.testing.assert_allclose(drift[-1], net_force(part, world.pairs, -1), atol=1e-9)


def test_neighbour_lists_miss_no_pair():
    world = worlds.argon(bodies=600, snapshots=30, settle=30, every=4)
    (part,), (drift,) = world.recordings, world.drift
    for snapshot in (0, 15, 29):
        np.testing.assert_allclose(
            drift[snapshot], net_force(part, world.pairs, snapshot), atol=1e-9
        )


def test_charges_act_by_their_signs():
    told = worlds.brownian_yukawa(bodies=8, snapshots=5, box=6.0, charged=True)
    hidden = worlds.brownian_yukawa(bodies=8, snapshots=5, box=6.0, charged=True, hidden=True)
    (part,), (concealed,) = told.recordings, hidden.recordings
    assert not concealed.attributes
    np.testing.assert_array_equal(part.position, concealed.position)
    vector, r = vectors(part, 3)
    charge = part.attributes["charge"]
    size = -np.outer(charge, charge) * np.exp(-r) * (1 / r**2 + 1 / r) - 0.5 / r**4
    total = (vector * (size / r)[..., None]).sum(axis=1)
    np.testing.assert_allclose(told.drift[0][3], total, atol=1e-9)


@pytest.mark.parametrize("name", ["cucker_smale", "grains", "milling", "swing"])
def test_velocities_change_by_the_drift(made, name):
    world = made[name]
    for part, drift in zip(world.recordings, world.drift, strict=True):
        step = part.time[1]
        changed = (part.velocity[2:] - part.velocity[:-2]) / (2 * step)
        error = np.median(np.abs(changed - drift[1:-1])) / np.abs(drift).mean()
        assert error < 0.02


@pytest.mark.parametrize("name", ["kuramoto", "predator_prey", "vortices"])
def test_positions_change_by_the_drift(made, name):
    world = made[name]
    for part, drift in zip(world.recordings, world.drift, strict=True):
        changed = (part.position[2:] - part.position[:-2]) / (2 * part.time[1])
        assert np.abs(changed - drift[1:-1]).mean() < 0.01 * np.abs(drift).mean()


@pytest.mark.parametrize("name", ["argon", "kob_andersen"])
def test_molecules_conserve_energy_and_momentum(made, name):
    world = made[name]
    (part,), (energy,) = world.recordings, world.energy
    assert part.velocity is not None
    kinetic = np.square(part.velocity).sum(axis=(1, 2)).mean() / 2
    assert np.ptp(energy) < 1e-3 * kinetic
    np.testing.assert_allclose(part.velocity.sum(axis=1), 0, atol=1e-9)


@pytest.mark.parametrize("name", ["brownian_yukawa", "cucker_smale", "grains"])
def test_reciprocal_forces_cancel(made, name):
    for drift in made[name].drift:
        np.testing.assert_allclose(drift.sum(axis=1), 0, atol=1e-9)


def test_forces_of_chains_cancel():
    world = worlds.chain(**SMALL["chain"], velocities=True)
    (part,), (drift,) = world.recordings, world.drift
    assert part.velocity is not None and world.drag is not None
    conserved = drift + world.drag * part.velocity
    np.testing.assert_allclose(conserved.sum(axis=1), 0, atol=1e-8)


def test_active_bodies_push_each_other_and_turn_alike(made):
    world = made["active"]
    (part,), (heading,) = world.recordings, world.heading
    swim = np.stack([np.cos(heading[7]), np.sin(heading[7])], axis=-1)
    np.testing.assert_allclose(world.drift[0][7] - swim, net_force(part, world.pairs, 7), atol=1e-9)
    _, r = vectors(part, 7)
    torque = world.torque.value(r) * np.sin(heading[7][None] - heading[7][:, None])
    np.testing.assert_allclose(world.turning[0][7], torque.sum(axis=1), atol=1e-9)


@pytest.mark.parametrize("name", ["active", "brownian_yukawa"])
def test_diffusion_is_half_the_spread_about_the_drift(made, name):
    world = made[name]
    (part,), (drift,) = world.recordings, world.drift
    step = part.time[1]
    jump = np.diff(part.position, axis=0) - step * drift[:-1]
    assert np.square(jump).mean() / (2 * step) == pytest.approx(world.diffusion, rel=0.1)


def test_langevin_motion_has_its_temperature(made):
    world = made["langevin_yukawa"]
    (part,) = world.recordings
    assert np.square(part.velocity).mean() == pytest.approx(world.temperature, rel=0.1)


def test_vortices_conserve_their_centre(made):
    for part in made["vortices"].recordings:
        centre = np.einsum("b,tbd->td", part.attributes["strength"], part.position)
        np.testing.assert_allclose(centre - centre[0], 0, atol=1e-9)


def test_noiseless_alignment_orders_a_crowd():
    world = worlds.vicsek(bodies=40, snapshots=300, box=3.0, noise=0.1)
    (heading,) = world.heading
    order = np.abs(np.exp(1j * heading).mean(axis=1))
    assert order[-1] > 0.9 > order[0]


@pytest.mark.parametrize("name", sorted(set(SMALL) - {"argon", "kob_andersen"}))
def test_the_seed_decides(made, name):
    again, other = (getattr(worlds, name)(**SMALL[name], seed=seed) for seed in (0, 1))
    first = made[name].recordings.parts[0].position
    np.testing.assert_array_equal(first, again.recordings.parts[0].position)
    assert np.abs(first - other.recordings.parts[0].position).max() > 1e-3


def test_gaps_comers_and_noise(made):
    whole = made["langevin_yukawa"].recordings
    (gaps,) = worlds.with_gaps(whole, 0.2, seed=1)
    assert gaps.present.mean() == pytest.approx(0.8, abs=0.02)
    assert np.isnan(gaps.position[~gaps.present]).all()
    (comers,) = worlds.with_comers(whole, seed=1)
    switches = np.abs(np.diff(comers.present.astype(int), axis=0)).sum(axis=0)
    assert (switches <= 2).all() and (switches > 0).sum() == comers.n_bodies // 2
    (noisy,), (part,) = worlds.with_noise(whole, 0.01, seed=1), whole
    assert (noisy.position - part.position).std() == pytest.approx(0.01, rel=0.05)
    (only,) = worlds.positions_only(whole)
    assert only.velocity is None and replace(only, velocity=part.velocity).velocity is not None


def test_bodies_that_come_and_go_act_while_they_are_there():
    world = worlds.brownian_yukawa(bodies=12, snapshots=40, box=6.0, come_and_go=True)
    (part,), (drift,) = world.recordings, world.drift
    seen = part.present[2]
    assert 0 < (~part.present).mean() < 0.5 and seen.sum() < part.n_bodies
    there = replace(
        part,
        position=part.position[:, seen],
        present=part.present[:, seen],
        bodies=tuple(np.array(part.bodies)[seen]),
    )
    np.testing.assert_allclose(drift[2, seen], net_force(there, world.pairs, 2), atol=1e-9)
