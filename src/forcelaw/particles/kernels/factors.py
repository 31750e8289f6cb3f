"""Sums of products, factors of columns from them, their covariance, what they explain elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

_RIDGE = 1e-10
"""Of the mean size of columns: what the data do not tell at all gets a factor of zero."""

_KNOWN = 1e-2
"""Share of the size of a column in one part of the data that it must have in the others for these
to tell its factor: distances that bodies leave for good are in one part alone."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over equations by fold: of columns, changes and instruments with each other."""

    xx: Float[np.ndarray, "fold column column"]
    xy: Float[np.ndarray, "fold column"]
    yy: Float[np.ndarray, " fold"]
    zx: Float[np.ndarray, "fold column column"]
    zy: Float[np.ndarray, "fold column"]
    zz: Float[np.ndarray, "fold column column"]
    count: Float[np.ndarray, " fold"]
    """Of numbers: rows times dimensions."""
    errors: Float[np.ndarray, " fold"]
    """Squares of the errors of means over snapshots, as they are estimated; zeros where they are
    not."""

    def within(self, basis: Float[np.ndarray, "column coarse"]) -> Moments:
        """The same of sums of columns."""
        turned = basis.T
        return Moments(
            turned @ self.xx @ basis,
            self.xy @ basis,
            self.yy,
            turned @ self.zx @ basis,
            self.zy @ basis,
            turned @ self.zz @ basis,
            self.count,
            self.errors,
        )

    def without(self, fold: int) -> Moments:
        """All folds but one, as one."""
        kept = np.arange(len(self.yy)) != fold
        return self._summed(kept)

    def only(self, fold: int) -> Moments:
        """One fold alone."""
        return self._summed(np.arange(len(self.yy)) == fold)

    @property
    def whole(self) -> Moments:
        """All folds as one."""
        return self._summed(np.ones(len(self.yy), bool))

    def _summed(self, kept: np.ndarray) -> Moments:
        parts = (self.xx, self.xy, self.yy, self.zx, self.zy, self.zz, self.count, self.errors)
        return Moments(*(part[kept].sum(axis=0, keepdims=True) for part in parts))


@dataclass(frozen=True)
class Estimator:
    """How factors follow from moments: by least squares, or with instruments."""

    instruments: bool
    """Whether columns at an earlier snapshot take part: where chance or errors of positions would
    bias least squares."""

    def solve(self, moments: Moments) -> Float[np.ndarray, " column"]:
        """The factors, from all folds."""
        whole = moments.whole
        left = whole.zx[0] if self.instruments else whole.xx[0]
        right = whole.zy[0] if self.instruments else whole.xy[0]
        size = _sizes(whole.xx[0])
        scaled = left / size[:, None] / size[None]
        ridge = _RIDGE * np.eye(len(size))
        return np.linalg.solve(scaled + ridge, right / size) / size

    def covariance(self, moments: Moments, noise: float) -> Float[np.ndarray, "column column"]:
        """Of the factors, where changes have this variance in the long run (sandwich form)."""
        whole = moments.whole
        size = _sizes(whole.xx[0])
        scale = size[:, None] * size[None]
        left = (whole.zx[0] if self.instruments else whole.xx[0]) / scale
        middle = (whole.zz[0] if self.instruments else whole.xx[0]) / scale
        inverse = np.linalg.inv(left + _RIDGE * np.eye(len(size)))
        return noise * (inverse @ middle @ inverse.T) / scale

    def gain(self, moments: Moments, factors: Float[np.ndarray, " column"]) -> float:
        """The sum of squares that factors explain of these moments' changes.

        With instruments: by the law's value at the earlier snapshot, which neither chance nor
        errors of positions can raise.
        """
        whole = moments.whole
        squares = whole.zx[0] if self.instruments else whole.xx[0]
        products = whole.zy[0] if self.instruments else whole.xy[0]
        return float(2 * factors @ products - factors @ squares @ factors)

    def held_out_gains(
        self, moments: Moments, columns: Int[np.ndarray, " kept"]
    ) -> Float[np.ndarray, " fold"]:
        """Of each fold, what factors from the other folds explain, of these columns alone."""
        basis = np.eye(moments.xx.shape[-1])[:, columns]
        chosen = moments.within(basis)
        folds = range(len(moments.yy))
        return np.array([self._held_out(chosen, fold) for fold in folds if chosen.count[fold]])

    def _held_out(self, moments: Moments, fold: int) -> float:
        others, own = moments.without(fold), moments.only(fold)
        known = np.diag(others.xx[0]) >= _KNOWN * np.diag(own.xx[0])
        factors = np.zeros(len(known))
        factors[known] = self.solve(others.within(np.eye(len(known))[:, known]))
        return self.gain(own, factors)


LEAST_SQUARES = Estimator(instruments=False)
WITH_INSTRUMENTS = Estimator(instruments=True)


def _sizes(squares: Float[np.ndarray, "column column"]) -> Float[np.ndarray, " column"]:
    """The root mean size of each column; one for those that are zero."""
    size = np.sqrt(np.diag(squares))
    return np.where(size > 0, size, 1)
