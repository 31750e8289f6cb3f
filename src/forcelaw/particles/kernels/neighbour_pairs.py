"""Ordered pairs of bodies within a cutoff, in open space and in boxes, snapshot by snapshot."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.spatial import KDTree

from forcelaw.graph import PeriodicBox
from forcelaw.particles.data import Cell, Recording

FEW = 128
"""Bodies up to which all differences of a snapshot are computed: no tree is quicker."""


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
) -> Pairs:
    """All ordered pairs within `cutoff` of bodies whose positions are `known`.

    **Arguments:** `position` of snapshots from `first` on; where `part` has bonds all the same.
    """
    found = []
    for index, (places, there) in enumerate(zip(position, known, strict=True)):
        bodies = np.flatnonzero(there)
        cell = None if part.cell is None else (part.cell.at(first + index), part.cell.periodic)
        receiver, sender, difference = _pairs_at(places[bodies], cell, cutoff)
        snapshot = np.full(len(receiver), index)
        found.append((snapshot, bodies[receiver], bodies[sender], difference))
    snapshot, receiver, sender, difference = (
        np.concatenate([pairs[k] for pairs in found]) for k in range(4)
    )
    return Pairs(snapshot, receiver, sender, difference, np.linalg.norm(difference, axis=-1))


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
    cell: tuple[Float[np.ndarray, "dim dim"], tuple[bool, ...]] | None,
    cutoff: float,
) -> tuple[Int[np.ndarray, " pair"], Int[np.ndarray, " pair"], Float[np.ndarray, "pair dim"]]:
    count = len(places)
    if count <= FEW or not np.isfinite(cutoff):
        difference = places[None] - places[:, None]
        if cell is not None:
            difference = nearest_image(difference, *cell)
        near = np.einsum("ijk,ijk->ij", difference, difference) <= cutoff**2
        np.fill_diagonal(near, False)
        receiver, sender = np.nonzero(near)
        return receiver, sender, difference[receiver, sender]
    receiver, sender = _by_tree(places, cell, cutoff)
    difference = places[sender] - places[receiver]
    if cell is not None:
        difference = nearest_image(difference, *cell)
    return receiver, sender, difference


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
