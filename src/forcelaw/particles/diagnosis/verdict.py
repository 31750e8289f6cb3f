"""Whether a formula is the law, an approximation of it, or nothing; and what it may lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from forcelaw.files import many
from forcelaw.laws import Formula
from forcelaw.particles.data import Split, Trajectories
from forcelaw.particles.diagnosis.examination import Examination
from forcelaw.particles.diagnosis.explanation import (
    FORM,
    explain,
    explain_alone,
)
from forcelaw.particles.diagnosis.lack_of_fit import LackOfFit, Squares, Tried, draw_samples
from forcelaw.particles.diagnosis.replicas import Replicate, replicates
from forcelaw.particles.diagnosis.settings import DIAGNOSIS, DiagnosisSettings
from forcelaw.particles.diagnosis.signatures import (
    is_random_walk,
    is_stochastic,
    jumps,
    velocity_explained,
)
from forcelaw.particles.diagnosis.suspects import Cause
from forcelaw.particles.equations import one_body_acceleration
from forcelaw.storage import ParsedObject, Record, plain


@dataclass(frozen=True)
class Evidence(Record):
    """A cause that would explain some of the residual."""

    cause: Cause
    words: str
    share: float
    """Of the squares that the formula leaves; 1 where the motion itself shows it."""


@dataclass(frozen=True)
class Verdict:
    """What is said of a formula."""

    verdict: Literal["law", "approximation", "none"]
    explained: float
    """R² on held-out data: of accelerations, or of positions where these alone are known."""
    explained_of_explainable: float | None
    """The same, noise taken out of what could be explained; None where all may be noise."""
    residual_to_noise: float | None
    """Residuals over those that noise, frames and estimates would leave were the formula the law
    (or over rounding, where that is larger); None where its motion could not be followed."""
    acceleration_error: float | None
    """Mean relative error of the accelerations as they were estimated, were the formula the law;
    None where its motion could not be followed."""
    evidence: tuple[Evidence, ...]

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What the formula may lack, most likely first."""
        return tuple(dict.fromkeys(item.cause for item in self.evidence))

    def to_json(self) -> ParsedObject:
        """Its keys in the results of a discovery."""
        return {
            "verdict": self.verdict,
            "explained": plain(self.explained),
            "explained_of_explainable": plain(self.explained_of_explainable),
            "residual_to_noise": plain(self.residual_to_noise),
            "causes": list(self.causes),
            "evidence": plain(self.evidence),
        }


def judge_formula(
    formula: Formula,
    split: Split,
    *,
    rivals: Sequence[str] = (),
    unsure: Sequence[str] = (),
    unit: float = 1.0,
    seed: int = 0,
    settings: DiagnosisSettings = DIAGNOSIS,
) -> Verdict:
    """The verdict on a formula.

    Its residuals on the training part are compared with those of a replicate: motion under the
    formula, seen and estimated as the data were. A law leaves no more than that, and nothing that
    any of the causes tried would explain on samples set aside. **Arguments:** `rivals` other
    formulas that the data do not speak against; `unsure` constants of this one below their
    standard errors, which a law has none of; `unit` of the lengths that are named.
    """
    examined = Examination.of(formula, split.train, seed=seed, settings=settings)
    # Of what is left, all that any cause explains would be rounding: see `_structure`.
    exact = examined.is_met
    twins = () if exact else replicates(formula, split.train, seed=seed, settings=settings)
    nulls = [
        Examination.of(formula, twin.data, seed=seed, settings=settings).lack for twin in twins
    ]
    test = Squares.of(formula, draw_samples(split.test, seed=seed, settings=settings))
    noise = float(np.mean([null.squares.left for null in nulls])) if nulls else 0.0
    level = float(np.mean([null.level for null in nulls])) if nulls else 0.0 if exact else None
    explainable = _of_explainable(test, noise)
    found = [] if exact else _structure(examined.lack, nulls, settings)
    fits = examined.level <= settings.verdict.exact + settings.verdict.as_noise * (level or 0.0)
    says = not formula.pair.is_zero or bool(formula.one_body)
    is_law = fits and not found and not rivals and not unsure and says
    some = says and (explainable is None or explainable >= settings.verdict.worthless)
    # What fits, and yet is not told from others or says nothing, lacks nothing that could be named.
    quiet = is_law or (fits and not found and not rivals)
    evidence = () if quiet else _causes(examined, found, nulls, rivals, noise, unit, settings)
    evidence = _beside_outside(examined, evidence, settings) if evidence else ()
    return Verdict(
        verdict="law" if is_law else "approximation" if some else "none",
        explained=test.explained,
        explained_of_explainable=explainable,
        residual_to_noise=None
        if level is None
        else examined.level / max(level, settings.verdict.exact),
        acceleration_error=_acceleration_error(twins, exact),
        evidence=evidence,
    )


def _acceleration_error(twins: Sequence[Replicate], exact: bool) -> float | None:
    """Of accelerations that were measured, and are met, none."""
    errors = [0.0] if exact else [twin.acceleration_error for twin in twins]
    return float(np.mean(errors)) if errors else None


def _of_explainable(test: Squares, noise: float) -> float | None:
    """R² after the noise is taken out of what could be explained."""
    if test.total <= noise * (1 + 1e-9):
        return None
    return 1 - max(test.left - noise, 0.0) / (test.total - noise)


