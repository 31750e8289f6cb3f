"""What is read off trained messages: the force that they carry."""

import jax
import numpy as np
import pytest
from designs import springs

from forcelaw.laws import MessageNetwork
from forcelaw.particles.equations import Design
from forcelaw.particles.learning import LEARNING, scalar_force
from forcelaw.particles.learning.learned_force import explained, strongest
from forcelaw.particles.learning.new_law import likely_power


def test_linear_images_of_a_force_are_explained_fully():
    draw = np.random.default_rng(0)
    force = draw.standard_cauchy(size=(500, 2))
    messages = force @ draw.normal(size=(2, 2)) + 1.0
    assert explained(messages, force) == pytest.approx(1)
    assert explained(messages, force, trim=0.01) == pytest.approx(1)
    assert explained(draw.normal(size=(500, 2)), force) < 0.1


def test_the_strongest_messages_are_those_of_largest_variance():
    messages = np.random.default_rng(0).normal(size=(50, 6, 4)) * np.asarray([1.0, 9.0, 0.1, 4.0])
    np.testing.assert_array_equal(strongest(messages, 2), messages[..., [1, 3]])


def test_messages_are_read_as_the_force_that_they_exert(monkeypatch):
    design = Design.of(springs(6), 100)
    scalar = 2 * (design.length - 1)
    law = MessageNetwork(2, key=jax.random.key(0), regularise="bottleneck", hidden=(4,))
    force = scalar[..., None] * design.direction + 0.3
    monkeypatch.setattr(
        "forcelaw.particles.learning.learned_force.edge_forces", lambda law, design: force
    )
    np.testing.assert_allclose(scalar_force(law, design), scalar, atol=1e-5)


def test_a_power_starts_only_where_a_power_law_explains_something():
    design = Design.of(springs(force=lambda r, a, b: 3 * a * b / r**2), 200)
    assert likely_power(design, LEARNING) == -2
    noise = np.random.default_rng(0).normal(size=design.acceleration.shape)
    assert likely_power(design.with_acceleration(noise), LEARNING) == 1
