"""From where two nodes ended up, and their features, to the probability of a sign."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int, PRNGKeyArray

from forcelaw.graph import safe_norm

GEOMETRY = 4
"""Columns of `geometry`."""


class Decoder(eqx.Module):
    """Log-odds of a positive sign: a logistic regression plus a small network.

    With `hidden` 0 it is the logistic regression alone.
    """

    linear: Float[Array, " feature"]
    bias: Float[Array, ""]
    inner: Float[Array, "hidden feature"]
    inner_bias: Float[Array, " hidden"]
    outer: Float[Array, " hidden"]

    def __init__(self, features: int, hidden: int, *, key: PRNGKeyArray) -> None:
        inner, outer = jax.random.split(key)
        self.linear = jnp.zeros(features)
        self.bias = jnp.zeros(())
        self.inner = jax.random.normal(inner, (hidden, features)) / max(features, 1) ** 0.5
        self.inner_bias = jnp.zeros(hidden)
        self.outer = jax.random.normal(outer, (hidden,)) * 0.3 / max(hidden, 1) ** 0.5

    def __call__(self, features: Float[Array, "pair feature"]) -> Float[Array, " pair"]:
        """Log-odds from features of unit size, nearly."""
        hidden = jax.nn.silu(features @ self.inner.T + self.inner_bias[None, :])
        return features @ self.linear + hidden @ self.outer + self.bias


class Standard(eqx.Module):
    """Shift and scale that bring columns to mean 0 and standard deviation 1."""

    shift: Float[Array, " feature"]
    scale: Float[Array, " feature"]

    @classmethod
    def of(cls, values: Float[Array, "row feature"], weight: Float[Array, " row"]) -> Standard:
        """From the rows of weight above 0; a constant column keeps its scale."""
        share = (weight > 0).astype(values.dtype)[:, None]
        share = share / jnp.sum(share)
        mean = jnp.sum(share * values, axis=0)
        spread = jnp.sqrt(jnp.sum(share * (values - mean[None, :]) ** 2, axis=0))
        return cls(mean, jnp.where(spread > 1e-6, spread, 1))

    def __call__(self, values: Float[Array, "row feature"]) -> Float[Array, "row feature"]:
        """The standardised rows; the constants are not trained."""
        shift, scale = jax.lax.stop_gradient((self.shift, self.scale))
        return (values - shift[None, :]) / scale[None, :]


def distances(
    position: Float[Array, "node dim"], ends: Int[Array, "pair 2"]
) -> Float[Array, " pair"]:
    """Distance of the two ends; its gradient at zero is zero."""
    return safe_norm(position[ends[:, 0]] - position[ends[:, 1]])


def geometry_names(*, directed: bool) -> tuple[str, str, str, str]:
    """Of the columns of `geometry`."""
    first, second = ("source", "target") if directed else ("smaller", "larger")
    return ("distance", "log_distance", f"{first}_from_centre", f"{second}_from_centre")


def geometry(
    position: Float[Array, "node dim"],
    mask: Bool[Array, " node"],
    ends: Int[Array, "pair 2"],
    *,
    directed: bool,
) -> Float[Array, "pair 4"]:
    """Distance, its logarithm, and the distances of both ends from the centre of all nodes.

    In order source, target if `directed`, else smaller, larger.
    """
    real = mask.astype(position.dtype)[:, None]
    centre = jnp.sum(real * position, axis=0) / jnp.sum(real)
    radius = safe_norm(position - centre[None, :])[ends]
    if not directed:
        radius = jnp.stack([jnp.min(radius, axis=1), jnp.max(radius, axis=1)], axis=1)
    length = distances(position, ends)
    return jnp.concatenate([length[:, None], jnp.log(length + 0.1)[:, None], radius], axis=1)
