"""The length of vectors, with a gradient that is a number where they are zero."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float


def safe_norm(vector: Float[Array, "*batch dim"]) -> Float[Array, "*batch"]:
    """The length of every vector; its gradient at zero is zero."""
    square = jnp.sum(vector**2, axis=-1)
    return jnp.where(square > 0, jnp.sqrt(jnp.where(square > 0, square, 1)), 0)
