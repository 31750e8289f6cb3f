"""The force against distance as an image; needs matplotlib."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from forcelaw.errors import InputError

_COLOURS = {"friend": "#0a8a6a", "enemy": "#cf3d4c", "unknown": "#8a939c"}


def draw_force(curve: Mapping[str, Any], formulas: Mapping[str, str], path: Path) -> None:
    """Draws the curves into a file, dashed the formulas in `r` that were read off.

    **Raises** `InputError`: matplotlib is not installed.
    """
    import numpy as np

    from forcelaw.laws import Expression
    from forcelaw.storage import atomic_write

    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise InputError(
            "--plot: found no matplotlib, expected it; pip install 'forcelaw[plot]'"
        ) from None
    figure = Figure(figsize=(6.4, 4.0), layout="constrained")
    axes = figure.add_subplot()
    axes.axhline(0, color="#aab2ba", linewidth=0.8)
    for name, values in curve["series"].items():
        axes.plot(curve["x"], values, label=name, color=_COLOURS.get(name), linewidth=2)
    for text in formulas.values():
        formula = Expression.parse(text)
        length = np.linspace(curve["x"][1], curve["x"][-1], 200)
        force = formula.at({"r": length})
        axes.plot(length, force, color="#1c2126", linewidth=1, dashes=(4, 3))
    axes.set(xlabel="distance", ylabel="force (attraction positive)")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    data = io.BytesIO()
    figure.savefig(data, format=path.suffix[1:].lower(), dpi=160)
    atomic_write(path, data.getvalue())
