"""Factors are unbiased by chance and by errors of positions, and know nothing of padding."""

import numpy as np
import pytest

from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.kernels import (
    FirstOrder,
    Moments,
    OneBody,
    SecondOrder,
    Terms,
    fit_terms,
)
from forcelaw.particles.kernels.factors import WITH_INSTRUMENTS

CUTOFF = 1.0
TRAP = Terms(0, (), (OneBody("place", 0), OneBody("place", 1)))
DRAG = Terms(0, (), (OneBody("velocity"), OneBody("place", 0), OneBody("place", 1)))


def trapped(*, seed=0, step=0.1, error=0.0, bodies=40, times=1500):
    """Bodies in a trap of stiffness 1 pushed by chance of D = .5: exact steps."""
    rng = np.random.default_rng(seed)
    keep = np.exp(-step)
    x = np.zeros((times, bodies, 2))
    x[0] = rng.normal(0, np.sqrt(0.5), (bodies, 2))
    for k in range(1, times):
        x[k] = keep * x[k - 1] + rng.normal(0, np.sqrt(0.5 * (1 - keep**2)), (bodies, 2))
    x += rng.normal(0, 1, x.shape) * error
    return Recordings((Recording(x, np.arange(times) * step, np.ones(x.shape[:2], bool)),))


def dragged(*, seed=0, step=0.05, bodies=40, times=2000, sub=10):
    """Bodies of drag 1 in a trap of stiffness 1, by small steps; positions alone."""
    rng = np.random.default_rng(seed)
    h = step / sub
    x, v = rng.normal(0, 0.7, (2, bodies, 2))
    seen = []
    for k in range(times * sub):
        if k % sub == 0:
            seen.append(x.copy())
        v = v + h * (-x - v) + np.sqrt(2 * 0.5 * h) * rng.normal(size=v.shape)
        x = x + h * v
    x = np.array(seen)
    return Recordings((Recording(x, np.arange(times) * step, np.ones(x.shape[:2], bool)),))


@pytest.mark.parametrize("error", [0.0, 0.1])
def test_a_trap_is_found_in_spite_of_chance_and_errors_of_positions(error):
    fit = fit_terms(trapped(error=error), TRAP, FirstOrder(), CUTOFF, rows=100_000)
    assert fit.estimator.instruments
    doubt = np.sqrt(np.diag(fit.covariance))
    assert (doubt < 0.08).all()
    np.testing.assert_array_less(np.abs(fit.factors + 1), 4 * doubt)


@pytest.mark.parametrize(("step", "error", "lag"), [(0.5, 0.0, 1), (0.1, 0.1, 3)])
def test_motion_that_relaxes_within_snapshots_has_no_errors_of_positions(step, error, lag):
    """What relaxes alternates, too; instruments that are too early know little of it."""
    fit = fit_terms(trapped(step=step, error=error), TRAP, FirstOrder(), CUTOFF, rows=100_000)
    assert fit.estimator.instruments and fit.lag == lag


def test_what_one_part_alone_shows_is_not_told_by_the_others():
    """Bodies that leave a distance for good: others have a factor of chance for it."""
    size = np.array([[100, 400], [100, 1e-3], [100, 1e-3], [100, 1e-3], [100, 1e-3]])
    xx = np.stack([np.diag(row) for row in size])
    xy = np.stack([100 * np.ones(5), [400, 0.03, 0.03, 0.03, 0.03]], axis=1)
    count = np.full(5, 100.0)
    given = Moments(xx, xy, 600 + 0 * count, xx, xy, xx, count, 0 * count)
    gains = WITH_INSTRUMENTS.held_out_gains(given, np.arange(2))
    np.testing.assert_allclose(gains, 100, rtol=0.05)


def with_gaps(data, *, seed):
    """A fifth of the entries missing at random."""
    (part,) = data.parts
    present = np.random.default_rng([seed, 1]).random(part.present.shape) > 0.2
    seen = np.where(present[..., None], part.position, np.nan)
    return Recordings((Recording(seen, part.time, present),))


def test_gaps_cost_little_and_errors_are_those_of_repetitions():
    """Changes over a missing entry count, and those that fewer others share count more."""
    apart, widths = [], []
    for seed in range(12):
        whole = trapped(seed=seed, bodies=20, times=300)
        fits = [
            fit_terms(data, TRAP, FirstOrder(), CUTOFF, rows=100_000)
            for data in (whole, with_gaps(whole, seed=seed))
        ]
        assert all(fit.estimator.instruments for fit in fits)
        full, errors = (np.sqrt(np.diag(fit.covariance)) for fit in fits)
        apart.append((fits[1].factors + 1) / errors)
        widths.append(errors / full)
    assert 1 <= np.mean(widths) < 1.2
    assert abs(np.mean(apart)) < 4 / np.sqrt(np.size(apart))
    assert 0.5 < np.mean(np.square(apart)) < 2


def test_drag_is_found_from_positions_alone():
    fit = fit_terms(dragged(), DRAG, SecondOrder(), CUTOFF, rows=100_000)
    doubt = np.sqrt(np.diag(fit.covariance))
    np.testing.assert_array_less(np.abs(fit.factors + 1), 4 * doubt + 0.02)


def test_an_absent_body_changes_nothing():
    data = trapped(times=100)
    part = data.parts[0]
    nobody = np.full((100, 1, 2), np.nan)
    more = Recording(
        np.concatenate([part.position, nobody], axis=1),
        part.time,
        np.concatenate([part.present, np.zeros((100, 1), bool)], axis=1),
    )
    one = fit_terms(data, TRAP, FirstOrder(), CUTOFF, rows=100_000)
    other = fit_terms(Recordings((more,)), TRAP, FirstOrder(), CUTOFF, rows=100_000)
    np.testing.assert_allclose(other.factors, one.factors, rtol=1e-9)


def test_the_order_of_bodies_changes_nothing():
    data = trapped(times=100)
    part = data.parts[0]
    turned = Recording(part.position[:, ::-1], part.time, part.present)
    one = fit_terms(data, TRAP, FirstOrder(), CUTOFF, rows=100_000)
    other = fit_terms(Recordings((turned,)), TRAP, FirstOrder(), CUTOFF, rows=100_000)
    np.testing.assert_allclose(other.factors, one.factors, rtol=1e-9)
