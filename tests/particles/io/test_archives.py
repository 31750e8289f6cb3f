"""NumPy archives of trajectories, whole and damaged."""

import contextlib
import tempfile
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from swinging import TIME, made

from forcelaw.errors import InputError
from forcelaw.particles import EstimateWarning, read, write


def test_wrong_archives_are_named(tmp_path):
    data = made()
    good = write(data, tmp_path / "good.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(good[: len(good) // 2])
    (tmp_path / "text.npz").write_text("position")
    flipped = bytearray(good)
    flipped[200:400] = bytes(200)
    (tmp_path / "flipped.npz").write_bytes(bytes(flipped))
    np.save(tmp_path / "one.npy", data.position)
    (tmp_path / "one.npy").rename(tmp_path / "one.npz")
    np.savez(tmp_path / "objects.npz", position=np.array([None, {}]), time=TIME)
    np.savez(tmp_path / "lacking.npz", velocity=data.position)
    np.savez(tmp_path / "words.npz", position=data.position, time=TIME, colour=np.array(["red"]))
    np.savez(
        tmp_path / "shape.npz",
        position=data.position,
        velocity=data.velocity,
        acceleration=data.velocity,
        time=TIME,
        mass=np.ones(4),
    )
    for name, words in {
        "cut.npz": "not a complete .npz archive",
        "text.npz": "not a complete .npz archive",
        "flipped.npz": "not a complete .npz archive",
        "one.npz": "a single array",
        "objects.npz": "Python objects in the array 'position'",
        "lacking.npz": "expected 'position' among them",
        "words.npz": "'colour' that is not an array of numbers",
        "shape.npz": r"'mass' of shape \[4\]",
    }.items():
        with pytest.raises(InputError, match=words):
            read(tmp_path / name)


def archive(path, **members):
    """An archive of members as they are, without asking NumPy."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(f"{name}.npy", content)
    return path


def array_file(shape, dtype="<f8", data=b"", version=(1, 0)):
    """An array file with any header."""
    text = str({"descr": dtype, "fortran_order": False, "shape": shape}).encode()
    return b"\x93NUMPY" + bytes(version) + len(text).to_bytes(2, "little") + text + data


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (array_file((10**12,)), r"'position' of shape \[1000000000000\] and type float64 in 0 byt"),
        (array_file((10**9, 10**9, 10**9)), "'position' of shape"),
        (array_file((-1, -1), data=bytes(8)), "'position' of shape"),
        (array_file((2, 3), data=bytes(40)), "in 40 bytes"),
        (array_file((1,), "<f4", bytes(8)), "float32 in 8 bytes"),
        (array_file((1,), "|O", bytes(8)), "Python objects in the array 'position'"),
        (array_file((1,), "<c16", bytes(16)), "'position' that is not an array of numbers"),
        (array_file((1,), "nonsense", bytes(8)), "not a complete .npz archive in the array"),
        (array_file("x" * 20_000, data=bytes(8)), "not a complete .npz archive in the array"),
        (array_file((1,), data=bytes(8), version=(3, 0)), "several fields"),
        (array_file((1,), data=bytes(8), version=(9, 9)), "not a complete|several fields"),
        (b"", "not a complete .npz archive in the array 'position'"),
        (b"text", "not a complete .npz archive in the array 'position'"),
        (array_file((1 + (1 << 23),), data=bytes(8 + (1 << 26))), "unpacks to 67,108,9.. bytes"),
    ],
)
def test_headers_are_checked_before_memory_is_taken(tmp_path, content, words):
    path = archive(tmp_path / "a.npz", position=content)
    tracemalloc.start()
    with pytest.raises(InputError, match=words):
        read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50_000_000


def test_an_array_that_is_there_twice(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file.writestr("position.npy", array_file((1,), data=bytes(8)))
        file.writestr("position.npy", array_file((1,), data=bytes(8)))
    with pytest.raises(InputError, match="'position' twice"):
        read(tmp_path / "a.npz")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_damaged_archives_are_wrong_input_or_read(data):
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = write(made().between(0, 12), Path(folder) / "a.npz")
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 4))):
            place = data.draw(st.integers(0, len(content) - 1))
            content[place] = data.draw(st.integers(0, 255))
        path.write_bytes(bytes(content[: data.draw(st.integers(0, len(content)))]))
        with contextlib.suppress(InputError):
            read(path)


def test_arrays_of_any_order_and_kind_are_read(tmp_path):
    position = np.asfortranarray(np.round(made().position * 1000)).astype(">i4")
    np.savez_compressed(tmp_path / "a.npz", position=position, time=TIME.astype(np.float32))
    with pytest.warns(EstimateWarning):
        back = read(tmp_path / "a.npz")
    np.testing.assert_array_equal(back.measured.get("position", back.position), position)


def test_two_bodies_of_one_name_are_refused(tmp_path):
    data = made()
    np.savez(tmp_path / "a.npz", position=data.position, time=TIME, bodies=["sun", "sun"])
    with pytest.raises(InputError, match=r"a\.npz: found two bodies called 'sun'"):
        read(tmp_path / "a.npz")


@pytest.mark.filterwarnings("ignore")
def test_a_time_step_stands_for_times(tmp_path):
    position = made().position
    np.savez(tmp_path / "step.npz", position=position, dt=0.05)
    np.savez(tmp_path / "times.npz", position=position, time=np.arange(60) * 0.05, dt=7.0)
    step, times = read(tmp_path / "step.npz"), read(tmp_path / "times.npz")
    assert step.content_hash == times.content_hash
    assert not times.attributes
    assert "'dt' is left aside: times are given" in times.notes
