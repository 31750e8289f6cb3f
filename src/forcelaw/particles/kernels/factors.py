"""Factors of columns from sums of moments, with covariance, and what they explain elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from forcelaw.particles.kernels.moments import Moments

_RIDGE = 1e-10
"""Of the mean size of columns: what the data do not tell at all gets a factor of zero."""


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
        return np.array(
            [
                self.gain(chosen.only(fold), self.solve(chosen.without(fold)))
                for fold in folds
                if chosen.count[fold]
            ]
        )


LEAST_SQUARES = Estimator(instruments=False)
WITH_INSTRUMENTS = Estimator(instruments=True)


def _sizes(squares: Float[np.ndarray, "column column"]) -> Float[np.ndarray, " column"]:
    """The root mean size of each column; one for those that are zero."""
    size = np.sqrt(np.diag(squares))
    return np.where(size > 0, size, 1)
