"""The constants of one expression, fitted to samples by nonlinear least squares."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Literal

import numpy as np

from forcelaw.distill.attempts import numerically
from forcelaw.distill.candidates import Candidate
from forcelaw.distill.samples import Samples
from forcelaw.laws import Expression

Loss = Literal["linear", "soft_l1", "huber", "cauchy"]
_HUGE = 1e12

_PLAIN_STEPS = 200
"""Of a plain fit."""
_STEPS = 60
"""Of a robust fit; one that needs more has constants that stand for each other."""


def residuals(expression: Expression, constants: np.ndarray, samples: Samples) -> np.ndarray:
    """Weighted errors in units of the target's spread, so that their mean square is the error."""
    value = expression.at(samples.variables, constants)
    error = np.sqrt(samples.weights) * (value - samples.target) / samples.scale
    return np.nan_to_num(error, nan=_HUGE, posinf=_HUGE, neginf=-_HUGE)


def slopes(expression: Expression, constants: np.ndarray, samples: Samples) -> np.ndarray:
    """The derivatives of `residuals` by the constants, `[sample, constant]`; 0 at poles."""
    found = expression.slopes_at(samples.variables, constants)
    return tamed(np.sqrt(samples.weights) * found / samples.scale).T


def tamed(slopes: np.ndarray) -> np.ndarray:
    """The slopes, 0 where they are no numbers: there residuals are a number that stands still."""
    return np.where(np.abs(slopes) < _HUGE, slopes, 0.0)


def measure(expression: Expression, samples: Samples) -> Candidate:
    """The expression as it stands, with its error; infinite where it has a pole on a sample."""
    with np.errstate(over="ignore"):
        error = residuals(expression, np.asarray(expression.numbers()), samples)
        mean = float(np.mean(error**2))
    return Candidate(expression, mean if mean < _HUGE else float("inf"))


def refit(
    expression: Expression,
    samples: Samples,
    *,
    fixed: Collection[int] = (),
    loss: Loss = "linear",
) -> Candidate:
    """The expression with its constants fitted to the samples, starting from their values.

    **Arguments:** `fixed` are indices of constants that stay; `loss` other than `linear` makes
    outliers count less (their size is measured against one tenth of the target's spread).
    A threshold inside `where` has no gradient and stays where it is. The fit is in double
    precision; if it finds nothing better, the expression comes back as it was.

    **Raises** `NumericalError` where slopes are not finite.
    """
    start = np.asarray(expression.numbers(), np.float64)
    free = [index for index in range(len(start)) if index not in fixed]
    before = measure(expression, samples)
    if not free or not np.isfinite(before.error):
        return before

    def whole(values: np.ndarray) -> np.ndarray:
        constants = start.copy()
        constants[free] = values
        return constants

    constants = whole(
        least_squares(
            lambda values: residuals(expression, whole(values), samples),
            lambda values: slopes(expression, whole(values), samples)[:, free],
            start[free],
            loss,
        )
    )
    after = measure(expression.with_constants(constants), samples)
    return after if loss != "linear" or after.error <= before.error else before


def least_squares(
    error: Callable[[np.ndarray], np.ndarray],
    slopes: Callable[[np.ndarray], np.ndarray],
    start: np.ndarray,
    loss: Loss,
    *,
    outlier: float = 0.1,
) -> np.ndarray:
    """Levenberg-Marquardt for the plain loss, a trust region for the robust ones.

    **Arguments:** `slopes` of the errors, `[error, constant]`; `outlier` is the error from which on
    robust losses grow slowly.

    **Raises** `NumericalError` where the start, its errors or their slopes are not finite.
    """
    from scipy.optimize import least_squares as solve

    with np.errstate(all="ignore"):
        if loss == "linear" and len(error(start)) >= len(start):
            how = {"method": "lm", "max_nfev": _PLAIN_STEPS}
        else:
            how = {"loss": loss, "f_scale": outlier, "x_scale": "jac", "max_nfev": _STEPS}
        found = numerically(solve, error, start, jac=slopes, **how)
    return found.x if np.isfinite(found.x).all() else start


def standard_errors(expression: Expression, samples: Samples) -> np.ndarray:
    """The standard error of every constant at a fit, whatever the noise of each sample.

    The sandwich estimate of White, Econometrica 48, 817 (1980): right also where the noise grows
    with the target. A threshold inside `where`, which has no gradient, gets 0.
    """
    constants = np.asarray(expression.numbers(), np.float64)
    error = residuals(expression, constants, samples)
    slope = slopes(expression, constants, samples)
    inverse = np.linalg.pinv(slope.T @ slope)
    covariance = inverse @ ((slope * error[:, None] ** 2).T @ slope) @ inverse
    return np.sqrt(np.maximum(np.diag(covariance), 0.0))
