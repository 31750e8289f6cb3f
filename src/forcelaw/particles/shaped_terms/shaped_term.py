"""Terms with one factor and numbers of their own, of all bodies of some snapshots."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Self

import numpy as np
from jaxtyping import Float, Int


class Surroundings(NamedTuple):
    """Where bodies are, and who is near whom."""

    position: Float[np.ndarray, "snapshot body dim"]
    snapshot: Int[np.ndarray, " pair"]
    """Of ordered pairs, sorted by it and by the receiver."""
    receiver: Int[np.ndarray, " pair"]
    sender: Int[np.ndarray, " pair"]
    difference: Float[np.ndarray, "pair dim"]
    """From the receiver to the sender's nearest image."""
    length: Float[np.ndarray, " pair"]


class ShapedTerm(abc.ABC):
    """A force on every body that one factor multiplies, with shapes: lengths and other numbers."""

    key: ClassVar[str]
    """As in results: `wall` or `three-body`."""
    shape_names: ClassVar[tuple[str, ...]]
    """What the shapes are called."""

    @property
    @abc.abstractmethod
    def shapes(self) -> tuple[float, ...]:
        """The numbers that are fitted beside the factor."""

    @abc.abstractmethod
    def with_shapes(self, shapes: Sequence[float]) -> Self:
        """The same with other numbers; those that cannot be are moved to where they can."""

    @property
    @abc.abstractmethod
    def scales(self) -> tuple[float, ...]:
        """By how much each shape may change in one step of a fit."""

    @abc.abstractmethod
    def vectors(self, around: Surroundings) -> Float[np.ndarray, "snapshot body dim"]:
        """The force on each body, where the factor is one."""

    @abc.abstractmethod
    def energies(self, around: Surroundings) -> Float[np.ndarray, " snapshot"]:
        """The potential energy, where the factor is one."""

    @abc.abstractmethod
    def text(self, factor: float, digits: int = 4) -> str:
        """With a factor, as in formulas."""


@dataclass(frozen=True)
class Tangent:
    """How a term changes with one of its shapes: by differences."""

    term: ShapedTerm
    shape: int

    @property
    def sides(self) -> tuple[tuple[float, ShapedTerm], tuple[float, ShapedTerm]]:
        """Two terms and what they count."""
        step = 1e-4 * self.term.scales[self.shape]
        found = []
        for sign in (1, -1):
            shapes = list(self.term.shapes)
            shapes[self.shape] += sign * step
            found.append((sign / (2 * step), self.term.with_shapes(shapes)))
        return found[0], found[1]


def number(value: float, digits: int) -> str:
    """As in formulas."""
    return f"{value:.{digits}g}"
