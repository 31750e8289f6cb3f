"""Runs of networks on recordings: boxes, kinds, gaps, either order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.documents import JsonObject, ParsedObject
from forcelaw.errors import InputError
from forcelaw.particles.data import Recordings, Trajectories
from forcelaw.particles.learning import BATCH, STAGES
from forcelaw.particles.networks import FittedRecordings, fit_recordings, roll_out
from forcelaw.particles.networks.fitted_files import load_fitted, save_fitted
from forcelaw.particles.settings import ParticlesSettings
from forcelaw.storage import Run
from forcelaw.training import Stage
from forcelaw.training.reporting import Reporter
from forcelaw.training.run_log import counted, training_log

FINER = 5
"""Steps of a simulation of recorded bodies between two snapshots."""


def as_recordings(
    read: Trajectories | Recordings, settings: ParticlesSettings
) -> Recordings | None:
    """What a network for recordings learns from; None of plain motion, unless asked for."""
    if isinstance(read, Recordings):
        return read
    asked = settings.order == "first" or settings.cutoff is not None
    return read.recordings if asked else None


def learn_recordings(
    settings: ParticlesSettings,
    data: Recordings,
    stages: Sequence[Stage],
    run: Run,
    reporter: Reporter,
) -> ParsedObject:
    """Trains a network on recordings into a run; what its results say beside the head.

    Where nothing else is asked for, schedule, batch and regularisation are those for recordings.

    **Raises** `InputError` for a target other than the change of the motion.
    """
    if settings.target not in (None, "acceleration"):
        raise InputError(
            f"target: found {settings.target!r} for motion with a box, kinds, gaps, an order or a "
            "cutoff, expected acceleration; leave it out"
        )
    # What the configuration was filled up with, nobody has asked for.
    how: dict[str, Any] = {
        "stages": None if tuple(stages) == STAGES[settings.model] else stages,
        "batch": None if settings.batch == BATCH[settings.model] else settings.batch,
    }
    if settings.regularise != "l1":
        how["regularise"] = settings.regularise
    elif settings.model == "message":
        reporter.note("note: messages of a box are kept few by a bottleneck, in place of l1")
    with reporter.progress(f"learning the law of {settings.named}") as progress:
        fitted = fit_recordings(
            data,
            model=settings.model,
            order=settings.order,
            cutoff=settings.cutoff,
            seed=settings.seed,
            folder=run.folder,
            report=training_log(progress, run),
            **how,
            **settings.network,
        )
    save_fitted(run.folder, fitted, seed=settings.seed, dataset=settings.named)
    best = min(epoch.metrics["validation"] for epoch in fitted.history)
    return {
        "error": {"validation": best},
        "notes": list(data.notes),
        "target": fitted.order.target,
        "order": fitted.order.number,
        "cutoff": fitted.cutoff,
        "explained": fitted.explained,
        "curves": {"force": _drawn(fitted, data)},
        "training": counted(fitted.history),
        "seconds": {"fit": fitted.seconds},
    }


def roll_out_network(
    folder: Path, data: Recordings, steps: int, reporter: Reporter
) -> tuple[Recordings, float]:
    """Motion under the network of a run from the starts of recordings, and the time step."""
    fitted = load_fitted(folder)
    dt = float(np.median(np.concatenate([np.diff(part.time) for part in data])))
    with reporter.progress(f"simulating {data.name}"):
        moved = tuple(
            roll_out(fitted, part, steps=steps * FINER, dt=dt / FINER, every=FINER) for part in data
        )
    return Recordings(moved, data.name), dt


def _drawn(fitted: FittedRecordings, data: Recordings) -> JsonObject:
    """The force on each kind from each against distance, typical attributes on both bodies."""
    typical = {
        name: float(np.median(np.concatenate([part.attributes[name] for part in data])))
        for name in fitted.attributes
    }
    kinds = fitted.kinds or ("",)
    series, r = {}, np.zeros(0)
    for receiver in kinds:
        for sender in kinds:
            curve = fitted.curve(receiver, sender, **typical)
            r = curve.r
            name = f"{receiver} from {sender}" if fitted.kinds else "learned"
            series[name] = curve.force.tolist()
    every = np.sort(np.concatenate([np.asarray(force) for force in series.values()]))
    low, high = every[len(every) // 10], every[-1 - len(every) // 10]
    room = 1.5 * (high - low) + 1e-300
    return {
        "x": r.tolist(),
        "series": series,
        "x_label": "distance",
        "y_label": "force",
        "clip": [float(low - room), float(high + room)],
    }
