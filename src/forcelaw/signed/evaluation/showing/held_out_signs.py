"""How well methods tell held-out signs at every threshold, and at their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from forcelaw.signed.evaluation.curves import Curves
from forcelaw.storage import Record

_PLACES = 101
"""Places of a curve from 0 to 1: as many as can be told apart in a plot."""


@dataclass(frozen=True, eq=False)
class HeldOutSigns:
    """Signs that no method has learned from, and what every method says of them."""

    sign: Int[np.ndarray, " pair"]
    probability: Mapping[str, Float[np.ndarray, " pair"]]
    """Of a positive sign, by the name of the method."""
    threshold: Mapping[str, float]
    """The probability from which a method calls a sign positive."""

    def called(self, method: str) -> Int[np.ndarray, " pair"]:
        """+1 where the method says friend, else -1."""
        return np.where(self.probability[method] >= self.threshold[method], 1, -1)


@dataclass(frozen=True, eq=False)
class HeldOutCurves(Record):
    """What a report draws of them."""

    roc: Curves
    """Share of friends called friends against that of enemies called friends."""
    precision_recall: Curves
    """Of enemies, the rarer and harder kind: precision against recall."""
    confusion: Mapping[str, tuple[int, int, int, int]]
    """By method: friends called friends, friends called enemies, enemies called friends, enemies
    called enemies."""

    @classmethod
    def of(cls, splits: Sequence[HeldOutSigns]) -> HeldOutCurves | None:
        """Of all splits together; None without friends or without enemies."""
        friend = np.concatenate([split.sign for split in splits]) > 0
        if friend.all() or not friend.any():
            return None
        roc: dict[str, Float[np.ndarray, " place"]] = {}
        recall: dict[str, Float[np.ndarray, " place"]] = {}
        confusion = {}
        for method in splits[0].probability:
            probability = np.concatenate([split.probability[method] for split in splits])
            called = np.concatenate([split.called(method) for split in splits]) > 0
            roc[method] = roc_curve(friend, probability)
            recall[method] = precision_curve(~friend, 1 - probability)
            confusion[method] = (
                int((friend & called).sum()),
                int((friend & ~called).sum()),
                int((~friend & called).sum()),
                int((~friend & ~called).sum()),
            )
        share = float((~friend).mean())
        place = np.linspace(0, 1, _PLACES)
        return cls(
            roc=Curves(
                x=place,
                series={"chance": place, **roc},
                x_label="share of enemies called friends",
                y_label="share of friends called friends",
            ),
            precision_recall=Curves(
                x=place,
                series={"chance": np.full(_PLACES, share), **recall},
                x_label="recall of enemies",
                y_label="precision of enemies",
            ),
            confusion=confusion,
        )


Tell = Callable[[HeldOutSigns], None]
"""Is told of every split."""


def roc_curve(
    wanted: np.ndarray, score: Float[np.ndarray, " pair"], places: int = _PLACES
) -> Float[np.ndarray, " place"]:
    """The share of `wanted` above a threshold, at evenly spaced shares of the others above it.

    Pairs of equal score come together, on a straight line. There are some of both kinds.
    """
    hits, others = _above(wanted, score)
    return np.interp(np.linspace(0, 1, places), others / others[-1], hits / hits[-1])


def precision_curve(
    wanted: np.ndarray, score: Float[np.ndarray, " pair"], places: int = _PLACES
) -> Float[np.ndarray, " place"]:
    """The share of `wanted` among those above the threshold that first reaches a recall.

    At evenly spaced recalls; there are some of the wanted.
    """
    hits, others = (count[1:] for count in _above(wanted, score))
    first = np.searchsorted(hits / hits[-1], np.linspace(0, 1, places) - 1e-12)
    return (hits / (hits + others))[np.minimum(first, len(hits) - 1)]


def _above(
    wanted: np.ndarray, score: Float[np.ndarray, " pair"]
) -> tuple[Int[np.ndarray, " threshold"], Int[np.ndarray, " threshold"]]:
    """How many of both kinds lie above each threshold, from none on."""
    order = np.argsort(-score, kind="stable")
    last = np.append(np.flatnonzero(np.diff(score[order])), len(order) - 1)
    hits = np.cumsum(wanted[order])[last]
    return np.append(0, hits), np.append(0, last + 1 - hits)
