"""Units that a file leaves open are told by what it says twice."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.errors import InputError
from forcelaw.particles.snapshots import Snapshot, Source, assemble


def swing(frames=60, bodies=12, step=0.05, seed=0):
    draw = np.random.default_rng(seed)
    rate, phase = draw.uniform(0.5, 2, (2, bodies, 2))
    time = np.arange(frames) * step
    angle = rate * time[:, None, None] + phase
    return time, np.sin(angle), rate * np.cos(angle), -(rate**2) * np.sin(angle)


def taken(position, velocity=None, force=None, time=None, **constants) -> Any:
    """The recording of these arrays."""
    frames = (
        Snapshot(
            position=position[t],
            velocity=None if velocity is None else velocity[t],
            force=None if force is None else force[t],
            time=None if time is None else float(time[t]),
            step=float(t),
            constants=constants,
        )
        for t in range(len(position))
    )
    return assemble(Source(frames), "made.xyz")


@settings(max_examples=20, deadline=None)
@given(st.floats(0.01, 0.3), st.integers(0, 100))
def test_how_long_a_step_is(step, seed):
    time, x, v, _ = swing(step=step, seed=seed)
    np.testing.assert_allclose(taken(x, v).time, time, rtol=2e-3)


def test_round_steps_are_exact():
    time, x, v, _ = swing(step=0.025)
    found = taken(x, v)
    np.testing.assert_allclose(found.time, time, rtol=1e-12)
    assert "by positions and velocities, one lasts 0.025" in found.notes[0]


@pytest.mark.parametrize("with_velocity", [True, False])
def test_forces_in_any_unit_are_accelerations(with_velocity):
    time, x, v, a = swing(frames=200, step=0.02)
    mass = np.linspace(1, 3, 12)
    force = 96.485 * a * mass[:, None]
    found = taken(x, v if with_velocity else None, force, time, mass=mass)
    np.testing.assert_allclose(found.acceleration, a, rtol=2e-3, atol=2e-3)
    assert "times what motion tells (0.0103" in " ".join(found.notes)
    same = taken(x, v, a * mass[:, None], time, mass=mass)
    np.testing.assert_allclose(same.acceleration, a, rtol=1e-12)
    assert not same.notes


@pytest.mark.parametrize("bodies", [2, 3, 30])
def test_velocities_of_another_motion_are_no_error(bodies):
    time, x, _, _ = swing(bodies=bodies)
    for seed in range(20):
        velocity = np.random.default_rng(seed).normal(size=x.shape)
        assert taken(x, velocity, time=time).velocity is not None


@pytest.mark.parametrize("bodies", [1, 2, 30])
def test_velocities_of_another_unit_are_an_error(bodies):
    time, x, v, _ = swing(bodies=bodies)
    for factor in (1000, 3.6, -1):
        with pytest.raises(InputError, match=f"{factor:g} times|opposite sign"):
            taken(x, factor * v, time=time)
