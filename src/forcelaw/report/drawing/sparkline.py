"""A force against distance in one line of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rich.console import Console

_BLOCKS = "▁▂▃▄▅▆▇█"
_SHOWN = 32
"""Characters of a curve."""


def draw_sparkline(values: Sequence[float], length: int = _SHOWN) -> str:
    """Blocks whose height is the value, from the lowest to the highest.

    A force may grow a thousandfold at short distance, where all the rest would be one flat line:
    heights are those of the inverse hyperbolic sine of values over their median size.

    **Arguments:** `values`, evenly spaced; those that are not finite are left blank.
    """
    given = np.asarray(values, float)
    finite = given[np.isfinite(given)]
    if not len(finite) or np.ptp(finite) == 0:
        return ""
    places = np.round(np.linspace(0, len(given) - 1, min(length, len(given)))).astype(int)
    typical, largest = np.median(np.abs(finite)), np.abs(finite).max()
    # Next to nothing is as good as nothing: quotients would be infinite.
    typical = typical if typical > 1e-12 * largest else largest
    heights = np.arcsinh(given[places] / typical)
    low, high = (np.arcsinh(value / typical) for value in (finite.min(), finite.max()))
    levels = np.nan_to_num((heights - low) / (high - low) * (len(_BLOCKS) - 1))
    return "".join(
        _BLOCKS[int(level + 0.5)] if np.isfinite(height) else " "
        for level, height in zip(levels, heights, strict=True)
    )


def show_force(console: Console, name: str, r: Sequence[float], force: Sequence[float]) -> None:
    """The curve in one line with its ends, in a terminal alone: nobody reads it in a pipe."""
    drawn = draw_sparkline(force)
    if not drawn or not console.is_terminal or not console.encoding.lower().startswith("utf"):
        return
    finite = [value for value in force if np.isfinite(value)]
    ends = f"{min(finite):.3g} to {max(finite):.3g}, r from {r[0]:.3g} to {r[-1]:.3g}"
    console.print(f"{name:<14} {drawn}  {ends}", soft_wrap=True)
