"""Predicted ratings of named pairs, as text, JSON and a table for files."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Bool

from forcelaw.documents import ParsedObject
from forcelaw.files import many, spreadsheet_text, write_rows
from forcelaw.signed.network import indices_of, names_of
from forcelaw.signed.ratings.model import RatingModel, RatingPrediction
from forcelaw.signed.settings import LEVEL
from forcelaw.storage import RESULTS_SCHEMA

COLUMNS = ("source", "target", "rating", "low", "high", "known")
"""Of the table, and the keys of a pair in JSON."""
SHOWN = 20
"""Pairs, at most, that are printed: a screen of them."""


@dataclass(frozen=True, repr=False)
class RatedPairs:
    """Pairs of one network with the ratings that are predicted for them."""

    dataset: str
    level: float
    """Share of true ratings that intervals are to hold."""
    pairs: list[tuple[str, str]]
    predicted: RatingPrediction
    known: Bool[np.ndarray, " pair"]
    """Whether the network has both nodes; where it has not, the ratings of all others are told."""

    schema: ClassVar[int] = RESULTS_SCHEMA
    """Of the keys of `to_json`."""

    def rows(self) -> list[tuple[str, str, float, float, float, bool]]:
        """A row of `COLUMNS` for each pair."""
        numbers = (each.tolist() for each in (*self.predicted, self.known))
        return [(*pair, *row) for pair, *row in zip(self.pairs, *numbers, strict=True)]

    def to_json(self) -> ParsedObject:
        """`dataset`, `level`, `schema` and a list of the pairs."""
        pairs: Any = [dict(zip(COLUMNS, row, strict=True)) for row in self.rows()]
        return {
            "schema": self.schema, "dataset": self.dataset, "level": self.level, "pairs": pairs
        }  # fmt: skip

    def csv(self, *, spreadsheet_safe: bool = False) -> str:
        """`source,target,rating,low,high,known` with a header.

        **Arguments:** `spreadsheet_safe` writes names that a spreadsheet would take for formulas
        as text (`forcelaw.files.spreadsheet_text`).
        """
        text, shown = io.StringIO(), spreadsheet_text if spreadsheet_safe else str
        write_rows(
            text,
            list(COLUMNS),
            (
                [shown(a), shown(b), f"{r:.4f}", f"{low:g}", f"{high:g}", "true" if k else "false"]
                for a, b, r, low, high, k in self.rows()
            ),
        )
        return text.getvalue()

    def __str__(self) -> str:
        lines = [
            f"{a} -> {b}   {rating:.2f}   from {low:g} to {high:g}{'' if known else '   unknown'}"
            for a, b, rating, low, high, known in self.rows()[:SHOWN]
        ]
        if len(self.pairs) > SHOWN:
            lines.append(f"... {len(self.pairs) - SHOWN:,} more")
        title = f"{self.dataset}: {many(len(self.pairs), 'pair')}; intervals for {self.level:.0%}"
        return "\n".join([title, *lines])

    def __repr__(self) -> str:
        return f"<RatedPairs {self.dataset}, {many(len(self.pairs), 'pair')}>"


def rate_pairs(model: RatingModel, pairs: Any, level: float = LEVEL) -> RatedPairs:
    """Predicts pairs as `RatingModel.predict_rating` takes them, with their names.

    **Raises** as it does.
    """
    predicted = model.predict_rating(pairs, level)
    known = np.all(indices_of(model.network, pairs) >= 0, axis=1)
    named = names_of(model.network, pairs)
    return RatedPairs(model.network.name, float(level), named, predicted, known)
