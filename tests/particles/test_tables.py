"""Tables of trajectories as users write them, right and wrong."""

import bz2
import gzip
import lzma
import tarfile
import tempfile
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.errors import InputError
from forcelaw.particles import read

HEADER = "trajectory,time,body,x,y,vx,vy,ax,ay,mass"
GOOD = [
    "0,0.0,a,1,2,3,4,5,6,1",
    "0,0.0,b,2,2,3,4,5,6,1",
    "0,0.1,a,1,3,3,4,5,6,1",
    "0,0.1,b,2,3,3,4,5,6,1",
]


def csv(path, rows, header=HEADER):
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [*GOOD[:2], "0,0.1,a,one,3,3,4,5,6,1", GOOD[3]],
            r"a.csv:4: found 'one' in the column 'x'",
        ),
        ([*GOOD[:2], "0,0.1,a,,3,3,4,5,6,1", GOOD[3]], "a.csv:4: found an empty cell in the col"),
        ([*GOOD[:2], "0,0.1,a,1,3", GOOD[3]], "a.csv:4: found 5 cells, expected 10"),
        (["0,0,a,1", *GOOD[1:]], "a.csv:2: found 4 cells, expected 10"),
        ([*GOOD[:3], "0,0.1,b,nan,3,3,4,5,6,1"], "a.csv:5: found nan in the column 'x' of traj"),
        ([*GOOD, GOOD[2]], "a.csv:6: found trajectory 0, time 0.1, body 'a' once more .*line 4"),
        (GOOD[:3], "body 'b' missing at times 0.1, and 0 of 1 other bodies .*come and go are not"),
        ([*GOOD, "1,0.0,a,1,2,3,4,5,6,1"], "found 1 bodies in trajectory 1"),
        ([*GOOD, "1,0.0,a,1,2,3,4,5,6,1", "1,0.0,b,2,2,3,4,5,6,1"], "found 1 time steps in traj"),
        ([*GOOD[:3], "0,0.1,c,2,3,3,4,5,6,1"], "body 'b' missing at times 0.1, and 1 of 2 other"),
        ([*GOOD[:3], "0,0.1,b,2,3,3,4,5,6,2"], "a.csv:5: found 2 in the column 'mass' after 1"),
        ([row[:-1] + "0" for row in GOOD], "mass 0 of trajectory 0, body 'a'"),
        (GOOD[:2], "a single time step"),
        ([*GOOD[:3], "0,0.1,b,1,3,3,4,5,6,1"], "bodies 'a' and 'b' at the same position"),
        ([], "found no rows"),
    ],
)
def test_wrong_tables_are_named(tmp_path, rows, words):
    with pytest.raises(InputError, match=words):
        read(csv(tmp_path / "a.csv", rows))


def test_a_good_table_with_comments_blank_lines_and_later_starts(tmp_path):
    later = [row.replace("0,0.", "1,7.", 1) for row in GOOD]
    path = csv(tmp_path / "a.csv", ["# a comment", *GOOD, "", *later])
    data = read(path)
    assert (data.n_trajectories, data.n_times, data.bodies) == (2, 2, ("a", "b"))
    np.testing.assert_array_equal(data.time, [0, 0.1])
    assert data.position[1, 1, 0].tolist() == [1, 3]


def test_times_that_differ_between_trajectories(tmp_path):
    later = [row.replace("0,0.1", "1,0.3", 1).replace("0,0.0", "1,0.0", 1) for row in GOOD]
    with pytest.raises(InputError, match=r"step 1 of trajectory 1 0.3 after .* expected 0.1"):
        read(csv(tmp_path / "a.csv", [*GOOD, *later]))


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("trajectory,time,body,x", "a.csv:1: .*expected a column 'y'"),
        ("trajectory,tiem,body,x,y", "column 'time'.*did you mean 'tiem'"),
        ("trajectory,time,body,x,y,vx", "expected vx, vy or none"),
        ("trajectory,time,body,x,y,x", "column 'x' twice"),
        ("trajectory,time,body,x,y,", "without a name"),
    ],
)
def test_wrong_headers_are_named(tmp_path, header, words):
    with pytest.raises(InputError, match=words):
        read(csv(tmp_path / "a.csv", GOOD, header))


def test_files_that_are_no_tables(tmp_path):
    (tmp_path / "empty.csv").touch()
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "blank.csv").write_text("\n\n")
    (tmp_path / "bare.csv").write_text(HEADER + "\n")
    (tmp_path / "latin.csv").write_bytes(HEADER.encode() + b"\n0,0,\xe4,1,2,3,4,5,6,1\n")
    for name, words in {
        "none.csv": "no such file",
        "empty.csv": "an empty file",
        "folder.csv": "a folder",
        "blank.csv": "an empty file",
        "bare.csv": "bare.csv: found no rows, expected one for each body",
        "latin.csv": "latin.csv:2: found the byte 0xe4, expected UTF-8 text",
        "a.txt": "the ending '.txt'",
        "a": "a name without an ending",
    }.items():
        with pytest.raises(InputError, match=words):
            read(tmp_path / name)


def motion(trajectories=2, frames=12, names=("a", "b", "c"), **changes):
    """A small table with everything in it, as rows of cells by column."""
    draw = np.random.default_rng(0)
    rate, phase = draw.uniform(0.5, 2, size=(2, trajectories, len(names), 2))
    rows = []
    for i in range(trajectories):
        for t in np.arange(frames) * 0.1:
            for k, name in enumerate(names):
                x, y = np.sin(rate[i, k] * t + phase[i, k])
                vx, vy = rate[i, k] * np.cos(rate[i, k] * t + phase[i, k])
                cells = {"trajectory": i, "time": t, "body": name, "x": x, "y": y}
                rows.append(cells | {"vx": vx, "vy": vy, "mass": 1 + k + 10 * i})
    return [{changes.get(key, key): value for key, value in row.items()} for row in rows]


