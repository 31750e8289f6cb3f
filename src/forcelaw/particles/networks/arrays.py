"""Stretches of motion as arrays, on the host and on the device."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias, TypeVar

import jax
import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.device_arrays import to_device

Numbers: TypeAlias = Any
"""Arrays of NumPy on the host, of JAX on the device."""


class Windows(NamedTuple):
    """Stretches of single bodies' motion; what is masked holds harmless numbers."""

    difference: Float[Numbers, "window time slot dim"]
    """From the body to the nearest image of each neighbour."""
    sender: Int[Numbers, "window time slot"]
    """Rows of `Entries`."""
    near: Bool[Numbers, "window time slot"]
    """Which slots hold a neighbour."""
    receiver: Int[Numbers, "window time"]
    """Rows of `Entries`."""
    target: Float[Numbers, "window time dim"]
    """The changes that are explained."""
    weights: Float[Numbers, "window time 5"]
    """Of the law at five snapshots around each, of which a change is a mean."""
    valid: Bool[Numbers, "window time"]
    """Where the change is known."""

    def take(self, rows: Int[Numbers, " row"] | Bool[np.ndarray, " window"]) -> Windows:
        """Some of them."""
        return Windows(*(array[rows] for array in self))


class Entries(NamedTuple):
    """Bodies at single times."""

    velocity: Float[Numbers, "entry dim"]
    """Zeros in first order, where the law says it."""
    attributes: dict[str, Float[Numbers, " entry"]]


Arrays = TypeVar("Arrays", Windows, Entries)

_KINDS = {"f": float, "i": np.int32, "b": bool}


def on_device(arrays: Arrays) -> Arrays:
    """The same on the device, in the precision of the process."""
    return jax.tree.map(lambda array: to_device(array, _KINDS[array.dtype.kind]), arrays)
