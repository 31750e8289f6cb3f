"""What formulas leave, asked of all terms that were not chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import (
    Block,
    MomentSettings,
    OneBody,
    Order,
    Reference,
    Terms,
    sum_moments,
)
from forcelaw.particles.kernels.one_body_terms import ALONG_AXES
from forcelaw.particles.matter.formulas.exact_law import ExactLaw, held_out_squares


@dataclass(frozen=True)
class LookSettings:
    """What decides whether a term is added."""

    gain: float = 0.1
    """Share of the residual that a term must tell, held out: less is told by what the formulas do
    not follow either way."""
    most: int = 8
    """Terms that are added at most."""


LOOK = LookSettings()

_Groups: TypeAlias = dict[tuple[OneBody | Block, ...], list[int]]
"""Terms that are added together, and their columns."""


def look_again(
    data: Recordings,
    law: ExactLaw,
    candidates: Terms,
    known: Terms,
    median: float,
    order: Order,
    cutoff: float,
    *,
    rows: int,
    seed: int = 0,
    settings: LookSettings = LOOK,
) -> Terms:
    """The known terms, and those candidates that tell much of what the law leaves.

    While terms are chosen, functions of the distance are coarse, and what they do not follow hides
    what a term beside them does: an attraction between all does most of what a trap does. Formulas
    follow all, and what they leave is of terms that are missing.

    **Arguments:** `median` the median residual of the law.
    """
    have = {(b.sender, b.term.key, b.coupling, b.bonded) for b in known.blocks}
    blocks = [
        b for b in candidates.blocks if (b.sender, b.term.key, b.coupling, b.bonded) not in have
    ]
    alone = [term for term in candidates.one_body if term not in known.one_body]
    wide = replace(
        law.terms,
        blocks=(*law.terms.blocks, *blocks),
        one_body=(*law.terms.one_body, *alone),
    )
    own = int(law.terms.offsets[-1])
    start = int(wide.offsets[-1])
    place = [*range(own), *range(start, start + len(law.terms.singles))]
    factors = np.zeros(wide.size)
    factors[place] = law.factors
    sums = sum_moments(
        data,
        wide,
        order,
        cutoff,
        seed=seed,
        reference=Reference(factors, median),
        settings=MomentSettings(rows=rows),
    )
    first, offset = start + len(law.terms.singles), len(law.terms.blocks)
    # A trap acts along all axes: along one alone it tells nothing beside an attraction.
    singles = [[k] for k in range(len(alone))]
    together = _with_constants([*singles, *_along_all_axes(alone)], alone, data.dim)
    ones: _Groups = {
        tuple(alone[k] for k in group): [first + k for k in group] for group in together
    }
    pairs: _Groups = {
        (block,): list(range(*wide.columns_of(offset + k).indices(wide.size)))
        for k, block in enumerate(blocks)
    }
    free = [place[k] for k in law.free]
    left = held_out_squares(sums, law.values, free)
    added: list[OneBody | Block] = []
    # One number comes before a function of the distance that does nearly the same.
    for groups in (ones, pairs):
        while len(added) < settings.most:
            tried = {
                term: held_out_squares(sums, law.values, free + columns)
                for term, columns in groups.items()
                if not set(term) & set(added)
            }
            steady = {
                term: float(after.sum())
                for term, after in tried.items()
                if (after < left).sum() >= len(left) - 1
            }
            if not steady or min(steady.values()) > (1 - settings.gain) * left.sum():
                break
            best = min(steady, key=lambda term: steady[term])
            added += best
            left, free = tried[best], free + groups[best]
    return replace(
        known,
        blocks=(*known.blocks, *(one for one in added if isinstance(one, Block))),
        one_body=(*known.one_body, *(one for one in added if isinstance(one, OneBody))),
    )


def _with_constants(
    groups: Sequence[Sequence[int]], alone: Sequence[OneBody], dim: int
) -> list[list[int]]:
    """All of them, and with the constants that some come with, too."""
    found = [list(group) for group in groups]
    for group in groups:
        come = {constant for k in group for constant in alone[k].shifts(dim)}
        more = [k for k, term in enumerate(alone) if term in come]
        found += [[*group, *more]] if more else []
    return found


def _along_all_axes(alone: Sequence[OneBody]) -> list[list[int]]:
    """Terms of one kind that differ by their axes alone."""
    groups: dict[OneBody, list[int]] = {}
    for k, term in enumerate(alone):
        if term.kind in ALONG_AXES:
            groups.setdefault(replace(term, axis=0), []).append(k)
    return [group for group in groups.values() if len(group) > 1]
