"""How much of motion is chance: diffusion, temperature, and errors of positions."""

from __future__ import annotations

import numpy as np

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import Fit
from forcelaw.particles.matter.force_law import Measured

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
    """Whether the residual is chance: there is some, and it does not last."""
    share = fit.residuals.autocovariance[0] / max(fit.residuals.variance, 1e-300)
    there = diffusion.value > 4 * diffusion.error
    return bool(fit.estimator.instruments and there and lasting < _LASTING and share > 1e-6)


def position_error(data: Recordings, fit: Fit, order: int) -> float:
    """The root mean square error of positions, from residuals two snapshots apart.

    Of second differences, errors make `1` of `6 - 4 + 1` there; of mean velocities, `-1/4`.
    Zero where chance hides it.
    """
    step = float(np.median(np.concatenate([np.diff(part.time) for part in data])))
    covariance = fit.residuals.autocovariance
    if order == 2:
        square = covariance[2] * step**4 if data.has_velocity is False else 0.0
    else:
        square = -covariance[2] * 4 * step**2
    sure = 4 * covariance[0] / np.sqrt(max(fit.residuals.count, 1))
    return float(np.sqrt(square)) if square > 0 and abs(covariance[2]) > sure else 0.0
