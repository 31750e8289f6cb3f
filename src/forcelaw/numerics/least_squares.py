"""Least squares in columns of any size."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def least_squares(
    columns: Float[np.ndarray, "number column"],
    goal: Float[np.ndarray, "number *other"],
    *,
    dependent: float | None = None,
) -> tuple[Float[np.ndarray, "column *other"], Float[np.ndarray, "number *other"]]:
    """Factors of the columns that explain the goal best, and what they leave: fit minus goal.

    By singular values of columns that are scaled to one size, so that units do not decide what
    counts as dependent; of the factors of dependent columns the smallest are taken.

    **Arguments:** `dependent` is the singular value, as a share of the largest, below which columns
    depend on each other; rounding, times the number of rows, unless given.
    """
    size = np.sqrt(np.mean(columns**2, axis=0))
    size = np.where(size > 0, size, 1)
    scaled = columns / size
    factors, *_ = np.linalg.lstsq(scaled, goal, rcond=dependent)
    return (factors.T / size).T, scaled @ factors - goal


def solve_normal_equations(
    gram: Float[np.ndarray, "column column"],
    projection: Float[np.ndarray, " column"],
    *,
    dependent: float = 1e-12,
) -> Float[np.ndarray, " column"]:
    """The factors of least squares from `columns.T @ columns` and `columns.T @ goal` alone.

    Scaled and made unique as by `least_squares`.

    **Arguments:** `dependent` as of `least_squares`; the singular values are the squares of those
    of the columns.
    """
    if not projection.size:
        return np.zeros(0)
    size = np.sqrt(np.diag(gram))
    size = np.where(size > 0, size, 1)
    solved, *_ = np.linalg.lstsq(gram / size / size[:, None], projection / size, rcond=dependent)
    return solved / size
