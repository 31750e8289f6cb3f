"""Velocities and accelerations estimated where a file lacks them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from swinging import made, swing

from forcelaw.errors import InputError
from forcelaw.particles import EstimateWarning, read, write
from forcelaw.particles.kinematics import estimate_missing, measure_noise


@pytest.mark.parametrize("suffix", [".npz", ".csv"])
def test_missing_derivatives_are_estimated_with_a_warning(tmp_path, suffix):
    data = made()
    path = tmp_path / f"a{suffix}"
    if suffix == ".npz":
        np.savez(path, position=data.position, time=data.time)
    else:
        write(made(estimated=("velocity", "acceleration")), path)
    with pytest.warns(EstimateWarning, match="velocity and acceleration estimated from the pos"):
        back = read(path)
    _, velocity, acceleration = swing()
    assert back.estimated == ("velocity", "acceleration")
    assert back.ends == (3, 3)
    np.testing.assert_allclose(back.velocity, velocity, atol=1e-3)
    inner = slice(3, -3)
    np.testing.assert_allclose(back.velocity[:, inner], velocity[:, inner], atol=1e-6)
    np.testing.assert_allclose(back.acceleration[:, inner], acceleration[:, inner], atol=1e-5)
    assert "estimated" in back.notes[0]


def test_accelerations_come_from_given_velocities(tmp_path):
    data = made()
    np.savez(tmp_path / "a.npz", position=data.position, velocity=data.velocity, time=data.time)
    with pytest.warns(EstimateWarning, match="acceleration estimated from the velocity"):
        back = read(tmp_path / "a.npz")
    assert back.estimated == ("acceleration",)
    np.testing.assert_array_equal(back.velocity, data.velocity)
    np.testing.assert_allclose(back.acceleration[:, 3:-3], data.acceleration[:, 3:-3], atol=1e-6)


@pytest.mark.parametrize("uneven", [False, True])
def test_differences_have_their_order(uneven):
    errors = []
    for steps in (40, 80):
        generator = np.random.default_rng(1)
        time = np.linspace(0, 3, steps)
        if uneven:
            time = time + 0.1 * np.sin(2 * time)
        position, velocity, acceleration = swing(time=time)
        found = estimate_missing(position, None, None, time)
        errors.append(
            [
                np.abs(found.velocity - velocity)[:, 3:-3].max(),
                np.abs(found.acceleration - acceleration)[:, 3:-3].max(),
            ]
        )
        del generator
    order = np.log2(np.array(errors[0]) / errors[1])
    assert order[0] > 5.5
    assert order[1] > (4.5 if uneven else 5.5)


@pytest.mark.parametrize("uneven", [False, True])
def test_noisy_positions_are_smoothed_and_stay_usable(uneven):
    generator = np.random.default_rng(0)
    time = np.arange(600) * 0.02
    if uneven:
        time = time + generator.uniform(-0.005, 0.005, size=600)
    position, velocity, acceleration = swing(20, 3, time=time)
    noisy = position + 0.01 * generator.normal(size=position.shape)
    found = estimate_missing(noisy, None, None, time)
    assert "smoothing splines" in found.notes[0]
    assert found.estimated[0] == "position"
    inner = slice(found.ends[0], len(time) - found.ends[1])

    def error(one, other):
        difference = (one - other)[:, inner]
        return np.sqrt((difference**2).mean() / (other[:, inner] ** 2).mean())

    assert error(found.position, position) < 0.005
    assert error(found.velocity, velocity) < 0.01
    assert error(found.acceleration, acceleration) < 0.04


def test_long_series_are_smoothed_in_windows_that_fit():
    time = np.arange(2500) * 0.02
    position, velocity, _ = swing(2, time=time)
    noise = np.random.default_rng(0).normal(size=position.shape)
    found = estimate_missing(position + 0.01 * noise, None, None, time)
    assert np.abs(found.velocity - velocity)[:, 40:-40].max() < 0.15


@settings(max_examples=10, deadline=None)
@given(st.floats(1e-6, 1e-1))
def test_the_noise_is_measured(noise):
    generator = np.random.default_rng(0)
    frames = swing(40, 2, time=np.arange(300) * 0.01)[0]
    noisy = np.moveaxis(frames, 1, 0).reshape(300, -1)
    noisy = noisy + noise * generator.normal(size=noisy.shape)
    assert measure_noise(noisy, np.arange(300) * 0.01) == pytest.approx(noise, rel=0.1)


@pytest.mark.parametrize("frames", [3, 5, 8])
def test_few_frames_are_enough_for_parabolas(frames):
    time = np.array([0, 0.1, 0.3, 0.4, 0.6, 0.7, 0.9, 1.0])[:frames]
    position = np.stack([time**2, 1 - time], axis=1)[None, :, :, None]
    found = estimate_missing(position, None, None, time)
    np.testing.assert_allclose(found.acceleration[..., 0], [[[2, 0]] * frames], atol=1e-8)
    with pytest.raises(InputError, match="at least 3"):
        estimate_missing(position[:, :2], None, None, time[:2])
