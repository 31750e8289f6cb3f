"""What each column adds to the log-odds of a decoder: Shapley values against the average pair.

A decoder is a sum of linear terms and of trees. A linear term adds its weight times how far the
column lies from its mean. Of a tree the Shapley values are computed exactly, leaf by leaf, for the
game in which a coalition of columns has the pair's values and the others have their means: a leaf
is reached if all columns that only the pair agrees with are in the coalition and none of those that
only the mean agrees with (interventional TreeSHAP with one reference: Lundberg et al., Nature
Machine Intelligence 2, 2020; baseline Shapley values: Sundararajan & Najmi, ICML 2020). For the
linear terms both definitions are the same. Needed is the decoder alone: the means are those that
its inputs are standardised by.
"""

from __future__ import annotations

from math import factorial
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import sparse

from forcelaw.signed.decoder.ensemble import Ensemble
from forcelaw.signed.decoder.settings import DECODER_SETTINGS, DecoderSettings
from forcelaw.signed.decoder.trees import LEAVES, NODES, Trees

DEPTH = LEAVES - 1
"""Questions on the way to a leaf, at most."""


class Attribution(NamedTuple):
    """Log-odds as a sum: `base`, and what each column adds."""

    base: float
    """Log-odds of the average pair, at the mean of every column."""
    column: Float[np.ndarray, "row column"]

    @property
    def log_odds(self) -> Float[np.ndarray, " row"]:
        """The sum."""
        return self.base + self.column.sum(axis=1)


def attribute(
    ensemble: Ensemble,
    rows: Float[np.ndarray, "row column"],
    settings: DecoderSettings = DECODER_SETTINGS,
) -> Attribution:
    """What each column adds to the mean log-odds of an ensemble of linear members and trees.

    Sums are in double precision; columns are compared with thresholds in the ensemble's own.
    """
    standard, members, share = ensemble.standard, ensemble.members, float(ensemble.share)
    mean, scale = (np.asarray(each, np.float64) for each in (standard.shift, standard.scale))
    weight = np.asarray(members.linear, np.float64).mean(axis=0) / scale
    base = (1 - share) * float(np.asarray(members.bias, np.float64).mean())
    column = (1 - share) * weight * (np.asarray(rows, np.float64) - mean)
    if share and ensemble.trees.value.shape[1]:
        own = np.asarray(standard.shift)
        paths = _paths(ensemble.trees)
        part = share / ensemble.trees.value.shape[0]
        at_mean = part * float(_reached(paths, own[None])[0] @ paths.value.ravel())
        base += part * float(np.asarray(ensemble.trees.base, np.float64).sum()) + at_mean
        size = max(1, settings.tree_cells // paths.threshold.size)
        for start in range(0, len(rows), size):
            block = slice(start, start + size)
            column[block] += part * _of_trees(paths, np.asarray(rows[block], own.dtype), own)
    return Attribution(base, column)


class _Paths(NamedTuple):
    """The questions on the way to every leaf of every tree; unused places ask nothing."""

    column: Int[np.ndarray, "leaf step"]
    threshold: Float[np.ndarray, "leaf step"]
    above: Bool[np.ndarray, "leaf step"]
    """Whether a row has to be above the threshold."""
    asked: Bool[np.ndarray, "leaf step"]
    player: Int[np.ndarray, "leaf step"]
    """The first step of the same leaf that asks for the same column."""
    value: Float[np.ndarray, " leaf"]


def _paths(trees: Trees) -> _Paths:
    """All leaves of all members' trees that have a value."""
    shape = (-1, NODES)
    feature, left, right = (
        np.asarray(each).reshape(shape) for each in (trees.feature, trees.left, trees.right)
    )
    threshold, value = (np.asarray(each).reshape(shape) for each in (trees.threshold, trees.value))
    column, limit, above, asked, player, values = [], [], [], [], [], []
    for tree in range(len(feature)):
        waiting: list[tuple[int, tuple[tuple[int, bool], ...]]] = [(0, ())]
        while waiting:
            node, path = waiting.pop()
            if left[tree, node] != node:
                waiting.append((int(left[tree, node]), (*path, (node, False))))
                waiting.append((int(right[tree, node]), (*path, (node, True))))
                continue
            free = DEPTH - len(path)
            columns = [int(feature[tree, at]) for at, _ in path]
            column.append(columns + [0] * free)
            limit.append([threshold[tree, at] for at, _ in path] + [0.0] * free)
            above.append([up for _, up in path] + [False] * free)
            asked.append([True] * len(path) + [False] * free)
            player.append([columns.index(each) for each in columns] + [0] * free)
            values.append(value[tree, node])
    return _Paths(
        np.array(column, np.int64),
        np.array(limit, threshold.dtype),
        np.array(above, bool),
        np.array(asked, bool),
        np.array(player, np.int64),
        np.array(values, np.float64),
    )


def _agrees(
    paths: _Paths, rows: Float[np.ndarray, "row column"]
) -> Bool[np.ndarray, "row leaf step"]:
    """Whether a row gives all answers about the column of a player that lead to the leaf."""
    right = ((rows[:, paths.column] > paths.threshold) == paths.above) | ~paths.asked
    agrees = np.ones_like(right)
    leaf = np.arange(len(paths.column))
    for step in range(DEPTH):
        # Several questions about one column are one player's.
        agrees[:, leaf, paths.player[:, step]] &= right[:, :, step]
    return agrees


def _reached(paths: _Paths, rows: Float[np.ndarray, "row column"]) -> Float[np.ndarray, "row leaf"]:
    """1 for the leaves that a row comes to, one of each tree."""
    return np.asarray(_agrees(paths, rows).all(axis=2).astype(np.float64))


def _of_trees(
    paths: _Paths, rows: Float[np.ndarray, "row column"], mean: Float[np.ndarray, " column"]
) -> Float[np.ndarray, "row column"]:
    """Shapley values of the sum of all trees, without its base."""
    here, there = _agrees(paths, rows), _agrees(paths, mean[None])
    possible = (here | there).all(axis=2)
    only_here, only_there = here & ~there, there & ~here
    joining, leaving = only_here.sum(axis=2), only_there.sum(axis=2)
    gain, loss = _WEIGHTS[:, joining, leaving] * (possible * paths.value)
    share = gain[:, :, None] * only_here - loss[:, :, None] * only_there
    leaves, steps = paths.column.shape
    place = (np.ones(leaves * steps), (np.arange(leaves * steps), paths.column.ravel()))
    columns = sparse.csr_array(place, shape=(leaves * steps, len(mean)))
    return np.asarray(share.reshape(len(rows), -1) @ columns)


def _shapley_weights() -> Float[np.ndarray, "2 player player"]:
    """Of one who makes a leaf reached, and of one who prevents it, by how many there are of each.

    The share of the orders in which all of the former come in, and none of the latter, when that
    one comes.
    """
    weights = np.zeros((2, DEPTH + 1, DEPTH + 1))
    for joining in range(DEPTH + 1):
        for leaving in range(DEPTH + 1 - joining):
            orders = factorial(joining + leaving)
            if joining:
                weights[0, joining, leaving] = factorial(joining - 1) * factorial(leaving) / orders
            if leaving:
                weights[1, joining, leaving] = factorial(joining) * factorial(leaving - 1) / orders
    return weights


_WEIGHTS = _shapley_weights()
