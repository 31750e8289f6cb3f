"""What `forcelaw particles` does, put together into documents."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forcelaw import __version__
from forcelaw.cli._document import plain
from forcelaw.cli._particles_settings import ParticlesSettings
from forcelaw.cli._session import Session
from forcelaw.cli._training_log import training_log

if TYPE_CHECKING:
    from forcelaw.particles import Trajectories
    from forcelaw.training._run import Run


def fit_run(session: Session, settings: ParticlesSettings, run: Run) -> dict[str, Any]:
    """Trains a law into a run and returns its results."""
    from forcelaw import training
    from forcelaw.particles._fit import fit

    data, seconds = _data(session, settings)
    with session.progress(f"learning the law of {settings.source}") as progress:
        fitted = fit(
            data, **settings.training(), folder=run.folder, report=training_log(progress, run)
        )
    training.save(run.folder, fitted.law, **_facts(settings, data))
    last = fitted.history[-1].metrics if fitted.history else {}
    return plain(
        {
            **_head("particles fit", settings, data),
            "error": {"validation": last.get("validation")},
            "seconds": {**seconds, "fit": fitted.seconds},
        }
    )


def discover_run(session: Session, settings: ParticlesSettings, run: Run) -> dict[str, Any]:
    """Fits, distills and checks into a run and returns its results."""
    raise NotImplementedError


def distill_run(session: Session, folder: Path) -> dict[str, Any]:
    """Distills the law of a run and adds the formula to its results."""
    raise NotImplementedError


def rollout_run(
    session: Session, folder: Path, *, steps: int, which: str | None, out: Path
) -> dict[str, Any]:
    """Simulates the law of a run from the first frames of its test part, into a file."""
    raise NotImplementedError


def _data(session: Session, settings: ParticlesSettings) -> tuple[Trajectories, dict[str, float]]:
    started = time.perf_counter()
    simulated = settings.simulation is not None
    with session.progress(f"{'simulating' if simulated else 'reading'} {settings.source}"):
        data = settings.data()
    for note in data.notes if simulated else ():
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
