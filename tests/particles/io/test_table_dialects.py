"""Tables of trajectories in every dialect hold the same."""

import bz2
import gzip
import lzma
import tarfile
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import COLUMNS, motion, quietly, table

from forcelaw.errors import InputError
from forcelaw.particles import read


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    return quietly(table(tmp_path_factory.mktemp("table") / "a.csv", motion()))


@settings(max_examples=25, deadline=None)
@given(
    st.permutations(COLUMNS),
    st.sampled_from([",", ";", "\t", "|", " "]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]),
    st.sampled_from(["", ".gz", ".bz2", ".xz", ".zip", ".tar.gz"]),
    st.randoms(use_true_random=False),
)
def test_any_dialect_holds_the_same(
    expected, columns, delimiter, comma, quote, encoding, packing, random
):
    rows = motion()
    random.shuffle(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        comma = comma and delimiter != ","
        table(path, rows, columns, delimiter, comma, quote, encoding)
        if packing == ".zip":
            with zipfile.ZipFile(path.with_suffix(".csv.zip"), "w") as archive:
                archive.write(path, "a.csv")
        elif packing == ".tar.gz":
            with tarfile.open(path.with_suffix(".csv.tar.gz"), "w:gz") as archive:
                archive.add(path, "a.csv")
        elif packing:
            pack = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}[packing]
            path.with_suffix(".csv" + packing).write_bytes(pack(path.read_bytes()))
        found = quietly(path.with_suffix(".csv" + packing))
    assert found.content_hash == expected.content_hash
    said = tuple(note for note in found.notes if not note.startswith("rows are put in the order"))
    assert (found.bodies, said) == (expected.bodies, expected.notes)


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        (
            {"time": "Frame", "body": "particle"},
            "columns: 'Frame' is the time, 'particle' is the body",
        ),
        ({"x": "pos_x [m]", "y": "pos_y [m]", "vx": "velocity_x", "vy": "velocity_y"}, None),
        ({"trajectory": "run", "body": "ID"}, "columns: 'run' is the trajectory, 'ID' is the body"),
        ({"time": "t (s)", "x": "X", "y": "Y"}, "columns: 't (s)' is the time"),
        ({"mass": "m"}, "columns: 'm' is the mass"),
        ({"mass": "M [kg]"}, "columns: 'M [kg]' is the mass"),
    ],
)
def test_names_of_columns_are_known_by_other_words(tmp_path, expected, changes, note):
    found = quietly(table(tmp_path / "a.csv", motion(**changes)))
    assert found.content_hash == expected.content_hash
    assert note is None or note in found.notes


def test_one_trajectory_needs_no_column(tmp_path):
    rows = motion(trajectories=1)
    without = [name for name in COLUMNS if name != "trajectory"]
    found = quietly(table(tmp_path / "a.csv", rows, without))
    assert found.content_hash == quietly(table(tmp_path / "b.csv", rows)).content_hash


def test_frames_are_said_to_be_counted(tmp_path):
    rows = [row | {"time": round(10 * row["time"])} for row in motion(trajectories=1)]
    rows = [{"frame" if k == "time" else k: v for k, v in row.items()} for row in rows]
    columns = ["frame", "body", "x", "y"]
    found = quietly(table(tmp_path / "a.csv", rows, columns))
    assert any("counted in frames" in note for note in found.notes)
    np.testing.assert_array_equal(found.time, np.arange(12))


@pytest.mark.parametrize("first", [True, False])
def test_a_name_may_begin_with_a_hash(tmp_path, first):
    rows = motion(names=("#1", "star#2", "c"))
    columns = ["body", *[name for name in COLUMNS if name != "body"]] if first else COLUMNS
    path = table(tmp_path / "a.csv", rows, columns)
    path.write_text(path.read_text() + "# the end\n")
    found = quietly(path)
    assert found.bodies == ("#1", "c", "star#2")
    assert found.n_trajectories == 2


