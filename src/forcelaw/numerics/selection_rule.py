"""Which of many models are about as good as the best, so that the simplest of them is taken."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from forcelaw.numerics.standard_errors import standard_error


def as_good_as_the_best(
    errors: Float[np.ndarray, "model unit"], *, significance: float, slight: float = 0.0
) -> Bool[np.ndarray, " model"]:
    """Models that the one of the smallest mean error does not clearly beat.

    Clearly: by more than so many standard errors of the paired difference between units of the
    data that are independent, and by more than is `slight`. The rule of one standard error
    (Breiman, Friedman, Olshen and Stone, Classification and Regression Trees, 1984, section 3.4.3),
    here for paired differences and any number of standard errors.

    **Arguments:** `errors` on data that no model was fitted to; infinite where a model has none:
    it is as good only where none is better. `slight` is a difference of mean errors that is none. A
    single unit has no standard error: there only what is slight counts.
    """
    means = errors.mean(axis=1)
    best, known = int(np.argmin(means)), np.isfinite(means)
    if not known[best]:
        return np.ones(len(errors), bool)
    lead = np.where(known[:, None], errors, errors[best]) - errors[best]
    error = standard_error(lead, axis=1) if errors.shape[1] > 1 else np.zeros(len(errors))
    good = known & (lead.mean(axis=1) <= np.maximum(significance * error, slight))
    good[best] = True
    return good
