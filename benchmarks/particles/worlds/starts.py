"""Where bodies are at first."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def lattice(bodies: int, dim: int, box: float) -> Float[np.ndarray, "body dim"]:
    """Places of a square lattice that fills a periodic box."""
    side = int(np.ceil(bodies ** (1 / dim) - 1e-9))
    places = np.stack(np.meshgrid(*[np.arange(side)] * dim, indexing="ij"), axis=-1)
    chosen = np.linspace(0, side**dim - 1, bodies).round().astype(int)
    return (places.reshape(-1, dim)[chosen] + 0.5) * (box / side)


def apart(
    rng: np.random.Generator, bodies: int, dim: int, box: float
) -> Float[np.ndarray, "body dim"]:
    """Lattice places in random order, each moved at random by up to a fifth of their distance."""
    side = int(np.ceil(bodies ** (1 / dim) - 1e-9))
    moved = rng.uniform(-0.2, 0.2, (bodies, dim)) * box / side
    return rng.permutation(lattice(bodies, dim, box)) + moved
