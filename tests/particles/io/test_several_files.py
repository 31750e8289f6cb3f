"""Several files that are one data set."""

import warnings

import numpy as np
import pytest
from swinging import made

from forcelaw.errors import InputError
from forcelaw.particles import Recordings, read, write
from forcelaw.particles.io import hash_files

_DUMP = """ITEM: UNITS
{units}
ITEM: TIMESTEP
{step}
ITEM: NUMBER OF ATOMS
2
ITEM: BOX BOUNDS ff ff ff
0 9
0 9
0 9
ITEM: ATOMS id x y z
1 {x} 1 2
2 5 {x} 1
"""


def dump(path, units, start):
    """Four snapshots of two atoms; no statement of units where there is none."""
    text = "".join(
        _DUMP.format(units=units, step=step, x=start + 0.1 * step**2) for step in range(4)
    )
    path.write_text(text if units else text.replace("ITEM: UNITS\n\n", ""))
    return path


@pytest.fixture
def files(tmp_path):
    """Two parts of the same trajectories, one file each, and the whole."""
    data = made()
    parts = [
        made(
            position=data.position[chosen],
            velocity=data.velocity[chosen],
            acceleration=data.acceleration[chosen],
            attributes={"mass": data.attributes["mass"][chosen]},
        )
        for chosen in (slice(2), slice(2, 3))
    ]
    return data, [write(part, tmp_path / f"{k}.csv") for k, part in enumerate(parts)]


def test_plain_motion_of_several_files_is_that_of_one(files):
    data, paths = files
    found = read(paths)
    assert isinstance(found, Recordings) and len(found) == 3
    for k, part in enumerate(found):
        np.testing.assert_array_equal(part.position, data.position[k])
        np.testing.assert_array_equal(part.velocity, data.velocity[k])
        np.testing.assert_array_equal(part.attributes["mass"], data.attributes["mass"][k])


def test_other_lengths_are_one_data_set(files, tmp_path):
    data, paths = files
    lines = paths[1].read_text().splitlines()
    last = max(float(line.split(",")[1]) for line in lines[1:])
    left = [line for line in lines[1:] if float(line.split(",")[1]) < last]
    paths[1].write_text("\n".join([lines[0], *left]))
    found = read(paths)
    assert [part.n_times for part in found] == [data.n_times] * 2 + [data.n_times - 1]


def test_files_that_contradict_each_other_are_named(files, tmp_path):
    _, paths = files
    other = write(made(dim=3), tmp_path / "space.csv")
    with pytest.raises(InputError, match=r"different dimension \(2 in 0.csv.*3 in space.csv"):
        read([paths[0], other])


def test_contradicting_units_are_named_with_their_files(tmp_path):
    paths = [dump(tmp_path / f"{units}.dump", units, k) for k, units in enumerate(("lj", "metal"))]
    words = "'LAMMPS lj' in lj.dump.*'LAMMPS metal' in metal.dump.*expected one set.*; convert"
    with pytest.raises(InputError, match=words):
        read(paths)


def test_units_that_one_file_states_are_those_of_all(tmp_path):
    paths = [dump(tmp_path / "a.dump", "lj", 0), dump(tmp_path / "b.dump", "", 1)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = read(paths)
    assert "no units stated in 'b.dump', taken as in a.dump: LAMMPS lj" in found.notes


def test_the_same_file_twice_is_refused(files, tmp_path):
    _, paths = files
    copy = tmp_path / "copy.csv"
    copy.write_bytes(paths[0].read_bytes())
    with pytest.raises(InputError, match=r"copy.csv: found the same content as in .*0.csv"):
        hash_files(*paths, copy)
    assert len({hash_files(paths[0]), hash_files(*paths), hash_files(*paths[::-1])}) == 3
