"""From rows, as they stand in a file, to edges: each once, each with one sign."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.errors import InputError

# What single precision holds, in which networks keep ratings.
LARGEST = float(np.finfo(np.float32).max)
"""The largest rating that single precision holds."""
SMALLEST = float(np.finfo(np.float32).tiny)
"""The smallest rating but 0 that single precision holds exactly."""


class Edges(NamedTuple):
    """Edges sorted by source and target, each once."""

    source: Int[np.ndarray, " edge"]
    target: Int[np.ndarray, " edge"]
    rating: Float[np.ndarray, " edge"]
    time: Float[np.ndarray, " edge"] | None


def merge_edges(
    source: Int[np.ndarray, " row"],
    target: Int[np.ndarray, " row"],
    rating: Float[np.ndarray, " row"],
    time: Float[np.ndarray, " row"] | None,
    *,
    n_nodes: int,
    directed: bool,
    latest_decides: bool = True,
) -> tuple[Edges, dict[str, int]]:
    """Drops zero ratings and self-loops and merges the rows of each edge.

    Where times exist and `latest_decides`, only an edge's latest rows decide. Among the deciding
    rows one negative is enough to make the edge negative: of two contradicting rows without
    an order, distrust is the rarer and more informative one. The result does not depend on the
    order of the rows.

    **Returns** the edges, and how often each rule was applied (see `SignedNetwork.cleanup`).

    **Raises** `InputError`: the arrays differ in length, hold a rating or time that is not finite,
    or a rating whose size single precision cannot hold.
    """
    columns = [source, target, rating] if time is None else [source, target, rating, time]
    if len({len(column) for column in columns}) > 1:
        lengths = ", ".join(str(len(column)) for column in columns)
        raise InputError(
            f"found columns of {lengths} rows, expected equal lengths; "
            "give every row a source, a target and a rating"
        )
    for label, column in (("rating", rating), ("time", time)):
        if column is not None and not np.isfinite(column).all():
            row = int(np.argmin(np.isfinite(column)))
            raise InputError(
                f"row {row} has {label} {column[row]}, expected a finite number; "
                "remove or correct the row"
            )
    if find_out_of_range(rating).any():
        row = int(find_out_of_range(rating).argmax())
        raise InputError(
            f"row {row} has rating {rating[row]:g}, expected 0 or a size between {SMALLEST:.2g} "
            f"and {LARGEST:.2g}; scale the ratings"
        )
    is_zero = rating == 0
    is_loop = ~is_zero & (source == target)
    keep = ~is_zero & ~is_loop
    source, target, rating = source[keep], target[keep], rating[keep]
    time = None if time is None else time[keep]
    if not directed:
        source, target = np.minimum(source, target), np.maximum(source, target)

    key = source.astype(np.int64) * n_nodes + target
    # Sorting the ratings too makes the sums below, and so every bit, independent of row order.
    order = np.lexsort((rating, key) if time is None else (rating, time, key))
    key, rating = key[order], rating[order]
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])[: len(key)])
    edge_of_row = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(key))))
    negative = rating < 0
    has_negative = np.bincount(edge_of_row[negative], minlength=len(starts)) > 0
    has_positive = np.bincount(edge_of_row[~negative], minlength=len(starts)) > 0

    decides = np.ones(len(key), bool)
    latest = None
    if time is not None:
        time = time[order]
        ends = np.append(starts, len(key))[1:] - 1
        latest = time[ends]
        if latest_decides:
            decides = time == latest[edge_of_row]
    decides_negative = np.bincount(edge_of_row[decides & negative], minlength=len(starts)) > 0
    decides &= negative == decides_negative[edge_of_row]
    row = edge_of_row[decides]
    mean = np.bincount(row, rating[decides], len(starts)) / np.bincount(row, minlength=len(starts))

    edge_key = key[starts]
    edges = Edges(
        (edge_key // max(n_nodes, 1)).astype(np.int32),
        (edge_key % max(n_nodes, 1)).astype(np.int32),
        mean,
        latest,
    )
    return edges, {
        "zero_ratings": int(is_zero.sum()),
        "self_loops": int(is_loop.sum()),
        "duplicates": len(key) - len(starts),
        "conflicts": int((has_negative & has_positive).sum()),
    }


def hash_of(names: tuple[str, ...], edges: Edges) -> str:
    """sha256 of nodes and edges."""
    digest = hashlib.sha256("\n".join(names).encode())
    for array in (edges.source, edges.target, edges.rating, edges.time):
        digest.update(b"-" if array is None else array.tobytes())
    return digest.hexdigest()


def find_out_of_range(rating: Float[np.ndarray, " row"]) -> Bool[np.ndarray, " row"]:
    """Which ratings are too large or too near to zero to be kept."""
    size = np.abs(rating)
    return (size > LARGEST) | ((size < SMALLEST) & (size > 0))


def pair_keys(pairs: Int[np.ndarray, "pair 2"], nodes: int) -> Int[np.ndarray, " pair"]:
    """One number for each unordered pair."""
    ends = np.sort(pairs.astype(np.int64), axis=1)
    return ends[:, 0] * nodes + ends[:, 1]


def sorted_names(names: list[str]) -> tuple[tuple[str, ...], Int[np.ndarray, " name"]]:
    """Names in order (whole numbers by value, then text), and each name's new position."""

    def value(i: int) -> tuple[int, int, str]:
        name = names[i]
        whole = len(name) < 19 and name.isascii() and name.isdigit()
        return (0, int(name), name) if whole else (1, 0, name)

    order = sorted(range(len(names)), key=value)
    position = np.empty(len(names), np.int64)
    position[order] = np.arange(len(names))
    return tuple(names[i] for i in order), position
