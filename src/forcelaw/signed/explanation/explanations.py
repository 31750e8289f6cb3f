"""Predictions as sums over groups of columns, with the edges behind them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from forcelaw.documents import ParsedObject
from forcelaw.files import many, spreadsheet_text, write_rows
from forcelaw.signed.decoder.geometry_decoder import geometry_names
from forcelaw.signed.explanation.evidence import Evidence
from forcelaw.signed.explanation.explained_pair import ColumnShare, ExplainedPair
from forcelaw.signed.features import Featurizer
from forcelaw.storage import plain


class Columns(NamedTuple):
    """What a decoder reads: the name of each column, and the group that it belongs to."""

    names: tuple[str, ...]
    subjects: tuple[str, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """Those that there are, in the order of their first columns."""
        return tuple(dict.fromkeys(self.subjects))


def columns_of(featurizer: Featurizer, *, features: bool, directed: bool) -> Columns:
    """Of the decoder of a preset, which sees the distance alone without `features`."""
    names = geometry_names(directed=directed)
    if not features:
        return Columns(names[:1], ("forces",))
    return Columns((*names, *featurizer.names), (*("forces",) * len(names), *featurizer.subjects))


@dataclass(frozen=True, eq=False, repr=False)
class Explanations:
    """Why pairs are predicted as they are.

    The calibrated log-odds of each pair are `base` plus the sum of its `contributions`, exactly: to
    the last digits of double precision. Contributions are Shapley values against the average pair
    of those that the decoder was fitted on, see `forcelaw.signed.decoder.shapley`; those of the
    columns of a group are added up. `explanations[i]` is all about one pair.
    """

    pairs: tuple[tuple[str, str], ...]
    threshold: float
    """The probability from which a sign is called positive."""
    base: float
    """Calibrated log-odds of the average pair."""
    columns: Columns
    values: Float[np.ndarray, "pair column"]
    contributions: Float[np.ndarray, "pair column"]
    """To the calibrated log-odds."""
    evidence: tuple[Evidence, ...]

    def __repr__(self) -> str:
        return f"Explanations({many(len(self.pairs), 'pair')}: {', '.join(self.columns.groups)})"

    def __len__(self) -> int:
        """The number of pairs."""
        return len(self.pairs)

    def __getitem__(self, row: int) -> ExplainedPair:
        """All about one pair."""
        names, subjects = self.columns
        by_group = dict(zip(self.columns.groups, self.by_group[row].tolist(), strict=True))
        order = np.argsort(-np.abs(self.contributions[row]), kind="stable")
        return ExplainedPair(
            *self.pairs[row],
            sign=int(self.sign[row]),
            probability=float(self.probability[row]),
            log_odds=float(self.log_odds[row]),
            base=self.base,
            groups=dict(sorted(by_group.items(), key=lambda item: -abs(item[1]))),
            columns=tuple(
                ColumnShare(
                    names[at],
                    subjects[at],
                    float(self.values[row, at]),
                    float(self.contributions[row, at]),
                )
                for at in order
            ),
            evidence=self.evidence[row],
        )

    def __iter__(self) -> Iterator[ExplainedPair]:
        """Pair by pair."""
        return (self[row] for row in range(len(self)))

    @property
    def log_odds(self) -> Float[np.ndarray, " pair"]:
        """Of a positive sign, calibrated."""
        return self.base + self.contributions.sum(axis=1)

    @property
    def probability(self) -> Float[np.ndarray, " pair"]:
        """Of a positive sign."""
        return 1 / (1 + np.exp(-self.log_odds))

    @property
    def sign(self) -> Int[np.ndarray, " pair"]:
        """+1 from the threshold on."""
        return np.where(self.probability >= self.threshold, 1, -1)

    @property
    def by_group(self) -> Float[np.ndarray, "pair group"]:
        """What each of `columns.groups` adds to the log-odds."""
        subjects = np.array(self.columns.subjects)
        parts = [
            self.contributions[:, subjects == name].sum(axis=1) for name in self.columns.groups
        ]
        return np.stack(parts, axis=1)

    def to_json(self) -> ParsedObject:
        """`threshold`, `base`, and every pair with its groups, columns and evidence."""
        return {
            "threshold": self.threshold,
            "base": self.base,
            "groups": list(self.columns.groups),
            "pairs": [plain(pair) for pair in self],
        }

    def csv(self, *, spreadsheet_safe: bool = False) -> str:
        """`source,target,sign,probability,log_odds,base` and a column for each group.

        **Arguments:** `spreadsheet_safe` as of `Predictions.csv`.
        """
        text, shown = io.StringIO(), spreadsheet_text if spreadsheet_safe else str
        head = ["source", "target", "sign", "probability", "log_odds", "base"]
        numbers = np.column_stack([self.probability, self.log_odds, self.by_group])
        write_rows(
            text,
            [*head, *(name.replace(" ", "_") for name in self.columns.groups)],
            (
                [
                    *map(shown, pair),
                    sign,
                    *(f"{number:.6f}" for number in (*row[:2], self.base, *row[2:])),
                ]
                for pair, sign, row in zip(
                    self.pairs, self.sign.tolist(), numbers.tolist(), strict=True
                )
            ),
        )
        return text.getvalue()
