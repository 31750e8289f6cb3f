"""Numbers as a plot shows them: some as dots, all in means with their 95 % band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from forcelaw.storage import ParsedObject

_DOTS = 900
"""Dots of a plot at most: more would cover each other."""
_BINS = 24
"""Means along a plot."""
_LEAST = 8
"""Numbers of which a mean is taken."""
_BAND = 1.96
"""Standard errors on either side of a mean: 95 % of a normal distribution."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A plot of numbers against numbers."""

    x_label: str
    y_label: str
    dots: tuple[Float[np.ndarray, " dot"], Float[np.ndarray, " dot"]]
    x: Float[np.ndarray, " point"] = field(default_factory=lambda: np.zeros(0))
    """Of the lines."""
    lines: Mapping[str, Float[np.ndarray, " point"]] = field(default_factory=dict)
    band: tuple[Float[np.ndarray, " point"], Float[np.ndarray, " point"]] | None = None
    """Low and high, of the line."""
    errors: Float[np.ndarray, " dot"] | None = None
    """Half the width of the band of each dot."""

    def to_json(self) -> ParsedObject:
        """A plot as results hold it: dots with five digits, what is not finite left out."""
        x, y = self.dots
        there = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        low, high = self.band or (None, None)
        return {
            "x_label": self.x_label,
            "y_label": self.y_label,
            "x": _rounded(self.x),
            "series": {name: _rounded(values) for name, values in self.lines.items()},
            "low": None if low is None else _rounded(low),
            "high": None if high is None else _rounded(high),
            "dots": {
                "x": _rounded(x[there]),
                "y": _rounded(y[there]),
                "error": None if self.errors is None else _rounded(self.errors[there]),
            },
        }


def draw_by(
    x: Float[np.ndarray, " number"],
    y: Float[np.ndarray, " number"],
    *,
    x_label: str,
    y_label: str,
    seed: int = 0,
) -> Drawn | None:
    """Numbers `y` by `x`: some as dots, means of all with their band; None of none."""
    there = np.isfinite(x) & np.isfinite(y)
    x, y = x[there], y[there]
    if not len(x):
        return None
    chosen = choose_some(len(x), seed)
    middle, mean, half = bin_means(x, y)
    band = (mean - half, mean + half)
    return Drawn(x_label, y_label, (x[chosen], y[chosen]), middle, {"mean": mean}, band)


def bin_means(
    x: Float[np.ndarray, " number"], y: Float[np.ndarray, " number"]
) -> tuple[Float[np.ndarray, " bin"], Float[np.ndarray, " bin"], Float[np.ndarray, " bin"]]:
    """The mean `x`, the mean `y` and half the width of its 95 % band, of parts of equal count."""
    parts = np.array_split(np.argsort(x, kind="stable"), max(1, min(_BINS, len(x) // _LEAST)))
    means = [(x[part].mean(), y[part].mean()) for part in parts]
    # Of one number alone, nothing tells its error.
    half = [
        _BAND * y[part].std(ddof=1) / np.sqrt(len(part)) if len(part) > 1 else np.nan
        for part in parts
    ]
    middle, mean = np.array(means).T
    return middle, mean, np.array(half)


def choose_some(count: int, seed: int, most: int = _DOTS) -> np.ndarray:
    """As many rows of `count`, at random and in order."""
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).permutation(count)[:most])


def _rounded(values: Float[np.ndarray, " number"]) -> list[float | None]:
    return [float(f"{value:.5g}") if np.isfinite(value) else None for value in values]
