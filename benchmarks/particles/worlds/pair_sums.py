"""Sums over pairs of bodies: all, or those within a cutoff by lists that renew themselves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int
from scipy.sparse import csr_array
from scipy.spatial import KDTree


class Pairs:
    """Every pair once, as (first, second), with the vector from first to second.

    Within a cutoff, lists reach further by a skin and are made anew when a body has moved by half
    of it: no pair is missed.
    """

    def __init__(
        self, bodies: int, box: float | None, cutoff: float | None = None, skin: float = 0.4
    ) -> None:
        self.bodies, self.box, self.cutoff, self.skin = bodies, box, cutoff, skin
        self.built_at: np.ndarray | None = None
        if cutoff is None or cutoff + skin >= (np.inf if box is None else box / 2):
            self.fill(*np.triu_indices(bodies, 1))
            self.skin = np.inf

    def fill(self, first: Int[np.ndarray, " pair"], second: Int[np.ndarray, " pair"]) -> None:
        """Takes these pairs as the list."""
        self.first, self.second = first, second
        number = np.arange(len(first))
        shape = (self.bodies, len(first))
        ones = np.ones(len(first))
        self.to_first = csr_array((ones, (first, number)), shape)
        self.to_second = csr_array((ones, (second, number)), shape)

    def between(
        self, position: Float[np.ndarray, "body dim"]
    ) -> tuple[Float[np.ndarray, "pair dim"], Float[np.ndarray, " pair"]]:
        """Vectors from first to second by the nearest image, and their lengths."""
        if np.isfinite(self.skin):
            self._renew(position)
        vector = position[self.second] - position[self.first]
        if self.box is not None:
            vector -= self.box * np.round(vector / self.box)
        return vector, np.sqrt(np.einsum("pd,pd->p", vector, vector))

    def _renew(self, position: np.ndarray) -> None:
        if self.built_at is not None:
            moved = np.square(position - self.built_at).sum(axis=1).max()
            if 4 * moved < self.skin**2:
                return
        assert self.cutoff is not None
        wrapped = position if self.box is None else position % self.box
        tree = KDTree(wrapped, boxsize=self.box)
        found = tree.query_pairs(self.cutoff + self.skin, output_type="ndarray")
        self.fill(found[:, 0], found[:, 1])
        self.built_at = position.copy()

    def scatter(self, on_first: np.ndarray, on_second: np.ndarray) -> np.ndarray:
        """Sums over pairs for each body, of what acts on the first and on the second of each."""
        return self.to_first @ on_first + self.to_second @ on_second

    def forces(
        self,
        position: Float[np.ndarray, "body dim"],
        attraction: Callable[[np.ndarray], np.ndarray],
        weight: Float[np.ndarray, "body body"] | None = None,
    ) -> Float[np.ndarray, "body dim"]:
        """Sums of a reciprocal force along the line, times a symmetric weight of the pair."""
        vector, r = self.between(position)
        size = attraction(r)
        if self.cutoff is not None:
            size = np.where(r < self.cutoff, size, 0.0)
        if weight is not None:
            size = size * weight[self.first, self.second]
        pulled = vector * (size / r)[:, None]
        return self.scatter(pulled, -pulled)
