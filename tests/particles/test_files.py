"""Trajectories on disk: round trips, estimates of what is missing, and wrong archives."""

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

from forcelaw.errors import InputError
from forcelaw.particles import EstimateWarning, Trajectories, read, write
from forcelaw.particles._estimate import estimate_missing, measured_noise

TIME = np.arange(60) * 0.05


def swing(trajectories=3, bodies=2, dim=2, time=TIME, seed=0):
    """Smooth motion with known derivatives."""
    generator = np.random.default_rng(seed)
    rate = generator.uniform(0.5, 3, size=(trajectories, 1, bodies, dim))
    phase = generator.uniform(0, 6, size=rate.shape)
    angle = rate * time[:, None, None] + phase
    return np.sin(angle), rate * np.cos(angle), -(rate**2) * np.sin(angle)


def made(dim=2, **changes):
    position, velocity, acceleration = swing(dim=dim)
    parts = {
        "position": position,
        "velocity": velocity,
        "acceleration": acceleration,
        "time": TIME,
        "attributes": {"mass": np.array([[1, 2], [3, 4], [5, 0.1]])},
    }
    return Trajectories(**(parts | changes))


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
    from forcelaw.particles._grid import _codes

    assert _codes(np.array([10.0, 9.0]))[1] == ["9", "10"]
    assert _codes(np.array(["10", "b", "9 "]))[1] == ["10", "9", "b"]


def test_nothing_is_overwritten_without_force(tmp_path):
    path = write(made(), tmp_path / "a.npz")
    before = path.read_bytes()
    with pytest.raises(InputError, match="--force"):
        write(made(), path)
    assert path.read_bytes() == before
    write(made(attributes={}), path, force=True)
    assert not read(path).attributes
    assert [file.name for file in tmp_path.iterdir()] == ["a.npz"]


@pytest.mark.parametrize("suffix", [".npz", ".csv"])
def test_missing_derivatives_are_estimated_with_a_warning(tmp_path, suffix):
    data = made()
    path = tmp_path / f"a{suffix}"
    if suffix == ".npz":
        np.savez(path, position=data.position, time=data.time)
    else:
        write(made(estimated=("velocity", "acceleration")), path)
    with pytest.warns(EstimateWarning, match="velocity and acceleration estimated from the pos"):
        back = read(path)
    _, velocity, acceleration = swing()
    assert back.estimated == ("velocity", "acceleration")
    assert back.ends == (3, 3)
    np.testing.assert_allclose(back.velocity, velocity, atol=1e-3)
    inner = slice(3, -3)
    np.testing.assert_allclose(back.velocity[:, inner], velocity[:, inner], atol=1e-6)
    np.testing.assert_allclose(back.acceleration[:, inner], acceleration[:, inner], atol=1e-5)
    assert "estimated" in back.notes[0]


def test_accelerations_come_from_given_velocities(tmp_path):
    data = made()
    np.savez(tmp_path / "a.npz", position=data.position, velocity=data.velocity, time=data.time)
    with pytest.warns(EstimateWarning, match="acceleration estimated from the velocity"):
        back = read(tmp_path / "a.npz")
    assert back.estimated == ("acceleration",)
    np.testing.assert_array_equal(back.velocity, data.velocity)
    np.testing.assert_allclose(back.acceleration[:, 3:-3], data.acceleration[:, 3:-3], atol=1e-6)


@pytest.mark.parametrize("uneven", [False, True])
def test_differences_have_their_order(uneven):
    errors = []
    for steps in (40, 80):
        generator = np.random.default_rng(1)
        time = np.linspace(0, 3, steps)
        if uneven:
            time = time + 0.1 * np.sin(2 * time)
        position, velocity, acceleration = swing(time=time)
        found = estimate_missing(position, None, None, time)
        errors.append(
            [
                np.abs(found.velocity - velocity)[:, 3:-3].max(),
                np.abs(found.acceleration - acceleration)[:, 3:-3].max(),
            ]
        )
        del generator
    order = np.log2(np.array(errors[0]) / errors[1])
    assert order[0] > 5.5
    assert order[1] > (4.5 if uneven else 5.5)


@pytest.mark.parametrize("uneven", [False, True])
def test_noisy_positions_are_smoothed_and_stay_usable(uneven):
    generator = np.random.default_rng(0)
    time = np.arange(600) * 0.02
    if uneven:
        time = time + generator.uniform(-0.005, 0.005, size=600)
    position, velocity, acceleration = swing(20, 3, time=time)
    noisy = position + 0.01 * generator.normal(size=position.shape)
    found = estimate_missing(noisy, None, None, time)
    assert "smoothing splines" in found.notes[0]
    assert found.estimated[0] == "position"
    inner = slice(found.ends[0], len(time) - found.ends[1])

    def error(one, other):
        difference = (one - other)[:, inner]
        return np.sqrt((difference**2).mean() / (other[:, inner] ** 2).mean())

    assert error(found.position, position) < 0.005
    assert error(found.velocity, velocity) < 0.01
    assert error(found.acceleration, acceleration) < 0.04


def test_long_series_are_smoothed_in_windows_that_fit():
    time = np.arange(2500) * 0.02
    position, velocity, _ = swing(2, time=time)
    noise = np.random.default_rng(0).normal(size=position.shape)
    found = estimate_missing(position + 0.01 * noise, None, None, time)
    assert np.abs(found.velocity - velocity)[:, 40:-40].max() < 0.15


@settings(max_examples=10, deadline=None)
@given(st.floats(1e-6, 1e-1))
def test_the_noise_is_measured(noise):
    generator = np.random.default_rng(0)
    frames = swing(40, 2, time=np.arange(300) * 0.01)[0]
    noisy = np.moveaxis(frames, 1, 0).reshape(300, -1)
    noisy = noisy + noise * generator.normal(size=noisy.shape)
    assert measured_noise(noisy, np.arange(300) * 0.01) == pytest.approx(noise, rel=0.1)


@pytest.mark.parametrize("frames", [3, 5, 8])
def test_few_frames_are_enough_for_parabolas(frames):
    time = np.array([0, 0.1, 0.3, 0.4, 0.6, 0.7, 0.9, 1.0])[:frames]
    position = np.stack([time**2, 1 - time], axis=1)[None, :, :, None]
    found = estimate_missing(position, None, None, time)
    np.testing.assert_allclose(found.acceleration[..., 0], [[[2, 0]] * frames], atol=1e-8)
    with pytest.raises(InputError, match="at least 3"):
        estimate_missing(position[:, :2], None, None, time[:2])


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


def test_a_large_table_is_read_without_a_loop_over_rows(tmp_path):
    time = np.arange(500) * 0.01
    position, velocity, acceleration = swing(20, 4, time=time)
    data = Trajectories(position, velocity, time, acceleration=acceleration)
    path = write(data, tmp_path / "large.csv")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read(path).content_hash == data.content_hash


def test_what_a_table_cannot_hold(tmp_path):
    position = np.arange(6.0).reshape(1, 3, 2, 1)
    data = Trajectories(position, position, np.arange(3.0))
    with pytest.raises(InputError, match="1 dimensions"):
        write(data, tmp_path / "a.csv")
    assert not list(tmp_path.iterdir())
    write(data, tmp_path / "a.npz")
