"""What was found from pairs of states, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import add
from typing import Literal

import numpy as np
from jaxtyping import Float

from forcelaw.clock import Clock
from forcelaw.distill import simplify_formula
from forcelaw.laws import Formula, short_name
from forcelaw.laws.expression import Node, Variable
from forcelaw.particles.data import Trajectories
from forcelaw.particles.finding import DrawnForce, Finding
from forcelaw.particles.pairs_of_states.candidates import Candidate
from forcelaw.particles.pairs_of_states.forces.central_forces import cap_words
from forcelaw.particles.pairs_of_states.missing_forces import Missing
from forcelaw.particles.pairs_of_states.pair_parts import PairParts
from forcelaw.particles.pairs_of_states.pairs_astray import Astray
from forcelaw.particles.pairs_of_states.search import PairsSearch, search_pairs
from forcelaw.particles.pairs_of_states.settings import PAIRS, PairsSettings
from forcelaw.particles.pairs_of_states.shooting import Problem
from forcelaw.particles.pairs_of_states.state_pairs import StatePairs, pairs_with_step
from forcelaw.storage import ParsedObject, plain

_POINTS = 200
"""Of a drawn curve."""


@dataclass(frozen=True, eq=False, repr=False)
class PairsResult(Finding):
    """A law found from pairs of states; in the units of the data."""

    candidates: tuple[Candidate, ...]
    """The chosen one first."""
    pairs: StatePairs
    """In which it was found."""
    missing: tuple[Missing, ...] = ()
    """What the law lacks, that of the largest gain first."""
    astray: tuple[Astray, ...] = ()
    """What it lacks to few pairs."""
    notes: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    """By phase."""
    settings: PairsSettings = PAIRS

    @property
    def chosen(self) -> Candidate:
        """The law."""
        return self.candidates[0]

    @cached_property
    def formula(self) -> Formula:
        """The force between two bodies, without a cap."""
        return formula_of(self.chosen)

    @property
    def cap(self) -> float | None:
        """The most that acts on a body in all; `chosen.force.cap` says in what sense."""
        return self.chosen.cap

    @property
    def verdict(self) -> Literal["none", "approximation", "law"]:
        """By the usual miss of held-out ends, what is missing, and what is explained of all."""
        if self.chosen.median <= self.settings.law and not self.causes:
            return "law"
        return "approximation" if self.explained >= self.settings.approximation else "none"

    @property
    def explained(self) -> float:
        """R² of displacements by forces, encounters included; 0 for what says nothing."""
        return max(0.0, 1 - float(np.mean(self.chosen.misses**2)))

    @property
    def causes(self) -> tuple[str, ...]:
        """See `Finding`."""
        return tuple(dict.fromkeys(one.cause for one in (*self.missing, *self.astray)))

    @property
    def followed(self) -> str:
        """How motion is followed, in words."""
        return self.chosen.scheme.words

    def explained_words(self) -> str:
        """See `Finding`."""
        return "displacements over the whole stretch"

    def drawn_forces(self) -> tuple[DrawnForce, ...]:
        """See `Finding`; the band is what forms say that were followed as closely."""
        low, high = np.quantile(self.pairs.distances(), [0.005, 0.995])
        r = np.linspace(low, high, _POINTS)
        least = self.chosen.score(self.settings) + self.settings.close
        same = [
            one
            for one in self.candidates
            if one.scheme == self.chosen.scheme and one.score(self.settings) <= least
        ]
        curves = np.stack([_curve(one, r) for one in same])
        own = curves[0]
        return (DrawnForce("pair", r, own, curves.min(axis=0), curves.max(axis=0), own),)

    def held_out(self, seed: int) -> StatePairs:
        """The pairs by which it was chosen, where the search had this seed."""
        how = self.settings
        return PairParts.of(self.pairs, seed, least=how.least, held=how.more).check

    def predict(self, pairs: StatePairs) -> Float[np.ndarray, "pair body dim"]:
        """Where bodies are at the end of each stretch; `end` is not looked at."""
        scheme = self.chosen.scheme.over(float(pairs.stretch.max()))
        problem = Problem.of(pairs, self.chosen.coupling)
        return problem.ends(self.chosen.forces, scheme, self.chosen.numbers)

    def text(self, precision: int = 6) -> str:
        """The law in one line."""
        parts = [self.formula.pair.text(precision)]
        if self.formula.one_body:
            parts = [f"pair: {parts[0]}", f"one-body: {self.formula.one_body_text(precision)}"]
        capped = cap_words(self.chosen.force.cap, self.cap, precision)
        return "; ".join([*parts, *([capped] if capped else [])])

    def to_json(self) -> ParsedObject:
        """See `Finding`."""
        rows = [
            {
                "form": one.form,
                "beside": [other.words for other in one.beside],
                "text": formula_of(one).pair.text(6),
                "cap": one.force.cap,
                "steps": one.scheme.words,
                "numbers": len(one.numbers),
                "median": one.median,
                "log10": one.score(self.settings),
                "worst": float(one.misses.max()),
            }
            for one in self.candidates
        ]
        kind = self.chosen.force.cap
        cap = {"of": kind, "value": self.cap, "words": cap_words(kind, self.cap)}
        found = {
            "verdict": self.verdict,
            "explained": self.explained,
            "causes": list(self.causes),
            "missing": [vars(one) for one in self.missing],
            "astray": [vars(one) for one in self.astray],
            "formula": {
                "pair": self.formula.pair.text(9),
                "self": self.formula.one_body_text(9) if self.formula.one_body else None,
                "latex": self.formula.latex(),
            },
            "cap": cap,
            "steps": self.chosen.scheme.words,
            "candidates": rows,
            "notes": list(self.notes),
            "seconds": dict(self.seconds),
        }
        return plain(found)

    def __repr__(self) -> str:
        return f"PairsResult({self.text()!r}, {self.verdict})"

    def _repr_latex_(self) -> str:
        return f"${self.formula.latex()}$"


def discover_from_pairs(
    data: Trajectories | StatePairs,
    *,
    apart: int = 1,
    step: float | None = None,
    seed: int = 0,
    settings: PairsSettings = PAIRS,
    say: Callable[[str], None] = lambda line: None,
) -> PairsResult:
    """The law that leads from states to those much later, from these pairs alone.

    Positions and velocities must have been measured; nothing between a state and its end is
    looked at. Encounters in between make some motions chaotic: these count little, and a pair that
    is met counts much, however long the stretch. Laws are central forces between all bodies alike,
    or times the product of an attribute; a cap of the total force on a body is tried too.

    **Arguments:** `apart` so many snapshots make a stretch; `step` of the simulation that made
    the data, if one did (None: that of the pairs): its steps are tried beside motion that is
    followed exactly; `say` is told what goes on.

    **Raises** `NotEnoughData` for too few pairs, or velocities that were not measured;
    `InvalidSetting` where trajectories are shorter.
    """
    clock = Clock()
    pairs = pairs_with_step("discover_from_pairs", data, apart, step)
    step = pairs.step
    found = search_pairs(pairs, step=step, seed=seed, settings=settings, say=say)
    clock.lap("search")
    return PairsResult(
        tuple(found.candidates),
        found.pairs,
        found.missing,
        found.astray,
        tuple(_notes(found, pairs, settings)),
        seconds=clock.seconds,
        settings=settings,
    )


def _notes(found: PairsSearch, pairs: StatePairs, settings: PairsSettings) -> list[str]:
    """What was capped, how motion was followed, what was missed, and by what it would be less."""
    best = found.candidates[0]
    if pairs.is_free(settings.nothing):
        return ["ends lie where bodies would be without forces: nothing acts on them"]
    notes = [f"motion was followed in {best.scheme.words}"]
    if capped := cap_words(best.force.cap, best.cap):
        notes.insert(0, capped)
    exchanged = len(pairs) - len(found.pairs)
    if exchanged:
        notes.append(
            f"{exchanged} of {len(pairs)} ends are met only if bodies are exchanged, and were left "
            "out: which body is which may be mixed up"
        )
    far = int(np.sum(best.misses > settings.far))
    if far:
        notes.append(f"{far} of {len(best.misses)} held-out ends are missed by more than .1 %")
    notes += [
        f"held-out ends are missed {10**one.gain:.2g} times less with {one.words}"
        for one in found.missing
    ]
    notes += [one.sentence() for one in found.astray]
    if far > len(best.misses) / 2 and not found.missing and not found.astray:
        beside = "this force" if np.any(_curve(best, pairs.distances()[:1])) else "none at all"
        notes.append(
            f"nothing that was tried leads closer than {beside}: another one "
            "that is not looked for in pairs of states, or noise"
        )
    return notes


def formula_of(one: Candidate) -> Formula:
    """The force between two bodies."""
    tree = one.force.expression.with_constants(one.constants).term
    if one.coupling is not None:
        name = short_name(one.coupling)
        tree = Variable(f"{name}_i") * Variable(f"{name}_j") * tree
    return simplify_formula(Formula.of_trees(tree, _one_body(one)))


def _one_body(one: Candidate) -> list[Node]:
    """What acts on a body alone, a tree for each component, or one for all."""
    at = one.own
    found: list[list[Node]] = []
    for other in one.beside:
        found.append(other.components(one.numbers[at : at + other.count].tolist()))
        at += other.count
    trees = [reduce(add, parts) for parts in zip(*found, strict=True)]
    alike = trees and all(tree is trees[0] for tree in trees)
    return trees[:1] if alike else trees


def _curve(one: Candidate, r: Float[np.ndarray, " point"]) -> Float[np.ndarray, " point"]:
    return np.asarray(one.force.expression.at({"r": r}, one.constants))
