"""Positions wrapped into a periodic box are unwrapped where there is no doubt, and said to be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.particles import Trajectories, simulate
from forcelaw.particles.kinematics import unwrap

MADE = simulate("spring", bodies=4, trajectories=10, steps=200, dt=0.02, seed=0)


def straight(wrapped):
    """Without what no unwrapping can tell: in which image a body starts."""
    return wrapped - wrapped[:, :1]


@settings(max_examples=15, deadline=None)
@given(st.floats(3.5, 7.0), st.floats(-9.0, 9.0), st.sampled_from([0.0, 1e-3]), st.booleans())
def test_jumps_are_undone(length, corner, noise, with_velocity):
    draw = np.random.default_rng(0)
    position = MADE.position + noise * draw.normal(size=MADE.position.shape)
    wrapped = (position - corner) % length + corner
    velocity = MADE.velocity if with_velocity else None
    found = unwrap(wrapped, velocity, MADE.time)
    if found.undone:
        error = np.abs(straight(found.position) - straight(position)).max()
        # A round length is taken where the frames cannot tell it from that: to some 1e-8.
        assert error < (1e-7 if not noise else 3 * noise) * length
        said = float(found.notes[0].split("jump by ")[1].split()[0])
        assert said == pytest.approx(length, abs=3 * noise + 1e-5)
    else:
        crossed = np.abs(np.diff(wrapped, axis=1)).max() > length / 2
        filled = np.ptp(wrapped) > 0.98 * length
        assert not (crossed and filled and length < 5)


def test_a_round_length_is_exact_and_the_rest_goes_on_from_there():
    data = Trajectories(MADE.position % 4, None, MADE.time)
    np.testing.assert_allclose(straight(data.position), straight(MADE.position), atol=1e-14)
    assert data.notes[0].startswith("positions jump by 4 along x and by 4 along y (")
    assert data.counts["unwrapped"] > 10
    both = Trajectories(MADE.position % 4, MADE.velocity, MADE.time)
    assert "while velocities do not" in both.notes[0]


def test_angles_are_unwrapped():
    rate = np.linspace(0.5, 2, 8)
    angle = np.arange(100)[:, None] * 0.1 * rate + np.linspace(0, 2, 8)
    data = Trajectories((angle % (2 * np.pi))[:, :, None])
    np.testing.assert_allclose(data.position[0, :, :, 0], angle, atol=1e-9)


@pytest.mark.parametrize("law", ["1/r2", "string"])
def test_free_motion_is_left_alone(law):
    made = simulate(law, bodies=3, trajectories=10, steps=50, seed=0)
    for velocity in (None, made.velocity):
        assert not unwrap(made.position, velocity, made.time).undone


def test_a_stray_frame_is_no_box():
    position = MADE.position.copy()
    position[3, 50, 1] += 1e3
    assert not unwrap(position, MADE.velocity, MADE.time).undone
