"""How far a mean of few numbers is from that of many."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def standard_error(values: Float[np.ndarray, "..."], *, axis: int = 0) -> Float[np.ndarray, "..."]:
    """The standard error of the mean along an axis, of independent values.

    Their standard deviation with one degree of freedom less than there are, over the root of their
    number. Infinite of a single value, which says nothing of others.
    """
    count = values.shape[axis]
    if count < 2:
        return np.full(np.delete(values.shape, axis), np.inf)
    return np.asarray(np.std(values, axis=axis, ddof=1) / np.sqrt(count))
