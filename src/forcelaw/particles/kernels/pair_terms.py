"""Directions in which a body acts on another, and what the force is proportional to."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.laws import short_name


class PairGeometry(NamedTuple):
    """What a term may read of every pair."""

    direction: Float[np.ndarray, "pair dim"]
    """Unit vectors from the receiver to the sender."""
    approach: Float[np.ndarray, "pair dim"]
    """Velocity of the sender less that of the receiver."""
    turn: Float[np.ndarray, " pair"] | None = None
    """Heading of the sender less that of the receiver; None where none were recorded."""
    bearing: Float[np.ndarray, " pair"] | None = None
    """Angle of the line to the sender less the receiver's heading."""


def point(
    pairs: PairGeometry, own: Float[np.ndarray, " pair"], other: Float[np.ndarray, " pair"]
) -> PairGeometry:
    """The same of bodies that point somewhere: headings of receiver and sender."""
    line = np.arctan2(pairs.direction[:, 1], pairs.direction[:, 0])
    return pairs._replace(turn=other - own, bearing=line - own)


@dataclass(frozen=True)
class PairTerm(abc.ABC):
    """A vector along every pair that a function of the distance multiplies.

    Where it `turns` it is a number: a rate at which the receiver's heading turns to the left.
    """

    key: ClassVar[str]
    """As in results."""
    reads_velocity: ClassVar[bool]
    turns: ClassVar[bool] = False
    apart: ClassVar[bool] = False
    """Whether it acts between bodies that no edge joins alone."""
    angle: ClassVar[str] = ""
    """What a formula is multiplied by, in `dtheta` and `bearing` (see `PairGeometry`)."""

    @abc.abstractmethod
    def vectors(self, pairs: PairGeometry) -> Float[np.ndarray, "pair dim"]:
        """On the receiver."""


@dataclass(frozen=True)
class Central(PairTerm):
    """Along the line to the sender, attraction positive."""

    key = "pair"
    reads_velocity = False

    def vectors(self, pairs: PairGeometry) -> Float[np.ndarray, "pair dim"]:
        """See `PairTerm`."""
        return pairs.direction


@dataclass(frozen=True)
class Apart(PairTerm):
    """Along the line to the sender where no edge joins both, attraction positive.

    Simulations of molecules leave the force between all out along bonds (Allen & Tildesley 1987).
    """

    key = "apart"
    reads_velocity = False
    apart = True

    def vectors(self, pairs: PairGeometry) -> Float[np.ndarray, "pair dim"]:
        """See `PairTerm`."""
        return pairs.direction


@dataclass(frozen=True)
class Alignment(PairTerm):
    """Along the difference of velocities `v_j - v_i` (Cucker & Smale 2007)."""

    key = "alignment"
    reads_velocity = True

    def vectors(self, pairs: PairGeometry) -> Float[np.ndarray, "pair dim"]:
        """See `PairTerm`."""
        return pairs.approach


@dataclass(frozen=True)
class LineFriction(PairTerm):
    """The part of the difference of velocities along the line (Espanol & Warren 1995)."""

    key = "friction"
    reads_velocity = True

    def vectors(self, pairs: PairGeometry) -> Float[np.ndarray, "pair dim"]:
        """See `PairTerm`."""
        along = np.einsum("pd,pd->p", pairs.approach, pairs.direction)
        return along[:, None] * pairs.direction


@dataclass(frozen=True)
class Transverse(PairTerm):
    """A quarter turn to the left of the line to the sender, in two dimensions (vortices)."""

    key = "transverse"
    reads_velocity = False

    def vectors(self, pairs: PairGeometry) -> Float[np.ndarray, "pair dim"]:
        """See `PairTerm`."""
        return np.stack([-pairs.direction[:, 1], pairs.direction[:, 0]], axis=1)


@dataclass(frozen=True)
class Coupling:
    """The constants of both bodies that a force is proportional to."""

    receiver: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """As in formulas: `q_i*q_j`; empty for one."""
        names = [f"{short_name(name)}_i" for name in self.receiver]
        return "*".join([*names, *(f"{short_name(name)}_j" for name in self.sender)])

    def factors(
        self, receiver: Mapping[str, Float[np.ndarray, " pair"]], sender: Mapping[str, np.ndarray]
    ) -> Float[np.ndarray, " pair"] | float:
        """The product, of every pair."""
        product: Float[np.ndarray, " pair"] | float = 1.0
        for name in self.receiver:
            product = product * receiver[name]
        for name in self.sender:
            product = product * sender[name]
        return product


ONE = Coupling()
"""All bodies act alike."""


def couplings(varying: tuple[str, ...]) -> tuple[Coupling, ...]:
    """What forces may be proportional to, where these attributes vary from body to body."""
    both = [Coupling((name,), (name,)) for name in varying]
    sender = [Coupling((), (name,)) for name in varying]
    return (ONE, *both, *sender)
