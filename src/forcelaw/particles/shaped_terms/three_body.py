"""Energies of three bodies: sums over all triples within a reach, in blocks of bounded memory.

Every energy is a function of the squares of the three sides, so that forces add up to zero, and so
do their torques.
"""

from __future__ import annotations

import abc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Self, TypeAlias

import numpy as np
from jaxtyping import Float, Int

from forcelaw.particles.shaped_terms.shaped_term import ShapedTerm, Surroundings, number

BLOCK = 200_000
"""Triples at a time: some 50 MB."""

Sides: TypeAlias = Float[np.ndarray, " triple"]


class Triples(NamedTuple):
    """A centre and two of its neighbours, each pair of them once."""

    rows: tuple[Int[np.ndarray, " triple"], Int[np.ndarray, " triple"], Int[np.ndarray, " triple"]]
    """Of the centre and both neighbours: snapshot times bodies, plus the body."""
    first: Float[np.ndarray, "triple dim"]
    """From the centre to one neighbour."""
    second: Float[np.ndarray, "triple dim"]

    @property
    def squares(self) -> tuple[Sides, Sides, Sides]:
        """Of the sides from the centre, and of that between the neighbours."""
        across = self.first - self.second
        one, two, three = (np.einsum("td,td->t", d, d) for d in (self.first, self.second, across))
        return one, two, three


