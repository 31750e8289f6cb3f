"""Random snapshots: of charged bodies of unlike mass, and of springs."""

from __future__ import annotations

import numpy as np

from forcelaw.graph import Graph
from forcelaw.particles import Trajectories
from forcelaw.particles.equations import Design


def random_design(samples: int) -> tuple[Design, np.random.Generator]:
    """Four bodies in two dimensions, all joined, not accelerated; and what drew them."""
    draw = np.random.default_rng(0)
    position, velocity = draw.normal(size=(2, samples, 4, 2))
    attributes = {
        "mass": np.exp(0.5 * draw.normal(size=position.shape[:2])),
        "charge": draw.choice([-1.0, 1.0], size=position.shape[:2]),
    }
    still = np.zeros_like(position)
    return Design.build(position, velocity, still, attributes, Graph.complete_graph(4)), draw


def springs(trajectories=20, *, force=lambda r, m_i, m_j: 2 * (r - 1), drag=0.0, bodies=3):
    """States that do not move, with true accelerations: enough for the target acceleration."""
    draw = np.random.default_rng(0)
    shape = (trajectories, 40, bodies, 2)
    position, velocity = draw.normal(size=shape), draw.normal(size=shape)
    mass = np.exp(0.5 * draw.normal(size=(trajectories, bodies)))
    difference = position[:, :, None] - position[:, :, :, None]
    r = np.linalg.norm(difference, axis=-1) + np.eye(bodies)
    inner = mass[:, None, :, None], mass[:, None, None, :]
    scalar = force(r, *inner) * (1 - np.eye(bodies))
    acceleration = (scalar[..., None] * difference / r[..., None]).sum(axis=3) - drag * velocity
    return Trajectories(
        position=position,
        velocity=velocity,
        acceleration=acceleration / mass[:, None, :, None],
        time=np.arange(40) * 0.1,
        attributes={"mass": mass},
    )
