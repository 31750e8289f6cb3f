"""Averages over snapshots equal what laws of polynomials in time give."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelaw.particles.data import Recording
from forcelaw.particles.kernels import FirstOrder, SecondOrder
from forcelaw.particles.kernels.observed_changes import weigh_overlaps

FIVE = np.linspace(0, 1.2, 13)
UNEQUAL = np.cumsum(np.array([0.0, 0.1, 0.25, 0.1, 0.07, 0.3, 0.2]))


def recording(time, power, *, velocity=False):
    """One body whose position is a power of time; a second far away."""
    x = np.stack([time**power, np.full_like(time, 50.0)], axis=1)[..., None]
    v = np.stack([power * time ** (power - 1), np.zeros_like(time)], axis=1)[..., None]
    return Recording(x, time, np.ones(x.shape[:2], bool), velocity=v if velocity else None)


def predicted(changes, rate):
    """The weighted average of the law's values at five snapshots."""
    padded = np.pad(rate, 2)
    windows = np.stack([padded[k : k + len(rate)] for k in range(5)], axis=1)
    return (changes.weights[:, 0] * windows).sum(axis=1)


@pytest.mark.parametrize("power", [1, 2, 3, 4, 5])
def test_mean_velocities_are_averages_of_quartics(power):
    changes = FirstOrder().changes(recording(FIVE, power))
    rate = power * FIVE ** (power - 1)
    inner = slice(2, -2)
    np.testing.assert_allclose(
        changes.value[inner, 0, 0], predicted(changes, rate)[inner], rtol=1e-9
    )


@pytest.mark.parametrize("power", [2, 3, 4, 5, 6])
@pytest.mark.parametrize("velocity", [False, True])
def test_second_differences_are_averages_of_quartics(power, velocity):
    changes = SecondOrder().changes(recording(FIVE, power, velocity=velocity))
    rate = power * (power - 1) * FIVE ** (power - 2)
    inner = slice(2, -2)
    np.testing.assert_allclose(
        changes.value[inner, 0, 0], predicted(changes, rate)[inner], rtol=1e-8, atol=1e-9
    )


@given(st.integers(1, 3), st.lists(st.floats(0.05, 0.5), min_size=4, max_size=9))
def test_parabolas_are_exact_in_unequal_steps(power, steps):
    time = np.cumsum([0.0, *steps])
    changes = FirstOrder().changes(recording(time, power))
    rate = power * time ** (power - 1)
    inner = slice(1, -1)
    np.testing.assert_allclose(
        changes.value[inner, 0, 0], predicted(changes, rate)[inner], rtol=1e-8, atol=1e-9
    )


def test_unequal_steps_of_accelerations():
    changes = SecondOrder().changes(recording(UNEQUAL, 4))
    rate = 12 * UNEQUAL**2
    inner = slice(1, -1)
    np.testing.assert_allclose(
        changes.value[inner, 0, 0], predicted(changes, rate)[inner], rtol=1e-9
    )


def test_absent_bodies_have_no_changes():
    part = recording(FIVE, 3)
    present = part.present.copy()
    present[5, 0] = False
    gone = Recording(np.where(present[..., None], part.position, np.nan), part.time, present)
    changes = FirstOrder().changes(gone)
    assert not changes.valid[4:7, 0].any()
    assert changes.valid[4:7, 1].all()
    assert np.isfinite(changes.value).all()
    # The step over the gap is known all the same, as a mean over it.
    assert np.argwhere(changes.bridged).tolist() == [[5, 0]]
    assert changes.value[5, 0, 0] == pytest.approx((FIVE[6] ** 3 - FIVE[4] ** 3) / 0.2)
    assert not SecondOrder().changes(gone).bridged.any()
    # Beside the gap three snapshots must do.
    assert (changes.weights[3, 0, [0, 4]] == 0).all()


def test_changes_that_share_no_step_count_twice():
    used = np.array([0, 1, 1, 1, 0, 0, 1, 0, 0], bool)[:, None]
    weight = weigh_overlaps(used)[:, 0]
    # Each of three in a row shares its inner steps.
    np.testing.assert_allclose(weight[[1, 2, 3, 6]], [1.5, 1, 1.5, 2])
