"""The columns of the regression: every term of a law at every body of every snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from forcelaw.particles.data import Recording
from forcelaw.particles.kernels.filled_motion import FilledMotion
from forcelaw.particles.kernels.neighbour_pairs import Pairs, find_pairs
from forcelaw.particles.kernels.one_body_terms import OneBody
from forcelaw.particles.kernels.pair_terms import Coupling, PairGeometry, PairTerm
from forcelaw.particles.kernels.radial_basis import RadialBasis


@dataclass(frozen=True, eq=False)
class Block:
    """A function of the distance: of one kind of sender, in one direction, with one coupling."""

    sender: int
    """The sender's kind."""
    term: PairTerm
    coupling: Coupling
    basis: RadialBasis


@dataclass(frozen=True, eq=False)
class Terms:
    """All terms of the force on one kind of receiver."""

    receiver: int
    """The receiver's kind."""
    blocks: tuple[Block, ...]
    one_body: tuple[OneBody, ...]

    @cached_property
    def offsets(self) -> Int[np.ndarray, " block_and_one"]:
        """The first column of every block, and of the one-body terms."""
        return np.cumsum([0, *(block.basis.size for block in self.blocks)])

    @property
    def size(self) -> int:
        """How many columns."""
        return int(self.offsets[-1]) + len(self.one_body)

    @property
    def reads_velocity(self) -> bool:
        """Whether any term does."""
        return any(b.term.reads_velocity for b in self.blocks) or any(
            term.reads_velocity for term in self.one_body
        )

    def columns_of(self, block: int) -> slice:
        """The columns of one block."""
        return slice(int(self.offsets[block]), int(self.offsets[block + 1]))


class Snapshots(NamedTuple):
    """Positions and velocities of consecutive snapshots of a recording, from `first` on."""

    part: Recording
    first: int
    position: Float[np.ndarray, "snapshot body dim"]
    velocity: Float[np.ndarray, "snapshot body dim"]
    kinds: Int[np.ndarray, " body"]
    pairs: Pairs


def take_snapshots(
    part: Recording,
    filled: FilledMotion,
    kinds: Int[np.ndarray, " body"],
    span: tuple[int, int],
    cutoff: float,
    *,
    earlier: bool = False,
) -> Snapshots:
    """Snapshots with their pairs; with velocities of the step before where `earlier`."""
    rows = slice(*span)
    velocity = (filled.earlier_velocity if earlier else filled.velocity)[rows]
    position, known = filled.position[rows], filled.known[rows]
    pairs = find_pairs(part, position, known, span[0], cutoff)
    return Snapshots(part, span[0], position, velocity, kinds, pairs)


def evaluate_columns(
    terms: Terms, at: Snapshots, bodies: Int[np.ndarray, " receiver"]
) -> Float[np.ndarray, "snapshot receiver dim column"]:
    """Every column at these bodies, all of them of the terms' kind of receiver."""
    snapshots, count, dim = at.position.shape
    place = np.full(count, -1)
    place[bodies] = np.arange(len(bodies))
    kept = np.flatnonzero(place[at.pairs.receiver] >= 0)
    total = np.zeros((dim, snapshots * len(bodies), terms.size))
    for block, offset, chosen, vectors in _weighted_vectors(terms, at, kept):
        first, values = block.basis.nonzero(at.pairs.length[chosen])
        row = at.pairs.snapshot[chosen] * len(bodies) + place[at.pairs.receiver[chosen]]
        size = block.basis.size
        flat = ((row * size + first)[:, None] + np.arange(values.shape[1])).ravel()
        for axis in range(dim):
            summed = np.bincount(
                flat, (vectors[:, axis, None] * values).ravel(), minlength=total.shape[1] * size
            )
            total[axis, :, offset : offset + size] = summed.reshape(-1, size)
    own_position, own_velocity = at.position[:, bodies], at.velocity[:, bodies]
    total = np.moveaxis(total, 0, 1).reshape(snapshots, len(bodies), dim, terms.size)
    for k, one in enumerate(terms.one_body):
        total[..., int(terms.offsets[-1]) + k] = one.vectors(own_position, own_velocity)
    mass = at.part.attributes.get("mass")
    return total if mass is None else total / mass[bodies][:, None, None]


def _weighted_vectors(
    terms: Terms, at: Snapshots, kept: Int[np.ndarray, " pair"]
) -> Iterator[tuple[Block, int, Int[np.ndarray, " chosen"], Float[np.ndarray, "chosen dim"]]]:
    """Block by block: its first column, its pairs, and the vectors that splines multiply."""
    pairs = at.pairs
    receiver, sender, snapshot = pairs.receiver[kept], pairs.sender[kept], pairs.snapshot[kept]
    direction = pairs.difference[kept] / np.maximum(pairs.length[kept], 1e-300)[:, None]
    approach = at.velocity[snapshot, sender] - at.velocity[snapshot, receiver]
    geometry = PairGeometry(direction, approach)
    kinds = at.kinds[sender]
    ends = [
        {name: value[end] for name, value in at.part.attributes.items()}
        for end in (receiver, sender)
    ]
    for block, offset in zip(terms.blocks, terms.offsets, strict=False):
        chosen = np.flatnonzero(kinds == block.sender)
        factor = np.broadcast_to(block.coupling.factors(*ends), len(kept))[chosen]
        vectors = block.term.vectors(geometry)[chosen] * factor[:, None]
        yield block, int(offset), kept[chosen], vectors


def bodies_of(kinds: Int[np.ndarray, " body"], terms: Terms) -> Int[np.ndarray, " receiver"]:
    """The bodies of the terms' kind of receiver."""
    return np.flatnonzero(kinds == terms.receiver)


def combine(
    columns: Float[np.ndarray, "snapshot receiver dim column"],
    weights: Float[np.ndarray, "inner 3"],
) -> Float[np.ndarray, "inner receiver dim column"]:
    """The averages of three snapshots in a row, as an order weights them."""
    early, middle, late = (weights[:, k][:, None, None, None] for k in range(3))
    return early * columns[:-2] + middle * columns[1:-1] + late * columns[2:]


def spans(length: int, rows: int, size: int, most: int) -> Sequence[tuple[int, int]]:
    """Cuts a recording into spans of snapshots whose columns hold at most `most` numbers."""
    each = max(12, most // max(rows * size, 1))
    return [(start, min(start + each, length)) for start in range(0, length, each)]
