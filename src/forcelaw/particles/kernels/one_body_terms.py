"""What may act on a body alone, each as one column of the regression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from jaxtyping import Float

from forcelaw.laws import short_name

_AXES = "xyz"

OneBodyKind: TypeAlias = Literal[
    "constant",
    "velocity",
    "speed",
    "square",
    "place",
    "turn",
    "propulsion",
    "spin",
    "cos",
    "sin",
    "cos_time",
    "sin_time",
]
ALONG_AXES: tuple[OneBodyKind, ...] = ("constant", "place", "cos_time", "sin_time")
"""Kinds that act along one axis."""
_TIMES_ATTRIBUTE: tuple[OneBodyKind, ...] = ("place", "velocity", "turn")
"""Kinds that may be proportional to an attribute, beside those of an axis alone."""
_OF_HEADINGS = ("spin", "cos", "sin")
_OF_TIME = ("cos_time", "sin_time")


class BodyStates(NamedTuple):
    """What a term may read of every body."""

    position: Float[np.ndarray, "*sample dim"]
    velocity: Float[np.ndarray, "*sample dim"]
    attributes: Mapping[str, Float[np.ndarray, " body"]]
    heading: Float[np.ndarray, "*sample"] | None = None
    """In radians; None where none were recorded."""
    time: Float[np.ndarray, "..."] | float = 0.0
    """Of the snapshot, as arrays that broadcast against `heading`."""


@dataclass(frozen=True)
class OneBody:
    """A vector of each body: a power of its speed along its velocity, a place, or an axis.

    With headings: the unit vector of one, and as rates of turning one, its sine and its cosine.
    """

    kind: OneBodyKind
    axis: int = 0
    """Of those along an axis: a constant, a place, or a wave in time."""
    attribute: str = ""
    """A constant of the bodies that it is proportional to: a charge in a field, a mass in a trap
    that is one of gravity."""
    frequency: float = 0.0
    """Of a wave in time, in radians for a unit of time."""
    growing: bool = False
    """Whether a wave grows with the time: what a frequency that is a little off leaves."""

    @property
    def reads_velocity(self) -> bool:
        """Whether it needs velocities."""
        return self.kind in ("velocity", "speed", "square", "turn")

    @property
    def turns(self) -> bool:
        """Whether it is a rate at which headings turn."""
        return self.kind in _OF_HEADINGS

    @property
    def reads_time(self) -> bool:
        """Whether it varies in time by itself."""
        return self.kind in _OF_TIME

    def shifts(self, dim: int) -> tuple[OneBody, ...]:
        """The constants that it comes with where places or velocities are told from elsewhere.

        A trap need not be where coordinates begin, nor a medium at rest.
        """
        if self.kind == "place":
            return (OneBody("constant", self.axis, self.attribute),)
        axes = range(dim) if self.reads_velocity else ()
        return tuple(OneBody("constant", axis, self.attribute) for axis in axes)

    @property
    def text(self) -> str:
        """What one factor multiplies, as in formulas, of the component that it acts on."""
        own = short_name(self.attribute) or "1"
        if self.reads_time:
            wave = f"{self.kind.removesuffix('_time')}({self.frequency:.5g}*t)"
            return wave if own == "1" else f"{own}*{wave}"
        words = {
            "constant": own,
            "spin": own,
            "propulsion": "e",
            "cos": "cos(theta)",
            "sin": "sin(theta)",
            "place": _AXES[self.axis],
            "velocity": "v",
        }
        word = (words | {"speed": "speed*v", "square": "speed**2*v", "turn": "turned v"})[self.kind]
        return f"{own}*{word}" if self.kind in _TIMES_ATTRIBUTE and own != "1" else word

    def vectors(self, states: BodyStates) -> Float[np.ndarray, "*sample component"]:
        """On each body; of rates of turning the only component."""
        if self.turns or self.kind == "propulsion":
            assert states.heading is not None
            return self._by_heading(states.heading, states.attributes)
        if self.kind in ALONG_AXES:
            return self._along_axis(states)
        velocity = states.velocity
        if self.attribute:
            velocity = velocity * states.attributes[self.attribute][..., None]
        if self.kind == "turn":
            return np.stack([-velocity[..., 1], velocity[..., 0]], axis=-1)
        speed = np.linalg.norm(velocity, axis=-1, keepdims=True)
        return velocity * {"velocity": 1, "speed": speed, "square": speed**2}[self.kind]

    def _along_axis(self, states: BodyStates) -> Float[np.ndarray, "*sample dim"]:
        vector = np.zeros_like(states.position)
        own = states.attributes[self.attribute] if self.attribute else 1.0
        if self.reads_time:
            wave = np.cos if self.kind == "cos_time" else np.sin
            time = np.asarray(states.time)
            own = own * wave(self.frequency * time) * (time if self.growing else 1.0)
        elif self.kind == "place":
            own = own * states.position[..., self.axis]
        vector[..., self.axis] = own
        return vector

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


def list_waves(dim: int, attribute: str, frequency: float) -> tuple[OneBody, ...]:
    """A field that varies in time with one period, of any direction and phase."""
    return tuple(
        OneBody(kind, axis, attribute, frequency)
        for axis in range(dim)
        for kind in ("cos_time", "sin_time")
    )


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
        terms += [OneBody("place", axis, name) for axis in range(dim) for name in ("", *varying)]
    if order == 2:
        terms += [OneBody("velocity", 0, name) for name in ("", *varying)]
        terms += [OneBody("speed"), OneBody("square")]
        terms += [OneBody("turn", 0, name) for name in ("", *varying)] if dim == 2 else []
    return tuple(terms)
