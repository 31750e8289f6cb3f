"""What the report draws of a discovery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from forcelaw.laws import Formula, Law, short_name
from forcelaw.particles.equations import Design
from forcelaw.particles.learning import scalar_force

_POINTS = 120


def force_curve(law: Law, formula: Formula, truth: Formula | None, data: Design) -> dict[str, Any]:
    """Force against distance for two typical bodies, over the distances of the data."""
    low, high = np.quantile(data.length, [0.005, 0.995])
    far = high or 1.0
    r = np.geomspace(max(low, 1e-9 * far), far, _POINTS)
    attributes = {}
    for name, values in data.attributes.items():
        typical = float(np.median(values)) if (values > 0).all() else float(np.max(values))
        attributes[name] = np.full((_POINTS, 2), typical)
    ends = {f"{short_name(n)}_{end}": v[:, 0] for n, v in attributes.items() for end in "ij"}
    series: dict[str, list[float | None]] = {}
    for label, known in (("truth", truth), ("formula", formula)):
        if known is not None:
            pair = known.pair
            with np.errstate(all="ignore"):
                value = pair.numpy()(np.asarray(pair.numbers()), ends | {"r": r})
            series[label] = _plain(np.broadcast_to(value, r.shape))
    position = np.zeros((_POINTS, 2, data.position.shape[2]))
    position[:, 1, 0] = r
    pairs = Design.build(position, 0 * position, 0 * position, attributes, _two())
    series["network"] = _plain(scalar_force(law, pairs)[:, 0])
    shown = np.concatenate([[v for v in line if v is not None] for line in series.values()])
    return {
        "x": r.tolist(),
        "series": series,
        "x_label": "distance",
        "y_label": "force",
        "clip": [float(v) for v in _limits(shown)],
    }


def energy_curve(time: np.ndarray, changes: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """The median change of energy over trajectories, for each law."""
    kept = np.unique(np.linspace(0, len(time) - 1, 2 * _POINTS).astype(int))
    return {
        "x": time[kept].tolist(),
        "series": {
            name: _plain(np.median(np.abs(change), axis=0)[kept])
            for name, change in changes.items()
        },
        "x_label": "time",
        "y_label": "change of energy",
    }


def _two():
    from forcelaw.graph import Graph

    return Graph.complete_graph(2)


def _limits(values: np.ndarray) -> tuple[float, float]:
    """Room for most of a curve that may diverge."""
    low, high = np.quantile(values, [0.04, 0.96]) if values.size else (-1.0, 1.0)
    room = 0.2 * (high - low) + 1e-12
    return low - room, high + room


def _plain(values: np.ndarray) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]
