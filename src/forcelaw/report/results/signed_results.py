"""What `results.json` of a run on a signed network holds, by key and type."""

from __future__ import annotations

from typing import Any, Self

from pydantic import TypeAdapter, model_validator

from forcelaw.report.results.schema_parts import (
    Count,
    Curve,
    Explained,
    Maybe,
    Part,
    Picture,
    Results,
    Share,
    Text,
)


class SignedCurves(Part):
    """What a report of a signed network draws."""

    force: Curve | None = None
    reliability: Curve | None = None
    embedding: Picture | None = None


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
