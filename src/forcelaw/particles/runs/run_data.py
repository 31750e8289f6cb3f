"""The motion that a run learns from, read or simulated."""

from __future__ import annotations

import warnings
from typing import Any

from forcelaw.clock import Clock
from forcelaw.errors import InputError
from forcelaw.particles.data import Trajectories
from forcelaw.particles.discovery_settings import RUN, RunThresholds
from forcelaw.particles.io import hash_files, read
from forcelaw.particles.kinematics import EstimateWarning
from forcelaw.particles.learning import plan_crowd
from forcelaw.particles.preparation import infer_masses
from forcelaw.particles.regimes import Motion
from forcelaw.particles.settings import ParticlesSettings
from forcelaw.particles.systems import solar
from forcelaw.particles.systems.simulation import simulate
from forcelaw.training.reporting import SILENT, Reporter


def read_data(
    settings: ParticlesSettings,
    *,
    thresholds: RunThresholds = RUN,
    reporter: Reporter = SILENT,
) -> tuple[Motion, dict[str, float]]:
    """The motion to learn from, read or simulated, and the seconds that it took.

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
    for note in data.notes:
        reporter.note(f"note: {note}")
    plan = plan_crowd(data, seed=settings.seed) if isinstance(data, Trajectories) else None
    if plan is not None:
        reporter.note(str(plan))
    return data, {"simulate" if simulated else "read": clock.total}


def plain_motion(data: Motion, command: str) -> Trajectories:
    """**Raises** `InputError` for motion in a box, with kinds or absent bodies."""
    if isinstance(data, Trajectories):
        return data
    raise InputError(
        f"{data.name}: found motion with a box, kinds or absent bodies, expected for {command} "
        "the same bodies at all times in open space; give forcelaw particles discover"
    )


def _data(settings: ParticlesSettings, thresholds: RunThresholds) -> Motion:
    if settings.simulation is not None:
        return simulate(settings.source, seed=settings.seed, **settings.simulation.model_dump())
    if settings.source == "solar":
        return infer_masses(solar(), settings=thresholds.discovery.learning.preparation)
    if hash_files(settings.source, *settings.also) != settings.content_hash:
        raise InputError(f"{settings.named}: has changed since the run began; restore it")
    options: dict[str, Any] = {
        "box": settings.box,
        "species": settings.species,
        "topology": settings.topology,
        "settings": thresholds.kinematics,
    }
    if settings.also:
        return read([settings.source, *settings.also], **options)
    return read(settings.source, **options)
