"""What was found in recordings, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Literal

import numpy as np

from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.data.initial_conditions import Initial
from forcelaw.particles.finding import DrawnForce, Finding
from forcelaw.particles.hidden import Hidden
from forcelaw.particles.kernels import Fit
from forcelaw.particles.matter.force_law import (
    Answer,
    ForceLaw,
    KernelCurve,
    Measured,
    PairForce,
)
from forcelaw.particles.matter.found_formula import MatterFormula
from forcelaw.particles.matter.judgement import Judgement
from forcelaw.particles.matter.order_choice import OrderEvidence
from forcelaw.particles.matter.rollouts.simulation import MatterRollout
from forcelaw.particles.matter.searches.permanent_pairs import with_bonds_of
from forcelaw.storage import RESULTS_SCHEMA, ParsedObject, plain

_WORST_FIRST: tuple[Literal["none", "approximation", "law"], ...] = ("none", "approximation", "law")


@dataclass(frozen=True, eq=False, repr=False)
class MatterResult(Finding):
    """What was found in recordings; in the units of the data."""

    schema: ClassVar[int] = RESULTS_SCHEMA
    """Of the keys of `to_json`."""

    law: ForceLaw
    judgements: tuple[Judgement, ...]
    """For each kind of receiver."""
    order: OrderEvidence
    fits: tuple[Fit, ...]
    cutoff: float
    notes: tuple[str, ...]
    data: Recordings
    """In which it was found."""
    shown_causes: tuple[str, ...] = ()
    """Of residuals, the one that tells most first."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """By phase."""
    turning: tuple[Judgement, ...] = ()
    """Of how headings turn, for each kind of receiver; empty where none were recorded."""
    hidden: Hidden | None = None
    """What was not given and is found with the law; None where nothing was looked for."""

    @cached_property
    def formula(self) -> MatterFormula:
        """The law as it is read."""
        return MatterFormula(self.law, self.data.dim)

    @property
    def verdict(self) -> Literal["none", "approximation", "law"]:
        """The worst over all kinds of receivers, of their motion and of how they turn.

        Of those on which something acts, if there are any.
        """
        judged = (*self.judgements, *self.turning)
        verdicts = [one.verdict for one in judged if not one.even]
        for one in _WORST_FIRST:
            if one in verdicts:
                return one
        return "none"

    @property
    def explained(self) -> float:
        """R² of the changes of all kinds, held out."""
        return self._over_kinds(lambda one: one.explained)

    @property
    def explained_of_explainable(self) -> float:
        """The same, chance taken out of what could be explained."""
        return self._over_kinds(lambda one: one.explained_of_explainable)

    def _over_kinds(self, share: Callable[[Judgement], float]) -> float:
        weights = [fit.total for fit in self.fits]
        shares = [share(one) for one in self.judgements]
        return float(np.average(shares, weights=weights)) if sum(weights) > 0 else 0.0

    @property
    def causes(self) -> tuple[str, ...]:
        """See `Finding`: what residuals show by body and by time."""
        return self.shown_causes

    @property
    def answer(self) -> Answer:
        """What stands: `formula`, or `curve` where for some kind no formula fits as well."""
        curves = any(one.answer == "curve" for one in self.judgements)
        return "curve" if curves else "formula"

    @property
    def curve(self) -> KernelCurve | None:
        """The force along the line where all bodies are alike; None where forces are several."""
        central = [force for force in self.law.pairs if force.name == "pair"]
        return central[0].curve if len(central) == 1 and not self.law.kinds else None

    def explained_words(self) -> str:
        """See `Finding`."""
        return self.order.order.target

    def rollout(
        self,
        start: Recording | Recordings | Initial,
        *,
        steps: int,
        dt: float,
        every: int = 1,
        seed: int = 0,
    ) -> MatterRollout:
        """The motion from the start of recordings; see `simulate_law`."""
        joined = with_bonds_of(start, self.data)
        return self.formula.rollout(joined, steps=steps, dt=dt, every=every, seed=seed)

    def drawn_forces(self) -> tuple[DrawnForce, ...]:
        """See `Finding`."""
        return tuple(
            DrawnForce(
                _title(force),
                force.curve.r,
                force.curve.force,
                force.curve.low,
                force.curve.high,
                _finite(force.formula.at({"r": force.curve.r})),
            )
            for force in self.law.pairs
        )

    def to_json(self) -> ParsedObject:
        """Everything that is reported, as JSON can hold it.

        The keys are those of `DiscoveryResult.to_json` where both have them, and

        - `order`: 1 or 2, and `order_evidence`: why;
        - `formula`: `pair`, null where kinds are several, `pairs` (`receiver`, `sender`, `pair`),
          `self`, `alignment`, `friction`, `transverse` (null where nothing acts so), `latex`;
        - `diffusion`, `temperature`, `rotational_diffusion`: `value` and `error`, or null; an
          object of these by kind where kinds are several;
        - `answer`: `formula`, or `curve` where curves predict held-out data better by more than
          chance; `explained` is by the answer;
        - `curve`: of the only force along the line, null where there are several; `pair_curves`
          each with `receiver`, `sender`, `term`, `coupling`, its band, its `formula` at `r`, and
          the `constants` of that, each with its `error`;
        - `one_body`: `receiver`, `term`, and its factor's `value` and `error`;
        - `shaped`: walls and energies of three bodies, likewise, with the `shapes` of each;
        - `kinds`: what was said of each: `verdict`, `answer`, `explained` by the answer, by
          `formulas` and by `curves`; `turning`: the same of how their headings turn, none where
          they have no headings;
        - `hidden`: what was found beside the law (`what`, `words`, and `edges`, `charges` or
          `bodies` with probabilities), or null.
        """
        evidence, number = self.order, self.order.order.number
        return plain(
            {
                "schema": self.schema,
                "verdict": self.verdict,
                "explained": self.explained,
                "explained_of_explainable": self.explained_of_explainable,
                "explained_of": self.explained_words(),
                "causes": self.causes,
                "evidence": [],
                "answer": self.answer,
                "order": number,
                "order_evidence": {
                    "words": evidence.sentence,
                    "explained": evidence.explained,
                    "lasting": evidence.lasting,
                    "given": evidence.given,
                },
                "formula": self.formula.to_json(),
                "others": [
                    {
                        "receiver": force.receiver,
                        "sender": force.sender,
                        "term": force.name,
                        "texts": force.others,
                    }
                    for force in self.law.pairs
                    if force.others
                ],
                "diffusion": self._by_kind(self.law.diffusions),
                "temperature": self._by_kind(self.law.temperatures),
                "rotational_diffusion": self._by_kind(self.law.rotational_diffusions),
                "cutoff": self.cutoff,
                "curve": self.curve,
                "pair_curves": [
                    {
                        "receiver": force.receiver,
                        "sender": force.sender,
                        "term": force.name,
                        "coupling": force.coupling.text,
                        "text": force.text(),
                        "others": force.others,
                        "constants": force.constants,
                        **force.curve.to_json(),
                        "formula": _finite(force.formula.at({"r": force.curve.r})),
                    }
                    for force in self.law.pairs
                ],
                "one_body": [
                    {"receiver": one.receiver, "term": one.term.text, **one.factor.to_json()}
                    for one in self.law.one_body
                ],
                "shaped": [
                    {
                        "receiver": one.receiver,
                        "term": one.term.key,
                        "text": one.term.text(one.factor.value),
                        **one.factor.to_json(),
                        "shapes": one.shapes,
                    }
                    for one in self.law.shaped
                ],
                "kinds": [
                    {
                        "kind": kind,
                        "verdict": one.verdict,
                        "answer": one.answer,
                        "explained": one.explained,
                        "formulas": one.formulas,
                        "curves": one.curves,
                    }
                    for kind, one in zip(self.law.kinds or ("",), self.judgements, strict=True)
                ],
                "turning": [
                    {"kind": kind, "verdict": one.verdict, "explained": one.explained}
                    for kind, one in zip(self.law.kinds or ("",), self.turning, strict=False)
                ],
                "hidden": None if self.hidden is None else self.hidden.to_json(),
                "notes": self.notes,
                "seconds": self.seconds,
            }
        )

    def _by_kind(self, numbers: Sequence[Measured | None]) -> object:
        """As results hold it: by kind where kinds are several, null where none has one."""
        if not self.law.kinds or not any(numbers):
            return numbers[0]
        return dict(zip(self.law.kinds, numbers, strict=True))

    def __str__(self) -> str:
        text = self.formula.text()
        if self.verdict == "law":
            return text
        if self.answer == "formula":
            return f"not a law ({self.verdict}):\n{text}"
        return f"{self._curve_words()}\nbest formulas, not a law:\n{text}"

    def _curve_words(self) -> str:
        formulas = self._over_kinds(lambda one: one.formulas)
        return (
            f"the curve of the force against distance, R² {self.explained:.4f} on held-out data, "
            f"where formulas reach {formulas:.4f}"
        )

    def __repr__(self) -> str:
        text = self.formula.text().replace("\n", "; ")
        return f"<MatterResult {self.verdict}: {text}, R² {self.explained:.4f}>"

    def _repr_latex_(self) -> str:
        return f"${self.formula.latex()}$"

    def _answer_words(self) -> list[str]:
        words = [f"{self.order.sentence[:1].upper()}{self.order.sentence[1:]}."]
        if self.answer == "curve":
            words.append(f"The answer is {self._curve_words()}.")
        for name, numbers in (
            ("Diffusion", self.law.diffusions),
            ("Temperature", self.law.temperatures),
            ("Rotational diffusion", self.law.rotational_diffusions),
        ):
            for kind, number in zip(self.law.kinds or ("",), numbers, strict=True):
                if number is not None:
                    of = f" of {kind}" if kind else ""
                    words.append(f"{name}{of} {number.value:.4g} ± {number.error:.1g}.")
        return words


def _title(force: PairForce) -> str:
    between = f" of {force.sender} on {force.receiver}" if force.receiver else ""
    times = f", times {force.coupling.text}" if force.coupling.text else ""
    return f"{force.name}{between}{times}"


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, np.nan)
