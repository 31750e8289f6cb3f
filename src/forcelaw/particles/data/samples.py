"""Snapshots as a regression takes them: one after the other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from forcelaw.files import many


class Samples(NamedTuple):
    """Snapshots of all trajectories, one after the other."""

    position: Float[np.ndarray, "sample body dim"]
    velocity: Float[np.ndarray, "sample body dim"]
    acceleration: Float[np.ndarray, "sample body dim"]
    attributes: dict[str, Float[np.ndarray, "sample body"]]
    time: Float[np.ndarray, " sample"]
    trajectory: Int[np.ndarray, " sample"]

    def __repr__(self) -> str:
        samples, bodies, dim = self.position.shape
        size = f"{many(samples, 'snapshot')} of {many(bodies, 'body')}"
        return f"Samples({size} in {many(dim, 'dimension')})"
