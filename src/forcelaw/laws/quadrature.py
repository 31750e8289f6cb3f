"""The potential energy of two bodies from the force between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from forcelaw.laws.expression import (
    COMPARISONS,
    Arithmetic,
    Call,
    Expression,
    Variable,
    evaluate,
    variable_names,
    walk,
)

_NODES = 48


def potential(
    force: Callable[[Float[Array, "*batch node"]], Float[Array, "*batch node"]],
    distance: Float[Array, "*batch"],
    *,
    reference: Float[Array, ""] | float,
    core: Float[Array, ""] | float,
    breaks: Sequence[Float[Array, ""]] = (),
) -> Float[Array, "*batch"]:
    """The integral of an attractive force from the distance `reference` to `distance`.

    Gauss-Legendre quadrature in the logarithm of the distance, split at `breaks`, where the force
    may jump. Distances below `core` count as `core`.
    """
    dtype = distance.dtype
    ends = [jnp.asarray(core, dtype), *breaks, jnp.asarray(jnp.inf, dtype)]
    ends = jnp.sort(jnp.stack(ends))
    nodes, weights = (jnp.asarray(part, dtype) for part in _gauss_legendre())
    total = jnp.zeros_like(distance)
    for lower, upper in pairwise(ends):
        start = jnp.log(jnp.clip(jnp.asarray(reference, dtype), lower, upper))
        length = jnp.log(jnp.clip(distance, lower, upper)) - start
        at = jnp.exp(start + length[..., None] * nodes.reshape((1,) * distance.ndim + (-1,)))
        # Accelerators would round the factors of float32 to ten bits otherwise.
        share = jnp.matmul(force(at) * at, weights, precision=jax.lax.Precision.HIGHEST)
        total = total + length * share
    return total


def breaks(expression: Expression, dtype: Any, *, least: float) -> list[Float[Array, ""]]:
    """The numbers that `r` is compared with, where the force may jump; `least` if below it."""
    found = []
    for node in walk(expression.tree):
        if isinstance(node, Call) and node.operator in COMPARISONS:
            sides = [part for part in node.arguments if part != Variable("r")]
            if len(sides) == 1 and not variable_names(sides[0]):
                value = evaluate(sides[0], expression.constants.astype(dtype), {}, Arithmetic.PLAIN)
                found.append(jnp.maximum(jnp.asarray(value, dtype), least))
    return found


def _gauss_legendre() -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return (nodes + 1) / 2, weights / 2
