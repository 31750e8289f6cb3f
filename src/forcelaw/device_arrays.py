"""Numbers of the host on the device."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
from jaxtyping import Array


def to_device(values: Any, dtype: Any = float) -> Array:
    """These numbers as a JAX array; `float` and `int` are of the precision of the process.

    Nothing is compiled for it: `jnp.asarray` compiles a program for every new shape, which takes
    longer than many a computation here.
    """
    # A copy: JAX may keep the memory of an array that it is given.
    return jax.device_put(np.array(values, jax.dtypes.canonicalize_dtype(dtype)))
