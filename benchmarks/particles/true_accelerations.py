"""The accelerations that a known law gives to motion."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from forcelaw.graph import Graph
from forcelaw.laws import Formula
from forcelaw.particles.equations import Design, formula_acceleration


def true_accelerations(
    law: Formula,
    graph: Graph,
    position: np.ndarray,
    velocity: np.ndarray,
    attributes: Mapping[str, np.ndarray],
) -> np.ndarray:
    """Of every body at every time, `[trajectory, time, body, dim]` as the positions."""
    _, times, *shape = position.shape
    flat = position.reshape(-1, *shape)
    each = {name: np.repeat(value, times, axis=0) for name, value in attributes.items()}
    velocities = velocity.reshape(-1, *shape)
    design = Design.build(flat, velocities, np.zeros_like(flat), each, graph)
    return np.asarray(formula_acceleration(law, design)).reshape(position.shape)
