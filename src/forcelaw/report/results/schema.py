"""What the results of a run hold, by key and type: nothing read back is used unchecked.

Keys that are not named here are kept and ignored, so that later versions may add some.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from forcelaw.documents import ParsedObject
from forcelaw.errors import InputError, UnreadableFile
from forcelaw.files import quoted
from forcelaw.report.results.schema_parts import (
    Count,
    Curve,
    Explained,
    ForceCurve,
    Maybe,
    Number,
    Part,
    Picture,
    Rows,
    Share,
    Text,
)
from forcelaw.storage import RESULTS_SCHEMA

_FIRST = 1
"""The schema of results that do not name theirs."""


class Law(Part):
    """A law as texts of formulas."""

    pair: Text
    alone: Text | None = Field(None, alias="self")


class Candidate(Part):
    """A row of the Pareto front."""

    complexity: int
    error: Number
    text: Text
    chosen: bool = False
    source: Text = ""


class Constant(Part):
    """A constant and its standard deviation."""

    value: Number
    deviation: Maybe = None


class Choice(Part):
    """A formula and how often it was chosen."""

    text: Text
    share: Annotated[float, Field(ge=0, le=1)]


class Spread(Part):
    """How far a formula varies with the data."""

    constants: Annotated[list[Constant], Rows] | None = None
    choice: Annotated[list[Choice], Rows] | None = None


class Errors(Part):
    """Errors and the explained share of one law."""

    test: Maybe = None
    far: Maybe = None
    explained: Explained = None
    validation: Maybe = None


class NamedErrors(Errors):
    """The same with the law's name."""

    name: Text


class ParticlesCurves(Part):
    """What a report of particles draws."""

    force: Curve | None = None
    energy: Curve | None = None
    errors: Annotated[list[NamedErrors], Rows] | None = None


class SignedCurves(Part):
    """What a report of a signed network draws."""

    force: Curve | None = None
    reliability: Curve | None = None
    embedding: Picture | None = None


class Trouble(Part):
    """What went wrong in a training."""

    skipped: Count = 0
    rollbacks: Count = 0


class Results(Part):
    """What both applications say."""

    kind: Text
    command: Text | None = None
    version: Text | None = None
    seed: int | None = None
    dim: int | None = None
    notes: Annotated[list[Text], Rows] | None = None
    seconds: dict[Text, Number] | None = None
    training: Trouble | None = None


class ParticlesResults(Results):
    """The results of `forcelaw particles`."""

    source: Text | None = None
    model: Text | None = None
    target: Text | None = None
    trajectories: Count | None = None
    bodies: Count | None = None
    noise: Maybe = None
    pareto: Annotated[list[Candidate], Rows] | None = None
    formula: Law | None = None
    truth: Law | None = None
    verdict: Text | None = None
    explained: Explained = None
    explained_of: Text | None = None
    explained_of_explainable: Explained = None
    causes: Annotated[list[Text], Rows] | None = None
    curve: ForceCurve | None = None
    spread: Spread | None = None
    error: Errors | None = None
    baselines: dict[Text, Errors] | None = None
    energy_drift: Maybe = None
    residual: Maybe = None
    r2: dict[Text, Explained] | None = None
    curves: ParticlesCurves | None = None


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

    @model_validator(mode="after")
    def check_bins(self) -> Self:
        """All methods have the same bins."""
        if len({len(one.count) for one in (self.reliability or {}).values()}) > 1:
            raise ValueError("as many bins expected in the reliability of every method")
        return self


class Metrics(BaseModel):
    """The lines of a training's metrics."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    line: list[dict[Text, bool | int | float | Text | None]]


KINDS: Mapping[str, type[Results]] = {"particles": ParticlesResults, "signed": SignedResults}


def check_results(
    document: Any, place: str | os.PathLike[str], *, needed: Sequence[str] = ()
) -> ParsedObject:
    """The document itself, whose keys and types were checked.

    **Arguments:** `needed` keys that must be there, beside `kind`.

    **Raises** `InputError` naming the file and the key that is missing or holds something else.
    """
    schema = document.get("schema", _FIRST) if isinstance(document, dict) else _FIRST
    if schema != RESULTS_SCHEMA or isinstance(schema, bool):
        raise UnreadableFile(
            f"{os.fspath(place)}: found {quoted(repr(schema))} for schema, expected "
            f"{RESULTS_SCHEMA}: another version of forcelaw wrote it; use that version"
        )
    kind = document.get("kind") if isinstance(document, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        shown = quoted(kind) if isinstance(kind, str) else quoted(repr(kind))
        raise _wrong(place, "kind", shown, f"one of {', '.join(KINDS)}")
    _check(KINDS[kind], document, place)
    for key in needed:
        if document.get(key) is None:
            raise _wrong(place, key, "nothing", "a value")
    return document


def check_metrics(lines: Sequence[ParsedObject], place: str | os.PathLike[str]) -> None:
    """**Raises** `InputError` naming the entry of a metric that is neither number nor text."""
    _check(Metrics, {"line": lines}, place)


def _check(model: type[BaseModel], value: Any, place: str | os.PathLike[str]) -> None:
    try:
        model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        # The names of the kinds that were tried stand behind the key.
        key = ".".join(quoted(str(part)).strip("'") for part in first["loc"][:6])
        message = first["msg"].removeprefix("Value error, ").replace("Input should be ", "")
        found = "nothing" if first["type"] == "missing" else quoted(repr(first["input"]))
        raise _wrong(place, key, found, message) from None


def _wrong(place: str | os.PathLike[str], key: str, found: str, expected: str) -> InputError:
    message = (
        f"{os.fspath(place)}: found {found} for {key}, expected {expected}; restore the file, or "
        "run its command again with --force"
    )
    return UnreadableFile(" ".join(message.split()))
