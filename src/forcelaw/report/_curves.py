"""Arrays brought into the form in which `results.json` holds what the report draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float, Int

_BINS = 10
_MOST_NODES, _MOST_EDGES = 1200, 4000


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
) -> dict[str, Any]:
    """The network in the plane of its two widest directions; of a large one the busiest nodes."""
    nodes = len(names)
    degree = np.bincount(edges.ravel(), minlength=nodes)
    kept = np.sort(np.argsort(-degree, kind="stable")[:_MOST_NODES])
    place = np.full(nodes, -1)
    place[kept] = np.arange(len(kept))
    ends = place[edges]
    inner = np.flatnonzero((ends >= 0).all(axis=1))
    if len(inner) > _MOST_EDGES:
        inner = inner[np.linspace(0, len(inner) - 1, _MOST_EDGES).astype(int)]
    words = "The two directions in which the nodes spread most."
    if len(kept) < nodes:
        words = f"The {len(kept)} nodes with most edges, of {nodes}; some of their edges. {words}"
    return {
        "position": np.round(plane(position)[kept], 3).tolist(),
        "names": [names[i] for i in kept],
        "edges": [[*map(int, ends[i]), int(sign[i])] for i in inner],
        "caption": words,
    }


def plane(position: Float[np.ndarray, "node dim"]) -> Float[np.ndarray, "node 2"]:
    """Coordinates along the two directions of largest variance."""
    centred = np.asarray(position, np.float64)
    centred = centred - centred.mean(axis=0)
    if centred.shape[1] < 2:
        return np.pad(centred, ((0, 0), (0, 2 - centred.shape[1])))
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    if len(directions) < 2:
        directions = np.eye(2, centred.shape[1])
    # A direction's sign is arbitrary: make the largest coefficient positive, for repeatability.
    first = directions[:2]
    turn = np.sign(np.take_along_axis(first, np.abs(first).argmax(axis=1)[:, None], axis=1))
    return centred @ (first * turn).T
