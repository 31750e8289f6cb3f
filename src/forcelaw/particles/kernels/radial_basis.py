"""Cubic splines in the distance: what a force along a pair is written in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int
from scipy.interpolate import BSpline, PPoly

_DEGREE = 3
"""Cubic: errors fall with the fourth power of a piece."""
_CHUNK = 8192
"""Distances at a time, so few that their coefficients stay in the cache."""


@dataclass(frozen=True, eq=False)
class RadialBasis:
    """Cubic B-splines between the shortest and the longest distance; zero beyond the longest.

    Below the shortest they go on as at the shortest: few pairs are there.
    """

    knots: Float[np.ndarray, " knot"]
    """With those at both ends repeated."""

    @classmethod
    def between(cls, breaks: Float[np.ndarray, " break"]) -> RadialBasis:
        """The splines that are smooth at these distances, the first and the last the ends."""
        low, high = np.full(_DEGREE, breaks[0]), np.full(_DEGREE, breaks[-1])
        return cls(np.concatenate([low, breaks, high]))

    @property
    def size(self) -> int:
        """How many splines."""
        return len(self.knots) - _DEGREE - 1

    @property
    def breaks(self) -> Float[np.ndarray, " break"]:
        """Distances where pieces meet, both ends among them."""
        return self.knots[_DEGREE:-_DEGREE]

    @property
    def reach(self) -> float:
        """The distance beyond which all are zero."""
        return float(self.knots[-1])

    @cached_property
    def _pieces(self) -> Float[np.ndarray, "piece 4 4"]:
        """Of each piece, the coefficients of its four splines by falling power."""
        size, breaks = self.size, self.breaks
        pieces = np.zeros((len(breaks) - 1, _DEGREE + 1, _DEGREE + 1))
        for spline in range(size):
            one = np.zeros(size)
            one[spline] = 1
            curve = PPoly.from_spline(BSpline(self.knots, one, _DEGREE))
            inner = slice(_DEGREE, _DEGREE + len(breaks) - 1)
            coefficients = curve.c[:, inner]
            for piece in range(max(0, spline - _DEGREE), min(spline + 1, len(breaks) - 1)):
                pieces[piece, spline - piece] = coefficients[:, piece]
        return pieces

    def nonzero(
        self, length: Float[np.ndarray, " pair"]
    ) -> tuple[Int[np.ndarray, " pair"], Float[np.ndarray, "pair 4"]]:
        """The first of the four splines that are not zero at each distance, and their values."""
        breaks = self.breaks
        inside = np.clip(length, breaks[0], breaks[-1])
        piece = np.minimum(np.searchsorted(breaks, inside, side="right") - 1, len(breaks) - 2)
        along = (inside - breaks[piece])[:, None]
        values = np.empty((len(length), _DEGREE + 1))
        for start in range(0, len(length), _CHUNK):
            part = slice(start, start + _CHUNK)
            coefficients = self._pieces[piece[part]]
            value = coefficients[:, :, 0]
            for power in range(1, _DEGREE + 1):
                value = value * along[part] + coefficients[:, :, power]
            values[part] = value
        values[length > breaks[-1]] = 0
        return piece, values

    def matrix(self, length: Float[np.ndarray, " point"]) -> Float[np.ndarray, "point spline"]:
        """The values of all splines."""
        first, values = self.nonzero(length)
        full = np.zeros((len(length), self.size))
        np.put_along_axis(full, first[:, None] + np.arange(_DEGREE + 1), values, axis=1)
        return full

    def coefficients(
        self, function: Callable[[Float[np.ndarray, " point"]], Float[np.ndarray, "point column"]]
    ) -> Float[np.ndarray, "spline column"]:
        """The splines nearest to functions of the distance, at points dense between all knots."""
        pieces = self.breaks
        inner = np.linspace(0, 1, 8, endpoint=False) + 1 / 16
        points = (pieces[:-1, None] + inner * np.diff(pieces)[:, None]).ravel()
        return np.linalg.lstsq(self.matrix(points), function(points), rcond=None)[0]

    def coarser(self, every: int) -> RadialBasis:
        """Splines on every so many of the knots, both ends among them."""
        breaks = self.breaks
        kept = np.unique(np.append(np.arange(0, len(breaks), every), len(breaks) - 1))
        return RadialBasis.between(breaks[kept])

    def up_to(self, end: float) -> RadialBasis:
        """As many splines, up to a shorter distance."""
        breaks = self.breaks
        number = np.arange(len(breaks))
        last = float(np.interp(end, breaks, number))
        return RadialBasis.between(np.interp(np.linspace(0, last, len(breaks)), number, breaks))

    def within(self, finer: RadialBasis) -> Float[np.ndarray, "fine spline"]:
        """Each of these splines as a sum of the finer ones; exact where knots are shared."""
        return finer.coefficients(self.matrix)


LARGEST = 1e100
"""Values of functions that are known are smaller: sums of their squares are numbers."""


@dataclass(frozen=True, eq=False)
class KnownFunctions:
    """Functions of the distance that are known, each a column; zero beyond some distance."""

    functions: Callable[[Float[np.ndarray, " pair"]], Float[np.ndarray, "pair column"]]
    size: int
    """How many."""
    reach: float

    def nonzero(
        self, length: Float[np.ndarray, " pair"]
    ) -> tuple[Int[np.ndarray, " pair"], Float[np.ndarray, "pair column"]]:
        """The first column, and the values of all."""
        with np.errstate(all="ignore"):
            values = self.functions(length)
        inside = (length <= self.reach)[:, None] & (np.abs(values) < LARGEST)
        return np.zeros(len(length), int), np.where(inside, values, 0)


@dataclass(frozen=True, eq=False)
class StepFunctions:
    """One between each two distances and zero elsewhere; the first of them down to zero."""

    edges: Float[np.ndarray, " edge"]

    @property
    def size(self) -> int:
        """How many."""
        return len(self.edges) - 1

    @property
    def reach(self) -> float:
        """The last distance."""
        return float(self.edges[-1])

    def nonzero(
        self, length: Float[np.ndarray, " pair"]
    ) -> tuple[Int[np.ndarray, " pair"], Float[np.ndarray, "pair 1"]]:
        """The step in which each distance lies, and its value."""
        step = np.searchsorted(self.edges[1:-1], length, side="right")
        return step, (length <= self.edges[-1]).astype(float)[:, None]


def place_breaks(
    length: Float[np.ndarray, " pair"], count: int, cutoff: float
) -> Float[np.ndarray, " break"]:
    """Ends of `count` pieces up to the cutoff: half as pairs are spread, half in equal ratios.

    Short distances are few, but forces change the most there.
    """
    # The shortest of all carry the strongest forces; others, not looked at here, may be shorter.
    low = 0.98 * float(length.min())
    share = np.linspace(0, 1, count + 1)
    spread = np.quantile(np.clip(length, low, cutoff), share)
    ratios = low * (cutoff / low) ** share
    breaks = (spread + ratios) / 2
    breaks[0], breaks[-1] = low, cutoff
    return breaks[np.concatenate([[True], np.diff(breaks) > 1e-9 * cutoff])]
