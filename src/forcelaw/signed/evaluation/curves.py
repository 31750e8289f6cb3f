"""What a report draws of a signed network, in the form in which `results.json` holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int

from forcelaw.signed.drawing import Layout, layout
from forcelaw.signed.evaluation.settings import CURVE_SETTINGS, CurveSettings
from forcelaw.signed.network import SignedNetwork, top_degree_subgraph
from forcelaw.storage import ParsedObject, Record

if TYPE_CHECKING:
    from forcelaw.signed.model import Learned, SpringEmbedding


@dataclass(frozen=True, eq=False)
class Curves(Record):
    """Several series over one axis."""

    x: Sequence[float] | Float[np.ndarray, " place"]
    series: Mapping[str, Sequence[float | None] | Float[np.ndarray, " place"]]
    """By name, a value for each place; None where it is not defined."""
    x_label: str
    y_label: str
    points: tuple[str, ...] | None = None
    """Series of which every value is marked."""

    def to_json(self) -> ParsedObject:
        """The fields by their names; `points` only if there are any."""
        return {key: value for key, value in super().to_json().items() if value is not None}


@dataclass(frozen=True, eq=False)
class NetworkDrawing(Record):
    """A network laid out in the plane or in space."""

    position: Float[np.ndarray, "node dim"]
    names: tuple[str, ...]
    edges: Int[np.ndarray, "edge 3"]
    """Both ends and the sign of each."""
    marker: float
    """Diameter of a node, in units of `position`."""
    caption: str


def reliability_curve(
    sign: Int[np.ndarray, " pair"],
    probabilities: Mapping[str, Float[np.ndarray, " pair"]],
    settings: CurveSettings = CURVE_SETTINGS,
) -> Curves:
    """Share of positive pairs in bins of predicted probability; those of few pairs are empty.

    **Arguments:**

    - `sign`: +1 or -1.
    - `probabilities`: of a positive sign, by the name of the method.
    """
    ranges = settings.bins
    centres = (np.arange(ranges) + 0.5) / ranges
    series: dict[str, list[float | None]] = {"ideal": centres.tolist()}
    for name, probability in probabilities.items():
        bins = np.minimum((probability * ranges).astype(int), ranges - 1)
        count = np.bincount(bins, minlength=ranges)
        positive = np.bincount(bins, weights=sign > 0, minlength=ranges)
        series[name] = [
            float(p / n) if n >= settings.fewest_pairs else None
            for p, n in zip(positive, count, strict=True)
        ]
    return Curves(
        x=centres.tolist(),
        series=series,
        x_label="predicted probability of a friend",
        y_label="share of friends",
        points=tuple(probabilities),
    )


def embedding_curve(
    names: Sequence[str],
    edges: Int[np.ndarray, "edge 2"],
    sign: Int[np.ndarray, " edge"],
    position: Float[np.ndarray, "node dim"],
    marker: float,
    *,
    caption: str = "",
    settings: CurveSettings = CURVE_SETTINGS,
) -> NetworkDrawing:
    """A network laid out; of many edges some, evenly chosen.

    **Arguments:** `marker` the diameter of a node, in units of `position`.
    """
    shown = np.arange(len(edges))
    if len(shown) > settings.most_edges:
        shown = np.linspace(0, len(shown) - 1, settings.most_edges).astype(int)
        caption = f"{caption} {settings.most_edges:,} of {len(edges):,} edges are drawn.".strip()
    drawn = np.column_stack([np.asarray(edges)[shown], np.asarray(sign)[shown]])
    return NetworkDrawing(np.round(position, 4), tuple(names), drawn, marker, caption)


def layout_curve(
    network: SignedNetwork,
    place: Layout,
    *,
    caption: str = "",
    settings: CurveSettings = CURVE_SETTINGS,
) -> NetworkDrawing:
    """A layout as `embedding_curve` makes it."""
    pairs = network.pairs()
    return embedding_curve(
        pairs.names,
        pairs.edges,
        pairs.sign,
        place.position,
        place.marker,
        caption=caption,
        settings=settings,
    )


def top_degree_curve(
    network: SignedNetwork, settings: CurveSettings = CURVE_SETTINGS
) -> NetworkDrawing:
    """A network in the plane, of a large one its top-degree nodes; see `embedding_curve`."""
    shown = top_degree_subgraph(network, settings.most_nodes)
    words = "Laid out for a picture: friends near, enemies far."
    if shown.n_nodes < network.n_nodes:
        words = f"The {shown.n_nodes:,} of {network.n_nodes:,} nodes with most edges. {words}"
    return layout_curve(shown, layout(shown), caption=words, settings=settings)


def force_curve(model: SpringEmbedding | Learned) -> Curves:
    """The learned force of friend, enemy and unknown against distance."""
    # Late: a layout does not wait for JAX.
    from forcelaw.signed.model import social_force

    force = social_force(model)
    series = {"friend": force.friend, "enemy": force.enemy, "unknown": force.unknown}
    return Curves(x=force.length, series=series, x_label="distance", y_label="force")
