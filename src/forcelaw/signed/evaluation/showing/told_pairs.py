"""Held-out pairs that were told most wrongly, and most clearly right, with what decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from forcelaw.signed.evaluation.showing.held_out_signs import HeldOutSigns
from forcelaw.signed.explanation import ColumnShare, ExplainedPair
from forcelaw.signed.model import SpringEmbedding
from forcelaw.signed.splits import Split
from forcelaw.storage import Record

_WRONG, _RIGHT = 8, 2
"""Friends, and enemies, that are told about: taken for the other, and rightly told."""
_COLUMNS = 5
"""Of those that the decoder reads, which add most."""


@dataclass(frozen=True)
class ToldPair(Record):
    """A pair, its sign, and why it was predicted so; see `ExplainedPair`."""

    source: str
    target: str
    actual: int
    sign: int
    """As predicted."""
    probability: float
    base: float
    groups: Mapping[str, float]
    columns: tuple[ColumnShare, ...]
    """Those of the largest contributions."""
    friendly_triangles: int
    hostile_triangles: int
    given: tuple[int, int]
    """Positive and negative edges that the source gives to others."""
    received: tuple[int, int]
    """The same that the target receives."""

    @classmethod
    def of(cls, pair: ExplainedPair, actual: int) -> ToldPair:
        """Of an explanation in full."""
        known = pair.evidence
        given, received = known.source.given, known.target.received
        return cls(
            source=pair.source,
            target=pair.target,
            actual=actual,
            sign=pair.sign,
            probability=pair.probability,
            base=pair.base,
            groups=pair.groups,
            columns=pair.columns[:_COLUMNS],
            friendly_triangles=known.friendly_triangles,
            hostile_triangles=known.hostile_triangles,
            given=(given.positive, given.negative),
            received=(received.positive, received.negative),
        )


def tell_pairs(model: SpringEmbedding, parts: Split, held: HeldOutSigns) -> tuple[ToldPair, ...]:
    """Of the test part, the least likely signs first: contradicted ones may be wrong themselves."""
    rows = _chosen(held)
    if not len(rows):
        return ()
    pairs = parts.test.named_pairs
    found = model.explain([pairs[row] for row in rows.tolist()])
    actual = held.sign[rows].tolist()
    return tuple(ToldPair.of(one, int(sign)) for one, sign in zip(found, actual, strict=True))


def _chosen(held: HeldOutSigns) -> Int[np.ndarray, " row"]:
    """Rows told wrongly, the least likely sign first, then some told rightly, the clearest last."""
    friend = held.sign > 0
    positive = held.probability["forcelaw"]
    own = np.where(friend, positive, 1 - positive)
    right = held.called("forcelaw") == held.sign
    wrong, clear = [], []
    for kind in (friend, ~friend):
        order = np.argsort(own, kind="stable")
        wrong.append(order[(kind & ~right)[order]][:_WRONG])
        clear.append(order[(kind & right)[order]][-_RIGHT:])
    both = [np.concatenate(rows) for rows in (wrong, clear)]
    return np.concatenate([rows[np.argsort(own[rows], kind="stable")] for rows in both])
