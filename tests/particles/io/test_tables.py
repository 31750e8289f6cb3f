"""Tables of trajectories as users write them, right and wrong."""

import gzip
import lzma
import zipfile

import numpy as np
import pytest
from tables import motion, quietly, table

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
        (GOOD[:3], "found 2 snapshots, expected at least three"),
        ([*GOOD, "1,0.0,a,1,2,3,4,5,6,1"], "a.csv, 0: found 2 snapshots"),
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


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("trajectory,time,body,y", "a.csv:1: .*expected a column 'x'"),
        ("trajectory,time,body,x,z", "a.csv:1: .*expected a column 'y'"),
        ("trajectory,time,body,x,vx,vy", "expected x, vx or none|expected vx or none"),
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


def changed(condition, **cells):
    """Cells of all rows where a condition holds."""
    return [row | cells if condition(row) else row for row in motion()]


def late(row):
    return row["time"] > 0.55


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (changed(late, mass=7.5), "7.5 in the column 'mass' after 1, .*brightness .* is no mass"),
        ([row | {"signal": row["x"], "ecc": row["y"]} for row in motion()], "'ecc' change, too"),
        (
            [row | {"colour": "AB"[row["body"] == "b"]} for row in motion()],
            r"text .* 'colour' \(A, B\).*if it tells kinds of bodies, give --species colour",
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
        ([row | {f"k{k}": 1 for k in range(1000)} for row in motion()], "found 1,008 columns"),
    ],
)
def test_what_is_wrong_in_a_table_is_named(tmp_path, rows, words):
    with pytest.raises(InputError, match=words):
        quietly(table(tmp_path / "a.csv", rows))


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
        "cells.csv": "found no whole HDF5 file",
    }.items():
        with pytest.raises(InputError, match=words):
            read(tmp_path / name)
