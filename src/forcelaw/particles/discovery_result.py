"""What a discovery found, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from forcelaw.laws import Formula, Law
from forcelaw.particles.answer import Answer, answer_text, choose_answer, describe
from forcelaw.particles.certainty import round_to_certainty
from forcelaw.particles.comparison import Comparison
from forcelaw.particles.diagnosis import Cause, ForceSpline, Verdict
from forcelaw.particles.discovery_settings import DISCOVERY, DiscoverySettings
from forcelaw.particles.finding import DrawnForce, Finding
from forcelaw.particles.learning import Fitted
from forcelaw.particles.prediction import FoundFormula, ShownMotion
from forcelaw.particles.result_curves import EnergyCurve, ForceCurves
from forcelaw.particles.selection import Distilled, Stability
from forcelaw.storage import RESULTS_SCHEMA, ParsedObject, Record, plain


@dataclass(frozen=True)
class LawErrors(Record):
    """How well a law predicts accelerations that it was not fitted to."""

    name: str
    """`forcelaw` for the formula, `network`, or a baseline."""
    test: float
    """Mean error on the test part relative to the size of accelerations; where only noisy positions
    were measured, of what these tell of accelerations, noise included."""
    far: float | None
    """The same outside the training range; None where the true law is not known."""
    explained: float
    """R² on the test part."""


@dataclass(frozen=True)
class PhaseSeconds(Record):
    """Seconds by phase."""

    fit: float
    distill: float
    check: float


@dataclass(frozen=True, eq=False, repr=False)
class DiscoveryResult(Finding):
    """What `discover` found. Everything is in the units in which the data were given."""

    schema: ClassVar[int] = RESULTS_SCHEMA
    """Of the keys of `to_json`."""

    formula: FoundFormula
    law: Law
    """The trained network that the formula was read off."""
    fitted: Fitted
    distilled: Distilled
    judgement: Verdict
    """What is said of the formula, with its evidence."""
    curve: ForceSpline
    """The force against distance with a 95 % band, whatever the formula."""
    curve_explained: float
    """R² of the curve on held-out data."""
    explained_of: str
    """What R² is of, in words."""
    truth: Formula | None
    """The true law, where it is known."""
    notes: tuple[str, ...]
    """What the data cannot tell."""
    stability: Stability
    """How constants and choice vary over resampled data."""
    message_r2: Mapping[str, float | None]
    """R² of messages against true `force` and `acceleration`, plain and `_trimmed`; None where the
    truth is not known."""
    errors: tuple[LawErrors, ...]
    """Of the formula, the network, two baselines and no force at all, in this order."""
    residual: float | None
    """Where only noisy positions were measured: root mean square of positions of the test part from
    rollouts of the formula with free initial states, in units of the noise; the median trajectory's
    (1: nothing but noise is left)."""
    energy_drift: float | None
    """Of the formula over the data's span of time; None where energy is not conserved."""
    momentum_drift: float | None
    """The same of momentum; None where rollouts did not stay finite."""
    seconds: PhaseSeconds
    force_curves: ForceCurves
    energy_curve: EnergyCurve | None
    motion: ShownMotion | None
    """A trajectory of the test part beside what the formula makes of its start."""
    comparison: Comparison
    """Samples of the test part beside the formula, the curve and the network."""
    settings: DiscoverySettings = DISCOVERY
    """What decided, and decides what is the answer and how constants are printed."""

    @property
    def answer(self) -> Answer:
        """What to lead with: `formula`, or `curve` where no formula is the law and it is better."""
        return choose_answer(self.judgement, self.curve_explained, settings=self.settings)

    @property
    def verdict(self) -> str:
        """`law`, `approximation` or `none`."""
        return self.judgement.verdict

    @property
    def explained(self) -> float:
        """R² on held-out data; 0 for a law that says nothing."""
        return self.judgement.explained

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What a formula that is no law may lack, most likely first."""
        return self.judgement.causes

    @property
    def printed_formula(self) -> Formula:
        """The formula, each constant with the digits that its standard error supports."""
        return round_to_certainty(self.formula, self.stability.constants, settings=self.settings)

    @property
    def _digits(self) -> int:
        return self.settings.certainty.most

    def explained_words(self) -> str:
        """See `Finding`."""
        return self.explained_of

    def drawn_forces(self) -> tuple[DrawnForce, ...]:
        """See `Finding`."""
        curve = self.curve.to_json()
        r, force, low, high = (np.array(curve[key], float) for key in ("r", "force", "low", "high"))
        pair = self.formula.pair
        drawn = pair.at({"r": r} | {name: np.ones(1) for name in pair.variables if name != "r"})
        return (DrawnForce("force between two bodies", r, force, low, high, drawn),)

    def to_json(self) -> ParsedObject:
        """Everything that is reported, as JSON can hold it.

        The keys:

        - `schema`: the version of the keys;
        - `verdict`: `law`, `approximation` or `none`; `explained`: R² on the test part, of
          `explained_of`, accelerations or what positions tell of them; `explained_of_explainable`:
          the same, noise taken out of what could be explained; `causes` of the residual, most
          likely first, and `evidence` for them; see `Verdict`;
        - `curve`: `r`, `force`, `low`, `high`, the force against distance with a 95 % band, and
          `explained` by it; see `ForceSpline`;
        - `answer`: `formula`, or `curve` where the verdict is `none` or the curve is clearly better
          than an approximation;
        - `formula`: `pair`, `self`, `latex`, each constant with the digits that its standard error
          supports, whose values stand in `spread`; `truth` likewise where it is known; `notes` that
          say what the data cannot tell;
        - `pareto`: `complexity`, `error`, `text`, `source` (`network`, `library`) and `chosen` of
          every candidate;
        - `candidates`: how many formulas, shapes and combinations were `tried`, and how many
          `dropped` because their numbers were not finite or no fit of them came to an end;
        - `spread`: how constants and choice vary over resampled data, see `Stability`;
        - `r2`: messages against true `force` and `acceleration`, plain and `_trimmed`;
        - `error`: `test` and `far` of the formula, see `LawErrors`; `baselines`: the same of the
          network, two baselines and no force at all, and what each `explained`;
        - `residual`, `energy_drift`, `momentum_drift`, `seconds` by phase: see the fields;
        - `curves` for the report.
        """
        mine, *others = self.errors
        document = {
            "schema": self.schema,
            **self.judgement.to_json(),
            "explained_of": self.explained_of,
            "answer": self.answer,
            "curve": {**self.curve.to_json(), "explained": self.curve_explained},
            "formula": describe(self.printed_formula, self._digits),
            "truth": None if self.truth is None else describe(self.truth),
            "notes": self.notes,
            "pareto": self.distilled.table(),
            "candidates": self.distilled.candidates,
            "spread": self.stability,
            "r2": self.message_r2,
            "error": {"test": mine.test, "far": mine.far},
            "residual": self.residual,
            "baselines": {
                law.name: {"test": law.test, "far": law.far, "explained": law.explained}
                for law in others
            },
            "energy_drift": self.energy_drift,
            "momentum_drift": self.momentum_drift,
            "seconds": self.seconds,
            "curves": {
                "force": self.force_curves,
                "energy": self.energy_curve or {},
                "errors": self.errors,
                "motion": self.motion,
                "compared": self.comparison,
            },
        }
        return plain(document)

    def __str__(self) -> str:
        explained = float(np.nan_to_num(self.curve_explained))
        return answer_text(
            self.answer, self.printed_formula.text(self._digits), self.curve, explained
        )

    def __repr__(self) -> str:
        text = self.printed_formula.text(self._digits).replace("\n", "; ")
        return f"<DiscoveryResult {self.verdict}: {text}, R² {self.explained:.4f}>"

    def _repr_latex_(self) -> str:
        return f"${self.printed_formula.latex(self._digits)}$"

    def _answer_words(self) -> list[str]:
        if self.answer == "formula":
            return []
        return [f"The answer is the {self.curve}, R² {self.curve_explained:.4f}."]


Discovery = DiscoveryResult
"""The name of the first release."""
