"""Smooth motion with known derivatives."""

import numpy as np

from forcelaw.particles import Trajectories

TIME = np.arange(60) * 0.05


def swing(trajectories=3, bodies=2, dim=2, time=TIME, seed=0):
    """Smooth motion with known derivatives."""
    generator = np.random.default_rng(seed)
    rate = generator.uniform(0.5, 3, size=(trajectories, 1, bodies, dim))
    phase = generator.uniform(0, 6, size=rate.shape)
    angle = rate * time[:, None, None] + phase
    return np.sin(angle), rate * np.cos(angle), -(rate**2) * np.sin(angle)


def made(dim=2, **changes):
    position, velocity, acceleration = swing(dim=dim)
    parts = {
        "position": position,
        "velocity": velocity,
        "acceleration": acceleration,
        "time": TIME,
        "attributes": {"mass": np.array([[1, 2], [3, 4], [5, 0.1]])},
    }
    return Trajectories(**(parts | changes))
