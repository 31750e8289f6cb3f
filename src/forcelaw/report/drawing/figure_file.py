"""A figure of the report as a picture of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

from forcelaw.report.drawing.plots import network
from forcelaw.report.html import tag

_LEGEND_HEIGHT = 26


def picture(figure: str, classes: Mapping[str, str]) -> str:
    """The drawing of a figure as the text of an SVG file, on the report's card, light or dark.

    **Arguments:** `classes` the style of each line by the name that the legend gives it.
    """
    drawn = re.search(r'<svg [^>]*viewBox="0 0 (\d+) (\d+)"[^>]*>(.*)</svg>', figure, re.S)
    if drawn is None:
        raise ValueError("found a figure without a drawing")
    width, height = int(drawn[1]), int(drawn[2]) + _LEGEND_HEIGHT
    legend, place = "", 64
    for name, class_ in classes.items():
        legend += tag("rect", x=place, y=9, width=16, height=5, class_=class_, fill="currentColor")
        legend += tag("text", name, x=place + 22, y=16, class_="label")
        place += 46 + 8 * len(name)
    style = resources.files("forcelaw.report").joinpath("style.css").read_text("utf-8")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}"><style>{style}</style>'
        f'<rect width="{width}" height="{height}" rx="10" style="fill: var(--card)"/>{legend}'
        f'<g transform="translate(0 {_LEGEND_HEIGHT})">{drawn[3]}</g></svg>\n'
    )


def network_picture(curve: Mapping[str, Any]) -> str:
    """The text of an SVG file: a network as `embedding_curve` holds it."""
    drawn = network(
        curve["position"],
        curve["edges"],
        curve["names"],
        title="network",
        marker=curve["marker"],
    )
    return picture(str(drawn), {"friend": "friend", "enemy": "enemy"})
