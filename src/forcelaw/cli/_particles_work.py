"""What `forcelaw particles` does, put together into documents."""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forcelaw import __version__
from forcelaw.cli._particles_settings import ParticlesSettings
from forcelaw.cli._session import Session
from forcelaw.cli._settings import Given
from forcelaw.errors import InputError
from forcelaw.files import many
from forcelaw.storage import plain
from forcelaw.training.run_log import counted, training_log

if TYPE_CHECKING:
    from forcelaw.particles import Fitted, Trajectories
    from forcelaw.storage import Run

    Read = tuple[Trajectories, dict[str, float]]


def fit_run(
    session: Session, settings: ParticlesSettings, run: Run, read: Read | None = None
) -> dict[str, Any]:
    """Trains a law into a run and returns its results; `read`: the data, if read before."""
    data, seconds = read or read_data(session, settings)
    fitted = _fit(session, settings, data, run)
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
    session: Session, settings: ParticlesSettings, run: Run, read: Read | None = None
) -> dict[str, Any]:
    """Fits, distills and checks into a run and returns its results; `read` as in `fit_run`."""
    data, seconds = read or read_data(session, settings)
    fitted = _fit(session, settings, data, run)
    return _judge(session, settings, data, fitted, run, seconds)


def distill_run(session: Session, folder: Path, search: Sequence[str] = ()) -> dict[str, Any]:
    """Distills the law of a finished run and adds the formula to its results.

    Args:
        session: the command.
        folder: the run.
        search: names of what proposes formulas; none for the default.

    Raises:
        InputError: `folder` holds no finished run of particles.
    """
    from forcelaw.cli._runs import keep_report, read_back
    from forcelaw.particles import Fitted
    from forcelaw.particles.learning import parts
    from forcelaw.particles.preparation import Sizes
    from forcelaw.storage import open_run
    from forcelaw.storage.law_files import load

    opened, settings = _finished(session, folder)
    with open_run(folder, opened.config) as run:
        before = read_back(run) or {}
        if before.get("formula") and not session.force:
            session.note(f"{folder}: distilled before, shown again (--force starts anew)")
            keep_report(session, run)
            return before
        if not run.writable:
            raise InputError(
                f"{folder}: found that nothing can be written there, expected a folder for the "
                "formula; copy the run elsewhere"
            )
        data, _ = read_data(session, settings)
        split = parts(data, settings.seed)
        sizes = Sizes.of(split.train)
        seconds = before.get("seconds") or {}
        spent = seconds.get("fit", 0.0)
        fitted = Fitted(load(folder), settings.model, split, sizes, (), spent)
        document = _judge(session, settings, data, fitted, run, seconds, search)
        document |= {key: before[key] for key in ("training",) if key in before}
        run.finish({**document, "command": before.get("command", "particles distill")})
        keep_report(session, run)
        return document


def rollout_run(
    session: Session, folder: Path, *, steps: int, which: str | None, out: Path
) -> dict[str, Any]:
    """Simulates the law of a run from the first frames of its test part, into a file.

    Raises:
        InputError: `folder` holds no finished run of particles, or no formula yet.
    """
    import numpy as np

    from forcelaw import particles
    from forcelaw.particles import roll_out
    from forcelaw.storage.law_files import load

    run, settings = _finished(session, folder)
    has_formula = (folder / "formula" / "law.json").exists()
    answer = (run.results() or {}).get("answer") or "formula"
    name = which or (answer if has_formula else "network")
    if name != "network" and not (folder / name / "law.json").exists():
        raise InputError(
            f"{folder}: found no {name}, expected one for --law {name}; "
            f"give forcelaw particles distill {folder} first"
        )
    law = load(folder if name == "network" else folder / name)
    data, _ = read_data(session, settings)
    test = data.split(settings.seed).test
    dt = float(np.median(np.diff(test.time)))
    with session.progress(f"simulating {many(test.n_trajectories, 'trajectory')}"):
        moved = roll_out(law, test.initial, steps=steps, dt=dt)
    written = particles.Trajectories(
        position=np.asarray(moved.state.position),
        velocity=np.asarray(moved.state.velocity),
        acceleration=np.asarray(moved.acceleration),
        time=moved.time,
        attributes=test.attributes,
        edges=test.edges,
        bodies=test.bodies,
        name=out.name,
    )
    particles.write(written, out, force=session.force)
    return plain(
        {
            "out": str(out),
            "law": name,
            "trajectories": test.n_trajectories,
            "steps": steps,
            "dt": dt,
            "energy_drift": moved.energy_drift,
            "momentum_drift": moved.momentum_drift,
        }
    )


