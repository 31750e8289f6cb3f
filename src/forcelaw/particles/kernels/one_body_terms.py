"""What may act on a body alone, each as one column of the regression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Float

from forcelaw.laws import short_name

_AXES = "xyz"

OneBodyKind: TypeAlias = Literal[
    "constant", "velocity", "speed", "square", "place", "turn", "propulsion", "spin", "cos", "sin"
]
_OF_HEADINGS = ("spin", "cos", "sin")


@dataclass(frozen=True)
class OneBody:
    """A vector of each body: a power of its speed along its velocity, a place, or an axis.

    With headings: the unit vector of one, and as rates of turning one, its sine and its cosine.
    """

    kind: OneBodyKind
    axis: int = 0
    """Of `constant` and `place`."""
    attribute: str = ""
    """A constant of the bodies that it is proportional to: a charge in a field."""

    @property
    def reads_velocity(self) -> bool:
        """Whether it needs velocities."""
        return self.kind in ("velocity", "speed", "square", "turn")

    @property
    def turns(self) -> bool:
        """Whether it is a rate at which headings turn."""
        return self.kind in _OF_HEADINGS

    @property
    def text(self) -> str:
        """What one factor multiplies, as in formulas, of the component that it acts on."""
        own = short_name(self.attribute) or "1"
        words = {
            "constant": own,
            "spin": own,
            "propulsion": "e",
            "cos": "cos(theta)",
            "sin": "sin(theta)",
            "place": _AXES[self.axis],
            "velocity": "v",
        }
        return (words | {"speed": "speed*v", "square": "speed**2*v", "turn": "turned v"})[self.kind]

    def vectors(
        self,
        position: Float[np.ndarray, "*sample dim"],
        velocity: Float[np.ndarray, "*sample dim"],
        attributes: Mapping[str, Float[np.ndarray, " body"]],
        heading: Float[np.ndarray, "*sample"] | None = None,
    ) -> Float[np.ndarray, "*sample component"]:
        """On each body; of rates of turning the only component."""
        if self.turns or self.kind == "propulsion":
            assert heading is not None
            return self._by_heading(heading, attributes)
        if self.kind in ("constant", "place"):
            vector = np.zeros_like(position)
            own = attributes[self.attribute] if self.attribute else 1.0
            vector[..., self.axis] = own if self.kind == "constant" else position[..., self.axis]
            return vector
        if self.kind == "turn":
            return np.stack([-velocity[..., 1], velocity[..., 0]], axis=-1)
        speed = np.linalg.norm(velocity, axis=-1, keepdims=True)
        return velocity * {"velocity": 1, "speed": speed, "square": speed**2}[self.kind]

    def _by_heading(
        self, heading: Float[np.ndarray, "*sample"], attributes: Mapping[str, np.ndarray]
    ) -> Float[np.ndarray, "*sample component"]:
        if self.kind == "spin":
            own = attributes[self.attribute] if self.attribute else 1.0
            return np.broadcast_to(own, heading.shape)[..., None]
        parts = {"cos": (np.cos,), "sin": (np.sin,)}.get(self.kind, (np.cos, np.sin))
        return np.stack([part(heading) for part in parts], axis=-1)


def list_turning_terms(varying: tuple[str, ...]) -> tuple[OneBody, ...]:
    """What may turn a heading: an own rate, and a direction that all are turned to or from."""
    return (*(OneBody("spin", 0, name) for name in ("", *varying)), OneBody("cos"), OneBody("sin"))


def list_one_body_terms(
    dim: int, order: int, varying: tuple[str, ...], *, open_space: bool, headings: bool = False
) -> tuple[OneBody, ...]:
    """All that are tried: places only in open space, velocities only in second order.

    **Arguments:** `varying` attributes that fields may act on.
    """
    terms = [OneBody("constant", axis, name) for axis in range(dim) for name in ("", *varying)]
    if headings:
        terms += [OneBody("propulsion")]
    if open_space:
        terms += [OneBody("place", axis) for axis in range(dim)]
    if order == 2:
        terms += [OneBody("velocity"), OneBody("speed"), OneBody("square")]
        terms += [OneBody("turn")] if dim == 2 else []
    return tuple(terms)
