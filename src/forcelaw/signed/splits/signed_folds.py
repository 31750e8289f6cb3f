"""Folds of edges for the cross-validation of scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from jaxtyping import Int

from forcelaw.errors import InvalidSetting
from forcelaw.signed.network import SignedNetwork, pair_names
from forcelaw.signed.settings import SignedSettings
from forcelaw.signed.splits.folds import assign_folds
from forcelaw.storage.settings import check_arguments

FoldProtocol = Literal["pairs", "directed"]
"""Of the protocols those that hold back edges at random."""


@dataclass(frozen=True)
class SignedFolds:
    """A splitter: `cross_val_score(model, network, cv=SignedFolds())`.

    Every edge is in one test part; friends and enemies are spread evenly.

    - ``pairs``: both directions of a pair are always in the same part, so that no test edge has its
      opposite edge among those that are learned from.
    - ``directed``: edges are held back one by one, as `StratifiedKFold` does.

    Forecasts hold back the latest edges: `split` and `evaluate` with the protocol ``temporal``.
    """

    protocol: FoldProtocol = "pairs"
    n_splits: int = 5
    seed: int = 0

    def split(
        self, X: Any, y: Any = None, groups: None = None
    ) -> Iterator[tuple[Int[np.ndarray, " train"], Int[np.ndarray, " test"]]]:
        """Rows of the training and of the test part, fold by fold.

        **Arguments:** `X` a network, or pairs of names with their signs `y`.

        **Raises** `InvalidSetting`: another protocol, fewer than two folds, or pairs without signs.
        """
        check_arguments(SignedSettings, seed=self.seed)
        if self.protocol not in get_args(FoldProtocol) or self.n_splits < 2:
            raise InvalidSetting(
                f"found the protocol {self.protocol!r} in {self.n_splits} folds, expected pairs or "
                "directed in 2 or more; forecasts are made by split and evaluate"
            )
        sign = np.asarray(X.sign if isinstance(X, SignedNetwork) else y)
        names = np.array(pair_names(X), object).reshape(-1, 2)
        if sign.shape != (len(names),):
            raise InvalidSetting(
                f"found signs of shape {list(sign.shape)} for {len(names)} pairs, expected one for "
                "each; give a network, or the signs as y"
            )
        unit = np.arange(len(names))
        if self.protocol == "pairs":
            number = np.unique(names, return_inverse=True)[1].reshape(-1, 2)
            unit = np.unique(np.sort(number, axis=1), axis=0, return_inverse=True)[1].ravel()
        # A pair is negative if one of its directions is.
        of_unit = np.full(int(unit.max(initial=-1)) + 1, 1)
        np.minimum.at(of_unit, unit, np.where(sign > 0, 1, -1))
        fold = assign_folds(of_unit, self.n_splits, self.seed)[unit]
        for number in range(self.n_splits):
            yield np.flatnonzero(fold != number), np.flatnonzero(fold == number)

    def get_n_splits(self, X: Any = None, y: Any = None, groups: None = None) -> int:
        """How many folds there are."""
        return self.n_splits
