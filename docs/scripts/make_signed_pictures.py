"""Draws the documentation's pictures of signed networks.

FORCELAW_DATA=folder python docs/scripts/make_signed_pictures.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from forcelaw import signed
from forcelaw.report import network_picture, picture
from forcelaw.report.drawing import lines
from forcelaw.signed.evaluation.curves import layout_curve

PICTURES = Path(__file__).parents[1] / "pictures"
DRAWN = {"tribes": 16, "congress": 219, "bitcoin-otc": 300}
"""How many nodes, those with most edges, are drawn of each network."""


def main() -> None:
    """Writes all pictures, and prints how well they tell friends from enemies."""
    for name, nodes in DRAWN.items():
        network = signed.top_degree_subgraph(signed.dataset(name), nodes)
        found = signed.layout(network)
        print(name, signed.layout_quality(network, found.position))
        text = network_picture(layout_curve(network, found).to_json())
        (PICTURES / f"{name}.svg").write_text(text, "utf-8")
    (PICTURES / "shipped-force.svg").write_text(force(), "utf-8")
    for name in ("congress", "bitcoin-alpha"):
        print(name, *embedded(signed.dataset(name)))


def embedded(network: signed.SignedNetwork) -> tuple[float, float]:
    """How well the shipped law's positions tell friends, in all and in their two widest directions.

    As the AUC of `layout_quality`.
    """
    position = signed.embed(signed.load_learned_model("default"), network)
    centred = position - position.mean(axis=0)
    widest = np.linalg.svd(centred, full_matrices=False)[2][:2]
    flat = centred @ widest.T
    return signed.layout_quality(network, position).auc, signed.layout_quality(network, flat).auc


def force() -> str:
    """The force of the law that ships with forcelaw, wide, and the formulas read off it, thin."""
    law = signed.load_learned_model("default")
    curve = signed.social_force(law)
    formulas = signed.force_formulas(law)
    series = {name: getattr(curve, name).tolist() for name in formulas}
    length = np.maximum(curve.length, 1e-6)
    for name, formula in formulas.items():
        print(name, formula.expression.text(), formula.r2)
        series[f"formula of {name}"] = formula(length).tolist()
    drawn = lines(
        {
            "x": curve.length.tolist(),
            "series": series,
            "points": list(formulas),
            "x_label": "distance",
            "y_label": "force",
        },
        title="force",
    )
    figure = str(drawn)
    for number, name in enumerate(formulas, start=1):
        # A formula in the colour of what it was read off.
        figure = figure.replace(f'class="line s{number}"', f'class="line {name}"')
    return picture(figure, {name: name for name in formulas})


if __name__ == "__main__":
    main()
