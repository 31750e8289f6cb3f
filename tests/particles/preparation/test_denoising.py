"""Noise is told from motion, and smoothed without bending it."""

import numpy as np
import pytest

from forcelaw.particles import simulate
from forcelaw.particles.preparation import denoise

COUNT = 40


def pair(law, noise=0.01, steps=60):
    arguments = {"trajectories": COUNT, "steps": steps, "bodies": 3, "seed": 1}
    return simulate(law, **arguments), simulate(law, noise=noise, **arguments)


def error(one, other, rows):
    return np.sqrt(np.median((one - other)[rows] ** 2))


@pytest.mark.parametrize("law", ["spring", "charge", "discontinuous"])
def test_positions_lose_most_of_their_noise(law):
    clean, noisy = pair(law)
    smoothed = denoise(noisy)
    rows = smoothed.reliable
    assert rows is not None and rows.mean() > 0.5
    assert (
        error(smoothed.position, clean.position, rows)
        < error(noisy.position, clean.position, rows) / 5
    )
    for name in ("velocity", "acceleration"):
        parts = (getattr(data, name) for data in (smoothed, clean, noisy))
        after, truth, before = parts
        assert error(after, truth, rows) < error(before, truth, rows)
    assert "noise of" in smoothed.notes[-1]
    assert denoise(smoothed) is smoothed


@pytest.mark.parametrize("law", ["spring", "discontinuous"])
def test_exact_motion_is_left_alone(law):
    clean, _ = pair(law)
    assert denoise(clean) is clean


def test_what_cannot_be_told_is_left_alone():
    _, noisy = pair("spring", steps=15)
    assert denoise(noisy) is noisy
    coarse = simulate("spring", trajectories=COUNT, steps=60, dt=1.0, bodies=3)
    assert denoise(coarse) is coarse


def test_samples_leave_out_unreliable_instants():
    _, noisy = pair("discontinuous")
    smoothed = denoise(noisy)
    samples, reliable = smoothed.samples(), smoothed.reliable
    assert reliable is not None and len(samples.position) == reliable.sum()
    first = np.argwhere(reliable)[-1]
    np.testing.assert_array_equal(samples.position[-1], smoothed.position[tuple(first)])
    np.testing.assert_array_equal(
        samples.attributes["mass"][-1], smoothed.attributes["mass"][first[0]]
    )
    part = smoothed.select(np.asarray([3, 1]))
    np.testing.assert_array_equal(part.reliable, reliable[[3, 1]])
    np.testing.assert_array_equal(smoothed.between(5, 20).reliable, reliable[:, 5:20])
