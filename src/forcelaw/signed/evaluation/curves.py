"""What a report draws of a signed network, in the form in which `results.json` holds it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float, Int

from forcelaw.signed.drawing import Layout, layout
from forcelaw.signed.network import SignedNetwork, top_degree_subgraph

if TYPE_CHECKING:
    from forcelaw.signed.model import Learned, SpringEmbedding

MOST_NODES = 1200
"""In the picture of a report."""
_BINS = 10
_MOST_EDGES = 20_000


def reliability_curve(
    sign: Int[np.ndarray, " pair"], probabilities: dict[str, Float[np.ndarray, " pair"]]
) -> dict[str, Any]:
    """Share of positive pairs in ten bins of predicted probability; bins below 5 pairs are empty.

    Args:
        sign: +1 or -1.
        probabilities: of a positive sign, by the name of the method.
    """
    centres = (np.arange(_BINS) + 0.5) / _BINS
    series: dict[str, Any] = {"ideal": centres.tolist()}
    for name, probability in probabilities.items():
        bins = np.minimum((probability * _BINS).astype(int), _BINS - 1)
        count = np.bincount(bins, minlength=_BINS)
        positive = np.bincount(bins, weights=sign > 0, minlength=_BINS)
        series[name] = [
            float(p / n) if n >= 5 else None for p, n in zip(positive, count, strict=True)
        ]
    return {
        "x": centres.tolist(),
        "series": series,
        "x_label": "predicted probability of a friend",
        "y_label": "share of friends",
        "points": list(probabilities),
    }


def embedding_curve(
    names: Sequence[str],
    edges: Int[np.ndarray, "edge 2"],
    sign: Int[np.ndarray, " edge"],
    position: Float[np.ndarray, "node dim"],
    marker: float,
    *,
    caption: str = "",
) -> dict[str, Any]:
    """A network laid out in the plane or in space; of many edges some, evenly chosen.

    **Arguments:** `marker` the diameter of a node, in units of `position`.
    """
    shown = np.arange(len(edges))
    if len(shown) > _MOST_EDGES:
        shown = np.linspace(0, len(shown) - 1, _MOST_EDGES).astype(int)
        caption = f"{caption} {_MOST_EDGES:,} of {len(edges):,} edges are drawn.".strip()
    return {
        "position": np.round(position, 4).tolist(),
        "names": list(names),
        "edges": [[*map(int, edges[i]), int(sign[i])] for i in shown],
        "marker": marker,
        "caption": caption,
    }


def layout_curve(network: SignedNetwork, place: Layout, *, caption: str = "") -> dict[str, Any]:
    """A layout as `embedding_curve` makes it."""
    pairs = network.pairs()
    return embedding_curve(
        pairs.names, pairs.edges, pairs.sign, place.position, place.marker, caption=caption
    )


def top_degree_curve(network: SignedNetwork) -> dict[str, Any]:
    """A network in the plane, of a large one its top-degree nodes; see `embedding_curve`."""
    shown = top_degree_subgraph(network, MOST_NODES)
    words = "Laid out for a picture: friends near, enemies far."
    if shown.n_nodes < network.n_nodes:
        words = f"The {shown.n_nodes:,} of {network.n_nodes:,} nodes with most edges. {words}"
    return layout_curve(shown, layout(shown), caption=words)


def force_curve(model: SpringEmbedding | Learned) -> dict[str, Any]:
    """The learned force of friend, enemy and unknown against distance."""
    # Late: a layout does not wait for JAX.
    from forcelaw.signed.model import social_force

    force = social_force(model)
    return {
        "x": force.length,
        "series": {"friend": force.friend, "enemy": force.enemy, "unknown": force.unknown},
        "x_label": "distance",
        "y_label": "force",
    }
