"""What decides is passed down where data are read, and in runs."""

import dataclasses

import numpy as np
import pandas
import pytest

from forcelaw.errors import NotEnoughData
from forcelaw.particles import (
    DiscoverySettings,
    KinematicsSettings,
    Trajectories,
    from_frame,
    read,
    write,
)
from forcelaw.particles.discovery_settings import RunThresholds
from forcelaw.particles.runs import fit_run, read_data
from forcelaw.particles.settings import ParticlesSettings, StageSettings
from forcelaw.storage import file_hash, open_run

NARROW = KinematicsSettings(stencil=5)


@pytest.fixture
def positions(tmp_path):
    """A file of which velocities and accelerations have to be estimated."""
    time = np.linspace(0, 1, 41)
    rows = [f"0,{t},{body},{np.sin(3 * t) + body}" for t in time.tolist() for body in (0, 1)]
    path = tmp_path / "positions.csv"
    path.write_text("\n".join(["trajectory,time,body,x", *rows]))
    return path


@pytest.mark.filterwarnings("ignore::forcelaw.particles.EstimateWarning")
def test_what_completes_data_is_honoured_where_they_are_read(positions, tmp_path):
    data = read(positions, settings=NARROW)
    assert "over 5 snapshots" in data.notes[0] and data.settings is NARROW
    assert "over 7 snapshots" in read(positions).notes[0]
    write(data, tmp_path / "again.npz")
    assert "over 5 snapshots" in read(tmp_path / "again.npz", settings=NARROW).notes[0]
    frame = pandas.read_csv(positions)
    assert "over 5 snapshots" in from_frame(frame, settings=NARROW).notes[0]


def test_thresholds_of_a_run_are_honoured(positions, tmp_path):
    settings = ParticlesSettings(
        source=str(positions),
        content_hash=file_hash(positions),
        batch=8,
        stages=[StageSettings(epochs=1, learning_rate=1e-2)],
    )
    known = DiscoverySettings()
    learning = dataclasses.replace(known.learning, least_snapshots=5000)
    strict = RunThresholds(
        kinematics=NARROW, discovery=dataclasses.replace(known, learning=learning)
    )
    data, _ = read_data(settings, thresholds=strict)
    assert isinstance(data, Trajectories)
    assert "over 5 snapshots" in data.notes[0]
    with (
        open_run(tmp_path / "run", {}) as run,
        pytest.raises(NotEnoughData, match="at least 5000"),
    ):
        fit_run(settings, run, thresholds=strict)
