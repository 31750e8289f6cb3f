"""The columns of the regression: every term of a law at every body of every snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.particles.data import Recording
from forcelaw.particles.kernels.filled_motion import FilledMotion
from forcelaw.particles.kernels.neighbour_pairs import Pairs, find_pairs, sum_by_row
from forcelaw.particles.kernels.one_body_terms import BodyStates, OneBody
from forcelaw.particles.kernels.pair_terms import Coupling, PairGeometry, PairTerm, point
from forcelaw.particles.kernels.radial_basis import KnownFunctions, RadialBasis, StepFunctions
from forcelaw.particles.shaped_terms import ShapedTerm, Surroundings, Tangent, sum_vectors


@dataclass(frozen=True, eq=False)
class Block:
    """A function of the distance: of one kind of sender, in one direction, with one coupling."""

    sender: int
    """The sender's kind."""
    term: PairTerm
    coupling: Coupling
    basis: RadialBasis | KnownFunctions | StepFunctions
    bonded: bool = False
    """Whether it acts along the recording's edges alone."""
    loose: float = 0.0
    """By how much nearer or farther than the last distance the force may end: it was looked for at
    places so far apart."""

    @property
    def joined(self) -> bool | None:
        """Whether it acts along edges alone, or where there is none alone; None: on all pairs."""
        return True if self.bonded else False if self.term.apart else None

    @property
    def splines(self) -> RadialBasis:
        """The basis where it is one of splines."""
        assert isinstance(self.basis, RadialBasis)
        return self.basis


@dataclass(frozen=True, eq=False)
class Terms:
    """All terms of the force on one kind of receiver."""

    receiver: int
    """The receiver's kind."""
    blocks: tuple[Block, ...]
    one_body: tuple[OneBody, ...]
    of_headings: bool = False
    """Whether they say at which rate headings turn, which is one number, not how bodies move."""
    shaped: tuple[ShapedTerm | Tangent, ...] = ()
    """Walls and energies of three bodies: one column each, before those of one-body terms."""

    @cached_property
    def offsets(self) -> Int[np.ndarray, " block_and_one"]:
        """The first column of every block, and of the shaped terms."""
        return np.cumsum([0, *(block.basis.size for block in self.blocks)])

    @property
    def reach(self) -> float:
        """The distance beyond which none of the pairs counts; inf where triples may."""
        return np.inf if self.shaped else max((b.basis.reach for b in self.blocks), default=0.0)

    @property
    def size(self) -> int:
        """How many columns."""
        return self.first_alone + len(self.one_body)

    @property
    def first_alone(self) -> int:
        """The column of the first one-body term."""
        return int(self.offsets[-1]) + len(self.shaped)

    @property
    def singles(self) -> tuple[ShapedTerm | Tangent | OneBody, ...]:
        """All terms of one column, in their order: shaped ones, then those of one body."""
        return (*self.shaped, *self.one_body)

    @property
    def reads_velocity(self) -> bool:
        """Whether any term does."""
        return any(b.term.reads_velocity for b in self.blocks) or any(
            term.reads_velocity for term in self.one_body
        )

    @cached_property
    def read_velocity(self) -> Bool[np.ndarray, " column"]:
        """Which columns do."""
        sizes = [block.basis.size for block in self.blocks]
        pairs = np.repeat([block.term.reads_velocity for block in self.blocks], sizes)
        alone = [term.reads_velocity for term in self.one_body]
        return np.concatenate([pairs, np.zeros(len(self.shaped)), alone]).astype(bool)

    def components(self, dim: int) -> int:
        """How many numbers they say of each body."""
        return 1 if self.of_headings else dim

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
    heading: Float[np.ndarray, "snapshot body"] | None = None


def take_snapshots(
    part: Recording,
    filled: FilledMotion,
    kinds: Int[np.ndarray, " body"],
    span: tuple[int, int],
    cutoff: float,
    *,
    earlier: bool = False,
    receivers: Int[np.ndarray, " receiver"] | None = None,
) -> Snapshots:
    """Snapshots with their pairs; with velocities of the step before where `earlier`.

    **Arguments:** `receivers` whose pairs alone are wanted, in rising order; None: of all bodies.
    """
    rows = slice(*span)
    velocity = (filled.earlier_velocity if earlier else filled.velocity)[rows]
    position, known = filled.position[rows], filled.known[rows]
    pairs = find_pairs(part, position, known, span[0], cutoff, receivers)
    heading = None if filled.heading is None else filled.heading[rows]
    return Snapshots(part, span[0], position, velocity, kinds, pairs, heading)


