"""What all features of pairs share: fitted once on a training network, then read off."""

from __future__ import annotations

import abc
from collections.abc import Iterable
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

FeatureGroup = Literal[
    "sender",
    "receiver",
    "ends",
    "opposite edge",
    "triads",
    "walks",
    "eigenvectors",
    "activity",
    "recency",
    "neighbours",
    "forces",
]
"""What a column is about: the edges of the source, of the target, or, where these are in no order
or taken together, of both ends; what joins the two; where the forces put them."""


class AbstractPairFeatures(abc.ABC):
    """Columns of numbers about pairs of nodes, from what a training network holds.

    Each final class has a `fit`, which computes once whatever does not depend on the pairs. But
    for degrees and walks, which leave a pair's own edge out, use pairs that the training network
    does not hold: their own ratings are *not* left out. The order of an unordered pair's ends does
    not matter.
    """

    @property
    @abc.abstractmethod
    def names(self) -> tuple[str, ...]:
        """Of the columns, in their order."""

    @property
    @abc.abstractmethod
    def subjects(self) -> tuple[FeatureGroup, ...]:
        """The group of each column, by which a prediction is explained."""

    @abc.abstractmethod
    def transform(self, pairs: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, "pair column"]:
        """The columns of pairs of node indices, source and target."""


def both_ends(
    table: Float[np.ndarray, "node column"], pairs: Int[np.ndarray, "pair 2"], *, directed: bool
) -> Float[np.ndarray, "pair columns"]:
    """The rows of source and target; if undirected the smaller value first, column by column."""
    first, second = table[pairs[:, 0]], table[pairs[:, 1]]
    if not directed:
        first, second = np.minimum(first, second), np.maximum(first, second)
    return np.concatenate([first, second], axis=1)


def names_of_both(columns: Iterable[str], *, directed: bool) -> tuple[str, ...]:
    """The names of the columns of `both_ends`."""
    ends = ("source", "target") if directed else ("smaller", "larger")
    columns = tuple(columns)
    return tuple(f"{end}_{name}" for end in ends for name in columns)
