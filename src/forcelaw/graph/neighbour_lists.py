"""Who is within a cutoff of whom, as a table that stays right while nobody moves far.

A list holds all pairs within the cutoff and a skin around it (Verlet 1967), so that it is right
until some body has moved by half the skin. It is found on the host by SciPy's k-d tree and is as
wide as the most neighbours that anyone has: it cannot overflow.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from forcelaw.errors import InvalidSetting, NotEnoughData
from forcelaw.graph.padded_graph import padded_size
from forcelaw.graph.spaces import Space


class NeighbourList(eqx.Module):
    """The neighbours of every body within `cutoff + skin` of the positions it was made for."""

    neighbour: Int[Array, "body slot"]
    """Row n names those of body n; n itself where there are no more."""
    origin: Float[Array, "body dim"]
    """The positions that it was made for."""
    space: Space
    cutoff: float = eqx.field(static=True)
    skin: float = eqx.field(static=True)

    @classmethod
    def of(
        cls,
        position: Float[Array, "body dim"],
        space: Space,
        *,
        cutoff: float,
        skin: float,
        width: int = 0,
    ) -> NeighbourList:
        """The list of these positions.

        **Arguments:** `cutoff` and `skin` in the positions' unit; `width` columns at least, so that
        lists of one motion share their shape. Memory: four bytes a body and column, sixteen for
        every pair while it is made.

        **Raises** `InvalidSetting` where the cutoff is too large for the space, or not positive;
        `NotEnoughData` naming the first body whose position is no finite number.
        """
        for name, value in (("cutoff", cutoff), ("skin", skin)):
            if not (np.isfinite(value) and value > 0):
                raise InvalidSetting(f"{name}: found {value}, expected a positive length")
        points = np.asarray(position, np.float64)
        space.check(points.shape[1], cutoff + skin)
        lost = np.flatnonzero(~np.isfinite(points).all(axis=1))
        if lost.size:
            raise NotEnoughData(
                f"neighbours: body {lost[0]} is at {points[lost[0]].tolist()}, expected finite "
                "positions; take shorter time steps, or look for bodies that start at one place"
            )
        receiver, sender = _pairs(points, space, cutoff + skin)
        count = np.bincount(receiver, minlength=len(points))
        slots = max(padded_size(int(count.max(initial=1))), width)
        table = np.repeat(np.arange(len(points), dtype=np.int32)[:, None], slots, axis=1)
        first = np.cumsum(count) - count
        table[receiver, np.arange(len(receiver)) - first[receiver]] = sender
        return cls(jnp.asarray(table), jnp.asarray(position), space, float(cutoff), float(skin))

    def is_stale(self, position: Float[Array, "body dim"]) -> Bool[Array, ""]:
        """Whether some body has moved so far that pairs within the cutoff may be missing.

        Positions that are no numbers are stale, too.
        """
        moved = jnp.sum((position - self.origin) ** 2, axis=-1)
        return ~jnp.all(moved <= (self.skin / 2) ** 2)


def _pairs(
    points: Float[np.ndarray, "body dim"], space: Space, reach: float
) -> tuple[Int[np.ndarray, " pair"], Int[np.ndarray, " pair"]]:
    """Ordered pairs of different bodies within reach: receivers, sorted, and senders."""
    # A tenth of a second, which few need.
    from scipy.spatial import KDTree

    bodies = len(points)
    images, owner = space.images(points, reach)
    found = KDTree(images).query_pairs(reach, output_type="ndarray")
    # The first of a pair has the smaller number: where it is an image, so is the second.
    found = found[found[:, 0] < bodies].astype(np.int32)
    one, other = found[:, 0], found[:, 1]
    both = other < bodies
    receiver = np.concatenate([one, other[both]])
    sender = np.concatenate([owner.astype(np.int32)[other], one[both]])
    order = np.argsort(receiver, kind="stable")
    return receiver[order], sender[order]