def _fit(session: Session, settings: ParticlesSettings, data: Trajectories, run: Run) -> Fitted:
    from forcelaw.particles import fit
    from forcelaw.storage.law_files import save

    with session.progress(f"learning the law of {settings.source}") as progress:
        log = training_log(progress, run)
        fitted = fit(data, **settings.training(), folder=run.folder, report=log)
    save(run.folder, fitted.law, **_facts(settings, data))
    return fitted


def _judge(
    session: Session,
    settings: ParticlesSettings,
    data: Trajectories,
    fitted: Fitted,
    run: Run,
    seconds: dict[str, float],
    search: Sequence[str] = (),
) -> dict[str, Any]:
    from forcelaw.distill import searchers
    from forcelaw.particles import judge
    from forcelaw.storage.law_files import save

    chosen: dict[str, Any] = {}
    if search:
        # Sums of known terms, regressed on accelerations, belong to the library.
        chosen = {"searchers": searchers(search), "library": "library" in search}
    with session.progress("reading the law off"):
        found = judge(data, fitted, seed=settings.seed, **chosen)
    save(run.folder / "formula", found.formula, **_facts(settings, data))
    save(run.folder / "curve", found.curve.law, **_facts(settings, data))
    document = {**_head("particles discover", settings, data), **found.document}
    document["training"] = counted(fitted.history)
    document["seconds"] = {**seconds, **document["seconds"]}
    return plain(document)


def _finished(session: Session, folder: Path) -> tuple[Run, ParticlesSettings]:
    from forcelaw.storage import RunStatus, read_run

    run = read_run(folder)
    command = str(run.config.get("command", ""))
    if command not in ("particles fit", "particles discover"):
        raise InputError(
            f"{folder}: found a run of {command or 'something else'!r}, expected one of "
            "'particles fit' or 'particles discover'; give another folder"
        )
    if run.status is not RunStatus.FINISHED:
        raise InputError(f"{folder}: the run is unfinished; give its command again to finish it")
    values = {key: value for key, value in run.config.items() if key != "command"}
    settings = Given(options=values).resolve(ParticlesSettings)
    session.start_jax(settings.precision)
    return run, settings


def read_data(session: Session, settings: ParticlesSettings) -> Read:
    """The motion to learn from, read or simulated, and the seconds that it took.

    What was understood of it is said.
    """
    from forcelaw.particles import EstimateWarning

    started = time.perf_counter()
    simulated = settings.simulation is not None
    with (
        session.progress(f"{'simulating' if simulated else 'reading'} {settings.source}"),
        warnings.catch_warnings(),
    ):
        # The notes below say the same.
        warnings.simplefilter("ignore", EstimateWarning)
        data = settings.data()
    if not simulated:
        session.note(data.summary())
    for note in data.notes:
        session.note(f"note: {note}")
    return data, {"simulate" if simulated else "read": time.perf_counter() - started}


def _head(command: str, settings: ParticlesSettings, data: Trajectories) -> dict[str, Any]:
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


def _facts(settings: ParticlesSettings, data: Trajectories) -> dict[str, Any]:
    """What the saved law's manifest says beside the law."""
    return {"seed": settings.seed, "dataset": settings.source, "content_hash": data.content_hash}
