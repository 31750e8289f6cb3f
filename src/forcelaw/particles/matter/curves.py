"""Forces against distance with bands, from the same sums as the formulas."""

from __future__ import annotations

import numpy as np

from forcelaw.particles.kernels import Fit
from forcelaw.particles.matter.force_law import KernelCurve, Measured

_POINTS = 60
"""Of a drawn curve, dense where pieces are short."""
_BAND = 1.959964
"""Standard errors on either side of which a normal number lies in 95 of 100 cases."""


def free_curves(fit: Fit) -> tuple[tuple[KernelCurve, ...], tuple[Measured, ...]]:
    """The curve of every block, and the factors of one-body terms beside them."""
    space = fit.space
    moments = fit.moments.within(space)
    factors = fit.estimator.solve(moments)
    covariance = fit.estimator.covariance(moments, fit.residuals.long_run)
    curves, start = [], 0
    for block in fit.terms.blocks:
        some = block.splines.coarser(fit.joined)
        own = slice(start, start + some.size)
        start += some.size
        breaks = np.linspace(0, 1, len(some.breaks))
        r = np.interp(np.linspace(0, 1, _POINTS), breaks, some.breaks)
        values = some.matrix(r)
        force = values @ factors[own]
        error = np.sqrt(
            np.maximum(np.einsum("ps,st,pt->p", values, covariance[own, own], values), 0)
        )
        curves.append(KernelCurve(r, force, force - _BAND * error, force + _BAND * error))
    errors = np.sqrt(np.maximum(np.diag(covariance), 0))
    alone = zip(factors[start:].tolist(), errors[start:].tolist(), strict=True)
    return tuple(curves), tuple(Measured(*one) for one in alone)
