"""Types of what results hold: texts, numbers, curves and pictures."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from forcelaw.files import quoted

Text = Annotated[str, Field(max_length=100_000)]
Number = float
Maybe = float | None
"""A number, or null where it is not defined."""
Packed = Annotated[str, Field(max_length=20_000_000, pattern=r"^[A-Za-z0-9+/]*={0,2}$")]
"""Whole numbers, little-endian, in base64."""
Share = Annotated[float, Field(ge=0, le=1)] | None
"""A part of a whole, or a score between 0 and 1."""
Explained = Annotated[float, Field(le=1)] | None
"""An R²."""
Count = Annotated[int, Field(ge=0)]
Metric = bool | int | float | str | None
"""Of an epoch of a training."""
Rows = Field(max_length=10_000)
"""What a person may read through."""


class Part(BaseModel):
    """A part of a document: types are exact, numbers finite, other keys kept."""

    model_config = ConfigDict(extra="allow", strict=True, allow_inf_nan=False, frozen=True)


class Dots(Part):
    """Numbers against numbers, maybe with half the width of a band of each."""

    x: list[Number]
    y: list[Number]
    error: list[Maybe] | None = None
    pairs: list[Count] | None = None
    """Of which each was measured."""

    @model_validator(mode="after")
    def check_lengths(self) -> Self:
        """As many of each."""
        if {len(one) for one in (self.y, self.error, self.pairs) if one is not None} - {
            len(self.x)
        }:
            raise ValueError("as many numbers expected in x as in y, error and pairs")
        return self


class Curve(Part):
    """Several series over one axis."""

    x: list[Maybe] | None = None
    series: dict[Text, list[Maybe]] | None = None
    x_label: Text = ""
    y_label: Text = ""
    log_x: bool = False
    log_y: bool = False
    clip: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = None
    points: list[Text] | None = None
    low: list[Maybe] | None = None
    high: list[Maybe] | None = None
    """The band of the series."""
    dots: Dots | None = None

    @model_validator(mode="after")
    def check_lengths(self) -> Self:
        """Every series has a value for every place."""
        length = len(self.x or ())
        for name, values in (self.series or {}).items():
            if len(values) not in (0, length):
                raise ValueError(f"{length} values expected in the series {quoted(name)}")
        if {len(side) for side in (self.low, self.high) if side} - {length}:
            raise ValueError(f"{length} values expected on both sides of the band")
        return self


class ForceCurve(Part):
    """The force between two bodies with its band."""

    r: list[Maybe] | None = None
    force: list[Maybe] | None = None
    low: list[Maybe] | None = None
    high: list[Maybe] | None = None
    explained: Explained = None

    @model_validator(mode="after")
    def check_lengths(self) -> Self:
        """Every series has a value for every distance."""
        for name in ("force", "low", "high"):
            if len(getattr(self, name) or self.r or ()) != len(self.r or ()):
                raise ValueError(f"as many values expected in {name} as in r")
        return self


class Measured(Part):
    """A number and its standard error."""

    value: Number
    error: Maybe = None


class PairCurve(ForceCurve):
    """The same between two kinds in one direction, and what is known of it beside the curve."""

    receiver: Text = ""
    sender: Text = ""
    term: Text = "pair"
    coupling: Text = ""
    text: Text = ""
    others: Annotated[list[Text], Rows] = []
    formula: list[Maybe] | None = None
    """At `r`, as the truth."""
    truth: list[Maybe] | None = None
    measured: Dots | None = None
    constants: Annotated[list[Measured], Rows] = []


class Picture(Part):
    """A network in the plane."""

    position: list[Annotated[list[Number], Field(min_length=2, max_length=2)]] | None = None
    edges: list[Annotated[list[int], Field(min_length=3, max_length=3)]] | None = None
    names: list[Text] | None = None
    marker: Maybe = None
    caption: Text | None = None

    @model_validator(mode="after")
    def check_nodes(self) -> Self:
        """A place for every name and every end of an edge."""
        nodes = len(self.position or ())
        if self.names and len(self.names) != nodes:
            raise ValueError(f"{nodes} names expected, one for each position")
        if any(not 0 <= end < nodes for edge in self.edges or () for end in edge[:2]):
            raise ValueError(f"edges expected between the nodes 0 to {nodes - 1}")
        return self


class Trouble(Part):
    """What went wrong in a training."""

    skipped: Count = 0
    rollbacks: Count = 0


class Results(Part):
    """What both applications say."""

    kind: Text
    command: Text | None = None
    version: Text | None = None
    versions: dict[Text, Text] | None = None
    """Of what forcelaw is built on."""
    content_hash: Text | None = None
    """Of the data."""
    precision: int | None = None
    seed: int | None = None
    dim: int | None = None
    notes: Annotated[list[Text], Rows] | None = None
    seconds: dict[Text, Number] | None = None
    training: Trouble | None = None
