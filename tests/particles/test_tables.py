"""Tables of trajectories as users write them, right and wrong."""

import numpy as np
import pytest

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
        (GOOD[:3], "a.csv:4: found 1 bodies in trajectory 0 at time 0.1, expected 2"),
        ([*GOOD, "1,0.0,a,1,2,3,4,5,6,1"], "found 1 bodies in trajectory 1"),
        ([*GOOD, "1,0.0,a,1,2,3,4,5,6,1", "1,0.0,b,2,2,3,4,5,6,1"], "found 1 time steps in traj"),
        ([*GOOD[:3], "0,0.1,c,2,3,3,4,5,6,1"], "a.csv:5: found body 'c'"),
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
        ("time,body,x,y", "expected a column 'trajectory'"),
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
        "blank.csv": "no header",
        "bare.csv": "bare.csv: found no rows, expected one for each body",
        "latin.csv": "not UTF-8",
        "a.txt": "the ending '.txt'",
        "a": "a name without an ending",
    }.items():
        with pytest.raises(InputError, match=words):
            read(tmp_path / name)
