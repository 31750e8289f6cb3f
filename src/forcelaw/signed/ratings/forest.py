"""A forest that gives the distribution of a rating, and thresholds that make it hold."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from forcelaw.signed.ratings.settings import RatingSettings


class Scale(NamedTuple):
    """The ratings that occur, or ranges of them if they are many; increasing."""

    low: Float[np.ndarray, " cell"]
    high: Float[np.ndarray, " cell"]
    mean: Float[np.ndarray, " cell"]

    @classmethod
    def of(cls, rating: Float[np.ndarray, " row"], most: int) -> Scale:
        """Of `most` cells at most, which then hold equally many ratings each."""
        values = np.unique(rating)
        if len(values) > most:
            values = np.unique(np.quantile(rating, np.linspace(0, 1, most), method="lower"))
        cell = np.searchsorted(values, rating, side="right") - 1
        low, high = np.full(len(values), np.inf), np.full(len(values), -np.inf)
        np.minimum.at(low, cell, rating)
        np.maximum.at(high, cell, rating)
        return cls(low, high, np.bincount(cell, rating) / np.bincount(cell))

    def cell_of(self, rating: Float[np.ndarray, " row"]) -> Int[np.ndarray, " row"]:
        """The cell of each rating, the lowest of those below all."""
        return np.maximum(np.searchsorted(self.low, rating, side="right") - 1, 0)


@dataclass(frozen=True, eq=False)
class Forest:
    """The share of each rating in the leaves that a pair comes to, over all trees.

    Quantile regression forest (Meinshausen, JMLR 7, 2006) of extremely randomised trees (Geurts,
    Ernst & Wehenkel, Machine Learning 63, 2006), each grown on a bootstrap sample.
    """

    trees: Any
    leaf: tuple[Float[np.ndarray, "leaf cell"], ...]
    """Of each tree, by node."""
    scale: Scale

    @classmethod
    def grow(
        cls,
        values: Float[np.ndarray, "row column"],
        rating: Float[np.ndarray, " row"],
        scale: Scale,
        seed: int,
        settings: RatingSettings,
    ) -> Forest:
        """**Arguments:** `seed` of the samples and of the questions."""
        from sklearn.ensemble import ExtraTreesRegressor

        trees: Any = ExtraTreesRegressor(
            settings.trees,
            min_samples_leaf=settings.fewest_in_leaf,
            max_features=settings.column_share,
            bootstrap=True,
            random_state=seed,
        )
        trees.fit(_single(values), rating)
        at, cell, n = trees.apply(_single(values)), scale.cell_of(rating), len(scale.mean)
        leaf = []
        for number, (tree, rows) in enumerate(
            zip(trees.estimators_, trees.estimators_samples_, strict=True)
        ):
            place = at[rows, number].astype(np.int64) * n + cell[rows]
            count = np.bincount(place, minlength=tree.tree_.node_count * n).reshape(-1, n)
            share = count / np.maximum(count.sum(axis=1, keepdims=True), 1)
            leaf.append(share.astype(np.float32))
        return cls(trees, tuple(leaf), scale)

    def shares(self, values: Float[np.ndarray, "row column"]) -> Float[np.ndarray, "row cell"]:
        """The probability of each rating."""
        found = np.zeros((len(values), len(self.scale.mean)))
        if len(values):
            for share, at in zip(self.leaf, self.trees.apply(_single(values)).T, strict=True):
                found += share[at]
        return found / len(self.leaf)

    def held_out_shares(
        self, values: Float[np.ndarray, "row column"]
    ) -> Float[np.ndarray, "row cell"]:
        """The same for the rows that it was grown on, each by trees that did not see it.

        Even shares where all trees saw a row.
        """
        found, trees = np.zeros((len(values), len(self.scale.mean))), np.zeros(len(values))
        at = self.trees.apply(_single(values)).T
        for share, own, rows in zip(self.leaf, at, self.trees.estimators_samples_, strict=True):
            unseen = np.ones(len(values), bool)
            unseen[rows] = False
            found[unseen] += share[own[unseen]]
            trees += unseen
        found[trees == 0] = 1 / found.shape[1]
        return found / np.maximum(trees, 1)[:, None]


def conformity(
    shares: Float[np.ndarray, "row cell"], cell: Int[np.ndarray, " row"]
) -> Float[np.ndarray, " row"]:
    """How central a cell lies: the lesser probability of ratings up to it, and from it on."""
    return np.take_along_axis(_tails(shares), cell[:, None], axis=1)[:, 0]


def threshold(central: Float[np.ndarray, " row"], level: float) -> float:
    """The conformity from which ratings belong into an interval that holds `level` of them.

    Distributional conformal prediction (Chernozhukov, Wüthrich & Zhu, PNAS 118, 2021): exchangeable
    ratings are held with at least this probability; with too few of them all belong into it.
    """
    outside = math.floor((len(central) + 1) * (1 - level))
    return min(float(np.sort(central)[outside - 1]), 0.5) if outside else 0.0


def interval(
    shares: Float[np.ndarray, "row cell"], scale: Scale, limit: float
) -> tuple[Float[np.ndarray, " row"], Float[np.ndarray, " row"]]:
    """The lowest and the highest rating whose conformity is not below the limit."""
    inside = _tails(shares) >= min(limit, 0.5) - ROUNDING
    first = inside.argmax(axis=1)
    last = inside.shape[1] - 1 - inside[:, ::-1].argmax(axis=1)
    return scale.low[first], scale.high[last]


ROUNDING = 1e-9
"""Of probabilities that were added up, so that equal ones are not told apart."""


def _tails(shares: Float[np.ndarray, "row cell"]) -> Float[np.ndarray, "row cell"]:
    upto = np.cumsum(shares, axis=1)
    return np.minimum(upto, upto[:, -1:] - upto + shares)


def _single(values: np.ndarray) -> np.ndarray:
    """Trees of scikit-learn compare in single precision."""
    return np.asarray(values, np.float32)
