"""Walls that push bodies back: planes across an axis, and circles or spheres around a centre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self, TypeAlias

import numpy as np
from jaxtyping import Float

from forcelaw.particles.shaped_terms.shaped_term import ShapedTerm, Surroundings, number

_AXES = "xyz"

ProfileName: TypeAlias = Literal["contact", "exponential", "power"]


@dataclass(frozen=True)
class Profile:
    """How hard a wall pushes at a depth: behind it positive, before it negative."""

    name: ProfileName
    power: float = 1.0
    """Of a contact `max(0, depth)**power`, or of the distance `(-depth)**-power`."""
    length: float = 1.0
    """Of the exponential `exp(depth/length)`."""

    def force(self, depth: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
        """Positive: towards the inside."""
        if self.name == "contact":
            return np.maximum(depth, 0) ** self.power
        if self.name == "exponential":
            return np.exp(np.minimum(depth / self.length, 100))
        return np.maximum(-depth, 1e-6 * self.length) ** -self.power

    def energy(self, depth: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
        """Of which the force is the derivative."""
        if self.name == "contact":
            return np.maximum(depth, 0) ** (self.power + 1) / (self.power + 1)
        if self.name == "exponential":
            return self.length * self.force(depth)
        gap = np.maximum(-depth, 1e-6 * self.length)
        if self.power == 1:
            return -np.log(gap)
        return gap ** (1 - self.power) / (self.power - 1)

    def text(self, behind: str, before: str, digits: int) -> str:
        """**Arguments:** `behind` and `before` the depth and its opposite, as texts."""
        power = "" if self.power == 1 else f"**{self.power:g}"
        if self.name == "contact":
            return f"max(0, {behind}){power}"
        if self.name == "exponential":
            return f"exp(({behind})/{number(self.length, digits)})"
        return f"({before})**-{self.power:g}"


@dataclass(frozen=True)
class PlaneWall(ShapedTerm):
    """A plane across an axis: on the `side` +1 it holds bodies below it, on -1 above."""

    axis: int
    side: int
    profile: Profile
    place: float
    """Where the depth is zero; of an exponential, which needs none, any place."""

    key = "wall"
    shape_names = ("place or length",)

    @property
    def shapes(self) -> tuple[float, ...]:
        """The place, or of an exponential the length."""
        return (self.profile.length if self.profile.name == "exponential" else self.place,)

    def with_shapes(self, shapes: Sequence[float]) -> Self:
        """See `ShapedTerm`."""
        if self.profile.name == "exponential":
            return replace(self, profile=_of_length(self.profile, shapes[0]))
        return replace(self, place=float(shapes[0]))

    @property
    def scales(self) -> tuple[float, ...]:
        """The unit of lengths near the wall."""
        return (0.5 * self.profile.length,)

    def depth(self, position: Float[np.ndarray, "*sample dim"]) -> Float[np.ndarray, "*sample"]:
        """Behind the wall positive."""
        return self.side * (position[..., self.axis] - self.place)

    def vectors(self, around: Surroundings) -> Float[np.ndarray, "snapshot body dim"]:
        """See `ShapedTerm`."""
        found = np.zeros_like(around.position)
        found[..., self.axis] = -self.side * self.profile.force(self.depth(around.position))
        return found

    def energies(self, around: Surroundings) -> Float[np.ndarray, " snapshot"]:
        """See `ShapedTerm`."""
        return self.profile.energy(self.depth(around.position)).sum(axis=1)

    def text(self, factor: float, digits: int = 4) -> str:
        """The force along the axis."""
        name = _AXES[self.axis]
        place = number(abs(self.place), digits)
        above = f"{name} {'-' if self.place >= 0 else '+'} {place}"
        below = f"{number(self.place, digits)} - {name}"
        ends = (above, below) if self.side > 0 else (below, above)
        return f"{number(-self.side * factor, digits)}*{self.profile.text(*ends, digits)}"


@dataclass(frozen=True)
class CentreWall(ShapedTerm):
    """A circle, or a sphere, that holds bodies inside."""

    centre: tuple[float, ...]
    profile: Profile
    radius: float
    """Where the depth is zero; of an exponential any radius."""

    key = "wall"
    shape_names = ("radius or length", "centre x", "centre y", "centre z")

    @property
    def shapes(self) -> tuple[float, ...]:
        """The radius, or of an exponential the length, and the centre."""
        own = self.profile.length if self.profile.name == "exponential" else self.radius
        return (own, *self.centre)

    def with_shapes(self, shapes: Sequence[float]) -> Self:
        """See `ShapedTerm`."""
        centre = tuple(map(float, shapes[1:]))
        if self.profile.name == "exponential":
            return replace(self, centre=centre, profile=_of_length(self.profile, shapes[0]))
        return replace(self, centre=centre, radius=float(shapes[0]))

    @property
    def scales(self) -> tuple[float, ...]:
        """The unit of lengths near the wall."""
        return (0.5 * self.profile.length,) * (1 + len(self.centre))

    def vectors(self, around: Surroundings) -> Float[np.ndarray, "snapshot body dim"]:
        """See `ShapedTerm`."""
        outward = around.position - np.asarray(self.centre)
        away = np.linalg.norm(outward, axis=-1, keepdims=True)
        return -self.profile.force(away - self.radius) * outward / np.maximum(away, 1e-300)

    def energies(self, around: Surroundings) -> Float[np.ndarray, " snapshot"]:
        """See `ShapedTerm`."""
        away = np.linalg.norm(around.position - np.asarray(self.centre), axis=-1)
        return self.profile.energy(away - self.radius).sum(axis=1)

    def text(self, factor: float, digits: int = 4) -> str:
        """The force along the line from the centre, by the distance `rho` from it."""
        radius = number(self.radius, digits)
        pushed = self.profile.text(f"rho - {radius}", f"{radius} - rho", digits)
        return f"{number(-factor, digits)}*{pushed}"


def _of_length(profile: Profile, length: float) -> Profile:
    return replace(profile, length=max(float(length), 0.1 * profile.length))
