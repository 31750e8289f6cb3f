"""Least squares in many columns, with many right sides."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.linalg import solve_triangular

_CORRECTIONS = 3
"""The first is the solution; every other one adds the digits that the triangle is good for."""
_STEEP = 4.0
"""Powers of ten between the smallest and the largest entry of a triangle's diagonal from which the
triangle is made from the columns instead of from their products: squared, these are half of the
digits of double precision."""


class Basis(NamedTuple):
    """Columns, and a triangle whose square is their inner products plus a small trace.

    An orthonormal basis itself is never made: it costs more than the products. Corrections by
    residuals make up for squaring (corrected semi-normal equations, Bjorck 1987).
    """

    columns: Float[np.ndarray, "number column"]
    triangle: Float[np.ndarray, "column column"]
    trace: float

    @classmethod
    def of(
        cls,
        base: Float[np.ndarray, "number column"],
        ridge: float,
        products: Float[np.ndarray, "column column"] | None = None,
    ) -> Basis:
        """Regularised by a ridge, in units of the size of a column.

        `products` are `base.T @ base`, where they are known.
        """
        count, size = base.shape
        trace = ridge**2 * max(count, 1)
        products = base.T @ base if products is None else products
        try:
            triangle = np.linalg.cholesky(products + trace * np.eye(size)).T
            steep = size and np.ptp(np.log10(np.maximum(np.diag(triangle), 1e-300))) > _STEEP
        except np.linalg.LinAlgError:
            triangle, steep = np.zeros((size, size)), True
        if steep:
            extended = np.concatenate([base, np.sqrt(trace) * np.eye(size)])
            triangle = np.asarray(np.linalg.qr(extended, mode="r"))
        return cls(base, triangle, trace)

    def freed(self, columns: Float[np.ndarray, "number *other"]) -> np.ndarray:
        """What the basis leaves of columns."""
        return columns - self.columns @ self.factors(columns)

    def factors(self, goal: Float[np.ndarray, "number *other"]) -> np.ndarray:
        """Least squares in the columns."""
        found = np.zeros((self.columns.shape[1], *goal.shape[1:]))
        if not self.triangle.size:
            return found
        for _ in range(_CORRECTIONS):
            rest = self.columns.T @ (goal - self.columns @ found) - self.trace * found
            lower = solve_triangular(self.triangle, rest, trans=1, check_finite=False)
            found = found + solve_triangular(self.triangle, lower, check_finite=False)
        return found
