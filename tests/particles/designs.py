"""Random snapshots of charged bodies of unlike mass."""

from __future__ import annotations

import numpy as np

from forcelaw.graph import Graph
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
