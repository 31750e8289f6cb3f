"""Walls that bodies bounce off: velocities flip there between two snapshots, by no force."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from forcelaw.particles.data import Recording
from forcelaw.particles.shaped_terms.shaped_term import number

NEAR = 0.1
"""Of a step, by which a body may end before a wall and have met it: forces bend its way."""


class Flight(NamedTuple):
    """From each snapshot to the next: velocities before and after whatever happens in between.

    Recorded ones, else those of the steps before and after; NaN where they are not known.
    """

    start: Float[np.ndarray, "step body dim"]
    """Where the step starts."""
    end: Float[np.ndarray, "step body dim"]
    before: Float[np.ndarray, "step body dim"]
    after: Float[np.ndarray, "step body dim"]
    time: Float[np.ndarray, "step 1 1"]
    """How long the step takes."""

    @classmethod
    def of(cls, part: Recording) -> Flight:
        """Of all steps of a recording."""
        place = np.where(part.present[..., None], part.position, np.nan)
        step = np.diff(part.time)[:, None, None]
        if part.velocity is not None:
            velocity = np.where(part.present[..., None], part.velocity, np.nan)
            return cls(place[:-1], place[1:], velocity[:-1], velocity[1:], step)
        slope = np.diff(place, axis=0) / step
        before, after = np.full_like(slope, np.nan), np.full_like(slope, np.nan)
        before[1:], after[:-1] = slope[:-1], slope[1:]
        return cls(place[:-1], place[1:], before, after, step)

    @property
    def ahead(self) -> Float[np.ndarray, "step body dim"]:
        """Where the step would end if nothing happened."""
        return self.start + self.before * self.time

    @property
    def behind(self) -> Float[np.ndarray, "step body dim"]:
        """Where it would have started if nothing had happened."""
        return self.end - self.after * self.time

    @property
    def jump(self) -> Float[np.ndarray, "step body dim"]:
        """By how much velocities change."""
        return self.after - self.before

    @property
    def impact(self) -> Float[np.ndarray, "step body dim"]:
        """Where the ways before and after meet, or are the nearest, along the change."""
        turned = np.einsum("sbd,sbd->sb", self.jump, self.jump)[..., None]
        apart = self.start - self.behind
        along = np.einsum("sbd,sbd->sb", apart, self.jump)[..., None]
        with np.errstate(all="ignore"):  # where nothing turns
            return self.start + self.before * (along / turned)


class HardWall(abc.ABC):
    """A bound that bodies do not pass."""

    @abc.abstractmethod
    def depth(self, position: Float[np.ndarray, "*sample dim"]) -> Float[np.ndarray, "*sample"]:
        """Behind the wall positive."""

    @abc.abstractmethod
    def outward(
        self, position: Float[np.ndarray, "*sample dim"]
    ) -> Float[np.ndarray, "*sample dim"]:
        """Unit vectors out of the wall."""

    @abc.abstractmethod
    def text(self, digits: int = 4) -> str:
        """Where it is, as an equation."""

    def struck(self, flight: Flight) -> Bool[np.ndarray, "step body"]:
        """The steps in which a body flies into the wall and out of it again."""
        out = self.outward(flight.ahead)
        before = np.einsum("sbd,sbd->sb", flight.before, out)
        after = np.einsum("sbd,sbd->sb", flight.after, out)
        near = NEAR * flight.time[..., 0]
        flips = (before > 0) & (after < 0)
        passes = self.depth(flight.ahead) > -near * before
        return flips & passes & (self.depth(flight.behind) > near * after)


@dataclass(frozen=True)
class HardPlane(HardWall):
    """Across an axis: on the `side` +1 it holds bodies below it, on -1 above."""

    axis: int
    side: int
    place: float

    def depth(self, position: Float[np.ndarray, "*sample dim"]) -> Float[np.ndarray, "*sample"]:
        """See `HardWall`."""
        return self.side * (position[..., self.axis] - self.place)

    def outward(
        self, position: Float[np.ndarray, "*sample dim"]
    ) -> Float[np.ndarray, "*sample dim"]:
        """See `HardWall`."""
        found = np.zeros_like(position)
        found[..., self.axis] = self.side
        return found

    def text(self, digits: int = 4) -> str:
        """See `HardWall`."""
        return f"{'xyz'[self.axis]} = {number(self.place, digits)}"


@dataclass(frozen=True)
class HardCircle(HardWall):
    """A circle, or a sphere, that holds bodies inside."""

    centre: tuple[float, ...]
    radius: float

    def depth(self, position: Float[np.ndarray, "*sample dim"]) -> Float[np.ndarray, "*sample"]:
        """See `HardWall`."""
        return np.linalg.norm(position - np.asarray(self.centre), axis=-1) - self.radius

    def outward(
        self, position: Float[np.ndarray, "*sample dim"]
    ) -> Float[np.ndarray, "*sample dim"]:
        """See `HardWall`."""
        away = position - np.asarray(self.centre)
        return away / np.maximum(np.linalg.norm(away, axis=-1, keepdims=True), 1e-300)

    def text(self, digits: int = 4) -> str:
        """See `HardWall`."""
        place = ", ".join(number(value, digits) for value in self.centre)
        return f"the distance {number(self.radius, digits)} from ({place})"


def find_struck(part: Recording, walls: Sequence[HardWall]) -> Bool[np.ndarray, "time body"]:
    """The middles of changes that a bounce is part of, or near enough to spoil velocities."""
    struck = np.zeros(part.present.shape, bool)
    flight = Flight.of(part)
    steps = np.zeros(flight.start.shape[:2], bool)
    for wall in walls:
        steps |= wall.struck(flight)
    # Changes see two snapshots before and after; differences of places one more.
    reach = 2 + (part.velocity is None)
    for step, body in zip(*np.nonzero(steps), strict=True):
        struck[max(step + 1 - reach, 0) : step + reach + 1, body] = True
    return struck
