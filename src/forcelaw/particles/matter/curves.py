"""Forces against distance with bands, from the same sums as the formulas."""

from __future__ import annotations

import numpy as np

from forcelaw.particles.forms import coarser, pieces_joined, spline_space
from forcelaw.particles.kernels import Fit
from forcelaw.particles.matter.force_law import KernelCurve

_POINTS = 60
"""Of a drawn curve."""
_BAND = 1.959964
"""Standard errors on either side of which a normal number lies in 95 of 100 cases."""


def force_curves(fit: Fit) -> tuple[KernelCurve, ...]:
    """The curve of every block."""
    space = spline_space(fit)
    moments = fit.moments.within(space)
    factors = fit.estimator.solve(moments)
    covariance = fit.estimator.covariance(moments, fit.residuals.long_run)
    curves, start = [], 0
    for block in fit.terms.blocks:
        some = coarser(block.basis, pieces_joined(fit))
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
