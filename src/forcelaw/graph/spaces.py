"""The space that bodies move in: what lies between two of them, and where their images are.

Regimes are types: `OpenSpace` has no boundary, `PeriodicBox` repeats a cell in every direction.
"""

from __future__ import annotations

import abc
import itertools
from collections.abc import Sequence
from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from forcelaw.errors import InvalidSetting


class Space(eqx.Module):
    """Where bodies move."""

    @abc.abstractmethod
    def nearest(self, components: Sequence[Float[Array, "*pair"]]) -> list[Float[Array, "*pair"]]:
        """Differences between positions, one array a component, to the nearest image."""

    @abc.abstractmethod
    def images(
        self, position: Float[np.ndarray, "body dim"], reach: float
    ) -> tuple[Float[np.ndarray, "point dim"], Int[np.ndarray, " point"]]:
        """The bodies, and after them all images of them that anyone can have within `reach`.

        The second array says which body each point is. Lengths in the positions' unit.
        """

    @abc.abstractmethod
    def check(self, dim: int, reach: float) -> None:
        """That pairs within `reach` have one nearest image.

        **Raises** `InvalidSetting` naming both lengths if they have not.
        """


class OpenSpace(Space):
    """Space without a boundary."""

    def nearest(self, components: Sequence[Float[Array, "*pair"]]) -> list[Float[Array, "*pair"]]:
        """See `Space.nearest`: there are no images."""
        return list(components)

    def images(
        self, position: Float[np.ndarray, "body dim"], reach: float
    ) -> tuple[Float[np.ndarray, "point dim"], Int[np.ndarray, " point"]]:
        """See `Space.images`."""
        del reach
        return position, np.arange(len(position))

    def check(self, dim: int, reach: float) -> None:
        """See `Space.check`."""
        del dim, reach


class PeriodicBox(Space):
    """A cell that repeats in every direction; positions may lie outside of it.

    The nearest image is found by rounding components along the cell's vectors, which is exact for
    pairs nearer than half the least distance between two opposite faces (Allen and Tildesley,
    Computer Simulation of Liquids, 2017, section 1.6); `check` asks for that.
    """

    cell: tuple[tuple[float, ...], ...] = eqx.field(static=True)
    """One row a vector, in units of length."""

    def __init__(self, cell: Any) -> None:
        """A box.

        **Arguments:** `cell` the lengths of the edges `[dim]`, or its vectors `[dim, dim]`, a row
        each, in the positions' unit.

        **Raises** `InvalidSetting` unless the cell is finite and has a volume.
        """
        given = np.asarray(cell, np.float64)
        vectors = np.diag(given) if given.ndim == 1 else given
        if vectors.ndim != 2 or vectors.shape[0] != vectors.shape[1] or not vectors.size:
            raise InvalidSetting(
                f"periodic box: found an array of shape {given.shape}, expected the lengths of the "
                "edges [dim] or the vectors of the cell [dim, dim]"
            )
        sizes = np.linalg.norm(vectors, axis=1)
        if not np.isfinite(vectors).all() or not (given.ndim > 1 or (given > 0).all()):
            raise InvalidSetting(
                f"periodic box: found {given.tolist()}, expected finite, positive lengths"
            )
        # Of the vectors' directions: the volume of a box in metres may be 1e-27.
        flat = sizes.min() == 0 or abs(np.linalg.det(vectors / sizes[:, None])) < 1e-9
        if flat:
            raise InvalidSetting(
                f"periodic box: found the vectors {vectors.tolist()}, which span no volume; "
                "expected as many independent ones as there are dimensions"
            )
        self.cell = tuple(tuple(map(float, row)) for row in vectors)

    @property
    def vectors(self) -> Float[np.ndarray, "dim dim"]:
        """The cell's vectors, a row each."""
        return np.asarray(self.cell)

    @property
    def widths(self) -> Float[np.ndarray, " dim"]:
        """The distances between opposite faces."""
        return 1 / np.linalg.norm(np.linalg.inv(self.vectors), axis=0)

    @property
    def volume(self) -> float:
        """Of the cell, in units of length to the power of the dimension."""
        return float(abs(np.linalg.det(self.vectors)))

    def nearest(self, components: Sequence[Float[Array, "*pair"]]) -> list[Float[Array, "*pair"]]:
        """See `Space.nearest`."""
        vectors = self.vectors
        if np.array_equal(vectors, np.diag(np.diag(vectors))):
            return [
                part - length * jnp.round(part / length)
                for part, length in zip(components, np.diag(vectors).tolist(), strict=True)
            ]
        inverse = np.linalg.inv(vectors).tolist()
        turns = [
            jnp.round(_combined(components, [row[axis] for row in inverse]))
            for axis in range(len(components))
        ]
        return [
            part - _combined(turns, [row[axis] for row in self.cell])
            for axis, part in enumerate(components)
        ]

    def wrap(self, position: Float[np.ndarray, "*batch dim"]) -> Float[np.ndarray, "*batch dim"]:
        """The images inside the cell, whose corner is the origin."""
        share = np.asarray(position, np.float64) @ np.linalg.inv(self.vectors)
        return (share - np.floor(share)) @ self.vectors

    def images(
        self, position: Float[np.ndarray, "body dim"], reach: float
    ) -> tuple[Float[np.ndarray, "point dim"], Int[np.ndarray, " point"]]:
        """See `Space.images`: bodies come wrapped into the cell."""
        inside = self.wrap(position)
        share = inside @ np.linalg.inv(self.vectors)
        near = reach / self.widths
        points, owners = [inside], [np.arange(len(inside))]
        for shift in itertools.product((-1, 0, 1), repeat=len(near)):
            moved = share + np.asarray(shift)
            chosen = np.flatnonzero(((moved >= -near) & (moved <= 1 + near)).all(axis=1))
            if any(shift) and chosen.size:
                points.append(inside[chosen] + np.asarray(shift) @ self.vectors)
                owners.append(chosen)
        return np.concatenate(points), np.concatenate(owners)

    def check(self, dim: int, reach: float) -> None:
        """See `Space.check`."""
        if dim != len(self.cell):
            raise InvalidSetting(
                f"periodic box: found {len(self.cell)} dimensions, expected {dim} as the positions "
                "have"
            )
        half = float(self.widths.min()) / 2
        if not reach <= half:
            raise InvalidSetting(
                f"cutoff: found {reach:.6g} with the skin, expected at most {half:.6g}, half the "
                "least distance between two faces of the periodic box; take a larger box (repeat "
                "the cell) or a smaller cutoff or skin"
            )


def _combined(
    parts: Sequence[Float[Array, "*pair"]], factors: Sequence[float]
) -> Float[Array, "*pair"]:
    """The sum of the parts times their factors."""
    total = parts[0] * factors[0]
    for part, factor in zip(parts[1:], factors[1:], strict=True):
        if factor:
            total = total + part * factor
    return total
