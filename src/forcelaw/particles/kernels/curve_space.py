"""Curves in as many splines as the data tell."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from forcelaw.particles.kernels.columns import Terms
from forcelaw.particles.kernels.radial_basis import RadialBasis


def spline_space(terms: Terms, joined: int) -> Float[np.ndarray, "column coarse"]:
    """Each function of the distance in fewer splines, one-body terms as they are.

    **Arguments:** `joined` how many of the fine pieces make one of a curve's.
    """
    parts = []
    for index, block in enumerate(terms.blocks):
        some = coarser(block.basis, joined)
        part = np.zeros((terms.size, some.size))
        part[terms.columns_of(index)] = some.within(block.basis)
        parts.append(part)
    start = int(terms.offsets[-1])
    return np.concatenate([*parts, np.eye(terms.size)[:, start:]], axis=1)


def coarser(basis: RadialBasis, every: int) -> RadialBasis:
    """Splines on every so many of the knots, both ends among them."""
    breaks = basis.breaks
    kept = np.unique(np.append(np.arange(0, len(breaks), every), len(breaks) - 1))
    return RadialBasis.between(breaks[kept])
