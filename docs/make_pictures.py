"""Draws the README's pictures from the runs of the demonstration.

forcelaw demo --out demo
python docs/make_pictures.py demo
"""

from __future__ import annotations

import json
import re
import sys
from importlib import resources
from pathlib import Path
from typing import Any

from forcelaw.report._html import tag
from forcelaw.report._plots import lines

PICTURES = Path(__file__).parent / "pictures"
LEGEND_HEIGHT = 26


def picture(figure: str, classes: dict[str, str]) -> str:
    """The drawing of a report's figure as a file of its own, with the names of its lines."""
    drawn = re.search(r'<svg [^>]*viewBox="0 0 (\d+) (\d+)"[^>]*>(.*)</svg>', figure, re.S)
    if drawn is None:
        raise ValueError("found a figure without a drawing")
    width, height = int(drawn[1]), int(drawn[2]) + LEGEND_HEIGHT
    legend, place = "", 64
    for name, class_ in classes.items():
        legend += tag("rect", x=place, y=9, width=16, height=5, class_=class_, fill="currentColor")
        legend += tag("text", name, x=place + 22, y=16, class_="label")
        place += 46 + 8 * len(name)
    style = resources.files("forcelaw.report").joinpath("style.css").read_text("utf-8")
    # Every picture stands on the card of the report, in light and in dark.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}"><style>{style}</style>'
        f'<rect width="{width}" height="{height}" rx="10" style="fill: var(--card)"/>{legend}'
        f'<g transform="translate(0 {LEGEND_HEIGHT})">{drawn[3]}</g></svg>\n'
    )


def main(demo: Path) -> None:
    """Writes all pictures."""

    def curves(run: str) -> dict[str, Any]:
        return json.loads((demo / run / "results.json").read_text("utf-8"))["curves"]

    particles, signed = curves("particles"), curves("signed")
    social = {"friend": "friend", "enemy": "enemy", "unknown": "unknown"}
    drawn = {
        "particles-force": (
            lines(particles["force"], title="force"),
            {"truth": "truth", "formula": "s1", "network": "s2"},
        ),
        "social-force": (lines(signed["force"], title="force"), social),
    }
    PICTURES.mkdir(exist_ok=True)
    for name, (figure, classes) in drawn.items():
        text = picture(str(figure), classes)
        (PICTURES / f"{name}.svg").write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
