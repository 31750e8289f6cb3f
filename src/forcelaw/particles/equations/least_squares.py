"""Least squares in columns of any size."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def least_squares(
    columns: Float[np.ndarray, "number column"], goal: Float[np.ndarray, "number *other"]
) -> tuple[Float[np.ndarray, "column *other"], Float[np.ndarray, "number *other"]]:
    """Factors of the columns that explain the goal best, and what they leave: fit minus goal.

    By singular values of columns that are scaled to one size, so that units do not decide what
    counts as dependent; of the factors of dependent columns the smallest are taken.
    """
    size = np.sqrt(np.mean(columns**2, axis=0))
    size = np.where(size > 0, size, 1)
    scaled = columns / size
    factors, *_ = np.linalg.lstsq(scaled, goal, rcond=None)
    return (factors.T / size).T, scaled @ factors - goal
