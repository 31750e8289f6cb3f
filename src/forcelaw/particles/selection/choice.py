"""Which of many judged candidates is the law."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence

import numpy as np

from forcelaw.laws import Expression, numbers
from forcelaw.particles.data import Split
from forcelaw.particles.equations import shooting_windows, weighted_error
from forcelaw.particles.refinement import fit_between_frames
from forcelaw.particles.selection.distilled import Distilled
from forcelaw.particles.selection.judging import Judging
from forcelaw.particles.selection.pareto import Judged, choose, pareto, shortlist
from forcelaw.particles.selection.settings import SelectionSettings
from forcelaw.particles.selection.validation_on_positions import (
    Validated,
    polish,
    validate_on_positions,
)


def settle_law(judging: Judging, split: Split, seed: int) -> Distilled | None:
    """The formula that regression finds, where it leaves of accelerations only their rounding.

    No search can then find a better one, and no network know more: what deviates by less than the
    rounding of single precision is not looked for. None otherwise. Estimates from positions are
    hardly ever met so closely, unless receivers are sampled (`within_estimates`).
    """
    if judging.train.weak is not None:
        return None
    # What is tried here counts only where it settles the law.
    judging = dataclasses.replace(judging, attempts=copy.copy(judging.attempts))
    regressed = (("library", pair) for pair in judging.regress(judging.threshold))
    judged = judging.judge([("none", Expression.parse("0").term), *regressed])
    exact = judging.settings.pareto.exact
    if min((item.error for item in judged), default=np.inf) > exact:
        return None
    found = choose_formula(judged, judging, split, seed)
    # A shorter one may have been chosen that is not clearly worse.
    error = next(row.error for row in found.table() if row.chosen)
    return found if error <= (1 + judging.settings.pareto.better) * exact else None


def choose_formula(
    judged: Sequence[Judged], judging: Judging, split: Split, seed: int
) -> Distilled:
    """The shortest of candidates that no longer one beats clearly, and the front it stands in."""
    settings, attempts = judging.settings, judging.attempts
    windows = shooting_windows(split.train, seed=seed, settings=settings.equations)
    if windows is not None and judging.train.weak is not None:
        some = shortlist(judged, settings=settings)
        confirmed = validate_on_positions(
            [item.formula for item in some], windows, judging.train, settings=settings
        )
        confirmed = _led_on(confirmed, split, seed, settings)
        shot = [
            dataclasses.replace(item, formula=shot.formula, error=shot.residual)
            for item, shot in zip(some, confirmed.shots, strict=True)
        ]
        for item in shot:
            if not np.isfinite(item.error):
                attempts.drop()
        chosen = shot[confirmed.chosen]
        # Rounding makes some of them the same.
        shot = list({item.formula.text(): item for item in [*shot, chosen]}.values())
        front = tuple(pareto(shot, shot, settings=settings))
        return Distilled(chosen.formula, front, attempts.counted(), confirmed)
    front = pareto(judged, settings=settings)
    chosen = choose(front, judging.check, settings=settings)
    if windows is not None:
        # Noise in distances biases accelerations, not motions.
        better = dataclasses.replace(
            chosen, formula=polish(chosen.formula, windows, settings=settings)
        )
        front = [better if item is chosen else item for item in front]
        chosen = better
    moved = fit_between_frames(
        chosen.formula, split.train, split.validation, seed=seed, settings=settings.refinement
    )
    if moved is not chosen.formula:
        better = dataclasses.replace(
            chosen, formula=moved, error=weighted_error(moved, judging.check)
        )
        front = [better if item is chosen else item for item in front]
        chosen = better
    return Distilled(chosen.formula, tuple(front), attempts.counted())


def _led_on(
    confirmed: Validated, split: Split, seed: int, settings: SelectionSettings
) -> Validated:
    """With the chosen constants through the motion from frame to frame, where that is met better.

    Frames may be so coarse that exact positions look noisy, yet lead to each other.
    """
    shots = list(confirmed.shots)
    shot = shots[confirmed.chosen]
    moved = fit_between_frames(
        shot.formula,
        split.train,
        split.validation,
        seed=seed,
        settings=settings.refinement,
    )
    if len(numbers(moved)) != len(numbers(shot.formula)):
        return confirmed
    shots[confirmed.chosen] = shot._replace(formula=moved)
    return confirmed._replace(shots=tuple(shots))
