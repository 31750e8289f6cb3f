"""Typical sizes of what a network reads and predicts; measured on training data, never trained."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from forcelaw.device_arrays import to_device
from forcelaw.errors import InputError, InvalidSetting
from forcelaw.laws.state import Attributes
from forcelaw.laws.units import Units


class Scale(eqx.Module):
    """Typical sizes, in the units of the data.

    They are part of the law, because a law without them predicts nonsense, but not parameters:
    every network reads them through `fixed`, so their gradients are zero.
    """

    length: Float[Array, ""]
    """A typical distance between two bodies."""
    speed: Float[Array, ""]
    """A typical component of the velocity."""
    acceleration: Float[Array, ""]
    """A typical length of the acceleration."""
    center: Float[Array, " attribute"]
    """Mean of every attribute (of its logarithm where that is what the network reads)."""
    spread: Float[Array, " attribute"]
    """Standard deviation of every attribute (or of its logarithm)."""

    def __init__(
        self,
        *,
        length: float = 1.0,
        speed: float = 1.0,
        acceleration: float = 1.0,
        center: Sequence[float] = (),
        spread: Sequence[float] = (),
    ) -> None:
        for name, value in (("length", length), ("speed", speed), ("acceleration", acceleration)):
            if not (math.isfinite(value) and value > 0):
                raise InvalidSetting(
                    f"scale: {name} is {value}, expected a positive number; check the data"
                )
        self.length = to_device(length)
        self.speed = to_device(speed)
        self.acceleration = to_device(acceleration)
        self.center = to_device(list(center))
        self.spread = to_device(list(spread))

    @classmethod
    def unit(cls, attributes: int) -> Scale:
        """The scale that changes nothing."""
        return cls(center=[0.0] * attributes, spread=[1.0] * attributes)

    def rescaled(self, units: Units, names: Sequence[str], logarithmic: Sequence[bool]) -> Scale:
        """The same sizes in other units, of the attributes `names`, some of them logarithms."""
        own = np.array([units.attribute(name) for name in names])
        log = np.array(logarithmic, bool)
        center, spread = np.asarray(self.center, float), np.asarray(self.spread, float)
        return Scale(
            length=float(self.length) / units.length,
            speed=float(self.speed) / units.speed,
            acceleration=float(self.acceleration) / units.force,
            center=np.where(log, center - np.log(own), center / own).tolist(),
            spread=np.where(log, spread, spread / own).tolist(),
        )

    def fixed(self) -> Scale:
        """The same scale as a constant to differentiation."""
        return jax.tree.map(jax.lax.stop_gradient, self)


def columns(
    names: Sequence[str], values: Mapping[str, Float[Array, "node *feature"]], nodes: int
) -> Float[Array, "node attribute"]:
    """The named scalar attributes as columns.

    **Raises** `InputError` naming an attribute that is missing or not one number a node.
    """
    for name in names:
        if name not in values:
            raise InputError(
                f"attribute {name!r}: found only {sorted(values)}, expected it because the law "
                "was fitted with it; add it to the data"
            )
    if not names:
        return jnp.zeros((nodes, 0), float)
    return jnp.stack([scalar(values, name) for name in names], axis=1)


def scalar(values: Mapping[str, Float[Array, "item *feature"]], name: str) -> Float[Array, " item"]:
    """The attribute of that name.

    **Raises** `InputError` if it is not one number a node or edge.
    """
    if values[name].ndim != 1:
        raise InputError(
            f"attribute {name!r}: found shape {values[name].shape}, expected one number each; "
            "split it into several attributes"
        )
    return values[name]


def inertia(attributes: Attributes, nodes: int) -> Float[Array, "node 1"]:
    """The masses as a column; ones where no attribute is called `mass`."""
    mass = attributes.node.get("mass")
    return jnp.ones((nodes, 1), float) if mass is None else mass[:, None]
