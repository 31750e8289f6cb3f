"""The neighbourhoods of pairs as an image; needs matplotlib."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from forcelaw.errors import InputError
from forcelaw.report.drawing.readable_names import ReadableNames
from forcelaw.signed.explanation import Neighbourhood
from forcelaw.storage import atomic_write

MOST = 12
"""Pairs in one image, at most: of more, no name can be read."""
_STYLE = {1: ("#0a8a6a", "-", "friend"), -1: ("#cf3d4c", "--", "enemy")}


def check_panels(path: Path, pairs: int) -> None:
    """**Raises** `InputError`: more pairs than an image can show."""
    if pairs > MOST:
        raise InputError(
            f"{path}: found {pairs:,} pairs to draw, expected {MOST} at most; leave some out"
        )


def draw_neighbourhoods(parts: Sequence[Neighbourhood], path: Path) -> str:
    """Draws each neighbourhood into a panel of one image, dotted the pair that was asked for.

    **Returns** what cannot be read in it, if anything.

    **Raises** `InputError`: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise InputError(
            "--plot: found no matplotlib, expected it; pip install 'forcelaw[plot]'"
        ) from None
    wide = min(3, len(parts))
    high = math.ceil(len(parts) / wide)
    figure = Figure(figsize=(5.2 * wide, 4.2 * high), layout="constrained")
    names = ReadableNames.of(name for part in parts for name in part.names)
    for place, part in enumerate(parts):
        _draw(figure.add_subplot(high, wide, place + 1), part, names)
    data = io.BytesIO()
    figure.savefig(data, format=path.suffix[1:].lower(), dpi=120)
    atomic_write(path, data.getvalue())
    return f"{path}: {names.note}" if names.note else ""


def _draw(axes: Any, part: Neighbourhood, names: ReadableNames) -> None:
    for sign, (colour, dashes, word) in _STYLE.items():
        label = word
        for first, second, edge in part.edges.tolist():
            if edge == sign:
                ends = part.position[[first, second]].T
                axes.plot(*ends, color=colour, linestyle=dashes, linewidth=1.1, label=label)
                label = None
    axes.plot(*part.position[:2].T, color="#8a939c", linestyle=":", linewidth=2, label="asked")
    axes.plot(*part.position[2:].T, "o", color="#5b6670", markersize=4)
    axes.plot(*part.position[:2].T, "o", color="#0b6bcb", markersize=8)
    shown = [names.text(name) for name in part.names]
    # Names are no formulas.
    style = {"parse_math": False, "family": list(names.fonts)}
    for name, (x, y) in zip(shown, part.position.tolist(), strict=True):
        axes.text(x, y + 0.05, name, ha="center", va="bottom", fontsize=7, **style)
    title = f"{shown[0]} → {shown[1]}: {part.probability:.3f}"
    axes.set_title(title, fontsize=9, **style)
    if part.left_out:
        axes.text(
            0.5, 0, f"{part.left_out:,} edges not shown",
            ha="center", va="bottom", fontsize=7, transform=axes.transAxes,
        )  # fmt: skip
    axes.margins(0.12)
    axes.set_axis_off()
    axes.legend(frameon=False, fontsize=7, loc="upper left")
