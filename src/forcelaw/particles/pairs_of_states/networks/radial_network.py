"""A network of the distance, and the force that is read from it."""

from __future__ import annotations

from functools import partial
from typing import Any, TypeAlias

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Float

from forcelaw.particles.pairs_of_states.forces.central_forces import Cap, PairForce

_SPREAD = 1.3
"""Factor of what a network reads, which is about one decade a unit: its first layer bends there."""


class RadialNetwork(eqx.Module):
    """From the logarithm of a distance to the inverse hyperbolic sine of a force.

    Both are about one over many decades, and a force of either sign is read; beyond the distances
    that were learned from, forces go on as powers of them.
    """

    layers: eqx.nn.MLP
    slope: Float[Array, ""]
    """Of the line beside them."""
    middle: float = eqx.field(static=True)
    """Logarithm of the typical distance."""

    @classmethod
    def new(cls, *, width: int, middle: float, seed: int) -> RadialNetwork:
        """One that says no force anywhere."""
        with jax.enable_x64():
            layers = eqx.nn.MLP(
                "scalar", "scalar", width, 2, activation=jax.nn.tanh, key=jax.random.key(seed)
            )
            layers = eqx.tree_at(lambda one: one.layers[-1], layers, replace_fn=_zeros)
            return cls(layers, jnp.zeros(()), middle)

    def values(self, logs: Float[Array, " place"]) -> Float[Array, " place"]:
        """At logarithms of distances."""
        read = _SPREAD * (logs - self.middle)
        return jax.vmap(self.layers)(read) + self.slope * read


def _zeros(layer: eqx.nn.Linear) -> eqx.nn.Linear:
    return jax.tree.map(jnp.zeros_like, layer)


class TableForce(PairForce):
    """A force whose inverse hyperbolic sine is a cubic between values at even logarithms.

    Numbers are these values. Each is a line beyond the last of them, so that the force is a power.
    """

    first: float = eqx.field(static=True)
    """Logarithm of the first distance."""
    gap: float = eqx.field(static=True)
    """Between two of them."""
    count: int = eqx.field(static=True)
    unit: float = eqx.field(static=True)
    """Force below which values are forces, and above which they are logarithms."""
    cap: Cap = eqx.field(static=True, default="none", kw_only=True)

    @property
    def places(self) -> Float[np.ndarray, " place"]:
        """Logarithms of the distances."""
        return self.first + self.gap * np.arange(self.count)

    def over_distance(
        self, numbers: Float[Array, " number"], square: Float[Array, "line pair"]
    ) -> Float[Array, "line pair"]:
        """See `PairForce`; Catmull and Rom's cubics."""
        grid = (self.first, self.gap, self.count, self.unit)
        return _over_distance(grid, numbers, square)


_MOST = 40.0
"""Value beyond which a force is as good as infinite."""


_Grid: TypeAlias = tuple[float, float, int, float]


@partial(jax.custom_jvp, nondiff_argnums=(0,))
def _over_distance(grid: _Grid, numbers: Array, square: Array) -> Array:
    return _read(grid, numbers, square)[0]


@_over_distance.defjvp
def _sensitivity(
    grid: _Grid, at: tuple[Array, Array], by: tuple[Array, Array]
) -> tuple[Array, Array]:
    """In closed form: it is taken for every value in every step, where few operations count."""
    (numbers, square), (by_numbers, by_square) = at, by
    force, of_square, of_value, nearest, shares = _read(grid, numbers, square)
    moved = sum(share * by_numbers[nearest + k - 1] for k, share in enumerate(shares))
    return force, of_square * by_square + of_value * moved


def _read(
    grid: _Grid, numbers: Array, square: Array
) -> tuple[Array, Array, Array, Array, list[Array]]:
    """The force over the distance; its slopes by the square and by the value that is read.

    Then which values are read, and the share of each of the four.
    """
    first, gap, count, unit = grid
    place = (jnp.log(square) / 2 - first) / gap
    inside = jnp.clip(place, 1, count - 2)
    whole = jnp.clip(jnp.floor(inside), 1, count - 3)
    nearest, t, beyond = whole.astype(int), inside - whole, place - inside
    shares = [
        t * (-1 + t * (2 - t)) / 2,
        1 + t**2 * (3 * t - 5) / 2,
        t * (1 + t * (4 - 3 * t)) / 2,
        t**2 * (t - 1) / 2,
    ]
    slopes = [
        (-1 + t * (4 - 3 * t)) / 2,
        t * (9 * t - 10) / 2,
        (1 + t * (8 - 9 * t)) / 2,
        t * (3 * t - 2) / 2,
    ]
    # A line beyond the ends: where `beyond` is not 0, the slope is that of the end.
    shares = [share + beyond * slope for share, slope in zip(shares, slopes, strict=True)]
    read = [numbers[nearest + k] for k in (-1, 0, 1, 2)]
    value = sum(share * one for share, one in zip(shares, read, strict=True))
    slope = sum(share * one for share, one in zip(slopes, read, strict=True))
    value = jnp.clip(value, -_MOST, _MOST)
    over = jax.lax.rsqrt(square)
    force = unit * jnp.sinh(value) * over
    of_value = unit * jnp.cosh(value) * over
    of_square = (of_value * slope / gap - force) / (2 * square)
    return force, of_square, of_value, nearest, shares


def weights_of(network: RadialNetwork) -> tuple[Float[np.ndarray, " weight"], Any]:
    """All weights in a row, and what puts them back."""
    arrays, rest = eqx.partition(network, eqx.is_array)
    with jax.enable_x64():
        flat, back = ravel_pytree(arrays)
    return np.asarray(flat), lambda row: eqx.combine(back(row), rest)
