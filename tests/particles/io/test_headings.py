"""Headings in files and tables."""

from typing import Any

import numpy as np
import pytest

from forcelaw.errors import InputError
from forcelaw.particles import from_tracks, read
from forcelaw.particles.data import Trajectories
from forcelaw.particles.io.files import write

pytestmark = pytest.mark.filterwarnings("ignore::forcelaw.particles.EstimateWarning")
CHANCE = np.random.default_rng(0)
PLACE = np.cumsum(CHANCE.normal(size=(12, 3, 2)), axis=0)
ANGLE = np.cumsum(CHANCE.normal(size=(12, 3)), axis=0)


def table(name):
    """Rows of all bodies at all times, in any order, as a dictionary of columns."""
    time, body = np.meshgrid(np.arange(12), np.arange(3), indexing="ij")
    columns = {"frame": time, "particle": body, "x": PLACE[..., 0], "y": PLACE[..., 1]}
    order = CHANCE.permutation(36)
    return {key: value.ravel()[order] for key, value in (columns | {name: ANGLE}).items()}


def heading_of(data: Any):
    """Of the only recording."""
    return data.parts[0].heading


@pytest.mark.parametrize("name", ["heading", "theta", "Orientation"])
def test_a_column_of_angles_is_the_heading(tmp_path, name):
    columns = table(name)
    rows = np.column_stack(list(columns.values()))
    path = tmp_path / "a.csv"
    np.savetxt(path, rows, delimiter=",", header=",".join(columns), comments="", fmt="%.17g")
    np.testing.assert_array_equal(heading_of(read(path)), ANGLE)


def test_tracks_name_the_column():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(table("alpha"))
    np.testing.assert_array_equal(heading_of(from_tracks(frame, heading="alpha")), ANGLE)
    with pytest.raises(InputError, match="no column 'beta'"):
        from_tracks(frame, heading="beta")


def test_a_body_that_is_missed_has_no_heading(tmp_path):
    columns = table("theta")
    kept = (columns["frame"] != 5) | (columns["particle"] != 1)
    rows = np.column_stack([column[kept] for column in columns.values()])
    path = tmp_path / "a.csv"
    np.savetxt(path, rows, delimiter=",", header=",".join(columns), comments="", fmt="%.17g")
    part = read(path).parts[0]
    assert np.isnan(part.heading[5, 1]) and not part.present[5, 1]
    assert np.isfinite(part.heading[part.present]).all()


def test_archives_hold_headings(tmp_path):
    data: Any = Trajectories(PLACE, time=np.arange(12.0), heading=ANGLE, box=(50, 50))
    write(data, tmp_path / "a.npz")
    np.testing.assert_array_equal(heading_of(read(tmp_path / "a.npz")), ANGLE)
    np.savez(tmp_path / "b.npz", position=PLACE, heading=ANGLE[:, :2])
    with pytest.raises(InputError, match=r"b\.npz: found 'heading' of shape"):
        read(tmp_path / "b.npz")
