"""Learning-rate multipliers as functions of the progress of a whole training, from 0 to 1."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Float

Schedule = Callable[[Float[Array, ""]], Float[Array, ""]]


def constant(progress: Float[Array, ""]) -> Float[Array, ""]:
    """The learning rate of the stage throughout."""
    return jnp.ones_like(progress)


def one_cycle(progress: Float[Array, ""]) -> Float[Array, ""]:
    """Rises from 1/25 to 1 over the first 30 %, then falls to nearly nothing along a cosine.

    Smith and Topin, Super-Convergence, arXiv 1708.07120; the numbers of fast.ai and PyTorch.
    """
    resolution = 1_000_000
    curve = optax.cosine_onecycle_schedule(resolution, 1.0, pct_start=0.3)
    with jax.numpy_dtype_promotion("standard"):  # Optax mixes booleans with floats.
        return jnp.asarray(curve(progress * resolution), progress.dtype)


def cosine(progress: Float[Array, ""]) -> Float[Array, ""]:
    """Falls from 1 to 1/100 along half a cosine (Loshchilov and Hutter, arXiv 1608.03983)."""
    return 0.01 + 0.495 * (1 + jnp.cos(jnp.pi * progress))
