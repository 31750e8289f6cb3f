"""What may act between bodies and on them, for data of a kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from forcelaw.errors import InvalidSetting, NotEnoughData, wrong_input
from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import (
    ONE,
    Alignment,
    Apart,
    Block,
    Central,
    LineFriction,
    NematicTorque,
    Order,
    PairTerm,
    Polar,
    RadialBasis,
    Steering,
    Terms,
    Torque,
    Transverse,
    Turning,
    along_edges,
    couplings,
    fill_motion,
    find_pairs,
    largest_cutoff,
    list_one_body_terms,
    list_turning_terms,
    place_breaks,
    shared_names,
)
from forcelaw.particles.shaped_terms import ShapedTerm


@dataclass(frozen=True)
class CandidateSettings:
    """How finely functions of the distance are written."""

    coarse: int = 30
    """Pieces while terms are chosen, at most: as fine as the core of a liquid asks for."""
    numbers: int = 60
    """Equations for each factor while terms are chosen, at least: with fewer, chance fits."""
    least: int = 5
    """Pieces at least: with fewer, no function of the distance is followed."""
    fine: int = 60
    """Pieces of the sums from which formulas are read: cubic pieces so short follow even the core
    of Lennard-Jones to one part in ten thousand."""
    snapshots: int = 20
    """Of each recording, whose distances say where pieces lie."""


CANDIDATES = CandidateSettings()


@dataclass(frozen=True, eq=False)
class Candidates:
    """All terms that are tried, and up to which distance."""

    cutoff: float
    """Up to which pairs are looked at: that of forces between all, or the longest bond."""
    fine: RadialBasis
    coarse: RadialBasis
    kinds: int
    """How many kinds of bodies."""
    varying: tuple[str, ...]
    """Attributes that differ from body to body, the mass where it differs within a kind."""
    bonds: RadialBasis | None
    """Where recordings have edges: forces along them act beside those between all."""
    joined: int
    """How many of the fine pieces make a coarse one."""
    dim: int
    open_space: bool
    headings: bool = False
    """Whether bodies point somewhere."""
    ends: bool = False
    """Whether forces may end nearer, and it is looked where."""
    whole: bool = False
    """Whether the cutoff is half the box."""
    apart: bool = False
    """Whether forces along the line leave pairs out that edges join."""

    def terms(self, receiver: int, order: Order) -> Terms:
        """All of them, coarsely."""
        if isinstance(order, Turning):
            return self._turning(receiver)
        kinds: list[PairTerm] = [Apart() if self.apart else Central()]
        kinds += [Polar()] if self.headings else []
        kinds += [Transverse()] if self.dim == 2 else []
        if order.number == 2:
            kinds += [Alignment(), LineFriction()] if self.dim > 1 else [Alignment()]
        blocks = tuple(
            Block(sender, term, coupling, self.coarse)
            for sender in range(self.kinds)
            for term in kinds
            for coupling in couplings(self.varying)
        )
        if self.bonds is not None:
            blocks += tuple(
                Block(sender, Central(), ONE, _thinned(self.bonds, self.joined), bonded=True)
                for sender in range(self.kinds)
            )
        alone = list_one_body_terms(
            self.dim,
            order.number,
            self.varying,
            open_space=self.open_space,
            headings=self.headings,
        )
        return Terms(receiver, blocks, alone)

    def _turning(self, receiver: int) -> Terms:
        """Those of headings' rates of turning."""
        kinds: list[PairTerm] = [Torque(), NematicTorque(), Steering()]
        blocks = tuple(
            Block(sender, term, coupling, self.coarse)
            for sender in range(self.kinds)
            for term in kinds
            for coupling in couplings(self.varying)
        )
        return Terms(receiver, blocks, list_turning_terms(self.varying), of_headings=True)

    def coarsened(self, terms: Terms) -> Terms:
        """The same terms, coarsely."""
        blocks = tuple(
            replace(block, basis=_thinned(block.splines, self.joined)) for block in terms.blocks
        )
        return replace(terms, blocks=blocks)

    def refined(self, terms: Terms) -> Terms:
        """The same terms, finely, each up to where it ends."""
        along, last = self.bonds or self.fine, float(self.fine.breaks[-1])
        # Functions that end at one place share their splines, which are then computed once.
        finer = {last: self.fine}
        blocks = []
        for block in terms.blocks:
            end = float(block.splines.breaks[-1])
            if not block.bonded and end not in finer:
                finer[end] = self.fine.up_to(end)
            blocks.append(replace(block, basis=along if block.bonded else finer[end]))
        return replace(terms, blocks=tuple(blocks))

    def ended(self, terms: Terms, ends: Mapping[int, tuple[float, float]]) -> Terms:
        """The same terms, coarsely, some blocks up to where they end.

        **Arguments:** `ends` by block, each with how far apart the places are that were tried.
        """
        coarser = {place: self.coarse.up_to(place) for place, _ in ends.values()}
        blocks = list(terms.blocks)
        for index, (place, apart) in ends.items():
            blocks[index] = replace(blocks[index], basis=coarser[place], loose=apart)
        return replace(terms, blocks=tuple(blocks))

    def within_reach_of(self, terms: Terms) -> Candidates:
        """The same up to where the last of these terms ends."""
        if terms.shaped or not terms.blocks:
            return self
        return replace(self, cutoff=max(float(block.splines.breaks[-1]) for block in terms.blocks))


