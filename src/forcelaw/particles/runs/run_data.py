"""What a run learns from, read or simulated, and what its results say of it."""

from __future__ import annotations

import warnings
from typing import Any, TypeAlias

from forcelaw import __version__
from forcelaw.clock import Clock
from forcelaw.documents import JsonObject
from forcelaw.errors import InputError
from forcelaw.particles.data import Recordings, Trajectories
from forcelaw.particles.discovery_settings import RUN, RunThresholds
from forcelaw.particles.io import hash_files, read
from forcelaw.particles.kinematics import EstimateWarning
from forcelaw.particles.learning import plan_crowd
from forcelaw.particles.pairs_of_states import StatePairs, holds_pairs, read_pairs
from forcelaw.particles.preparation import infer_masses
from forcelaw.particles.regimes import Motion
from forcelaw.particles.settings import ParticlesSettings
from forcelaw.particles.systems import solar
from forcelaw.particles.systems.simulation import simulate
from forcelaw.storage.law_files import software_versions
from forcelaw.training.reporting import SILENT, Reporter

Read: TypeAlias = Motion | StatePairs
"""What a source holds."""


def read_data(
    settings: ParticlesSettings,
    *,
    thresholds: RunThresholds = RUN,
    reporter: Reporter = SILENT,
) -> tuple[Read, dict[str, float]]:
    """What to learn from, read or simulated, and the seconds that it took.

    What was understood of it is said.

    **Raises** `InputError` where the file has changed since the settings were made.
    """
    clock = Clock()
    simulated = settings.simulation is not None
    with (
        reporter.progress(f"{'simulating' if simulated else 'reading'} {settings.named}"),
        warnings.catch_warnings(),
    ):
        # The notes below say the same.
        warnings.simplefilter("ignore", EstimateWarning)
        data = _data(settings, thresholds)
    if not simulated:
        reporter.note(data.summary())
    for note in () if isinstance(data, StatePairs) else data.notes:
        reporter.note(f"note: {note}")
    plan = plan_crowd(data, seed=settings.seed) if isinstance(data, Trajectories) else None
    if plan is not None:
        reporter.note(str(plan))
    return data, {"simulate" if simulated else "read": clock.total}


def motion_of(data: Read, command: str) -> Motion:
    """**Raises** `InputError` for pairs of states."""
    if not isinstance(data, StatePairs):
        return data
    raise InputError(
        f"{data.name}: found pairs of states, expected for {command} motion with the snapshots "
        "between; give forcelaw particles discover"
    )


def plain_motion(data: Read, command: str) -> Trajectories:
    """**Raises** `InputError` for motion in a box, with kinds or absent bodies, and for pairs."""
    data = motion_of(data, command)
    if isinstance(data, Trajectories):
        return data
    raise InputError(
        f"{data.name}: found motion with a box, kinds or absent bodies, expected for {command} "
        "the same bodies at all times in open space; give forcelaw particles discover"
    )


def head_of(command: str, settings: ParticlesSettings, data: Read) -> JsonObject:
    """What results say first: by what they were found, and in what."""
    if isinstance(data, StatePairs):
        trajectories, frames, bodies = len(data), 2, data.bodies
    else:
        parts = tuple(data) if isinstance(data, Recordings) else (data,)
        trajectories = len(parts) if isinstance(data, Recordings) else data.n_trajectories
        frames = max(part.n_times for part in parts)
        bodies = max(part.n_bodies for part in parts)
    made = data.content_hash if isinstance(data, Trajectories) else None
    return {
        "schema": 1,
        "kind": "particles",
        "command": command,
        "version": __version__,
        "versions": software_versions(),
        "content_hash": settings.content_hash or made,
        "source": settings.named,
        "model": settings.model,
        "trajectories": trajectories,
        "frames": frames,
        "bodies": bodies,
        "dim": data.dim,
        "noise": None if settings.simulation is None else settings.simulation.noise,
        "seed": settings.seed,
        "precision": settings.precision,
    }


def _data(settings: ParticlesSettings, thresholds: RunThresholds) -> Read:
    if settings.simulation is not None:
        return simulate(settings.source, seed=settings.seed, **settings.simulation.model_dump())
    if settings.source == "solar":
        return infer_masses(solar(), settings=thresholds.discovery.learning.preparation)
    if hash_files(settings.source, *settings.also) != settings.content_hash:
        raise InputError(f"{settings.named}: has changed since the run began; restore it")
    pairs = [one for one in (settings.source, *settings.also) if holds_pairs(one)]
    if pairs and settings.also:
        raise InputError(
            f"{pairs[0]}: found pairs of states beside other files, expected them alone; join "
            "their arrays into one file"
        )
    if pairs:
        return read_pairs(settings.source)
    options: dict[str, Any] = {
        "box": settings.box,
        "species": settings.species,
        "topology": settings.topology,
        "settings": thresholds.kinematics,
    }
    if settings.also:
        return read([settings.source, *settings.also], **options)
    return read(settings.source, **options)
