"""One figure for a paper, of the width of a column; needs matplotlib."""

from __future__ import annotations

import io
from itertools import cycle
from typing import Any

import numpy as np

from forcelaw.report.drawing import Lines

FORMATS = ("png", "svg", "pdf")
"""That figures are written in."""
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""That readers who see no red or no green tell apart (Okabe & Ito 2008)."""
_NAMED = {
    "truth": "#a0a0a0",
    "ideal": "#a0a0a0",
    "chance": "#a0a0a0",
    "front": "#a0a0a0",
    "friend": "#009e73",
    "enemy": "#d55e00",
    "unknown": "#808080",
}
_DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
"""Of lines, so that they differ in black and white, too."""
_INK = "#222222"
_SIZE = (3.4, 2.5)
"""Inches: a column of most journals."""
_DOTS_PER_INCH = 300


def draw_figure(drawn: Lines, kind: str) -> bytes:
    """The content of a file of this kind.

    **Raises** `ImportError`: matplotlib is not installed.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    # Text stays text, and no file tells when it was written: the same figure is the same file.
    plain: dict[Any, Any] = {
        "font.size": 8,
        "svg.fonttype": "none",
        "pdf.fonttype": 42,
        "svg.hashsalt": "forcelaw",
        "axes.unicode_minus": True,
    }
    with rc_context(plain):
        figure = Figure(figsize=_SIZE, layout="constrained")
        axes = figure.add_subplot()
        _draw(axes, drawn)
        data = io.BytesIO()
        dated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind, {})
        figure.savefig(data, format=kind, dpi=_DOTS_PER_INCH, metadata=dated)
    return data.getvalue()


def _draw(axes, drawn: Lines) -> None:
    xs = _numbers(drawn.x)
    colours, dashes = cycle(_COLOURS), cycle(_DASHES)
    if drawn.dots is not None:
        x, y = map(_numbers, drawn.dots)
        size = 3 if len(x) > 100 else 9
        # Thousands of dots as vectors make a file that no journal takes.
        axes.scatter(
            x, y, s=size, color="#666666", linewidths=0, alpha=0.5, zorder=1,
            label=drawn.dots_name, rasterized=len(x) > 100,
        )  # fmt: skip
        if len(drawn.errors):
            axes.errorbar(x, y, _numbers(drawn.errors), fmt="none", ecolor="#666666", lw=0.8)
    for name, values in drawn.series.items():
        y = _numbers(values)
        if not np.isfinite(y).any():
            continue
        colour = _NAMED.get(name) or next(colours)
        if name in drawn.points:
            axes.plot(xs, y, "o", ms=4, color=colour, label=name, zorder=4)
            continue
        pale = name in ("truth", "ideal", "chance", "front")
        style = {"lw": 3 if name == "truth" else 1, "ls": "-"} if pale else {"ls": next(dashes)}
        axes.plot(xs, y, color=colour, label=name, zorder=2 if pale else 3, **style)
        if drawn.band is not None and name in ("curve", "mean"):
            low, high = map(_numbers, drawn.band)
            axes.fill_between(xs, low, high, color=colour, alpha=0.25, linewidth=0)
    axes.set(xlabel=drawn.x_label, ylabel=drawn.y_label)
    if drawn.log_x:
        axes.set_xscale("log")
    if drawn.log_y:
        axes.set_yscale("log")
    if drawn.clip is not None:
        axes.set_ylim(*drawn.clip)
    elif not drawn.log_y:
        axes.axhline(0, color=_INK, lw=0.4, zorder=0)
    axes.spines[["top", "right"]].set_visible(False)
    if len(axes.get_legend_handles_labels()[0]) > 1:
        axes.legend(frameon=False, fontsize=7)


def _numbers(values) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], float)
