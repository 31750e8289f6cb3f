"""Means of columns over three snapshots: of the snapshots alone, or along the motion between."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.particles.data import Recording
from forcelaw.particles.kernels.columns import (
    Snapshots,
    Terms,
    combine,
    evaluate_columns,
)
from forcelaw.particles.kernels.neighbour_pairs import find_pairs
from forcelaw.particles.kernels.observed_changes import Changes


def mean_columns(
    terms: Terms,
    near: Snapshots,
    columns: Float[np.ndarray, "snapshot receiver dim column"],
    changes: Changes,
    rows: slice,
    cutoff: float,
    bodies: Int[np.ndarray, " receiver"],
) -> Float[np.ndarray, "inner receiver dim column"]:
    """What changes of the snapshots in `rows` are means of.

    Where motion between snapshots is known, means along it.

    **Arguments:** `near` snapshots from two before the first row to two after the last, and more
    before these; `columns` at all of them.
    """
    inner = columns[rows.start - 2 - near.first : rows.stop + 2 - near.first]
    if changes.between is None:
        return combine(inner, changes.weights[rows][:, bodies])
    places, there, weights = changes.between
    time = near.part.time[rows.start - 1 : rows.stop + 1]
    before, after = np.diff(time)[:-1], np.diff(time)[1:]
    early, late = (2 * np.stack([before, after]) / (before + after))[..., None, None, None]
    total = (early + late) * weights[0] * inner[2:-2]
    total += weights[-1] * (early * inner[1:-3] + late * inner[3:-1])
    intervals = np.arange(rows.start - 1, rows.stop)
    for step in range(1, len(weights) - 1):
        at = take_between(
            near.part, places[intervals, step - 1], there[intervals], near.kinds, cutoff
        )
        own = evaluate_columns(terms, at, bodies)
        total += weights[-1 - step] * early * own[:-1] + weights[step] * late * own[1:]
    return total


def triangle_weights(steps: int) -> Float[np.ndarray, " step"]:
    """Of means of second differences: exact of motion in steps of Numerov's rule."""
    weights = (steps - np.arange(steps + 1.0)) / steps**2
    weights[0] = (steps / 2 - 1 / 12) / steps**2
    weights[-1] = 1 / 12 / steps**2
    return weights


def box_weights(steps: int) -> Float[np.ndarray, " step"]:
    """Of means of changes of velocities over an even number of steps: Simpson's rule."""
    weights = np.where(np.arange(steps + 1) % 2, 4.0, 2.0)
    weights[[0, -1]] = 1
    return weights / (6 * steps)


def take_between(
    part: Recording,
    position: Float[np.ndarray, "interval body dim"],
    known: Bool[np.ndarray, "interval body"],
    kinds: Int[np.ndarray, " body"],
    cutoff: float,
) -> Snapshots:
    """Places of `known` bodies between snapshots of a recording, as snapshots of bodies at rest.

    At no time of their own, and in the box of the first snapshot.
    """
    place = np.where(known[..., None], position, 0)
    pairs = find_pairs(part, place, known, 0, cutoff)
    return Snapshots(part, 0, place, np.zeros_like(place), kinds, pairs)
