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


def solve_with_ridge(
    gram: Float[np.ndarray, "*batch column column"],
    projection: Float[np.ndarray, "*batch column"] | Float[np.ndarray, "*batch column other"],
    ridge: float | Float[np.ndarray, "*batch column"],
) -> Float[np.ndarray, "*batch column"] | Float[np.ndarray, "*batch column other"]:
    """The factors of ridge regression, where thousands of small sets of columns are compared.

    By elimination, which is several times faster than `solve_normal_equations` and takes many
    problems at once; the ridge alone keeps it apart from dependent columns, of which it gives
    every one its share.

    **Arguments:** `ridge` is added to the diagonal of `gram`, in its units: one number, or one a
    column.

    Hoerl and Kennard, Technometrics 12, 55 (1970).
    """
    index = np.arange(gram.shape[-1])
    regular = gram.copy()
    regular[..., index, index] += ridge
    if projection.ndim == gram.ndim - 1:
        return np.linalg.solve(regular, projection[..., None])[..., 0]
    return np.linalg.solve(regular, projection)


def orthonormal_basis(
    columns: Float[np.ndarray, "number column"], *, dependent: float = 1e-7
) -> Float[np.ndarray, "number base"]:
    """An orthonormal basis of the span of columns, scaled as by `least_squares`.

    **Arguments:** `dependent` as of `least_squares`: columns that depend on others add nothing.
    """
    size = np.linalg.norm(columns, axis=0)
    left, singular, _ = np.linalg.svd(columns / np.where(size > 0, size, 1), full_matrices=False)
    return left[:, singular > dependent * max(singular.max(initial=0), 1e-300)]
