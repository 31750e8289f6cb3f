"""Which signs are hidden together, and what stays visible meanwhile."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int

from forcelaw.signed.network import SignedNetwork
from forcelaw.signed.splits.settings import FOLD_SETTINGS, FoldSettings


class Fold(NamedTuple):
    """Edges that are hidden at a time, and the edges that stay visible."""

    hidden: Bool[np.ndarray, " edge"]
    visible: Bool[np.ndarray, " edge"]


def make_folds(
    train: SignedNetwork,
    count: int,
    seed: int,
    settings: FoldSettings = FOLD_SETTINGS,
    *,
    hidden: int | None = None,
) -> list[Fold]:
    """Random folds; for a forecast blocks of time, each predicted from its past.

    **Arguments:** `hidden` how many of the `count` folds are, or how many blocks; by default all.
    """
    hidden = count if hidden is None else hidden
    if train.forecast:
        chained = blocks_of_time(train, min(hidden, settings.blocks), settings)
        # Without both signs at two times there is no past to learn from.
        if len(chained) > 1:
            return chained
    fold = assign_folds(train.sign, count, seed)
    return [Fold(fold == k, fold != k) for k in range(min(hidden, count))]


def blocks_of_time(
    train: SignedNetwork, count: int, settings: FoldSettings = FOLD_SETTINGS
) -> list[Fold]:
    """The latest edges, those before them, and so on; what comes after a block is not visible.

    Edges of the same time stay together. A block whose past has not both signs is left out.
    """
    time = np.zeros(train.n_edges) if train.time is None else train.time
    ordered = np.sort(time)
    folds = []
    until, before = np.inf, train.n_edges
    for _ in range(count):
        since = ordered[int(before * settings.kept)]
        visible = time < since
        hidden = (time >= since) & (time < until)
        until, before = since, int(visible.sum())
        if before == 0:
            break
        if hidden.any() and len(np.unique(train.sign[visible])) == 2:
            folds.append(Fold(hidden, visible))
    return folds


def assign_folds(sign: Int[np.ndarray, " edge"], folds: int, seed: int) -> Int[np.ndarray, " edge"]:
    """A fold from 0 to `folds` - 1 for each edge, each sign spread evenly."""
    fold = np.empty(len(sign), np.int64)
    random = np.random.default_rng(seed)
    for value in (-1, 1):
        rows = random.permutation(np.flatnonzero(sign == value))
        fold[rows] = np.arange(len(rows)) % folds
    return fold
