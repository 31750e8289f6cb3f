"""What of motion is no law can be said, where it is known."""

import numpy as np
import pytest
from matter_laws import law, pair, recorded

import forcelaw as fl
from forcelaw.errors import InvalidSetting
from forcelaw.particles import MatterResult, Recording, Recordings, Trajectories


@pytest.fixture(scope="module")
def brownian():
    """Bodies that repel each other, under chance."""
    known = law(pair("-2*exp(-r)"), order=1, diffusion=1e-2)
    return recorded(known, bodies=6, size=3.0, recordings=4, steps=60, dt=0.02)


def test_chance_is_told_where_it_is_said_to_be_there(brownian):
    found = fl.particles.discover(brownian, noise="langevin", order="first")
    assert found.law.is_stochastic
    assert all(fit.estimator.instruments for fit in found.fits)


def test_exact_motion_has_no_chance_and_is_fitted_by_least_squares(brownian):
    found = fl.particles.discover(brownian, noise="none", order="first")
    assert not found.law.is_stochastic
    assert not any(fit.estimator.instruments for fit in found.fits)


@pytest.mark.slow
def test_errors_of_positions_are_no_chance(brownian):
    plain = Trajectories(
        np.stack([part.position for part in brownian]), time=brownian.parts[0].time
    )
    found = fl.particles.discover(plain, noise="measurement", order="first")
    assert isinstance(found, MatterResult) and not found.law.is_stochastic
    assert all(fit.estimator.instruments for fit in found.fits)


def test_an_unknown_name_is_met_by_the_nearest(brownian):
    with pytest.raises(InvalidSetting, match=r"noise: found 'langvin'.*did you mean 'langevin'"):
        fl.particles.discover(brownian, noise="langvin")


def test_errors_of_positions_beside_accelerations_are_refused():
    x = np.random.default_rng(0).standard_normal((30, 4, 2))
    part = Recording(x, np.arange(30.0), np.ones((30, 4), bool), acceleration=x)
    with pytest.raises(InvalidSetting, match="has accelerations"):
        fl.particles.discover(Recordings((part,)), noise="measurement")
