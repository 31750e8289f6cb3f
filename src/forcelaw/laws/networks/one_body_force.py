"""A learned force on a body alone: drag along its velocity and a uniform field."""

from __future__ import annotations

from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from forcelaw.device_arrays import to_device
from forcelaw.laws.networks.perceptron import Perceptron
from forcelaw.laws.networks.radial_functions import Reading


class OneBodyForce(eqx.Module):
    """`sum_k a_k (d_k(|v|, a) v + g_k)` with learned `d` and `g`, and `a_0 = 1`.

    It starts near zero: a one-body force is found only where the data ask for one.
    """

    drag: Perceptron
    field: Float[Array, "one_more dim"]

    def __init__(
        self, attributes: int, dim: int, *, key: PRNGKeyArray, hidden: Sequence[int]
    ) -> None:
        count = attributes
        drag = Perceptron([1 + count, *hidden, 1 + count], key=key, activation="tanh")
        last = to_device(np.zeros((hidden[-1], 1 + count))), to_device(np.zeros(1 + count))
        self.drag = eqx.tree_at(lambda p: (p.weights[-1], p.biases[-1]), drag, last)
        self.field = to_device(np.zeros((1 + count, dim)))

    def __call__(
        self,
        reading: Reading,
        velocity: Float[Array, "*batch dim"],
        values: Float[Array, "*batch attribute"],
    ) -> Float[Array, "*batch dim"]:
        """The force on bodies with these velocities and attributes, in its typical size."""
        unit = velocity / reading.scale.fixed().speed
        square = jnp.sum(unit**2, axis=-1, keepdims=True)
        # log1p of the square: smooth at rest and slow far out.
        inputs = jnp.concatenate([jnp.log1p(square), reading.features(values)], axis=-1)
        factors = reading.factors(values)
        drag = jnp.sum(self.drag(inputs) * factors, axis=-1, keepdims=True)
        # Accelerators would round float32 to ten bits, and a field to what no fit could explain.
        field = jnp.matmul(factors, self.field, precision=jax.lax.Precision.HIGHEST)
        return drag * unit + field
