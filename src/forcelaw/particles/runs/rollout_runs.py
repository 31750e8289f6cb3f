"""The motion under the law of a run, into a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from forcelaw.documents import JsonObject
from forcelaw.errors import InputError
from forcelaw.files import many
from forcelaw.particles.data import Recordings, Trajectories
from forcelaw.particles.discovery_settings import RUN, RunThresholds
from forcelaw.particles.io import write
from forcelaw.particles.io.endings import WRITTEN
from forcelaw.particles.matter import simulate_law
from forcelaw.particles.matter.rollouts.law_documents import LAW_FILE, read_law
from forcelaw.particles.networks.fitted_files import has_fitted
from forcelaw.particles.prediction import predict_motion
from forcelaw.particles.runs.network_runs import FINER, as_recordings, roll_out_network
from forcelaw.particles.runs.run_data import motion_of, plain_motion, read_data
from forcelaw.particles.settings import ParticlesSettings
from forcelaw.storage import check_file, plain, read_run
from forcelaw.storage.law_files import load
from forcelaw.training.reporting import SILENT, Reporter


def rollout_run(
    settings: ParticlesSettings,
    folder: Path,
    *,
    steps: int,
    which: str | None,
    out: Path,
    seed: int | None = None,
    force: bool = False,
    thresholds: RunThresholds = RUN,
    reporter: Reporter = SILENT,
) -> JsonObject:
    """Simulates the law of a run from the first frames of its test part, into a file.

    **Arguments:** `settings` of the run in `folder` (`settings_of_run`); `steps` of the data's time
    step; `which` is `network`, `formula` or `curve`, by default the answer of the run; `seed` of
    the chance, where the law has one (default: that of the run); `force` whether the file `out` may
    be there already.

    **Raises** `InputError` where the run has no such law.
    """
    if (folder / LAW_FILE).exists() and which in (None, "formula"):
        chosen = settings.seed if seed is None else seed
        return _recorded(folder, steps, out, chosen, force, reporter)
    has_formula = (folder / "formula" / "law.json").exists()
    answer = (read_run(folder).results() or {}).get("answer") or "formula"
    name = which or (answer if has_formula else "network")
    if name != "network" and not (folder / name / "law.json").exists():
        raise InputError(
            f"{folder}: found no {name}, expected one for --law {name}; "
            f"give forcelaw particles distill {folder} first"
        )
    read, _ = read_data(settings, thresholds=thresholds, reporter=reporter)
    read = motion_of(read, "rollout")
    recorded = as_recordings(read, settings)
    if name == "network" and recorded is not None and has_fitted(folder):
        return _by_network(folder, recorded, steps, out, force, reporter)
    law = load(folder if name == "network" else folder / name)
    test = plain_motion(read, "this law").split(settings.seed).test
    dt = float(np.median(np.diff(test.time)))
    with reporter.progress(f"simulating {many(test.n_trajectories, 'trajectory')}"):
        moved = predict_motion(law, test.initial, steps=steps, dt=dt)
    written = Trajectories(
        position=np.asarray(moved.state.position),
        velocity=np.asarray(moved.state.velocity),
        acceleration=np.asarray(moved.acceleration),
        time=moved.time,
        attributes=test.attributes,
        edges=test.edges,
        bodies=test.bodies,
        name=out.name,
    )
    write(written, out, force=force)
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


def _by_network(
    folder: Path, data: Recordings, steps: int, out: Path, force: bool, reporter: Reporter
) -> JsonObject:
    """Simulates a network of recordings from their starts."""
    # Before any work: boxes and kinds have no place in a table.
    check_file(out, WRITTEN[0], force=force)
    moved, dt = roll_out_network(folder, data, steps, reporter)
    write(moved, out, force=force)
    return plain(
        {
            "out": str(out),
            "law": "network",
            "trajectories": len(moved),
            "steps": steps,
            "dt": dt,
            "energy_drift": None,
            "momentum_drift": None,
        }
    )


def _recorded(
    folder: Path,
    steps: int,
    out: Path,
    seed: int,
    force: bool,
    reporter: Reporter,
) -> JsonObject:
    """Simulates the law of recordings from the starts that the run keeps."""
    # Before any work: boxes and kinds have no place in a table.
    check_file(out, WRITTEN[0], force=force)
    law, starts = read_law(folder)
    dt = float(np.median([start.step for start in starts]))
    with reporter.progress(f"simulating {many(len(starts), 'recording')}"):
        moved = simulate_law(
            law, starts, steps=steps * FINER, dt=dt / FINER, every=FINER, seed=seed
        )
    write(moved.recordings, out, force=force)
    return plain(
        {
            "out": str(out),
            "law": "formula",
            "trajectories": len(starts),
            "steps": steps,
            "dt": dt,
            "seed": seed,
            "energy_drift": moved.energy_drift,
            "momentum_drift": moved.momentum_drift,
        }
    )