class TripleTerm(ShapedTerm):
    """An energy of triples within a reach."""

    key = "three-body"
    reach: float

    @abc.abstractmethod
    def energy(self, u: Sides, w: Sides, v: Sides) -> Sides:
        """Of each triple, from the squares of both sides at the centre and of the third."""

    @abc.abstractmethod
    def slopes(self, u: Sides, w: Sides, v: Sides) -> tuple[Sides, Sides, Sides]:
        """How it changes with each of them."""

    def vectors(self, around: Surroundings) -> Float[np.ndarray, "snapshot body dim"]:
        """See `ShapedTerm`."""
        return sum_triples([self], around)[0]

    def energies(self, around: Surroundings) -> Float[np.ndarray, " snapshot"]:
        """See `ShapedTerm`."""
        snapshots, bodies, _ = around.position.shape
        total = np.zeros(snapshots)
        for triples in find_triples(around, self.reach):
            each = self.energy(*triples.squares)
            total += np.bincount(triples.rows[0] // bodies, each, minlength=snapshots)
        return total


def find_triples(around: Surroundings, reach: float) -> Iterator[Triples]:
    """All triples whose centre has both neighbours within a reach, block by block."""
    bodies = around.position.shape[1]
    near = np.flatnonzero(around.length < reach)
    if not len(near):
        return
    centre = around.snapshot[near] * bodies + around.receiver[near]
    other = around.snapshot[near] * bodies + around.sender[near]
    vector = around.difference[near]
    # Pairs of a centre lie together: each is joined with those that follow it there.
    last = np.searchsorted(centre, centre, side="right")
    following = last - np.arange(len(near)) - 1
    ends = np.cumsum(following)
    start = 0
    while start < len(near):
        done = ends[start - 1] if start else 0
        stop = max(int(np.searchsorted(ends, done + BLOCK, side="right")), start + 1)
        count = following[start:stop]
        one = np.repeat(np.arange(start, stop), count)
        first_of_run = np.repeat(np.cumsum(count) - count, count)
        two = one + 1 + np.arange(len(one)) - first_of_run
        if len(one):
            yield Triples((centre[one], other[one], other[two]), vector[one], vector[two])
        start = stop


def sum_triples(
    terms: Sequence[TripleTerm], around: Surroundings
) -> Float[np.ndarray, "term snapshot body dim"]:
    """The forces of several terms, from one list of triples."""
    shape = around.position.shape
    rows, dim = shape[0] * shape[1], shape[2]
    total = np.zeros((len(terms), dim, rows))
    reach = max((term.reach for term in terms), default=0.0)
    for triples in find_triples(around, reach):
        u, w, v = triples.squares
        across = triples.first - triples.second
        for index, term in enumerate(terms):
            own = slice(None)
            if term.reach < reach:
                own = np.flatnonzero(np.maximum(u, w) < term.reach**2)
            by_u, by_w, by_v = (2 * slope for slope in term.slopes(u[own], w[own], v[own]))
            one, two, third = triples.first[own], triples.second[own], across[own]
            centre, left, right = (row[own] for row in triples.rows)
            for axis in range(dim):
                on_left = -(by_u * one[:, axis] + by_v * third[:, axis])
                on_right = -(by_w * two[:, axis] - by_v * third[:, axis])
                total[index, axis] += (
                    np.bincount(left, on_left, minlength=rows)
                    + np.bincount(right, on_right, minlength=rows)
                    - np.bincount(centre, on_left + on_right, minlength=rows)
                )
    return np.moveaxis(total.reshape(len(terms), dim, *shape[:2]), 1, -1)


@dataclass(frozen=True)
class AxilrodTeller(TripleTerm):
    """`(1 + 3 cos a cos b cos c) / (r_ij r_jk r_ki)**3` of triangles with no side beyond the reach.

    Axilrod & Teller, J. Chem. Phys. 11, 299 (1943).
    """

    reach: float

    shape_names = ()

    @property
    def shapes(self) -> tuple[float, ...]:
        """None: the reach is where pairs end."""
        return ()

    def with_shapes(self, shapes: Sequence[float]) -> Self:
        """See `ShapedTerm`."""
        del shapes
        return self

    @property
    def scales(self) -> tuple[float, ...]:
        """None."""
        return ()

    def energy(self, u: Sides, w: Sides, v: Sides) -> Sides:
        """A third for each corner as the centre."""
        q = u * w * v
        angles = (u + w - v) * (u + v - w) * (v + w - u)
        return np.where(v < self.reach**2, (q**-1.5 + 0.375 * angles * q**-2.5) / 3, 0)

    def slopes(self, u: Sides, w: Sides, v: Sides) -> tuple[Sides, Sides, Sides]:
        """See `TripleTerm`."""
        a, b, c = u + w - v, u + v - w, v + w - u
        q, angles = u * w * v, a * b * c
        near = (v < self.reach**2) / 3
        both = near * (-1.5 * q**-2.5 - 0.9375 * angles * q**-3.5)
        turned = near * 0.375 * q**-2.5
        return (
            both * w * v + turned * (b * c + a * c - a * b),
            both * u * v + turned * (b * c - a * c + a * b),
            both * u * w + turned * (a * c + a * b - b * c),
        )

    def text(self, factor: float, digits: int = 4) -> str:
        """The energy of a triangle."""
        angles = "1 + 3*cos(a)*cos(b)*cos(c)"
        return f"{number(factor, digits)}*({angles})/(r_ij*r_jk*r_ki)**3"


@dataclass(frozen=True)
class Harmonic(TripleTerm):
    """A power of the cosine at the centre times what falls off with both sides.

    `exp(rate/(r - reach))` of each side, zero from the reach on, as in Stillinger and Weber's.
    """

    power: int
    rate: float
    reach: float

    shape_names = ("rate", "reach")

    @property
    def shapes(self) -> tuple[float, ...]:
        """The rate and the reach."""
        return (self.rate, self.reach)

    def with_shapes(self, shapes: Sequence[float]) -> Self:
        """See `ShapedTerm`."""
        return replace(self, rate=max(shapes[0], 1e-3 * self.reach), reach=float(shapes[1]))

    @property
    def scales(self) -> tuple[float, ...]:
        """A fraction of the reach."""
        return (0.3 * self.reach, 0.1 * self.reach)

    def energy(self, u: Sides, w: Sides, v: Sides) -> Sides:
        """See `TripleTerm`."""
        one, two = np.sqrt(u), np.sqrt(w)
        cosine = (u + w - v) / (2 * one * two)
        return self._angle(cosine)[0] * self._falls(one)[0] * self._falls(two)[0]

    def slopes(self, u: Sides, w: Sides, v: Sides) -> tuple[Sides, Sides, Sides]:
        """See `TripleTerm`."""
        one, two = np.sqrt(u), np.sqrt(w)
        half = 0.5 / (one * two)
        cosine = (u + w - v) * half
        angle, turn = self._angle(cosine)
        (near, slope), (nearer, other) = self._falls(one), self._falls(two)
        turn = turn * near * nearer
        return (
            angle * nearer * slope / (2 * one) + turn * (half - cosine / (2 * u)),
            angle * near * other / (2 * two) + turn * (half - cosine / (2 * w)),
            -turn * half,
        )

    def _angle(self, cosine: Sides) -> tuple[Sides, Sides]:
        """The function of the cosine, and its derivative."""
        if self.power == 0:
            return np.ones_like(cosine), np.zeros_like(cosine)
        return cosine**self.power, self.power * cosine ** (self.power - 1)

    def _falls(self, r: Sides) -> tuple[Sides, Sides]:
        gap = np.minimum(r - self.reach, -1e-9 * self.reach)
        value = np.exp(np.maximum(self.rate / gap, -700))
        value = np.where(r < self.reach, value, 0)
        return value, -self.rate / gap**2 * value

    def text(self, factor: float, digits: int = 4) -> str:
        """The energy of a centre i with two neighbours."""
        falls = "*".join(
            f"exp({number(self.rate, digits)}/({side} - {number(self.reach, digits)}))"
            for side in ("r_ij", "r_ik")
        )
        return f"{number(factor, digits)}*{self._angle_text(digits)}*{falls}"

    def _angle_text(self, digits: int) -> str:
        del digits
        return f"cos(theta)**{self.power}"


@dataclass(frozen=True)
class Angular(Harmonic):
    """The square of the cosine at the centre less one that is preferred.

    Stillinger & Weber, Phys. Rev. B 31, 5262 (1985), where it is -1/3.
    """

    cosine: float = -1 / 3

    shape_names = ("rate", "reach", "cosine")

    @property
    def shapes(self) -> tuple[float, ...]:
        """The rate, the reach and the preferred cosine."""
        return (self.rate, self.reach, self.cosine)

    def with_shapes(self, shapes: Sequence[float]) -> Self:
        """See `ShapedTerm`."""
        moved = super().with_shapes(shapes[:2])
        return replace(moved, cosine=float(np.clip(shapes[2], -1, 1)))

    @property
    def scales(self) -> tuple[float, ...]:
        """See `ShapedTerm`."""
        return (*super().scales, 0.3)

    def _angle(self, cosine: Sides) -> tuple[Sides, Sides]:
        apart = cosine - self.cosine
        return apart**2, 2 * apart

    def _angle_text(self, digits: int) -> str:
        sign = "-" if self.cosine > 0 else "+"
        return f"(cos(theta) {sign} {number(abs(self.cosine), digits)})**2"
