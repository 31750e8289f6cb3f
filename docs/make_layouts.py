"""Draws the documentation's pictures of signed networks.

FORCELAW_DATA=folder python docs/make_layouts.py
"""

from __future__ import annotations

from pathlib import Path

from forcelaw import signed
from forcelaw.cli._signed_work import layout_curve
from forcelaw.report import network_picture

PICTURES = Path(__file__).parent / "pictures"
DRAWN = {"tribes": 16, "congress": 219, "bitcoin-otc": 300}
"""How many nodes, those with most edges, are drawn of each network."""


def main() -> None:
    """Writes all pictures, and prints how well they tell friends from enemies."""
    for name, nodes in DRAWN.items():
        network = signed.busiest(signed.dataset(name), nodes)
        found = signed.layout(network)
        print(name, signed.layout_quality(network, found.position))
        text = network_picture(layout_curve(network, found))
        (PICTURES / f"{name}.svg").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
