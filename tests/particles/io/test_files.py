"""Trajectories on disk: round trips."""

import tempfile
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from swinging import made, swing

from forcelaw.errors import InputError
from forcelaw.particles import Trajectories, read, write


@pytest.mark.parametrize("suffix", [".npz", ".csv"])
@pytest.mark.parametrize("dim", [2, 3])
def test_round_trip(tmp_path, suffix, dim):
    data = made(dim=dim, edges=[[0, 1]], bodies=("sun, the", "earth"))
    path = write(data, tmp_path / f"orbits{suffix}")
    back = read(path)
    order = [back.bodies.index(name) for name in data.bodies]
    for name in ("position", "velocity", "acceleration"):
        np.testing.assert_array_equal(getattr(back, name)[:, :, order], getattr(data, name))
    np.testing.assert_array_equal(back.time, data.time)
    np.testing.assert_array_equal(back.attributes["mass"][:, order], data.attributes["mass"])
    np.testing.assert_array_equal(np.array(order)[data.edges], back.edges)
    assert back.name == path.name
    assert not back.estimated


def test_both_kinds_of_file_have_the_same_content(tmp_path):
    data = made()
    hashes = {read(write(data, tmp_path / f"a{s}")).content_hash for s in (".npz", ".csv")}
    assert hashes == {data.content_hash}


@pytest.mark.filterwarnings("ignore:.*rows are put in the order of time")
@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_rows_may_stand_in_any_order(random):
    with tempfile.TemporaryDirectory() as folder:
        path = write(made(bodies=("b", "a")), Path(folder) / "a.csv")
        expected = read(path)
        header, *rows = path.read_text().splitlines()
        random.shuffle(rows)
        path.write_text("\n".join([header, *rows]))
        found = read(path)
        assert found.content_hash == expected.content_hash
        assert found.bodies == ("a", "b")


def test_bodies_are_sorted_as_numbers_where_they_are():
    from forcelaw.particles.io.table_rows import label_codes

    assert label_codes(np.array([10.0, 9.0]))[1] == ["9", "10"]
    assert label_codes(np.array(["10", "b", "9 "]))[1] == ["10", "9", "b"]


def test_nothing_is_overwritten_without_force(tmp_path):
    path = write(made(), tmp_path / "a.npz")
    before = path.read_bytes()
    with pytest.raises(InputError, match="--force"):
        write(made(), path)
    assert path.read_bytes() == before
    write(made(attributes={}), path, force=True)
    assert not read(path).attributes
    assert [file.name for file in tmp_path.iterdir()] == ["a.npz"]


def test_a_large_table_is_read_without_a_loop_over_rows(tmp_path):
    time = np.arange(500) * 0.01
    position, velocity, acceleration = swing(20, 4, time=time)
    data = Trajectories(position, velocity, time, acceleration=acceleration)
    path = write(data, tmp_path / "large.csv")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read(path).content_hash == data.content_hash


def test_what_a_table_cannot_hold(tmp_path):
    data = Trajectories(np.arange(6.0).reshape(3, 2, 1), frame=[1.0, 2.0])
    with pytest.raises(InputError, match=r"'frame', expected .* is the time"):
        write(data, tmp_path / "a.csv")
    assert not list(tmp_path.iterdir())


def test_motion_along_a_line_is_a_table_too(tmp_path):
    time = np.arange(40) * 0.1
    position = np.sin(time[:, None] + np.array([0.0, 1.0, 2.5]))[..., None]
    data = Trajectories(position, time=time, edges=[[0, 1], [1, 0]])
    with pytest.warns(UserWarning, match="finite differences"):
        found = read(write(data, tmp_path / "a.csv"))
    assert (tmp_path / "a.csv").read_text().splitlines()[1] == "trajectory,time,body,x"
    assert found.dim == 1
    np.testing.assert_array_equal(found.position, data.position)
    np.testing.assert_allclose(found.velocity, data.velocity)
