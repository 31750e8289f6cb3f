"""Thermostats, and chance that leaves formulas alike, are said where no law is found."""

import numpy as np
import pytest

from benchmarks.particles import worlds
from forcelaw.particles.data import Cell, Recording, Recordings
from forcelaw.particles.kernels import FirstOrder, OneBody, SecondOrder, Terms
from forcelaw.particles.matter import discover_recordings
from forcelaw.particles.matter.searches.thermostats import find_thermostat

DRAG = Terms(0, (), (OneBody("velocity"),))
TIMES = np.arange(200.0)


def slowed(rates, chance=0.1):
    """Bodies whose accelerations are friction at these rates, by time and body, and chance."""
    rng = np.random.default_rng(0)
    x, v, kicks = rng.normal(size=(3, 200, 20, 2))
    acceleration = -rates[..., None] * v + chance * kicks
    there = np.ones((200, 20), bool)
    return Recordings((Recording(x, TIMES, there, velocity=v, acceleration=acceleration),))


def swinging():
    return np.repeat(0.5 * np.sin(0.3 * TIMES)[:, None], 20, axis=1)


def test_friction_that_swings_in_time_is_a_thermostat():
    found = find_thermostat(slowed(1 + swinging()), DRAG, np.array([-1.0]), SecondOrder(), 1.0)
    assert found is not None
    # 1/8 of the squares of velocities in one component, beside a hundredth of chance.
    assert found.share == pytest.approx(0.125 / 0.135, abs=0.03)
    assert (found.least, found.most) == pytest.approx((-0.5, 0.5), abs=0.15)


@pytest.mark.parametrize(
    "rates",
    [np.full((200, 20), 2.0), np.repeat(np.linspace(0, 3, 20)[None], 200, axis=0)],
    ids=["steady", "by-body"],
)
def test_friction_that_stays_is_no_thermostat(rates):
    assert find_thermostat(slowed(rates), DRAG, np.array([-1.0]), SecondOrder(), 1.0) is None


def test_chance_is_no_thermostat_and_first_order_has_none():
    alike = slowed(np.ones((200, 20)))
    assert find_thermostat(alike, DRAG, np.array([-1.0]), SecondOrder(), 1.0) is None
    law = np.array([-1.0])
    assert find_thermostat(slowed(1 + swinging()), DRAG, law, FirstOrder(), 1.0) is None


def hoover_gas(bodies=36, frames=150, every=5, step=0.002, period=0.3):
    """Soft bodies whose friction follows their temperature (Nosé and Hoover); positions alone."""
    rng, size = np.random.default_rng(0), np.sqrt(1.2 * bodies)
    side = int(np.sqrt(bodies))
    x = np.stack(np.meshgrid(*[np.arange(side)] * 2), axis=-1).reshape(-1, 2) * np.sqrt(1.2)
    v, rate, seen = rng.normal(size=x.shape), 0.0, []
    for number in range(-500, frames * every):
        if number >= 0 and number % every == 0:
            seen.append(x)
        # Half a step of places, a whole one of velocities between two halves of friction.
        x = x + step / 2 * v
        apart = x - x[:, None]
        apart -= size * np.round(apart / size)
        r = np.linalg.norm(apart, axis=-1) + 9 * np.eye(bodies)
        pull = np.where(r < 2.5, -20 * np.exp(-2 * r) / r, 0)
        v = v * np.exp(-step / 2 * rate) + step * (pull[..., None] * apart).sum(axis=1)
        rate += step * (np.mean(v**2) - 1) / period**2
        v = v * np.exp(-step / 2 * rate)
        x = x + step / 2 * v
    time, there = every * step * np.arange(frames), np.ones((frames, bodies), bool)
    return Recordings((Recording(np.array(seen), time, there, cell=Cell.of([size] * 2)),))


@pytest.mark.slow
def test_a_thermostat_is_the_cause_why_a_force_is_no_law():
    found = discover_recordings(hoover_gas(), cutoff=2.5)
    (force,) = found.law.of_pairs("pair")
    r = np.linspace(0.7, 2, 10)
    np.testing.assert_allclose(force.formula.at({"r": r}), -20 * np.exp(-2 * r), atol=0.15)
    assert found.verdict == "approximation"
    assert found.causes == ("velocity-dependent", "time-dependent")
    assert any("thermostat" in note for note in found.notes)


@pytest.mark.slow
def test_chance_is_the_cause_why_one_of_several_formulas_is_no_law():
    """Langevin's thermostat: friction and temperature are found, the form is not decided."""
    world = worlds.argon(snapshots=100, drag=4.0, velocities=False)
    found = discover_recordings(world.recordings, cutoff=2.5)
    (drag,) = found.law.one_body
    assert drag.factor.value == pytest.approx(-4, rel=0.15)
    assert found.verdict == "approximation"
    assert "stochastic" in found.causes
    assert any("chance" in note and "longer recordings" in note for note in found.notes)
