"""Masses from motion alone."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from forcelaw.errors import InputError
from forcelaw.particles import Trajectories, infer_masses
from forcelaw.particles.hidden_properties import with_masses_that_show
from forcelaw.particles.preparation import masses_explain

MASSES = (10.0, 1.0, 0.3, 0.02)


def pulled(power: float, masses: Sequence[float] = MASSES) -> Trajectories:
    """Snapshots of bodies that pull each other by mass times a power of the distance."""
    draw = np.random.default_rng(0)
    position = draw.normal(size=(1, 80, 4, 3))
    mass = np.array(masses)
    between = position[:, :, None] - position[:, :, :, None]
    length = np.linalg.norm(between, axis=-1, keepdims=True)
    pull = mass[:, None] * np.where(length > 0, length, 1) ** (power - 1) * between
    return Trajectories(
        position, np.zeros_like(position), np.arange(80.0), acceleration=pull.sum(axis=3)
    )


@pytest.mark.parametrize("power", [-2.0, -1.37, 1.0])
def test_masses_and_power_are_found(power):
    data = pulled(power)
    found = infer_masses(data)
    np.testing.assert_allclose(found.attributes["mass"][0], [10, 1, 0.3, 0.02], rtol=1e-6)
    assert f"r**{power:g} " in found.notes[-1]


def test_a_mass_that_nobody_feels_is_named():
    data = pulled(-2.0)
    noise = 0.05 * np.random.default_rng(1).normal(size=data.position.shape)
    found = infer_masses(replace(data, acceleration=data.acceleration * (1 + noise)))
    assert "does not tell those of 3" in found.notes[-1]
    np.testing.assert_allclose(found.attributes["mass"][0, :2], [10, 1], rtol=0.1)
    assert (found.attributes["mass"] > 0).all()


def test_known_masses_are_not_inferred():
    with pytest.raises(InputError, match="found masses"):
        infer_masses(replace(pulled(-2.0), attributes={"mass": np.ones((1, 4))}))


def test_masses_of_a_solar_system_are_told_unasked():
    found = with_masses_that_show(pulled(-2.0), "auto")
    np.testing.assert_allclose(found.attributes["mass"][0], MASSES, rtol=1e-6)
    assert with_masses_that_show(pulled(-2.0), "first").attributes == {}


def test_bodies_that_are_alike_or_known_need_no_masses():
    data = pulled(-2.0)
    assert masses_explain(data)
    assert not masses_explain(pulled(-2.0, (1.0, 1.0, 1.0, 1.0)))
    assert not masses_explain(replace(data, attributes={"charge": np.ones((1, 4))}))
    noise = np.random.default_rng(1).normal(size=data.position.shape)
    assert not masses_explain(replace(data, acceleration=noise))
