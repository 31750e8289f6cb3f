"""A signed network laid out as an image of pixels; needs matplotlib."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np

from forcelaw.errors import InputError

_COLOURS = {-1: "#cf3d4c", 1: "#0a8a6a"}
_NODE = "#0b6bcb"
_INCHES, _DOTS = 6.4, 160
"""Of a side; and of an inch."""


def layout_image(curve: Mapping[str, Any]) -> bytes:
    """A PNG of a network as `embedding_curve` holds it: enemies below friends below nodes.

    **Raises** `InputError`: matplotlib is not installed.
    """
    try:
        from matplotlib.collections import EllipseCollection, LineCollection
        from matplotlib.figure import Figure
    except ImportError:
        raise InputError(
            "--out: found no matplotlib, expected it for a .png file; pip install "
            "'forcelaw[plot]', or write .svg"
        ) from None
    place = np.asarray(curve["position"], float).reshape(-1, 2)
    edges = np.asarray(curve["edges"], int).reshape(-1, 3)
    figure = Figure(figsize=(_INCHES, _INCHES), layout="constrained")
    axes = figure.add_subplot()
    # Many edges would cover each other and the nodes.
    faint = max(0.08, min(0.8, 400 / max(len(edges), 1)))
    for sign, colour in _COLOURS.items():
        lines = place[edges[edges[:, 2] == sign, :2]]
        axes.add_collection(LineCollection(list(lines), colors=colour, alpha=faint, linewidths=0.8))
    # As in the SVG, no smaller than two of some five hundred pixels.
    size = max(0.9 * curve["marker"], 2 / 240)
    axes.add_collection(
        EllipseCollection(
            np.full(len(place), size), np.full(len(place), size), np.zeros(len(place)),
            units="xy", offsets=place, offset_transform=axes.transData, facecolors=_NODE, zorder=3,
        )
    )  # fmt: skip
    axes.set(xlim=(-1.05, 1.05), ylim=(-1.05, 1.05), aspect="equal")
    axes.set_axis_off()
    for sign, name in ((1, "friend"), (-1, "enemy")):
        axes.plot([], [], color=_COLOURS[sign], label=name)
    axes.legend(frameon=False, loc="upper left", ncols=2, fontsize=8)
    data = io.BytesIO()
    figure.savefig(data, format="png", dpi=_DOTS)
    return data.getvalue()
