"""Runs that learn from motion: what is fitted, read off and found in it, as documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forcelaw.clock import Clock
from forcelaw.distill import choose_searchers
from forcelaw.documents import JsonObject
from forcelaw.errors import InputError
from forcelaw.particles.answer import describe
from forcelaw.particles.data import Recordings, Trajectories
from forcelaw.particles.discovery import judge
from forcelaw.particles.discovery_result import DiscoveryResult
from forcelaw.particles.discovery_settings import RUN, RunThresholds
from forcelaw.particles.early_evidence import is_settled
from forcelaw.particles.first_answer import FirstAnswer, answer_first
from forcelaw.particles.hidden_properties import (
    check_infer,
    discover_with_hidden,
    with_masses,
    with_masses_that_show,
)
from forcelaw.particles.learning import STAGES, Fitted, fit
from forcelaw.particles.matter import MatterResult
from forcelaw.particles.matter.rollouts.law_documents import write_law
from forcelaw.particles.pairs_of_states import StatePairs
from forcelaw.particles.prediction import find_true_law
from forcelaw.particles.preparation import Prepared, Sizes, split_and_denoise
from forcelaw.particles.regimes import (
    Motion,
    as_noisy,
    ask_first,
    choose_better,
    discover_early,
    discover_kinds,
)
from forcelaw.particles.runs.motion_shown import show_motion
from forcelaw.particles.runs.network_runs import as_recordings, learn_recordings
from forcelaw.particles.runs.pairs_runs import discover_pairs_run
from forcelaw.particles.runs.recordings_compared import compare_recordings
from forcelaw.particles.runs.recordings_measured import measure_forces, true_forces
from forcelaw.particles.runs.run_data import Read, head_of, motion_of, plain_motion, read_data
from forcelaw.particles.settings import ParticlesSettings
from forcelaw.storage import Run, plain
from forcelaw.storage.law_files import load, save
from forcelaw.training import Stage
from forcelaw.training.reporting import SILENT, Reporter
from forcelaw.training.run_log import counted, training_log


def fit_run(
    settings: ParticlesSettings,
    run: Run,
    given: tuple[Read, dict[str, float]] | None = None,
    *,
    thresholds: RunThresholds = RUN,
    reporter: Reporter = SILENT,
) -> JsonObject:
    """Trains a law into a run and returns its results; `given`: what `read_data` found."""
    read, seconds = given or read_data(settings, thresholds=thresholds, reporter=reporter)
    read = motion_of(read, "fit")
    recorded, stages = as_recordings(read, settings), _stages(settings)
    if recorded is not None:
        found = learn_recordings(settings, recorded, stages, run, reporter)
        spent = {**seconds, **found["seconds"]}
        return plain({**head_of("particles fit", settings, recorded), **found, "seconds": spent})
    data = plain_motion(read, "fit")
    fitted = _fit(settings, data, stages, run, thresholds, reporter)
    save(run.folder, fitted.law, **_facts(settings, data))
    metrics = [entry.metrics for entry in fitted.history]
    best = min((m["validation"] for m in metrics if "validation" in m), default=None)
    return plain(
        {
            **head_of("particles fit", settings, data),
            "error": {"validation": best},
            "notes": list(data.notes),
            "target": settings.target or "acceleration",
            "training": counted(fitted.history),
            "seconds": {**seconds, "fit": fitted.seconds},
        }
    )


def discover_run(
    settings: ParticlesSettings,
    run: Run,
    given: tuple[Read, dict[str, float]] | None = None,
    *,
    thresholds: RunThresholds = RUN,
    reporter: Reporter = SILENT,
) -> JsonObject:
    """Finds a law into a run and returns its results; `given` as in `fit_run`.

    Plain motion is fitted, distilled and checked; for all else see `regimes.discover`, for pairs
    of states `discover_from_pairs`.
    """
    check_infer(settings.infer, settings.order)
    data, seconds = given or read_data(settings, thresholds=thresholds, reporter=reporter)
    if isinstance(data, StatePairs):
        return discover_pairs_run(settings, run, data, seconds, reporter)
    clock = Clock()
    asked: dict[str, Any] = {"order": settings.order, "seed": settings.seed}
    how: dict[str, Any] = {**asked, "say": reporter.note}
    data = as_noisy(data, settings.noise)
    if settings.infer == "mass":
        data = with_masses(data)
    elif settings.infer is not None:
        recorded = data if isinstance(data, Recordings) else data.recordings
        with reporter.progress(f"{settings.infer} and forces against distance"):
            found = discover_with_hidden(
                recorded, settings.infer, cutoff=settings.cutoff, noise=settings.noise, **how
            )
        return _recorded(settings, data, found, run, {**seconds, **found.seconds})
    if isinstance(data, Recordings):
        with reporter.progress("forces against distance"):
            found = discover_kinds(data, cutoff=settings.cutoff, noise=settings.noise, **how)
        return _recorded(settings, data, found, run, {**seconds, **found.seconds})
    preparation = thresholds.discovery.learning.preparation
    data = with_masses_that_show(data, settings.order, settings=preparation)
    with reporter.progress("regressing accelerations on known terms"):
        first = ask_first(data, cutoff=settings.cutoff, settings=thresholds.discovery, **asked)
    if first is not None and first.formula is not None:
        reporter.note(f"regression settles the law: {first.formula.text(4)}")
    with reporter.progress("telling first from second order"):
        early = discover_early(data, first, cutoff=settings.cutoff, **how)
    if early is not None and is_settled(early, settings.order, settings.cutoff):
        return _recorded(settings, data, early, run, {**seconds, **early.seconds})
    if first is None:
        first = answer_first(data, seed=settings.seed, settings=thresholds.discovery)
    clock.lap("regression")
    seconds = {**seconds, **clock.seconds}
    stages = _stages(settings)
    # What the configuration was filled up with, nobody has asked for.
    stages = first.stages(settings.model, None if stages == STAGES[settings.model] else stages)
    fitted = _fit(settings, first.prepared, stages, run, thresholds, reporter)
    save(run.folder, fitted.law, **_facts(settings, data))
    found, document = _judge(
        settings, data, fitted, run, seconds, thresholds, reporter, first=first
    )
    better = choose_better(found, data, early, **how)
    if isinstance(better, MatterResult):
        spent = {**seconds, **plain(found.seconds), **better.seconds}
        return _recorded(settings, data, better, run, spent)
    return document


def distill_run(
    settings: ParticlesSettings,
    run: Run,
    before: Mapping[str, Any],
    search: Sequence[str] = (),
    *,
    thresholds: RunThresholds = RUN,
    reporter: Reporter = SILENT,
) -> JsonObject:
    """Distills the law of a finished run and returns its results, the formula among them.

    **Arguments:** `settings` of the run (`settings_of_run`), which is open; `before` its results so
    far; `search` names of what proposes formulas, none for the default.

    **Raises** `InputError` where nothing can be written into the run.
    """
    if not run.writable:
        raise InputError(
            f"{run.folder}: found that nothing can be written there, expected a folder for the "
            "formula; copy the run elsewhere"
        )
    read, _ = read_data(settings, thresholds=thresholds, reporter=reporter)
    data = plain_motion(read, "distill")
    preparation = thresholds.discovery.learning.preparation
    split = split_and_denoise(data, settings.seed, settings=preparation)
    seconds = before.get("seconds") or {}
    spent = seconds.get("fit", 0.0)
    law, sizes = load(run.folder), Sizes.of(split.train, settings=preparation)
    fitted = Fitted(law, settings.model, split, sizes, (), spent)
    _, document = _judge(settings, data, fitted, run, seconds, thresholds, reporter, search)
    kept = {key: before[key] for key in ("training",) if key in before}
    return {**document, **kept, "command": before.get("command", "particles distill")}


def _fit(
    settings: ParticlesSettings,
    data: Trajectories | Prepared,
    stages: Sequence[Stage] | None,
    run: Run,
    thresholds: RunThresholds,
    reporter: Reporter,
) -> Fitted:
    with reporter.progress(f"learning the law of {settings.named}") as progress:
        return fit(
            data,
            model=settings.model,
            regularise=settings.regularise,
            target=settings.target,
            batch=settings.batch,
            stages=stages,
            seed=settings.seed,
            folder=run.folder,
            report=training_log(progress, run),
            settings=thresholds.discovery.learning,
            **settings.network,
        )


def _stages(settings: ParticlesSettings) -> tuple[Stage, ...]:
    return tuple(Stage(**stage.model_dump()) for stage in settings.stages)


def _judge(
    settings: ParticlesSettings,
    data: Trajectories,
    fitted: Fitted,
    run: Run,
    seconds: Mapping[str, float],
    thresholds: RunThresholds,
    reporter: Reporter,
    search: Sequence[str] = (),
    first: FirstAnswer | None = None,
) -> tuple[DiscoveryResult, JsonObject]:
    with reporter.progress("reading the law off and judging it") as progress:
        found = judge(
            data,
            fitted,
            searchers=choose_searchers(search) if search else None,
            # Sums of known terms, regressed on accelerations, belong to the library.
            library=not search or "library" in search,
            seed=settings.seed,
            first=first,
            settings=thresholds.discovery,
            progress=progress,
        )
    save(run.folder / "formula", found.formula, **_facts(settings, data))
    save(run.folder / "curve", found.curve.law, **_facts(settings, data))
    return found, plain(
        {
            **head_of("particles discover", settings, data),
            **found.to_json(),
            "training": counted(fitted.history),
            "seconds": {**seconds, **plain(found.seconds)},
        }
    )


def _recorded(
    settings: ParticlesSettings,
    data: Motion,
    found: MatterResult,
    run: Run,
    seconds: Mapping[str, float],
) -> JsonObject:
    """Keeps the law of recordings in a run and returns its results."""
    write_law(run.folder, found.law, found.data)
    head = head_of("particles discover", settings, data)
    curves = {
        "motion": show_motion(found, seed=settings.seed),
        "compared": compare_recordings(found, seed=settings.seed),
    }
    truth = find_true_law(data) if isinstance(data, Trajectories) else None
    document = found.to_json()
    forces = [
        {**curve, "truth": true, "measured": points}
        for curve, true, points in zip(
            document["pair_curves"],
            true_forces(found.law.pairs, truth),
            measure_forces(found, seed=settings.seed),
            strict=True,
        )
    ]
    known = {} if truth is None else {"truth": describe(truth)}
    own = {**head, "model": None, **document, **known, "pair_curves": forces}
    return plain({**own, "curves": curves, "seconds": seconds})


def _facts(settings: ParticlesSettings, data: Trajectories) -> JsonObject:
    """What the saved law's manifest says beside the law."""
    return {"seed": settings.seed, "dataset": settings.named, "content_hash": data.content_hash}
