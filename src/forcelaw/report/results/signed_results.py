"""What `results.json` of a run on a signed network holds, by key and type."""

from __future__ import annotations

import base64
from typing import Annotated, Any, Self

import numpy as np
from pydantic import Field, TypeAdapter, model_validator

from forcelaw.report.results.schema_parts import (
    Count,
    Curve,
    Explained,
    Maybe,
    Number,
    Packed,
    Part,
    Picture,
    Results,
    Rows,
    Share,
    Text,
)


class ShownNetwork(Part):
    """A network in space, frame by frame, its numbers packed."""

    names: Annotated[list[Text], Field(max_length=65_535)]
    time: Annotated[list[Number], Field(min_length=2, max_length=1_000)]
    position: Packed
    """int16 `[frame, node, 3]`, of which 32,767 are `widest`."""
    widest: Annotated[float, Field(gt=0)]
    spread: Share = None
    edges: Packed
    """uint16 `[edge, 2]`."""
    state: Packed
    """Bits of every edge: 1 a friend, 2 held out, 4 called a friend, 8 by the baseline."""
    probability: Packed
    """Of a friend, as predicted, in 255ths; 0 where the edge was not held out."""
    faction: Packed
    """Of every node, from 0."""
    all_nodes: Count
    all_edges: Count

    @model_validator(mode="after")
    def check_numbers(self) -> Self:
        """As many numbers as nodes, edges and frames want, and edges between nodes."""
        nodes, ends = len(self.names), unpack(self.edges, "<u2")
        if len(ends) % 2 or (len(ends) and int(ends.max()) >= nodes):
            raise ValueError(f"edges expected between the nodes 0 to {nodes - 1}")
        places = len(self.time) * nodes * 3
        for name, kind, count in (
            ("position", "<i2", places),
            ("state", "u1", len(ends) // 2),
            ("probability", "u1", len(ends) // 2),
            ("faction", "u1", nodes),
        ):
            if len(unpack(getattr(self, name), kind)) != count:
                raise ValueError(f"{count} numbers expected in {name}")
        return self


class HeldOut(Part):
    """How well methods tell held-out signs."""

    roc: Curve | None = None
    precision_recall: Curve | None = None
    confusion: dict[Text, Annotated[list[Count], Field(min_length=4, max_length=4)]] | None = None
    """Friends called friends, called enemies, enemies called friends, called enemies."""


class ColumnShare(Part):
    """What a column adds to the log-odds of a pair."""

    name: Text
    contribution: Number


Ends = Annotated[list[Count], Field(min_length=2, max_length=2)]
"""Positive and negative edges."""


class ToldPair(Part):
    """A held-out pair, and why it was predicted so."""

    source: Text
    target: Text
    actual: int
    sign: int
    probability: Share
    base: Number
    groups: dict[Text, Number]
    columns: Annotated[list[ColumnShare], Rows]
    friendly_triangles: Count
    hostile_triangles: Count
    given: Ends
    received: Ends


def unpack(text: str, kind: str) -> np.ndarray:
    """The numbers of a packed text, of a NumPy type. **Raises** `ValueError` for another text."""
    return np.frombuffer(base64.b64decode(text, validate=True), kind)


class SignedCurves(Part):
    """What a report of a signed network draws."""

    force: Curve | None = None
    reliability: Curve | None = None
    embedding: Picture | None = None
    network: ShownNetwork | None = None
    held_out: HeldOut | None = None
    told: Annotated[list[ToldPair], Rows] | None = None


class Summary(Part):
    """A score over several splits."""

    mean: Share
    std: Share = None
    count: Count | None = None
    values: list[Share] | None = None


class Reliability(Part):
    """Pairs and the share of friends among them by predicted probability."""

    count: list[Count]
    positive: list[Share]

    @model_validator(mode="after")
    def check_lengths(self) -> Self:
        """A share for every bin."""
        if len(self.count) != len(self.positive):
            raise ValueError(f"{len(self.count)} values expected in positive")
        return self


class Methods(Part):
    """Scores by method."""

    forcelaw: dict[Text, Summary] | None = None
    features: dict[Text, Summary] | None = None
    default: dict[Text, Summary] | None = None
    baseline: dict[Text, Summary] | None = None
    spectral: dict[Text, Summary] | None = None


class SpringsFound(Part):
    """Whether springs have learned anything."""

    learned: bool
    auc: Share


class SignedResults(Results, Methods):
    """The results of `forcelaw signed`."""

    dataset: Text | None = None
    nodes: Count | None = None
    source_nodes: Count | None = None
    edges: Count | None = None
    positive: Share = None
    cleanup: dict[Text, Count] | None = None
    preset: Text | None = None
    protocol: Text | None = None
    seeds: Count | None = None
    given: bool | None = None
    transductive: bool | None = None
    reverse_share: Share = None
    validation: Methods | None = None
    springs: SpringsFound | list[SpringsFound] | None = None
    formulas: dict[Text, Text] | None = None
    formula_r2: dict[Text, Explained] | None = None
    formula_reach: Maybe = None
    reliability: dict[Text, Reliability] | None = None
    peak_memory_mb: Maybe = None
    curves: SignedCurves | None = None

    @property
    def title(self) -> str | None:
        """What the results are about."""
        return self.dataset

    @model_validator(mode="after")
    def check_bins(self) -> Self:
        """All methods have the same bins."""
        if len({len(one.count) for one in (self.reliability or {}).values()}) > 1:
            raise ValueError("as many bins expected in the reliability of every method")
        return self


_SPRINGS = TypeAdapter(SpringsFound | list[SpringsFound] | None)


def read_springs(document: Any) -> SpringsFound | list[SpringsFound] | None:
    """The value of `springs` in results that were checked, or that were just made."""
    return _SPRINGS.validate_python(document)
