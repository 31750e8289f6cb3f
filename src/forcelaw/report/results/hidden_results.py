"""What results hold of bodies and pairs that was not recorded, and is found."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from forcelaw.report.results.schema_parts import Count, Maybe, Number, Part, Share, Text

_Many = Field(max_length=1_000_000)
"""Pairs of bodies, of many recordings."""


class Hidden(Part):
    """What belongs to a body or a pair, with its probability."""

    recording: Text = ""
    probability: Share = None


class HiddenPair(Hidden):
    """Whether one body acts on another, and how much."""

    receiver: Text
    sender: Text
    interacts: bool
    coupling: Number
    error: Maybe = None
    level: Maybe = None


class HiddenCharge(Hidden):
    """The charge of a body; the probability is that of its sign."""

    body: Text
    value: Number
    error: Maybe = None


class HiddenKind(Hidden):
    """The kind of a body."""

    body: Text
    kind: Text


class Level(Part):
    """A value that couplings take, and the share of pairs that have it."""

    value: Number
    share: Share = None


class HiddenResults(Part):
    """All that was looked for beside the law."""

    what: Text
    """`edges`, `charge` or `kinds`."""
    words: Text = ""
    count: Count | None = None
    levels: list[Level] | None = None
    reciprocal: bool | None = None
    edges: Annotated[list[HiddenPair], _Many] | None = None
    charges: Annotated[list[HiddenCharge], _Many] | None = None
    bodies: Annotated[list[HiddenKind], _Many] | None = None

    @model_validator(mode="after")
    def check_kind(self) -> Self:
        """Rows of what was looked for."""
        rows = {"edges": self.edges, "charge": self.charges, "kinds": self.bodies}
        if self.what not in rows or rows[self.what] is None:
            raise ValueError(f"one of {', '.join(rows)} with its rows expected")
        return self
