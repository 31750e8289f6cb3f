"""The explanation of one pair, in words and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forcelaw.signed.explanation.evidence import Evidence
from forcelaw.storage import Record


@dataclass(frozen=True)
class ColumnShare(Record):
    """One column of the decoder."""

    name: str
    group: str
    value: float
    """Of the pair."""
    contribution: float
    """To the log-odds."""


@dataclass(frozen=True)
class ExplainedPair(Record):
    """Why one pair is predicted as it is: `log_odds` = `base` + the sum of `groups`."""

    source: str
    target: str
    sign: int
    """As predicted."""
    probability: float
    """Of a positive sign."""
    log_odds: float
    base: float
    """Log-odds of the average pair that the decoder was fitted on."""
    groups: Mapping[str, float]
    """What each group of columns adds, the largest by size first."""
    columns: tuple[ColumnShare, ...]
    """All columns, the largest contribution by size first; those of a group add up to its own."""
    evidence: Evidence