def evaluate_columns(
    terms: Terms,
    at: Snapshots,
    bodies: Int[np.ndarray, " receiver"],
    *,
    besides: Float[np.ndarray, "snapshot receiver component column"] | None = None,
) -> Float[np.ndarray, "snapshot receiver component column"]:
    """Every column at these bodies, all of them of the terms' kind of receiver.

    **Arguments:** `besides` the same at other velocities: only what reads them is computed.
    """
    snapshots, count, dim = at.position.shape
    dim = terms.components(dim)
    place = np.full(count, -1)
    place[bodies] = np.arange(len(bodies))
    kept = np.flatnonzero(place[at.pairs.receiver] >= 0)
    row = at.pairs.snapshot[kept] * len(bodies) + place[at.pairs.receiver[kept]]
    shape = (snapshots, len(bodies), dim, terms.size)
    total = np.zeros(shape) if besides is None else besides.copy()
    # Turning has an inertia of its own, which is not told: rates hold for each body as they are.
    mass = None if terms.of_headings else at.part.attributes.get("mass")
    over = 1.0 if mass is None else 1 / mass[bodies][:, None, None]
    acting = [k for k, b in enumerate(terms.blocks) if besides is None or b.term.reads_velocity]
    for block, offset, chosen, vectors, (first, values) in _weighted_vectors(
        terms, acting, at, kept
    ):
        size = block.basis.size
        place_of = snapshots * len(bodies), size
        summed = sum_by_row(row[chosen], first, vectors, values, place_of)
        summed = summed.reshape(dim, snapshots, len(bodies), size)
        total[..., offset : offset + size] = np.moveaxis(summed, 0, 2) * over
    if terms.shaped and besides is None:
        around = Surroundings(at.position, *at.pairs)
        for k, vectors in enumerate(sum_vectors(terms.shaped, around)):
            own = vectors[:, bodies]
            total[..., int(terms.offsets[-1]) + k] = (
                own if mass is None else own / mass[bodies][:, None]
            )
    own_position, own_velocity = at.position[:, bodies], at.velocity[:, bodies]
    own_heading = None if at.heading is None else at.heading[:, bodies]
    own = {name: value[bodies] for name, value in at.part.attributes.items()}
    time = at.part.time[at.first : at.first + snapshots, None]
    states = BodyStates(own_position, own_velocity, own, own_heading, time)
    for k, one in enumerate(terms.one_body):
        column = terms.first_alone + k
        vectors = one.vectors(states)
        total[..., column] = vectors if mass is None else vectors / mass[bodies][:, None]
    return total


def _weighted_vectors(
    terms: Terms, acting: Sequence[int], at: Snapshots, kept: Int[np.ndarray, " pair"]
) -> Iterator[
    tuple[
        Block,
        int,
        Int[np.ndarray, " chosen"],
        Float[np.ndarray, "chosen component"],
        tuple[Int[np.ndarray, " chosen"], Float[np.ndarray, "chosen 4"]],
    ]
]:
    """Of `acting` blocks: first column, pairs among `kept`, vectors, and the splines at them."""
    pairs = at.pairs
    receiver, sender, snapshot = pairs.receiver[kept], pairs.sender[kept], pairs.snapshot[kept]
    length = pairs.length[kept]
    direction = pairs.difference[kept] / np.maximum(length, 1e-300)[:, None]
    approach = direction
    if terms.reads_velocity:
        approach = at.velocity[snapshot, sender] - at.velocity[snapshot, receiver]
    geometry = PairGeometry(direction, approach)
    if at.heading is not None and any(block.term.angle for block in terms.blocks):
        own, other = at.heading[snapshot, receiver], at.heading[snapshot, sender]
        geometry = point(geometry, own, other)
    kinds = at.kinds[sender]
    ends = [
        {name: value[end] for name, value in at.part.attributes.items()}
        for end in (receiver, sender)
    ]
    everyone = np.arange(len(kept))
    splines: dict[tuple[int, int, bool | None], tuple[np.ndarray, np.ndarray]] = {}
    several = len({block.sender for block in terms.blocks}) > 1 or kinds.max(initial=0) > 0
    for block, offset in ((terms.blocks[k], terms.offsets[k]) for k in acting):
        chosen = np.flatnonzero(kinds == block.sender) if several else everyone
        if block.joined is not None:
            along = along_edges(at.part, receiver[chosen], sender[chosen])
            chosen = chosen[along == block.joined]
        key = (id(block.basis), block.sender, block.joined)
        if key not in splines:
            splines[key] = block.basis.nonzero(length[chosen])
        vectors = block.term.vectors(geometry)
        vectors = vectors[chosen] if several or block.joined is not None else vectors
        factor = block.coupling.factors(*ends)
        if isinstance(factor, np.ndarray):
            vectors = vectors * factor[chosen][:, None]
        yield block, int(offset), chosen, vectors, splines[key]


def along_edges(
    part: Recording, receiver: Int[np.ndarray, " pair"], sender: Int[np.ndarray, " pair"]
) -> Bool[np.ndarray, " pair"]:
    """Which pairs are edges of the recording."""
    if part.edges is None:
        return np.zeros(len(receiver), bool)
    known = part.edges[:, 1] * part.n_bodies + part.edges[:, 0]
    return np.isin(receiver * part.n_bodies + sender, known)


def bodies_of(kinds: Int[np.ndarray, " body"], terms: Terms) -> Int[np.ndarray, " receiver"]:
    """The bodies of the terms' kind of receiver."""
    return np.flatnonzero(kinds == terms.receiver)


def combine(
    columns: Float[np.ndarray, "snapshot receiver dim column"],
    weights: Float[np.ndarray, "inner receiver 5"],
) -> Float[np.ndarray, "inner receiver dim column"]:
    """The averages of five snapshots in a row, as an order weights them."""
    inner = len(columns) - 4
    total = weights[..., 2, None, None] * columns[2:-2]
    for k in (0, 1, 3, 4):
        total += weights[..., k, None, None] * columns[k : k + inner]
    return total


def spans(length: int, rows: int, size: int, most: int, least: int) -> Sequence[tuple[int, int]]:
    """Cuts a recording into spans of snapshots whose columns hold at most `most` numbers.

    **Arguments:** `least` snapshots of each.
    """
    each = max(least, most // max(rows * size, 1))
    return [(start, min(start + each, length)) for start in range(0, length, each)]
