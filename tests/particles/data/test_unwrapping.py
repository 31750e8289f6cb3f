"""Bodies are followed across the sides of a periodic box, whatever its shape."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.particles.data import Cell, nearest_steps, unwrap_steps


def box(draw, frames, dim, growing):
    tilted = np.diag(draw.uniform(3, 6, dim)) + draw.uniform(-1, 1, (dim, dim))
    scale = np.linspace(1, 1.5 if growing else 1, frames)[:, None, None]
    return tilted * (scale if growing else scale[:1])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from([1, 2, 3]), st.floats(0, 0.5))
def test_steps_below_half_of_the_box_are_followed(seed, growing, dim, absent):
    draw = np.random.default_rng(seed)
    present = draw.random((30, 4)) >= absent
    # Below half of the box over seven snapshots, too.
    steps = draw.uniform(-0.05, 0.05, (30, 4, dim))
    shares = draw.random((1, 4, dim)) + np.cumsum(steps, axis=0)
    cell = Cell(box(draw, 30, dim, growing), (True,) * dim)
    vectors = np.broadcast_to(cell.vectors, (30, dim, dim))
    expected = np.einsum("tbi,tij->tbj", shares, vectors)
    wrapped = np.einsum("tbi,tij->tbj", shares % 1, vectors)
    position = np.where(present[..., None], wrapped, np.nan)
    time = np.arange(30.0)
    unwrap_steps(position, present, None, time, cell, list("abcd"))
    shift = np.einsum("tbi,tij->tbj", position - expected, np.linalg.inv(vectors))
    for body in range(4):
        seen = present[:, body]
        if seen.any() and longest_gap(seen) < 8:
            moved = shift[seen, body]
            np.testing.assert_allclose(moved, np.rint(moved[:1]) + 0 * moved, atol=1e-9)


def longest_gap(seen):
    at = np.flatnonzero(seen)
    return int(np.diff(at).max(initial=1))


def test_velocities_follow_steps_of_more_than_half_the_box():
    draw = np.random.default_rng(0)
    speed = draw.uniform(-2, 2, (5, 2))
    time = np.arange(20.0)
    expected = draw.uniform(0, 3, (5, 2)) + speed * time[:, None, None]
    cell = Cell.of([3.0, 3.0])
    position, present = expected % 3, np.ones((20, 5), bool)
    velocity = np.broadcast_to(speed, position.shape)
    said = unwrap_steps(position, present, velocity, time, cell, list("abcde"))
    shift = (position - expected) / 3
    np.testing.assert_allclose(shift, np.rint(shift[:1]) + 0 * shift, atol=1e-9)
    assert len(said) == 1
    assert "by velocities (" in said[0]
    guessed = expected % 3
    said = unwrap_steps(guessed, present, None, time, cell, list("abcde"))
    assert "of nearly half the box (first: body '" in said[-1]


def test_only_what_is_periodic_is_unwrapped():
    position = np.array([[[0.1, 0.1]], [[2.9, 2.9]], [[0.1, 0.1]]])
    cell = Cell.of([3.0, 3.0], (True, False))
    unwrap_steps(position, np.ones((3, 1), bool), None, np.arange(3.0), cell, ["a"])
    np.testing.assert_allclose(position[:, 0], [[0.1, 0.1], [-0.1, 2.9], [0.1, 0.1]])


@pytest.mark.parametrize("periodic", [True, False])
def test_nearest_steps(periodic):
    position = np.array([[[0.1]], [[2.9]]])
    cell = Cell.of([3.0], (periodic,))
    np.testing.assert_allclose(nearest_steps(position, cell), [[[-0.2 if periodic else 2.8]]])
    np.testing.assert_allclose(nearest_steps(position, None), [[[2.8]]])
