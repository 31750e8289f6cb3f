"""Forces against distance with bands, from the same sums as the formulas."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from forcelaw.particles.kernels import Fit, coarser
from forcelaw.particles.matter.force_law import KernelCurve

_POINTS = 60
_BAND = 1.959964
"""Standard errors on either side of which a normal number lies in 95 of 100 cases."""


def spline_space(fit: Fit, every: int) -> Float[np.ndarray, "column coarse"]:
    """Each function of the distance in fewer splines; one-body terms as they are."""
    terms = fit.terms
    parts = []
    for index, block in enumerate(terms.blocks):
        some = coarser(block.basis, every)
        part = np.zeros((terms.size, some.size))
        part[terms.columns_of(index)] = some.within(block.basis)
        parts.append(part)
    start = int(terms.offsets[-1])
    return np.concatenate([*parts, np.eye(terms.size)[:, start:]], axis=1)


def force_curves(fit: Fit, every: int) -> tuple[KernelCurve, ...]:
    """The curve of every block, in splines on every so many of the knots."""
    space = spline_space(fit, every)
    moments = fit.moments.within(space)
    factors = fit.estimator.solve(moments)
    covariance = fit.estimator.covariance(moments, fit.residuals.long_run)
    curves, start = [], 0
    for block in fit.terms.blocks:
        some = coarser(block.basis, every)
        own = slice(start, start + some.size)
        start += some.size
        r = np.linspace(some.breaks[0], some.breaks[-1], _POINTS)
        values = some.matrix(r)
        force = values @ factors[own]
        error = np.sqrt(
            np.maximum(np.einsum("ps,st,pt->p", values, covariance[own, own], values), 0)
        )
        curves.append(KernelCurve(r, force, force - _BAND * error, force + _BAND * error))
    return tuple(curves)
