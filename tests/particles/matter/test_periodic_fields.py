"""Fields that vary in time: their period, direction and phase, and where there is none."""

from dataclasses import replace

import numpy as np
import pytest
from matter_laws import law, pair, recorded

from benchmarks.particles import worlds
from forcelaw.particles.kernels import OneBody
from forcelaw.particles.matter import Measured, OneBodyForce, discover_recordings
from forcelaw.particles.matter.rollouts import read_law, write_law
from forcelaw.particles.matter.searches.periodic_fields import Means, find_frequency


def wave(kind, value, frequency, axis=0, attribute=""):
    """A field that varies in time."""
    return OneBodyForce("", OneBody(kind, axis, attribute, frequency), Measured(value, 0.01))


def waves_of(found):
    """Factors by what they multiply, and the frequencies."""
    waves = [one for one in found.law.one_body if one.term.reads_time]
    factors = {
        (one.term.kind, one.term.axis, one.term.attribute): one.factor.value for one in waves
    }
    return factors, [one.term.frequency for one in waves]


@pytest.mark.slow
def test_a_field_with_a_period_is_found_and_goes_on(tmp_path):
    world = worlds.swing(velocities=False, parts=3, snapshots=300)
    found = discover_recordings(world.recordings)
    factors, frequencies = waves_of(found)
    assert factors == pytest.approx({("cos_time", 0, ""): 1.5}, rel=0.01)
    assert 2 * np.pi / frequencies[0] == pytest.approx(3, rel=1e-3)
    assert found.verdict == "law" and not found.causes
    assert "*cos(2.094" in found.formula.alone("")
    later = replace(world.recordings, parts=(world.recordings.parts[0].between(20, 300),))
    write_law(tmp_path, found.law, later)
    again, starts = read_law(tmp_path)
    moved = again and found.rollout(later, steps=40, dt=0.05)
    assert starts[0].time == pytest.approx(moved.recordings.parts[0].time[0])
    truth = np.interp(
        moved.recordings.parts[0].time, later.parts[0].time, later.parts[0].position[:, 0, 0]
    )
    np.testing.assert_allclose(moved.recordings.parts[0].position[:, 0, 0], truth, atol=0.02)


@pytest.mark.slow
def test_a_field_on_charges_of_any_phase_and_direction():
    charge = [1.0, -1, 2, -1, 1, -2]
    pushed = (
        wave("sin_time", 0.8, 4.0, 1, "charge"),
        wave("cos_time", -0.5, 4.0, 0, "charge"),
    )
    known = law(pair("-1/r**2"), one_body=pushed)
    found = discover_recordings(recorded(known, recordings=3, steps=120, charge=charge))
    factors, frequencies = waves_of(found)
    wanted = {("sin_time", 1, "charge"): 0.8, ("cos_time", 0, "charge"): -0.5}
    assert set(factors) == set(wanted)
    for key, value in wanted.items():
        assert factors[key] == pytest.approx(value, rel=0.02)
    assert frequencies == pytest.approx([4.0] * len(frequencies), rel=1e-3)


def test_a_wave_is_told_from_chance():
    chance = np.random.default_rng(0)
    time = np.arange(400) * 0.1
    for _ in range(40):
        assert find_frequency(Means(time, chance.normal(size=(400, 2)))) is None
    noise = chance.normal(size=(400, 2))
    noise[:, 1] += 0.8 * np.cos(2.5 * time + 1)
    found = find_frequency(Means(time, noise))
    assert found is not None and found[0] == pytest.approx(2.5, abs=0.02)
    assert find_frequency(Means(time[:10], noise[:10])) is None
