"""Draws the README's pictures from the runs of the demonstration.

forcelaw demo --out demo
python docs/scripts/make_pictures.py demo
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from forcelaw.report import picture
from forcelaw.report.drawing import lines

PICTURES = Path(__file__).parents[1] / "pictures"


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