def find_candidates(
    data: Recordings, cutoff: float | None = None, *, settings: CandidateSettings = CANDIDATES
) -> Candidates:
    """What may act in these recordings.

    **Arguments:** `cutoff` in the positions' unit; None: half the box, or all distances.

    **Raises** `InvalidSetting` for a cutoff that is longer than half the least width of a box,
    `NotEnoughData` where no two bodies are within it.
    """
    widest = min(
        (np.inf if p.cell is None else largest_cutoff(p.cell) for p in data), default=np.inf
    )
    if cutoff is not None and cutoff > widest * (1 + 1e-9):
        raise wrong_input(
            data.name,
            found=f"a cutoff of {cutoff:g} in a box that is {2 * widest:g} wide",
            expected="two cutoffs at least: beyond half the box a body has two images",
            then=f"choose a cutoff of {widest:g} at most, or none: it is half the box then",
            error=InvalidSetting,
        )
    reach = widest if cutoff is None else cutoff
    lengths, bonds = [np.zeros(0)], [np.zeros(0)]
    for part in data:
        filled = fill_motion(part)
        chosen = np.unique(np.linspace(0, part.n_times - 1, settings.snapshots).astype(int))
        for index in chosen:
            one = slice(index, index + 1)
            # Bonds may be longer than the forces between all reach.
            found = reach if part.edges is None else widest
            pairs = find_pairs(part, filled.position[one], filled.known[one], int(index), found)
            lengths.append(pairs.length[pairs.length <= reach])
            bonds.append(pairs.length[along_edges(part, pairs.receiver, pairs.sender)])
    length, bond = np.concatenate(lengths), np.concatenate(bonds)
    if len(length) < 2:
        raise NotEnoughData(
            f"{data.name}: found {len(length)} pairs within {reach:g}, expected many; forces "
            "between bodies are learned: choose a longer cutoff, or give more bodies"
        )
    if not np.isfinite(reach):
        reach = float(length.max())
    fine = RadialBasis.between(place_breaks(length, settings.fine, reach))
    varying = (*shared_names(data.parts), *(("mass",) if _weighs_differently(data) else ()))
    pieces = _affordable_pieces(data, len(couplings(varying)), settings)
    joined = max(1, -(-(len(fine.breaks) - 1) // pieces))
    along, longest = None, 0.0
    if len(bond) > 1:
        longest = min(1.02 * float(bond.max()), widest)
        along = RadialBasis.between(place_breaks(bond, settings.fine, longest))
    return Candidates(
        max(reach, longest),
        fine,
        _thinned(fine, joined),
        max(1, len(data.kinds)),
        varying,
        along,
        joined,
        data.dim,
        all(part.cell is None or not any(part.cell.periodic) for part in data),
        data.has_heading,
    )


def _weighs_differently(data: Recordings) -> bool:
    """Whether bodies of one kind have several masses, which forces may be proportional to."""
    if "mass" not in data.parts[0].attributes:
        return False
    kind = np.concatenate([data.kind_of(part) for part in data])
    mass = np.concatenate([part.attributes["mass"] for part in data])
    return any(np.ptp(mass[kind == one]) > 0 for one in np.unique(kind))


def _affordable_pieces(data: Recordings, together: int, settings: CandidateSettings) -> int:
    """As many pieces as there are equations for, on the kind of fewest bodies."""
    count = np.zeros(max(1, len(data.kinds)))
    for part in data:
        each = part.present.sum(axis=0)
        count += np.bincount(data.kind_of(part), weights=each, minlength=len(count))
    functions = 4 * together * len(count)
    affordable = count[count > 0].min() * data.dim / (settings.numbers * functions)
    return int(np.clip(affordable, settings.least, settings.coarse))


def _thinned(basis: RadialBasis, joined: int) -> RadialBasis:
    return RadialBasis.between(np.append(basis.breaks[:-1:joined], basis.breaks[-1]))


def on_kind(data: Recordings, receiver: int) -> str:
    """On whom terms act, in words; empty where all are alike."""
    return f" on {data.kinds[receiver]!r}" if data.kinds else ""


def list_terms(terms: Terms, data: Recordings) -> str:
    """Terms, in words."""
    words = []
    for block in terms.blocks:
        sender = f" of {data.kinds[block.sender]!r}" if data.kinds else ""
        coupling = f" times {block.coupling.text}" if block.coupling.text else ""
        bonds = " along edges" if block.bonded else ""
        words.append(f"{block.term.key}{sender}{coupling}{bonds}")
    words += [term.key for term in terms.shaped if isinstance(term, ShapedTerm)]
    words += [f"one-body {term.text}" for term in terms.one_body]
    return ", ".join(words) or "none"
