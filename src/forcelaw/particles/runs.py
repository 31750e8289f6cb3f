"""Runs on bodies: what is learned, read off and simulated, put together into documents."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from forcelaw import __version__
from forcelaw.clock import Clock
from forcelaw.distill import choose_searchers
from forcelaw.documents import JsonObject
from forcelaw.errors import InputError
from forcelaw.particles.data import Trajectories
from forcelaw.particles.discovery import judge
from forcelaw.particles.discovery_settings import RUN, RunThresholds
from forcelaw.particles.first_answer import FirstAnswer, answer_first
from forcelaw.particles.io import read
from forcelaw.particles.kinematics import EstimateWarning
from forcelaw.particles.learning import STAGES, Fitted, fit, plan_crowd
from forcelaw.particles.preparation import Prepared, Sizes, infer_masses, split_and_denoise
from forcelaw.particles.settings import ParticlesSettings
from forcelaw.particles.systems import solar
from forcelaw.particles.systems.simulation import simulate
from forcelaw.storage import Run, file_hash, plain
from forcelaw.storage.law_files import load, save
from forcelaw.training import Stage
from forcelaw.training.reporting import SILENT, Reporter
from forcelaw.training.run_log import counted, training_log


def read_data(
    settings: ParticlesSettings,
    *,
    thresholds: RunThresholds = RUN,
    reporter: Reporter = SILENT,
) -> tuple[Trajectories, dict[str, float]]:
    """The motion to learn from, read or simulated, and the seconds that it took.

    What was understood of it is said.

    **Raises** `InputError` where the file has changed since the settings were made.
    """
    clock = Clock()
    simulated = settings.simulation is not None
    with (
        reporter.progress(f"{'simulating' if simulated else 'reading'} {settings.source}"),
        warnings.catch_warnings(),
    ):
        # The notes below say the same.
        warnings.simplefilter("ignore", EstimateWarning)
        data = _data(settings, thresholds)
    if not simulated:
        reporter.note(data.summary())
    for note in data.notes:
        reporter.note(f"note: {note}")
    plan = plan_crowd(data, seed=settings.seed)
    if plan is not None:
        reporter.note(str(plan))
    return data, {"simulate" if simulated else "read": clock.total}


def fit_run(
    settings: ParticlesSettings,
    run: Run,
    given: tuple[Trajectories, dict[str, float]] | None = None,
    *,
    thresholds: RunThresholds = RUN,
    reporter: Reporter = SILENT,
) -> JsonObject:
    """Trains a law into a run and returns its results; `given`: what `read_data` found."""
    data, seconds = given or read_data(settings, thresholds=thresholds, reporter=reporter)
    fitted = _fit(settings, data, _stages(settings), run, thresholds, reporter)
    save(run.folder, fitted.law, **_facts(settings, data))
    metrics = [entry.metrics for entry in fitted.history]
    best = min((m["validation"] for m in metrics if "validation" in m), default=None)
    return plain(
        {
            **_head("particles fit", settings, data),
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
    given: tuple[Trajectories, dict[str, float]] | None = None,
    *,
    thresholds: RunThresholds = RUN,
    reporter: Reporter = SILENT,
) -> JsonObject:
    """Fits, distills and checks into a run and returns its results; `given` as in `fit_run`."""
    data, seconds = given or read_data(settings, thresholds=thresholds, reporter=reporter)
    clock = Clock()
    with reporter.progress("regressing accelerations on known terms"):
        first = answer_first(data, seed=settings.seed, settings=thresholds.discovery)
    if first.formula is not None:
        reporter.note(f"regression settles the law: {first.formula.text(4)}")
    clock.lap("regression")
    seconds = {**seconds, **clock.seconds}
    stages = _stages(settings)
    # What the configuration was filled up with, nobody has asked for.
    stages = first.stages(settings.model, None if stages == STAGES[settings.model] else stages)
    fitted = _fit(settings, first.prepared, stages, run, thresholds, reporter)
    save(run.folder, fitted.law, **_facts(settings, data))
    return _judge(settings, data, fitted, run, seconds, thresholds, reporter, first=first)


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
    data, _ = read_data(settings, thresholds=thresholds, reporter=reporter)
    preparation = thresholds.discovery.learning.preparation
    split = split_and_denoise(data, settings.seed, settings=preparation)
    seconds = before.get("seconds") or {}
    spent = seconds.get("fit", 0.0)
    law, sizes = load(run.folder), Sizes.of(split.train, settings=preparation)
    fitted = Fitted(law, settings.model, split, sizes, (), spent)
    document = _judge(settings, data, fitted, run, seconds, thresholds, reporter, search)
    kept = {key: before[key] for key in ("training",) if key in before}
    return {**document, **kept, "command": before.get("command", "particles distill")}


def _data(settings: ParticlesSettings, thresholds: RunThresholds) -> Trajectories:
    if settings.simulation is not None:
        return simulate(settings.source, seed=settings.seed, **settings.simulation.model_dump())
    if settings.source == "solar":
        return infer_masses(solar(), settings=thresholds.discovery.learning.preparation)
    if file_hash(settings.source) != settings.content_hash:
        raise InputError(f"{settings.source}: has changed since the run began; restore it")
    return read(settings.source, settings=thresholds.kinematics)


def _fit(
    settings: ParticlesSettings,
    data: Trajectories | Prepared,
    stages: Sequence[Stage] | None,
    run: Run,
    thresholds: RunThresholds,
    reporter: Reporter,
) -> Fitted:
    with reporter.progress(f"learning the law of {settings.source}") as progress:
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
) -> JsonObject:
    with reporter.progress("reading the law off"):
        found = judge(
            data,
            fitted,
            searchers=choose_searchers(search) if search else None,
            # Sums of known terms, regressed on accelerations, belong to the library.
            library=not search or "library" in search,
            seed=settings.seed,
            first=first,
            settings=thresholds.discovery,
        )
    save(run.folder / "formula", found.formula, **_facts(settings, data))
    save(run.folder / "curve", found.curve.law, **_facts(settings, data))
    return plain(
        {
            **_head("particles discover", settings, data),
            **found.to_json(),
            "training": counted(fitted.history),
            "seconds": {**seconds, **plain(found.seconds)},
        }
    )


def _head(command: str, settings: ParticlesSettings, data: Trajectories) -> JsonObject:
    noise = None if settings.simulation is None else settings.simulation.noise
    return {
        "schema": 1,
        "kind": "particles",
        "command": command,
        "version": __version__,
        "source": settings.source,
        "model": settings.model,
        "trajectories": data.n_trajectories,
        "frames": data.n_times,
        "bodies": data.n_bodies,
        "dim": data.dim,
        "noise": noise,
        "seed": settings.seed,
        "precision": settings.precision,
    }


def _facts(settings: ParticlesSettings, data: Trajectories) -> JsonObject:
    """What the saved law's manifest says beside the law."""
    return {"seed": settings.seed, "dataset": settings.source, "content_hash": data.content_hash}