def table(path, rows, columns=None, delimiter=",", comma=False, quote=False, encoding="utf-8"):
    columns = columns or list(rows[0])

    def cell(value):
        text = repr(float(value)) if isinstance(value, float) else str(value)
        text = text.replace(".", ",") if comma and not isinstance(value, str) else text
        return f'"{text}"' if quote else text

    lines = [delimiter.join(cell(name) for name in columns)]
    lines += [delimiter.join(cell(row[name]) for name in columns) for row in rows]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    return quietly(table(tmp_path_factory.mktemp("table") / "a.csv", motion()))


def quietly(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return read(path)


COLUMNS = list(motion()[0])


@settings(max_examples=25, deadline=None)
@given(
    st.permutations(COLUMNS),
    st.sampled_from([",", ";", "\t", "|", " "]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]),
    st.sampled_from(["", ".gz", ".bz2", ".xz", ".zip"]),
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
        elif packing:
            pack = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}[packing]
            path.with_suffix(".csv" + packing).write_bytes(pack(path.read_bytes()))
        found = quietly(path.with_suffix(".csv" + packing))
    assert found.content_hash == expected.content_hash
    assert (found.bodies, found.notes) == (expected.bodies, expected.notes)


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


def changed(condition, **cells):
    """Cells of all rows where a condition holds."""
    return [row | cells if condition(row) else row for row in motion()]


def late(row):
    return row["time"] > 0.55


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [
                row
                for row in motion(trajectories=1)
                if row["body"] != "b" or not 0.25 < row["time"] < 0.55
            ],
            "body 'b' missing at times 0.3-0.5, and 0 of 2 other bodies .* such as times 0.6 to "
            "1.1, in which the same 3",
        ),
        (
            [row for row in motion() if row["trajectory"] or row["body"] != "c" or not late(row)],
            "body 'c' of trajectory 0 missing at times 0.6-1.1",
        ),
        (changed(late, mass=7.5), "7.5 in the column 'mass' after 1, .*brightness .* is no mass"),
        ([row | {"signal": row["x"], "ecc": row["y"]} for row in motion()], "'ecc' change, too"),
        (
            [row | {"type": "AB"[row["body"] == "b"]} for row in motion()],
            r"text .* 'type' \(A, B\)",
        ),
        (changed(late, time="now"), "a.csv:20: found 'now' in the column 'time'.*such as seconds"),
        (changed(late, time="2020-01-01"), "'2020-01-01' in the column 'time'"),
        (changed(late, x="1e999"), "a.csv:20: found 1e999 in the column 'x' of trajectory '0'"),
        (changed(late, mass=""), "an empty cell in the column 'mass'"),
        (changed(late, body=""), "a.csv:20: found '' for a body"),
        (changed(late, body="nan"), "a.csv:20: found 'nan' for a body"),
        (
            motion() + motion()[:1],
            "a.csv:74: found trajectory 0, time 0, body 'a' once more .*line 2",
        ),
        ([row | {"mass": 1e-320} for row in motion()], "mass of size 1e-320"),
        ([row | {"frame": row["time"]} for row in motion()], "'time' and 'frame', either of which"),
        ([row | {"id": row["body"]} for row in motion()], "'body' and 'id', either of which could"),
        ([row | {"a" * 300: 1} for row in motion()], "of 300 characters"),
        ([row | {f"k{k}": 1 for k in range(1000)} for row in motion()], "found 1008 columns"),
    ],
)
def test_what_is_wrong_in_a_table_is_named(tmp_path, rows, words):
    with pytest.raises(InputError, match=words):
        quietly(table(tmp_path / "a.csv", rows))


def test_large_identifiers_do_not_merge(tmp_path):
    names = (2**53, 2**53 + 1, 2**53 + 2)
    found = quietly(table(tmp_path / "a.csv", motion(names=names)))
    assert found.bodies == tuple(map(str, names))


def test_foreign_files_are_named(tmp_path):
    small = table(tmp_path / "small.csv", motion()).read_bytes()
    with zipfile.ZipFile(tmp_path / "book.csv", "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    with zipfile.ZipFile(tmp_path / "two.csv.zip", "w") as archive:
        archive.writestr("a.csv", small)
        archive.writestr("b.csv", small)
    np.savez(tmp_path / "arrays.npz", position=np.zeros(3))
    (tmp_path / "arrays.npz").rename(tmp_path / "arrays.csv")
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(small)[:-200])
    (tmp_path / "bent.csv.xz").write_bytes(lzma.compress(small)[:200] + bytes(500))
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(b"x" * (1 + (1 << 26))))
    (tmp_path / "cells.csv").write_bytes(b"\x89HDF\r\n\x1a\n")
    for name, words in {
        "book.csv": "found a workbook .*; save the table as CSV",
        "two.csv.zip": r"an archive of 2 files \('a.csv', 'b.csv'\)",
        "arrays.csv": r"found NumPy arrays \(.npz\), .*; name it .npz",
        "cut.csv.gz": "found a truncated or damaged gzip file",
        "bent.csv.xz": "found a truncated or damaged xz file",
        "bomb.csv.gz": "a packed file that grows beyond 32 MiB",
        "cells.csv": "an HDF5 file",
    }.items():
        with pytest.raises(InputError, match=words):
            read(tmp_path / name)
