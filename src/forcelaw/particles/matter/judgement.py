"""Whether the formulas are the law: what they explain, beside what free curves do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Float

from forcelaw.particles.kernels import Fit
from forcelaw.particles.matter.force_law import Answer

Verdict: TypeAlias = Literal["law", "approximation", "none"]


@dataclass(frozen=True)
class JudgementSettings:
    """What decides whether formulas are the law."""

    worse: float = 2e-3
    """Share of what free curves explain by which formulas may be worse and be the law."""
    sure: float = 2.0
    """Standard errors over the folds within which the difference is none."""
    least: float = 0.5
    """Share of what free curves explain that an approximation reaches."""
    unexplained: float = 1e-2
    """Share of the changes, chance taken out, above which something is missing."""
    exact: float = 1e-5
    """The same where there is no chance, beyond errors of differences: simulated motion follows a
    law to a few thousandths at least, which its integrator adds."""
    measured: float = 1e-6
    """The same where accelerations were recorded: then no integrator stands between."""


JUDGEMENT = JudgementSettings()


@dataclass(frozen=True)
class Judgement:
    """What is said of the formulas, and why."""

    verdict: Verdict
    answer: Answer
    """The free curves where they predict what is held out better, by more than chance."""
    explained: float
    """R² of the changes by the answer, held out."""
    explained_of_explainable: float
    """Of what is no chance."""
    formulas: float
    """R² of the formulas."""
    curves: float
    """R² of the free curves."""
    lasting: float
    """Variance of the residual that lasts from snapshot to snapshot, over that of the changes."""
    even: bool = False
    """Whether no change of the motion is more than rounding: there is nothing to explain."""
    rivals: tuple[str, ...] = ()
    """Other terms that explain as well, in words."""


def judge(
    fit: Fit,
    factors: Float[np.ndarray, " column"],
    lasting: float,
    others: Sequence[Sequence[str]],
    *,
    measured: bool = False,
    settings: JudgementSettings = JUDGEMENT,
) -> Judgement:
    """Compares formulas, as factors of the fine splines, with curves fitted to other folds.

    **Arguments:** `lasting` share of the residual that lasts; `others` of each function of the
    distance, and of all terms, what fits as well though it is not the same: none is the law;
    `measured` whether accelerations were recorded.
    """
    folds = [f for f in range(len(fit.moments.yy)) if fit.moments.count[f]]
    by_formula = np.array([_gain(fit, factors, fold) for fold in folds])
    space = fit.space
    coarse = fit.moments.within(space)
    free = fit.estimator.held_out_gains(coarse, np.arange(space.shape[1]))
    total, whole_folds = max(fit.total, 1e-300), fit.moments.yy[folds]
    formulas, curves = by_formula.sum() / total, free.sum() / total
    apart = free - by_formula
    doubt = settings.sure * np.std(apart, ddof=1) * np.sqrt(len(apart)) if len(apart) > 1 else 0.0
    as_good = apart.sum() <= max(doubt, settings.worse * max(free.sum(), 0))
    left = max(0.0, fit.residuals.autocovariance[0] / max(fit.residuals.variance, 1e-300))
    chance = fit.estimator.instruments
    missing = lasting * left if chance else fit.residuals.lasting
    best = max(formulas, curves, 1e-300)
    exact = settings.measured if measured else settings.exact
    may_lack = settings.unexplained if chance else exact
    whole = missing < may_lack * max(best, 1e-300) or missing < 1e-9
    answer: Answer = "formula" if as_good or not _is_sure(free, whole_folds, settings) else "curve"
    explained = formulas if answer == "formula" else curves
    # What lasts is of formulas: curves explain some of it.
    lacking = max(0.0, missing - (explained - formulas))
    of_explainable = float(np.clip(explained / max(best + lacking, 1e-300), 0, 1))
    if not _is_sure(by_formula, whole_folds, settings) or formulas < settings.least * best:
        verdict: Verdict = "none"
    elif as_good and whole and not any(others):
        verdict = "law"
    else:
        verdict = "approximation"
    return Judgement(
        verdict,
        answer,
        float(explained),
        of_explainable,
        float(formulas),
        float(curves),
        float(missing),
    )


def _is_sure(
    gains: Float[np.ndarray, " fold"],
    squares: Float[np.ndarray, " fold"],
    settings: JudgementSettings,
) -> bool:
    """Whether all parts of the data are explained: what some alone are is chance.

    Parts may move much or little, as where motion comes to rest: each by most of its own `squares`
    will do.
    """
    if (gains > settings.least * squares).all():
        return True
    spread = np.std(gains, ddof=1) * np.sqrt(len(gains)) if len(gains) > 1 else 0.0
    return bool(gains.sum() > settings.sure * spread)


def _gain(fit: Fit, factors: Float[np.ndarray, " column"], fold: int) -> float:
    moments, past = fit.moments, fit.estimator.instruments
    squares = moments.zx[fold] if past else moments.xx[fold]
    products = moments.zy[fold] if past else moments.xy[fold]
    return float(2 * factors @ products - factors @ squares @ factors)
