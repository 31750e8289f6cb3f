"""Forces along the line between two bodies, and a cap of what acts on a body in all."""

from __future__ import annotations

import abc
from typing import Literal, TypeAlias, get_args

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from forcelaw.laws import Expression

Cap: TypeAlias = Literal["none", "components", "length"]
"""What of the total force on a body is capped: nothing, each component, or its length."""

CAPS: tuple[Cap, ...] = get_args(Cap)
"""None first."""

Vectors: TypeAlias = Float[Array, "dim body pair"]


def cap_words(cap: Cap, most: float | None, precision: int = 6) -> str:
    """What of the total force is capped; empty where nothing is."""
    if most is None:
        return ""
    what = "each component" if cap == "components" else "the length"
    return f"{what} of the total force at most {most:.{precision}g}"


class Forces(eqx.Module):
    """Accelerations from numbers. States have their pairs last: a step is a few long loops."""

    @abc.abstractmethod
    def accelerations(
        self,
        numbers: Float[Array, " number"],
        position: Vectors,
        velocity: Vectors,
        coupling: Float[Array, "line pair"],
        mass: Float[Array, "body pair"],
    ) -> Vectors:
        """Of all bodies; `coupling` multiplies the force of two bodies, first ones first."""


class PairForce(Forces):
    """Numbers are those of a function of the distance, and last the cap, if any.

    Attraction is positive.
    """

    cap: eqx.AbstractVar[Cap]

    @abc.abstractmethod
    def over_distance(
        self, numbers: Float[Array, " number"], square: Float[Array, "line pair"]
    ) -> Float[Array, "line pair"]:
        """The force of two bodies over their distance, whose square is given; never 0."""

    def accelerations(
        self,
        numbers: Float[Array, " number"],
        position: Vectors,
        velocity: Vectors,
        coupling: Float[Array, "line pair"],
        mass: Float[Array, "body pair"],
    ) -> Vectors:
        """See `Forces`."""
        del velocity
        force = self.between(numbers, position, coupling)
        return self._capped(sum_on_bodies(force, -force, position.shape[1]), numbers) / mass[None]

    def between(
        self,
        numbers: Float[Array, " number"],
        position: Vectors,
        coupling: Float[Array, "line pair"],
    ) -> Float[Array, "dim line pair"]:
        """On the first body of every line, from the second; none where both are at one place."""
        apart, square = lines_of(position)
        there = square > 0
        # A square root of 0 has no slope.
        safe = jnp.where(there, square, 1)
        weight = coupling * jnp.where(there, self.over_distance(numbers, safe), 0)
        return weight[None] * apart

    def _capped(self, total: Vectors, numbers: Float[Array, " number"]) -> Vectors:
        if self.cap == "none":
            return total
        most = numbers[-1]
        if self.cap == "components":
            return jnp.clip(total, -most, most)
        square = jnp.sum(total**2, axis=0)
        over = square > most**2
        return total * jnp.where(over, most / jnp.sqrt(jnp.where(over, square, 1)), 1)[None]


def lines_of(
    vectors: Vectors,
) -> tuple[Float[Array, "dim line pair"], Float[Array, "line pair"]]:
    """From the first body of every line to the second, and the square of its length."""
    first, second = np.triu_indices(vectors.shape[1], 1)
    apart = vectors[:, second] - vectors[:, first]
    return apart, jnp.sum(apart**2, axis=0)


def sum_on_bodies(
    first: Float[Array, "dim line pair"], second: Float[Array, "dim line pair"], bodies: int
) -> Vectors:
    """What acts on every body, of what acts on the first and on the second body of every line."""
    ends = list(zip(*np.triu_indices(bodies, 1), strict=True))
    return jnp.stack(
        [
            sum(
                first[:, line] if one == body else second[:, line]
                for line, (one, other) in enumerate(ends)
                if body in (one, other)
            )
            for body in range(bodies)
        ],
        axis=1,
    )


class CentralForce(PairForce):
    """An expression of the distance; numbers are its constants, tied to each other."""

    expression: Expression
    """Of `r`; its own constants are not used."""
    ties: Float[np.ndarray, "constant number"]
    """What its constants are of the numbers."""
    cap: Cap = eqx.field(static=True, default="none", kw_only=True)

    def over_distance(
        self, numbers: Float[Array, " number"], square: Float[Array, "line pair"]
    ) -> Float[Array, "line pair"]:
        """See `PairForce`."""
        length = jnp.sqrt(square)
        constants = jnp.asarray(self.ties) @ numbers[: self.ties.shape[1]]
        expression = eqx.tree_at(lambda one: one.constants, self.expression, constants)
        return expression.plain({"r": length}) / length
