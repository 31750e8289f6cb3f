"""What decides is passed down where data are read."""

import numpy as np
import pandas
import pytest

from forcelaw.particles import KinematicsSettings, from_frame, read, write

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