def _structure(
    real: LackOfFit, nulls: Sequence[LackOfFit], settings: DiagnosisSettings
) -> list[tuple[Tried, float]]:
    """Causes that explain more than chance would, and their shares of the formula's squares."""
    found = []
    for tried in (Tried("form", FORM, real.form), *real.tried):
        base = real.formula if tried.cause == "form" else real.kernel
        mean = tried.gain.share * base
        chance = _chance(tried.words, nulls)
        clear = (
            tried.gain.significance >= settings.explanation.significance
            and tried.gain.share
            >= settings.explanation.beyond_chance * chance + settings.explanation.least
        )
        if tried.cause == "form":
            # Noise may hide the gain on other samples, and yet be too small for the misfit.
            least = (
                settings.verdict.excess_factor * max([0.0, *(null.excess for null in nulls)])
                + settings.verdict.excess
            )
            # Smoothed accelerations are not independent: other samples may not speak against it.
            agreed = max(tried.gain.significance, tried.gain.steadiness) > 0
            if nulls and agreed and real.excess >= least:
                clear, mean = True, max(mean, settings.explanation.least * real.usual)
        if clear and mean >= settings.verdict.exact**2:
            found.append((tried, mean / max(real.formula, 1e-300)))
    return found


def _chance(words: str, nulls: Sequence[LackOfFit]) -> float:
    """The gain of the same cause where the formula is the law."""
    found = [0.0]
    for null in nulls:
        every = (Tried("form", FORM, null.form), *null.tried)
        found += [other.gain.share for other in every if other.words == words]
    return max(found)


def _causes(
    examined: Examination,
    found: Sequence[tuple[Tried, float]],
    nulls: Sequence[LackOfFit],
    rivals: Sequence[str],
    noise: float,
    unit: float,
    settings: DiagnosisSettings,
) -> tuple[Evidence, ...]:
    """The likely ones, most likely first: what the motion itself shows, then what explains most."""
    shown = _shown(examined.data, unit, examined.seed, settings)
    if shown:
        return shown
    real = examined.lack
    chances = {tried.words: _chance(tried.words, nulls) for tried in real.tried}
    together = explain(examined, chances, floor=settings.verdict.exact**2, unit=unit)
    together = explain_alone(examined, sum((one.share for one in together), 0.0)) or together
    if together:
        return tuple(
            Evidence(cause, one.words, one.share) for one in together for cause in one.causes
        )
    tried, share = max(found, key=lambda item: item[1], default=(None, 0.0))
    if tried is not None and share >= settings.explanation.first:
        return (Evidence(tried.cause, tried.words, float(share)),)
    if rivals:
        words = f"within the noise other formulas are as good, such as {rivals[0]}"
        return (Evidence("form", words, 1.0),)
    return (_unknown(examined, noise, settings),)


def _unknown(examined: Examination, noise: float, settings: DiagnosisSettings) -> Evidence:
    """The cause of a residual that none of those tried explains."""
    outward, squares = examined.outward, examined.lack.squares
    clear = squares.left > max(
        settings.verdict.unclear * squares.total, settings.verdict.unclear_noise * noise
    )
    if outward >= settings.verdict.outside and clear:
        words = (
            f"the forces on all bodies do not cancel (their sum is {np.sqrt(outward):.0%} of that "
            "of independent ones): something acts that is not in the data"
        )
        return Evidence("external-field", words, 1.0)
    return Evidence("form", f"{FORM}; no other cause that was tried explains more", 1.0)


def _beside_outside(
    examined: Examination, evidence: tuple[Evidence, ...], settings: DiagnosisSettings
) -> tuple[Evidence, ...]:
    """With a body that is not in the data, where nothing but a form was blamed and one pulls."""
    if any(one.cause != "form" for one in evidence) or not _pulls_outside(examined, settings):
        return evidence
    words = (
        "the formula pulls bodies towards a place where none of them is, as one would that is not "
        "in the data, and that may move"
    )
    return (Evidence("external-field", words, 1.0), *evidence)


def _pulls_outside(examined: Examination, settings: DiagnosisSettings) -> bool:
    """Whether the force on bodies alone bends in space, as no uniform field and no trap does."""
    design = examined.design
    here, there = design.position, design.position[::-1]
    ends = [
        one_body_acceleration(examined.formula, replace(design, position=place))
        for place in (here, there, (here + there) / 2)
    ]
    straight = (ends[0] + ends[1]) / 2
    bend, size = (float(np.median(np.abs(one))) for one in (ends[2] - straight, straight))
    return bend > settings.verdict.bent * size > 0


def _shown(
    train: Trajectories, unit: float, seed: int, settings: DiagnosisSettings
) -> tuple[Evidence, ...]:
    """Causes that the motion itself shows."""
    jumped = jumps(train, settings=settings)
    found: list[Evidence] = []
    if jumped.number:
        size = f" by about {unit * jumped.size:.4g}" if jumped.size else ""
        words = f"positions jumped {many(jumped.number, 'time')}{size}, as in a periodic box"
        found.append(Evidence("periodic-box", words, 1.0))
        if jumped.size:
            # As they stand, they make no motion that more could be told of.
            return tuple(found)
    kicked = Evidence("stochastic", "random kicks from snapshot to snapshot", 1.0)
    if is_random_walk(train, settings=settings):
        return (*found, kicked, Evidence("first-order", "velocities without memory", 1.0))
    if is_stochastic(train, settings=settings):
        return (*found, kicked)
    along, across = velocity_explained(
        draw_samples(train, seed=seed, settings=settings), settings=settings
    )
    if max(along, across) < settings.verdict.first_order:
        return tuple(found)
    share = f"{max(along, across):.1%} of the velocities"
    words = f"positions alone explain {share}: forces set velocities, not accelerations"
    first = Evidence("first-order", words, 1.0)
    if across > along + settings.verdict.across * (1 - along) + settings.verdict.across:
        return *found, first, Evidence("transverse", "a force across the line between bodies", 1.0)
    return (*found, first)