def test_a_clock_that_was_added_up_is_one_clock(tmp_path):
    rows = motion(names=("a", "b", "c", "d"))
    clean = quietly(table(tmp_path / "a.csv", rows))
    for row in rows:
        if row["body"] in "bd":
            row["time"] = float(np.nextafter(row["time"], 9 if row["body"] == "b" else -9))
    found = quietly(table(tmp_path / "b.csv", rows))
    np.testing.assert_array_equal(found.position, clean.position)
    np.testing.assert_allclose(found.time, clean.time, atol=1e-15)


def test_times_far_from_zero_stay_apart(tmp_path):
    rows = [row | {"time": 2_460_000 + row["time"] / 1000} for row in motion()]
    columns = ["trajectory", "time", "body", "x", "y"]
    assert quietly(table(tmp_path / "a.csv", rows, columns)).n_times == 12


def test_a_header_in_a_comment_as_numpy_writes_it(tmp_path):
    rows = [row | {"body": "abc".index(row["body"])} for row in motion()]
    header = " ".join(COLUMNS)
    values = [[float(row[name]) for name in COLUMNS] for row in rows]
    np.savetxt(tmp_path / "a.csv", values, header=header, fmt="%.17g")
    found = quietly(tmp_path / "a.csv")
    assert (found.n_trajectories, found.n_times, found.bodies) == (2, 12, ("0", "1", "2"))


def test_the_index_of_a_data_frame_is_left_aside(tmp_path, expected):
    path = tmp_path / "a.csv"
    pd.DataFrame(motion()).to_csv(path)
    found = quietly(path)
    assert found.content_hash == expected.content_hash
    assert "the first column has no name and is left aside" in found.notes


def test_large_identifiers_do_not_merge(tmp_path):
    names = (2**53, 2**53 + 1, 2**53 + 2)
    found = quietly(table(tmp_path / "a.csv", motion(names=names)))
    assert found.bodies == tuple(map(str, names))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_separator_may_end_every_line(tmp_path, expected, delimiter):
    path = table(tmp_path / "a.csv", motion(), delimiter=delimiter)
    for _ in range(2):
        path.write_text(path.read_text().replace("\n", f"{delimiter}\n"))
        assert quietly(path).content_hash == expected.content_hash


def test_the_note_of_a_spreadsheet_is_no_header(tmp_path, expected):
    path = table(tmp_path / "a.csv", motion(), delimiter=";", comma=True)
    path.write_text("sep=;\n" + path.read_text())
    assert quietly(path).content_hash == expected.content_hash


def test_commas_between_thousands_are_not_taken_for_decimals(tmp_path):
    rows = [row | {"x": f"{1000 * (1 + k):,}"} for k, row in enumerate(motion())]
    rows = [{key: row[key] for key in ("time", "body", "x", "trajectory")} for row in rows]
    rows = [row | {"time": round(10 * float(row["time"])), "y": 3} for row in rows]
    with pytest.raises(InputError, match=r"found '1,000', which is 1000 or 1.000, expected numb"):
        quietly(table(tmp_path / "a.csv", rows, delimiter=";"))


@pytest.mark.parametrize("name", ["MASS", "Mass [kg]", " mass", "mass (u)"])
def test_mass_is_mass_in_any_spelling(tmp_path, expected, name):
    found = quietly(table(tmp_path / "a.csv", motion(mass=name)))
    assert found.content_hash == expected.content_hash


def test_a_lacking_header_is_named(tmp_path):
    path = table(tmp_path / "a.csv", motion())
    path.write_text(path.read_text().split("\n", 1)[1])
    with pytest.raises(InputError, match=r"a\.csv:1: found no header but 0, 0.0, a, "):
        quietly(path)


def test_a_name_of_brackets_alone_ends_soon(tmp_path):
    """By a pattern that looks for the last bracket from each of them it would take minutes."""
    path = tmp_path / "motion.csv"
    path.write_text(f"time,body,x,y,{'[' * 200_000})\n0,a,0,0,1\n1,a,0,0,1\n")
    with pytest.raises(InputError):
        read(path)
