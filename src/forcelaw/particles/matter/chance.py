"""How much of motion is chance: diffusion, temperature, and errors of positions."""

from __future__ import annotations

import numpy as np

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import Fit
from forcelaw.particles.matter.force_law import Measured

_CLEAR = 0.05
"""Share of changes that is left, above which no misfit of curves makes it."""
_LASTING = 0.5
"""Share of the residual that lasts, above which it is a missing force and not chance."""


def find_diffusion(data: Recordings, fit: Fit) -> Measured:
    """Half the variance that chance adds to each component in a unit of time.

    From the residual of changes, summed over the lags at which it overlaps, so that errors of
    positions cancel and steps need not be short (Vestergaard, Blainey & Flyvbjerg, Phys. Rev. E 89,
    022726, 2014, for free diffusion; in second order the same of velocities). Times the mass
    squared where masses are given.
    """
    step = float(np.median(np.concatenate([np.diff(part.time) for part in data])))
    left = fit.residuals
    covariance = left.autocovariance
    value = max(0.0, covariance[0] + 2 * covariance[1:3].sum()) * step / 2
    # Of a sum of five products of as many numbers, each of about this relative variance.
    spread = np.sqrt(2 * (1 + 2 * 4) / max(left.count, 1)) * covariance[0] * step / 2
    return Measured(float(value), float(spread))


def is_stochastic(fit: Fit, lasting: float, diffusion: Measured) -> bool:
    """Whether the residual is chance: there is some, it does not last, and is no mere misfit."""
    there = diffusion.value > 4 * diffusion.error
    enough = fit.estimator.instruments or fit.residuals.share > _CLEAR
    return bool(enough and there and lasting < _LASTING and fit.residuals.share > 1e-6)
