"""Fit, distill, check: the law behind trajectories in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.clock import Clock
from forcelaw.distill import Searcher, check_searchers
from forcelaw.errors import InputError, check_type
from forcelaw.laws import Formula
from forcelaw.particles.answer import choose_answer, compare_with_curve
from forcelaw.particles.candidates import Baseline, fit_linear, fit_power_law
from forcelaw.particles.caveats import explained_of, write_caveats
from forcelaw.particles.certainty import find_insignificant
from forcelaw.particles.comparison import Comparison
from forcelaw.particles.data import Trajectories
from forcelaw.particles.diagnosis import ForceSpline, Squares, judge_formula
from forcelaw.particles.discovery_result import DiscoveryResult, LawErrors, PhaseSeconds
from forcelaw.particles.discovery_settings import DISCOVERY, DiscoverySettings
from forcelaw.particles.equations import Design, observe, relative_error, shooting_windows
from forcelaw.particles.first_answer import FirstAnswer, answer_first
from forcelaw.particles.learning import Fitted, fit, message_r2
from forcelaw.particles.prediction import (
    FoundFormula,
    Rollout,
    ShownMotion,
    extrapolation_samples,
    find_true_law,
    predict_crowd,
    predict_motion,
)
from forcelaw.particles.refinement import shoot
from forcelaw.particles.result_curves import EnergyCurve, ForceCurves
from forcelaw.particles.selection import (
    assess_stability,
    distill_law,
    distilled_in_units,
    search_law,
    to_data_units,
)
from forcelaw.particles.settings import ParticlesSettings
from forcelaw.storage.settings import check_arguments
from forcelaw.training import Epoch
from forcelaw.training.reporting import NO_PROGRESS, Progress, step_through


def discover_plain(
    data: Trajectories,
    *,
    seed: int = 0,
    model: str = "pair",
    searchers: Sequence[Searcher] | None = None,
    library: bool = True,
    folder: str | Path | None = None,
    report: Callable[[Epoch], None] | None = None,
    first: FirstAnswer | None = None,
    settings: DiscoverySettings = DISCOVERY,
    **training: Any,
) -> DiscoveryResult:
    """The force law behind trajectories, as a formula.

    Sums of few known terms are regressed on the training part first (`answer_first`). A network is
    trained on it (`fit`, which takes `model`, `folder`, `report` and the arguments in `training`),
    shortly where the regression has settled the law, read off where it has not (`distill_law`,
    which takes `searchers` and `library`), and all is checked on the test part and, where the true
    law is known, outside the training range.
    `settings` hold every threshold that decides on the way; `first` is what `answer_first` said of
    the same data and seed, where it was asked already.

    **Raises** `InvalidSetting` and `NotEnoughData` as `fit` does.
    """
    Trajectories.check("discover", data)
    check_options(searchers, settings)
    first = answer_first(data, seed=seed, settings=settings) if first is None else first
    if library and searchers is None and "start" not in training:
        training["stages"] = first.stages(model, training.get("stages"))
    fitted = fit(
        first.prepared,
        seed=seed,
        model=model,
        folder=folder,
        report=report,
        settings=settings.learning,
        **training,
    )
    return judge(
        data,
        fitted,
        searchers=searchers,
        library=library,
        seed=seed,
        first=first,
        settings=settings,
    )


def judge(
    data: Trajectories,
    fitted: Fitted,
    *,
    searchers: Sequence[Searcher] | None = None,
    library: bool = True,
    seed: int = 0,
    first: FirstAnswer | None = None,
    settings: DiscoverySettings = DISCOVERY,
    progress: Progress = NO_PROGRESS,
) -> DiscoveryResult:
    """The rest of `discover_plain`, of a law that is fitted already; arguments as of `distill_law`.

    `first` is what `answer_first` said of the same data and seed, where it was asked; `progress`
    is told how far it has come; `settings` hold every threshold that decides on the way.

    **Raises** `InvalidSetting` for arguments of the wrong kind.
    """
    Trajectories.check("judge", data)
    check_type("judge", fitted, Fitted, then="give what fl.particles.fit(data) returns")
    check_options(searchers, settings)
    check_arguments(ParticlesSettings, seed=seed)
    how: dict[str, Any] = {"searchers": searchers, "library": library}
    how |= {"seed": seed, "first": first, "progress": progress}
    if fitted.units is not None:
        return _judge(data, fitted, settings=settings, **how)
    own = to_data_units(fitted, settings=settings.selection)
    found = _judge(data, own, settings=settings, **how)
    return _in_given_units(found, data, fitted, own)


def check_options(searchers: Any, settings: Any) -> None:
    """Before any work: a search is far behind the training.

    **Raises** `InvalidSetting` for other than searchers and `DiscoverySettings`.
    """
    check_searchers(searchers)
    then = "change some of fl.particles.DiscoverySettings() by dataclasses.replace"
    check_type("settings", settings, DiscoverySettings, then=then)


def _judge(
    data: Trajectories,
    fitted: Fitted,
    *,
    searchers: Sequence[Searcher] | None,
    library: bool,
    seed: int,
    first: FirstAnswer | None,
    settings: DiscoverySettings,
    progress: Progress,
) -> DiscoveryResult:
    """The same in the units of `fitted`, whose own ones they are."""
    units, selection, prediction = fitted.units, settings.selection, settings.prediction
    assert units is not None
    clock, step = Clock(), step_through(progress, 6)
    how: dict[str, Any] = {"searchers": searchers, "library": library, "seed": seed}
    if first is None or not library or searchers is not None:
        distilled = distill_law(fitted, settings=selection, **how)
    else:
        distilled = first.settled or search_law(first.judging, fitted, **how)
    clock.lap("distill")
    step()
    formula, law = FoundFormula.of(distilled.formula), fitted.law
    train, test = (
        observe(part, selection.snapshots, seed=seed, settings=selection.equations)
        for part in (fitted.split.train, fitted.split.test)
    )
    truth = find_true_law(data, units, settings=prediction)
    far = (
        None
        if truth is None
        else extrapolation_samples(fitted.split.train, truth, units, seed=seed, settings=prediction)
    )
    compared = {"forcelaw": formula, "network": law, **_baselines(train, settings)}
    errors = tuple(
        LawErrors(
            name=name,
            test=relative_error(one, test),
            far=None if far is None else relative_error(one, far),
            explained=Squares.of(one, test).explained,
        )
        for name, one in compared.items()
    )
    step()
    stability = assess_stability(distilled, fitted, seed=seed, settings=selection)
    residual = _residual(formula, fitted, seed, settings)
    step()
    doubtful = find_insignificant(distilled.formula.rescaled(units.inverse), stability.constants)
    judgement = judge_formula(
        formula,
        fitted.split,
        rivals=stability.as_good,
        unsure=doubtful,
        unit=units.length,
        seed=seed,
        settings=settings.diagnosis,
    )
    step()
    curve = ForceSpline.of(formula, fitted.split.train, seed=seed, settings=settings.diagnosis)
    near = {law_errors.name: law_errors.test for law_errors in errors}
    limits = write_caveats(
        fitted, distilled, train, near, stability, judgement, doubtful, settings=settings
    )
    step()
    moved = _roll_out(formula, fitted, settings)
    explained, of = Squares.of(curve.law, test).explained, explained_of(test)
    answer = choose_answer(judgement, explained, settings=settings)
    limits += compare_with_curve(answer, judgement.explained, explained, of, settings=settings)
    drawn = ForceCurves.of(law, formula, truth, test)
    compared = Comparison.of(formula, law, curve, drawn, truth, test)
    clock.lap("check")
    step()
    return DiscoveryResult(
        formula=formula,
        law=law,
        fitted=fitted,
        distilled=distilled,
        judgement=judgement,
        curve=curve,
        curve_explained=explained,
        explained_of=of,
        truth=truth,
        notes=(*limits, *fitted.split.train.notes),
        stability=stability,
        message_r2=message_r2(law, test, truth, settings=settings.learning),
        errors=errors,
        residual=residual,
        energy_drift=None if moved is None else moved.energy_drift,
        momentum_drift=None if moved is None else moved.momentum_drift,
        seconds=PhaseSeconds(fitted.seconds, clock.seconds["distill"], clock.seconds["check"]),
        force_curves=drawn,
        energy_curve=EnergyCurve.of(moved),
        motion=ShownMotion.of_trajectory(formula, fitted.split.test, moved),
        comparison=compared,
        settings=settings,
    )


def _in_given_units(
    found: DiscoveryResult, data: Trajectories, given: Fitted, own: Fitted
) -> DiscoveryResult:
    """What was found in the data's own scales, in those that they were given in."""
    assert own.units is not None
    back, energy = own.units.inverse, found.energy_curve
    distilled = distilled_in_units(found.distilled, back)
    return replace(
        found,
        formula=FoundFormula.of(distilled.formula),
        law=given.law,
        fitted=given,
        distilled=distilled,
        curve=found.curve.in_units(back),
        truth=find_true_law(data, settings=found.settings.prediction),
        force_curves=found.force_curves.in_units(back),
        energy_curve=None if energy is None else energy.in_units(back),
        motion=None if found.motion is None else found.motion.in_units(back),
        comparison=found.comparison.in_units(back),
    )


