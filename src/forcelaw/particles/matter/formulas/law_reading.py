"""From terms in fine splines to formulas, and what is said of these."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from forcelaw.particles.data import Recordings
from forcelaw.particles.forms import read_forms
from forcelaw.particles.kernels import Fit, Order, find_residuals, fit_terms
from forcelaw.particles.matter.candidate_terms import Candidates
from forcelaw.particles.matter.formulas.exact_fit import fit_exactly
from forcelaw.particles.matter.formulas.joint_fit import JointFit, fit_jointly
from forcelaw.particles.matter.formulas.second_look import look_again
from forcelaw.particles.matter.formulas.trap_or_pull import compare_trap_and_pull
from forcelaw.particles.matter.judgement import Judgement, judge
from forcelaw.particles.matter.order_choice import lasting_share
from forcelaw.particles.settings import NoiseName


@dataclass(frozen=True)
class MatterSettings:
    """How much of the data is looked at, and how finely."""

    chosen_on: int = 60_000
    """Equations on which terms are chosen."""
    fitted_to: int = 300_000
    """Equations that formulas are fitted to."""
    sharpened_on: int = 20_000
    """Equations that shapes are fitted to."""
    judged_on: int = 40_000
    """Equations of which residuals tell chance: its size then has an error of 2 %."""

    noise: NoiseName = "auto"
    """What of the motion is no law: found, unless it is known."""


MATTER = MatterSettings()


class Reading(NamedTuple):
    """Terms, their formulas, and what is said of these."""

    fit: Fit
    joint: JointFit
    judged: Judgement

    def surpasses(self, other: Reading) -> bool:
        """Whether it leaves less that lasts, and is something."""
        return self.judged.lasting < other.judged.lasting and self.judged.verdict != "none"


def read_law(
    data: Recordings,
    candidates: Candidates,
    fine: Fit,
    order: Order,
    seed: int,
    settings: MatterSettings,
) -> tuple[Reading, Fit | None]:
    """Formulas of terms and what is said of these; where they lack some terms, a fit with those.

    Where there is no chance, numbers are fitted to the equations themselves, and terms that were
    not chosen are asked what they tell of the residual.
    """
    forms = [read_forms(fine, b) for b in range(len(fine.terms.blocks))]
    joint = fit_jointly(fine, forms)
    reach, rows = candidates.cutoff, settings.chosen_on
    if fine.estimator.instruments or not fine.terms.size:
        fine, joint, rivals = compare_trap_and_pull(
            data,
            candidates,
            fine,
            joint,
            order,
            rows=settings.fitted_to,
            noise=settings.noise,
            seed=seed,
        )
        factors = joint.factors(fine)
        # Residuals of formulas have less error than those of fine splines.
        left = find_residuals(
            data, fine.terms, factors, order, reach, rows=settings.judged_on, seed=seed
        )
        fit = replace(fine, residuals=left)
        judged = judge(fit, factors, lasting_share(fit), [*joint.others, rivals])
        return Reading(fit, joint, replace(judged, rivals=rivals)), None
    fine, joint, law = fit_exactly(data, fine, joint, forms, order, reach, rows=rows, seed=seed)
    left = law.residuals(data, order, reach, rows=rows, seed=seed)
    fit = replace(fine, residuals=left)
    known = order.number == 2 and all(part.acceleration is not None for part in data)
    lasts = lasting_share(fit)
    judged = judge(fit, joint.factors(fit), lasts, joint.others, measured=known)
    reading = Reading(fit, joint, judged)
    if judged.verdict == "law":
        return reading, None
    every = candidates.terms(fit.terms.receiver, order)
    wider = look_again(data, law, every, fit.terms, left.median, order, reach, rows=rows, seed=seed)
    if wider.size == fit.terms.size:
        return reading, None
    finer = candidates.refined(wider)
    return reading, fit_terms(
        data, finer, order, reach, rows=settings.fitted_to, seed=seed, noise="none"
    )
