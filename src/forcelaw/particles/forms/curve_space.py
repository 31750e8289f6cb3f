"""Curves in as many splines as the data tell."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from forcelaw.particles.kernels import Fit, RadialBasis


def spline_space(fit: Fit) -> Float[np.ndarray, "column coarse"]:
    """Each function of the distance in fewer splines, one-body terms as they are.

    So many as the data tell: few where there is chance, twice as coarse as the sums without it.
    """
    terms = fit.terms
    parts = []
    for index, block in enumerate(terms.blocks):
        some = coarser(block.basis, pieces_joined(fit))
        part = np.zeros((terms.size, some.size))
        part[terms.columns_of(index)] = some.within(block.basis)
        parts.append(part)
    start = int(terms.offsets[-1])
    return np.concatenate([*parts, np.eye(terms.size)[:, start:]], axis=1)


def pieces_joined(fit: Fit) -> int:
    """How many of the fine pieces make one of a curve's."""
    return 5 if fit.estimator.instruments else 2


def coarser(basis: RadialBasis, every: int) -> RadialBasis:
    """Splines on every so many of the knots, both ends among them."""
    breaks = basis.breaks
    kept = np.unique(np.append(np.arange(0, len(breaks), every), len(breaks) - 1))
    return RadialBasis.between(breaks[kept])
