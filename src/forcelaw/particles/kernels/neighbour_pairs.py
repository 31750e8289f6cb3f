"""Ordered pairs of bodies within a cutoff, in open space and in boxes, snapshot by snapshot.

And sums over them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.sparse import csr_array
from scipy.spatial import KDTree

from forcelaw.graph import PeriodicBox
from forcelaw.particles.data import Cell, Recording

FEW = 200_000
"""Differences of a snapshot up to which all are computed: no tree is quicker."""


class Pairs(NamedTuple):
    """Pairs of some snapshots, sorted by snapshot and receiver."""

    snapshot: Int[np.ndarray, " pair"]
    """Counted from the first of those that were asked for."""
    receiver: Int[np.ndarray, " pair"]
    sender: Int[np.ndarray, " pair"]
    difference: Float[np.ndarray, "pair dim"]
    """From the receiver to the sender's nearest image."""
    length: Float[np.ndarray, " pair"]


def find_pairs(
    part: Recording,
    position: Float[np.ndarray, "snapshot body dim"],
    known: Bool[np.ndarray, "snapshot body"],
    first: int,
    cutoff: float,
    receivers: Int[np.ndarray, " receiver"] | None = None,
) -> Pairs:
    """All ordered pairs within `cutoff` of bodies whose positions are `known`.

    **Arguments:** `position` of snapshots from `first` on; where `part` has bonds all the same;
    `receivers` in rising order, whose pairs alone are wanted; None: of all bodies.
    """
    wanted = np.ones(position.shape[1], bool)
    if receivers is not None:
        wanted[:] = False
        wanted[receivers] = True
    found = []
    for index, (places, there) in enumerate(zip(position, known, strict=True)):
        bodies = np.flatnonzero(there)
        cell = None if part.cell is None else (part.cell.at(first + index), part.cell.periodic)
        receiver, sender, difference = _pairs_at(places[bodies], wanted[bodies], cell, cutoff)
        snapshot = np.full(len(receiver), index)
        found.append((snapshot, bodies[receiver], bodies[sender], difference))
    snapshot, receiver, sender, difference = (
        np.concatenate([pairs[k] for pairs in found]) for k in range(4)
    )
    length = np.sqrt(np.einsum("pk,pk->p", difference, difference))
    return Pairs(snapshot, receiver, sender, difference, length)


def sum_by_row(
    row: Int[np.ndarray, " pair"],
    first: Int[np.ndarray, " pair"],
    vectors: Float[np.ndarray, "pair component"],
    values: Float[np.ndarray, "pair value"],
    shape: tuple[int, int],
) -> Float[np.ndarray, "component row column"]:
    """The sums over the pairs of each row, which rise.

    **Arguments:** `first` the column of the first value of each pair; `shape` rows and columns.
    """
    starts, many = np.searchsorted(row, np.arange(shape[0] + 1)), values.shape[1]
    if many == shape[1]:
        every = np.arange(len(row))
        return np.stack(
            [csr_array((one, every, starts), (shape[0], len(row))) @ values for one in vectors.T]
        )
    column = (first[:, None] + np.arange(many)).ravel()
    return np.stack(
        [
            csr_array(((one[:, None] * values).ravel(), column, many * starts), shape).toarray()
            for one in vectors.T
        ]
    )


def nearest_image(
    difference: Float[np.ndarray, "... dim"],
    vectors: Float[np.ndarray, "dim dim"],
    periodic: tuple[bool, ...],
) -> Float[np.ndarray, "... dim"]:
    """The difference to the nearest image; exact below half the least width of the box."""
    turns = np.round(difference @ np.linalg.inv(vectors)) * np.asarray(periodic)
    return difference - turns @ vectors


def largest_cutoff(cell: Cell) -> float:
    """Half the least distance between opposite faces that repeat, at any time."""
    widths = 1 / np.linalg.norm(np.linalg.inv(cell.vectors), axis=1)
    repeating = widths[:, list(cell.periodic)]
    return float(repeating.min() / 2) if repeating.size else np.inf


def _pairs_at(
    places: Float[np.ndarray, "body dim"],
    wanted: Bool[np.ndarray, " body"],
    cell: tuple[Float[np.ndarray, "dim dim"], tuple[bool, ...]] | None,
    cutoff: float,
) -> tuple[Int[np.ndarray, " pair"], Int[np.ndarray, " pair"], Float[np.ndarray, "pair dim"]]:
    receivers = np.flatnonzero(wanted)
    if len(receivers) * len(places) <= FEW or not np.isfinite(cutoff):
        apart = _all_differences(places, receivers, cell)
        squares = np.zeros((len(receivers), len(places)))
        for one in apart:
            squares += one * one
        near = squares <= cutoff**2
        near[np.arange(len(receivers)), receivers] = False
        flat = np.flatnonzero(near)
        receiver, sender = np.divmod(flat, max(len(places), 1))
        return receivers[receiver], sender, np.stack([one.ravel()[flat] for one in apart], axis=-1)
    receiver, sender = _by_tree(places, cell, cutoff)
    if not wanted.all():
        receiver, sender = receiver[wanted[receiver]], sender[wanted[receiver]]
    difference = places[sender] - places[receiver]
    if cell is not None:
        difference = nearest_image(difference, *cell)
    return receiver, sender, difference


def _all_differences(
    places: Float[np.ndarray, "body dim"],
    receivers: Int[np.ndarray, " receiver"],
    cell: tuple[Float[np.ndarray, "dim dim"], tuple[bool, ...]] | None,
) -> list[Float[np.ndarray, "receiver body"]]:
    """From receivers to all bodies, axis by axis: so they stay in the cache."""
    own = places[receivers]
    apart = [places[None, :, k] - own[:, k, None] for k in range(places.shape[1])]
    if cell is None:
        return apart
    vectors, periodic = cell
    if (vectors * (1 - np.eye(len(vectors)))).any():
        return list(np.moveaxis(nearest_image(np.stack(apart, axis=-1), vectors, periodic), -1, 0))
    for one, size, repeats in zip(apart, np.diag(vectors).tolist(), periodic, strict=True):
        if repeats:
            np.subtract(one, size * np.rint(one / size), out=one)
    return apart


def _by_tree(
    places: Float[np.ndarray, "body dim"],
    cell: tuple[Float[np.ndarray, "dim dim"], tuple[bool, ...]] | None,
    cutoff: float,
) -> tuple[Int[np.ndarray, " pair"], Int[np.ndarray, " pair"]]:
    points, owner = places, np.arange(len(places))
    tree = None
    if cell is not None and any(cell[1]):
        vectors, periodic = cell[0].copy(), np.array(cell[1])
        if periodic.all() and not (vectors * (1 - np.eye(len(vectors)))).any():
            sizes = np.diag(vectors)
            tree = KDTree(np.mod(places, sizes) % sizes, boxsize=sizes)
        else:
            # A direction that does not repeat: a box so long that images are out of reach.
            extent = np.ptp(places, axis=0).max() + 3 * cutoff
            for axis in np.flatnonzero(~periodic):
                vectors[axis] *= extent * len(vectors) / np.linalg.norm(vectors[axis])
            points, owner = PeriodicBox(vectors).images(places, cutoff)
    if tree is None:
        tree = KDTree(points)
    found = tree.query_pairs(cutoff, output_type="ndarray")
    found = found[found[:, 0] < len(places)]
    both = found[:, 1] < len(places)
    receiver = np.concatenate([found[:, 0], found[both, 1]])
    sender = np.concatenate([owner[found[:, 1]], found[both, 0]])
    order = np.lexsort((sender, receiver))
    return receiver[order], sender[order]
