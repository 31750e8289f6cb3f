"""Positions and velocities that contradict each other, and those that only seem to."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.errors import InputError
from forcelaw.particles import Trajectories, simulate

MADE = simulate("spring", bodies=4, dim=3, trajectories=10, steps=100, seed=0)
MASS = MADE.attributes["mass"][:, None, :, None]


def built(position=MADE.position, velocity=MADE.velocity, time=MADE.time):
    return Trajectories(position, velocity, time)


@pytest.mark.parametrize(
    ("velocity", "words"),
    [
        (1000 * MADE.velocity, "velocities 1000 times the change of position"),
        (MADE.velocity / 3.6, "velocities 0.278 times the change"),
        (-MADE.velocity, "velocities of the opposite sign"),
        (MADE.velocity * [1, 1, 0.3048], "velocities along z 0.305 times"),
        (MADE.velocity[..., [1, 0, 2]], "velocity along y follows the position along x"),
        (MADE.velocity[..., [1, 2, 0]], "velocity along z follows the position along x"),
        (MASS * MADE.velocity, "velocities of body '.' in trajectory .*divide by the masses"),
        (0 * MADE.velocity, "velocities that are 0 throughout"),
    ],
)
def test_contradictions_are_named(velocity, words):
    with pytest.raises(InputError, match=words):
        built(velocity=velocity)


def test_positions_that_never_change():
    with pytest.raises(InputError, match="positions never change"):
        built(position=np.repeat(MADE.position[:, :1], 101, axis=1))


def test_a_wrong_step_of_time_is_a_factor():
    with pytest.raises(InputError, match="velocities 24 times the change"):
        built(time=24 * MADE.time)


@settings(max_examples=20, deadline=None)
@given(st.floats(-6, 6), st.booleans())
def test_any_factor_is_told_and_any_common_unit_is_fine(exponent, common):
    factor = 10**exponent
    if common:
        assert built(factor * MADE.position, factor * MADE.velocity).notes[0].startswith("accel")
        assert built(velocity=MADE.velocity / factor, time=MADE.time * factor).n_times == 101
    elif abs(factor - 1) > 0.1:
        with pytest.raises(InputError, match="times the change of position"):
            built(velocity=MADE.velocity * factor)


@pytest.mark.parametrize("law", ["1/r2", "string", "damped"])
def test_true_motion_is_never_refused(law):
    made = simulate(law, bodies=3, trajectories=5, steps=80, seed=1)
    draw = np.random.default_rng(0)
    for noise in (0, 0.1, 0.5):
        x, v = (
            part + noise * part.std() * draw.normal(size=part.shape)
            for part in (made.position, made.velocity)
        )
        for every in (1, 4):
            again = Trajectories(x[:, ::every], v[:, ::every], made.time[::every])
            assert noise or not any("little to do" in note for note in again.notes)


def test_a_flat_axis_and_bodies_at_rest_are_fine():
    position, velocity = MADE.position.copy(), MADE.velocity.copy()
    position[..., 2], velocity[..., 2] = 1e-17, 1e-18
    position[:, :, 0], velocity[:, :, 0] = 0.5, 0
    assert len(built(position, velocity).notes) == 1


def test_a_boost_is_fine():
    drift = np.array([100.0, 0, -30])
    moved = MADE.position + drift * MADE.time[:, None, None]
    assert len(built(moved, MADE.velocity + drift).notes) == 1


def test_unrelated_states_are_said_to_be():
    draw = np.random.default_rng(0)
    data = built(draw.normal(size=(5, 40, 3, 2)), draw.normal(size=(5, 40, 3, 2)), np.arange(40.0))
    assert any("little to do with each other" in note for note in data.notes)


def test_states_with_accelerations_need_no_velocities():
    data = Trajectories(MADE.position, 0 * MADE.velocity, MADE.time, acceleration=MADE.acceleration)
    assert "0 throughout" in data.notes[0]
