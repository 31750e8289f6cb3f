"""What `results.json` of a run on bodies holds, by key and type."""

from __future__ import annotations

from typing import Annotated, Self, TypeAlias

from pydantic import Field, model_validator

from forcelaw.report.results.hidden_results import HiddenResults
from forcelaw.report.results.schema_parts import (
    Count,
    Curve,
    Explained,
    ForceCurve,
    Maybe,
    Measured,
    Number,
    PairCurve,
    Part,
    Results,
    Rows,
    Text,
)


class BetweenKinds(Part):
    """A force of one kind on another, under the name of its direction."""

    receiver: Text
    sender: Text
    pair: Text | None = None
    bond: Text | None = None
    alignment: Text | None = None
    friction: Text | None = None
    transverse: Text | None = None
    polar: Text | None = None
    torque: Text | None = None
    nematic: Text | None = None
    steering: Text | None = None


class Law(Part):
    """A law as texts of formulas."""

    pair: Text | None
    """None where kinds are several: see `pairs`."""
    pairs: Annotated[list[BetweenKinds], Rows] | None = None
    alone: Text | dict[Text, Text] | None = Field(None, alias="self")
    """By kind where these are several."""
    bond: Text | Annotated[list[BetweenKinds], Rows] | None = None
    apart: Text | Annotated[list[BetweenKinds], Rows] | None = None
    """Between bodies that no bond joins."""
    alignment: Text | Annotated[list[BetweenKinds], Rows] | None = None
    friction: Text | Annotated[list[BetweenKinds], Rows] | None = None
    transverse: Text | Annotated[list[BetweenKinds], Rows] | None = None
    polar: Text | Annotated[list[BetweenKinds], Rows] | None = None
    torque: Text | Annotated[list[BetweenKinds], Rows] | None = None
    nematic: Text | Annotated[list[BetweenKinds], Rows] | None = None
    steering: Text | Annotated[list[BetweenKinds], Rows] | None = None
    turning: Text | dict[Text, Text] | None = None
    """At what rate bodies turn by themselves; by kind where these are several."""
    wall: Text | dict[Text, Text] | None = None
    """The force of walls, likewise."""
    triples: Text | dict[Text, Text] | None = Field(None, alias="three-body")
    """The energy of three bodies, likewise."""


class OrderEvidence(Part):
    """Why a law is of first or of second order."""

    words: Text
    explained: Explained = None
    lasting: Maybe = None
    given: bool = False


class OneBodyFactor(Measured):
    """The factor of a term that acts on a body alone."""

    receiver: Text = ""
    term: Text = ""


class ShapedTerm(OneBodyFactor):
    """A wall, or an energy of three bodies, with its factor."""

    text: Text = ""
    shapes: dict[Text, Measured] = Field(default_factory=dict)


class KindVerdict(Part):
    """What was said of the law of one kind of bodies."""

    kind: Text = ""
    verdict: Text | None = None
    answer: Text | None = None
    explained: Explained = None
    formulas: Explained = None
    curves: Explained = None


class Candidate(Part):
    """A row of the Pareto front."""

    complexity: int
    error: Number
    text: Text
    chosen: bool = False
    source: Text = ""


class FollowedForm(Part):
    """A form of a force that was followed from states to their ends."""

    form: Text
    text: Text
    beside: list[Text] = Field(default_factory=list)
    cap: Text = "none"
    steps: Text = ""
    median: Number
    worst: Number


class TotalForceCap(Part):
    """The most that acts on a body in all, in words; empty where nothing is capped."""

    words: Text = ""


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


class Motion(Part):
    """Places of bodies as whole numbers, as measured and as the law gives them."""

    time: Annotated[list[Number], Rows]
    bodies: Count
    dim: Annotated[int, Field(ge=1, le=3)]
    low: list[Number]
    high: list[Number]
    step: Number
    absent: int
    measured: list[int]
    law: list[int]
    kinds: Annotated[list[Text], Rows]
    kind: list[int]
    box: list[list[Number]] | None = None
    energy: dict[Text, list[Maybe]] = Field(default_factory=dict)
    momentum: dict[Text, list[Maybe]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def check_lengths(self) -> Self:
        """A place for every body in every frame, and a known kind."""
        numbers = len(self.time) * self.bodies * self.dim
        if {len(self.measured), len(self.law)} != {numbers}:
            raise ValueError(f"{numbers} numbers expected of motion")
        if len(self.low) != self.dim or len(self.high) != self.dim:
            raise ValueError(f"{self.dim} limits expected of motion")
        if any(len(row) != self.dim for row in self.box or ()):
            raise ValueError(f"{self.dim} numbers expected in each edge of a box")
        if len(self.kind) not in (0, self.bodies):
            raise ValueError(f"{self.bodies} kinds expected of motion")
        if any(not 0 <= kind < len(self.kinds) for kind in self.kind):
            raise ValueError(f"kinds expected from 0 to {len(self.kinds) - 1}")
        for change in (*self.energy.values(), *self.momentum.values()):
            if len(change) != len(self.time):
                raise ValueError(f"{len(self.time)} changes of energy and momentum expected")
        return self


class Compared(Part):
    """Measured numbers beside predicted ones, as plots."""

    predicted: Curve | None = None
    by_distance: Curve | None = None
    by_time: Curve | None = None
    by_body: Curve | None = None
    force: Curve | None = None
    messages: Curve | None = None


class ParticlesCurves(Part):
    """What a report of particles draws."""

    force: Curve | None = None
    energy: Curve | None = None
    errors: Annotated[list[NamedErrors], Rows] | None = None
    motion: Motion | None = None
    compared: Compared | None = None


ByKind: TypeAlias = Measured | dict[Text, Measured | None] | None
"""A number; of each kind where these are several."""


class ParticlesResults(Results):
    """The results of `forcelaw particles`."""

    @property
    def title(self) -> str | None:
        """What the results are about."""
        return self.source

    source: Text | None = None
    model: Text | None = None
    target: Text | None = None
    trajectories: Count | None = None
    bodies: Count | None = None
    noise: Maybe = None
    pareto: Annotated[list[Candidate], Rows] | None = None
    candidates: Annotated[list[FollowedForm], Rows] | dict[Text, Count] | None = None
    """Of pairs of states, each; else how many were tried and dropped."""
    formula: Law | None = None
    cap: TotalForceCap | None = None
    truth: Law | None = None
    verdict: Text | None = None
    answer: Text | None = None
    explained: Explained = None
    explained_of: Text | None = None
    explained_of_explainable: Explained = None
    causes: Annotated[list[Text], Rows] | None = None
    order: int | None = None
    order_evidence: OrderEvidence | None = None
    diffusion: ByKind = None
    temperature: ByKind = None
    rotational_diffusion: ByKind = None
    cutoff: Maybe = None
    curve: ForceCurve | None = None
    pair_curves: Annotated[list[PairCurve], Rows] | None = None
    one_body: Annotated[list[OneBodyFactor], Rows] | None = None
    shaped: Annotated[list[ShapedTerm], Rows] | None = None
    kinds: Annotated[list[KindVerdict], Rows] | None = None
    hidden: HiddenResults | None = None
    spread: Spread | None = None
    error: Errors | None = None
    baselines: dict[Text, Errors] | None = None
    energy_drift: Maybe = None
    residual: Maybe = None
    r2: dict[Text, Explained] | None = None
    curves: ParticlesCurves | None = None