def _baselines(train: Design, settings: DiscoverySettings) -> dict[str, Formula]:
    """What a finding has to beat."""
    power_law = fit_power_law(train, settings=settings.selection.candidates)
    fitted: dict[str, Baseline] = {"linear": fit_linear(train), "power law": power_law}
    known = {name: baseline.formula for name, baseline in fitted.items()}
    return {**known, "no force": Formula.parse("0")}


def _roll_out(formula: Formula, fitted: Fitted, settings: DiscoverySettings) -> Rollout | None:
    """The formula over the data's span of time, from starts of the test part."""
    part = fitted.split.test
    some = part.select(np.arange(min(settings.rollouts, part.n_trajectories)))
    dt = float(np.median(np.diff(part.time)))
    if part.receivers is not None:
        if part.edges is not None:
            return None
        try:
            return predict_crowd(formula, some, steps=part.n_times - 1, dt=dt)
        except InputError:
            # It is flung apart.
            return None
    moved = predict_motion(formula, some.initial, steps=part.n_times - 1, dt=dt)
    return moved if np.isfinite(moved.momentum).all() else None


def _residual(
    formula: Formula, fitted: Fitted, seed: int, settings: DiscoverySettings
) -> float | None:
    """Root mean square of what rollouts leave of noisy positions; the median trajectory's."""
    selection = settings.selection
    windows = shooting_windows(fitted.split.test, seed=seed, settings=selection.equations)
    if windows is None or len(windows.measured) > 1:
        return None
    return float(
        np.sqrt(np.median(shoot(formula, windows, rounds=0, settings=selection.refinement).error))
    )
