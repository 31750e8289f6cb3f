"""Data that are built in memory: as rich as a file's, and read the same way."""

import re
import warnings

import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forcelaw import Stage
from forcelaw.distill import LibrarySearch
from forcelaw.errors import InputError
from forcelaw.particles import (
    Trajectories,
    discover,
    from_frame,
    from_tracks,
    read,
    simulate,
    write,
)

MADE = simulate("spring", bodies=3, trajectories=12, steps=40, seed=0)
MASS = MADE.attributes["mass"]
QUICK = {
    "stages": (Stage(epochs=2, learning_rate=1e-2),),
    "batch": 64,
    "hidden": (8,),
    "searchers": (LibrarySearch(),),
}


@pytest.mark.slow
@pytest.mark.parametrize("parts", [("position", "velocity"), ("position",)])
def test_the_spring_is_found_in_what_memory_holds(parts):
    given = {name: getattr(MADE, name) for name in parts}
    data = Trajectories(**given, time=MADE.time, mass=MASS)
    assert "acceleration" in data.estimated
    assert any("acceleration estimated from the" in note for note in data.notes)
    found = discover(data, **QUICK)
    assert found.document["formula"]["pair"] == "2*(r - 1)"
    assert found.document["formula"]["self"] == "0"


@pytest.mark.parametrize("suffix", [".npz", ".csv"])
@pytest.mark.parametrize("parts", [("position", "velocity"), ("position",)])
@pytest.mark.parametrize("noise", [0, 0.01])
def test_memory_and_file_are_one(tmp_path, suffix, parts, noise):
    draw = np.random.default_rng(0)
    given = {name: getattr(MADE, name)[:3] for name in parts}
    given = {name: part + noise * draw.normal(size=part.shape) for name, part in given.items()}
    data = Trajectories(**given, time=MADE.time, mass=MASS[:3])
    path = write(data, tmp_path / f"a{suffix}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        back = read(path)
    assert back.content_hash == data.content_hash
    assert (back.estimated, back.ends, back.notes) == (data.estimated, data.ends, data.notes)
    for name, value in data.measured.items():
        np.testing.assert_array_equal(back.measured[name], value)


def test_one_trajectory_needs_no_axis():
    data = Trajectories(MADE.position[0], MADE.velocity[0], MADE.time, mass=MASS[0], charge=1)
    full = Trajectories(
        MADE.position[:1],
        MADE.velocity[:1],
        MADE.time,
        {"mass": MASS[:1], "charge": np.ones((1, 3))},
    )
    assert data.content_hash == full.content_hash


@pytest.mark.parametrize("kind", [jnp.asarray, np.ndarray.tolist, list, np.asfortranarray])
def test_any_array_is_taken(kind):
    position = MADE.position[0].astype(np.float32)
    velocity = MADE.velocity[0].astype(np.float32)
    data = Trajectories(kind(position), kind(velocity), kind(MADE.time.astype(np.float32)))
    np.testing.assert_array_equal(data.position[0], position)
    assert data.position.dtype == np.float64


def test_columns_of_a_data_frame_are_taken():
    frame = pd.DataFrame({"time": MADE.time, "mass of a": 2.0})
    data = Trajectories(MADE.position, time=frame["time"], mass=pd.Series([1.0, 2.0, 3.0]))
    np.testing.assert_array_equal(data.time, MADE.time)
    assert data.attributes["mass"][5].tolist() == [1, 2, 3]


def test_without_times_frames_are_one_unit_apart():
    data = Trajectories(MADE.position)
    np.testing.assert_array_equal(data.time, np.arange(41))
    assert data.notes[0] == "no times were given: snapshots are taken as one unit of time apart"
    again = Trajectories(MADE.position, None, np.arange(41))
    assert again.content_hash == data.content_hash


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"box": [4, 4, 4]}, r"found box=\[4, 4, 4\], expected 2 lengths or vectors"),
        ({"box": [4, 0]}, "expected positive, finite lengths"),
        ({"present": np.ones((12, 41), bool)}, r"'present' of shape \[12, 41\].*12, 41, 3"),
        ({"species": ["a", "b"]}, r"'species' of shape \[2\], expected \[12, 3\]"),
        ({"velocities": MADE.velocity}, "'velocities' of shape .*did you mean 'velocity'"),
        ({"mass": [1, 2]}, r"'mass' of shape \[2\], expected \[12, 3\]"),
        ({"mass": ["a", "b", "c"]}, "'mass' that is not an array of numbers"),
        ({"time": pd.date_range("2020", periods=41)}, "give times as numbers"),
        ({"position": np.ma.masked_less(MADE.position, 0)}, "masked numbers in 'position'"),
        ({"position": [MADE.position[0], MADE.position[1, :9]]}, "one array of equal rows"),
        ({"mass": np.full(3, 1e-320)}, "mass of size 1e-320"),
        ({"charge": np.full(3, 1e-320)}, "charge of size 1e-320"),
        ({"position": MADE.position * 1e200}, r"position .*1e\+150"),
    ],
)
def test_what_is_not_taken_is_named(changes, words):
    parts = {"position": MADE.position, "time": MADE.time} | changes
    with pytest.raises(InputError, match=words):
        Trajectories(**parts)


@pytest.mark.parametrize("order", [(0, 1, 3, 2), (0, 3, 2, 1), (1, 0, 3, 2)])
def test_other_orders_of_axes_are_named(order):
    """As NRI and EGNN store them, and others: the message tells how to transpose."""
    position = np.random.default_rng(0).normal(size=(7, 41, 5, 2)).transpose(order)
    with pytest.raises(InputError, match=r"expected \[trajectory, time, body, dim\]") as error:
        Trajectories(position, time=MADE.time)
    assert f"numpy.transpose(position, {tuple(np.argsort(order).tolist())})" in str(error.value)


def test_parts_are_not_checked_again():
    data = Trajectories(MADE.position, MADE.velocity, MADE.time)
    part = data.select(np.arange(3)).between(10, 20)
    assert part.estimated == data.estimated
    np.testing.assert_array_equal(part.acceleration, data.acceleration[:3, 10:20])
    assert part.content_hash != data.content_hash


finite = st.floats(-1e6, 1e6, allow_subnormal=False)


@settings(max_examples=30, deadline=None)
@given(arrays(np.float64, st.tuples(*[st.integers(1, 5)] * 4), elements=finite))
def test_any_motion_is_completed_or_refused(position):
    try:
        data = Trajectories(position)
    except InputError:
        return
    assert data.velocity.shape == data.acceleration.shape == data.position.shape
    assert np.isfinite(data.acceleration).all()


def long_form(data, **names):
    """A data frame with a row for each body at each time."""
    shape = data.position.shape[:3]
    index = dict(zip(("trajectory", "time", "body"), np.indices(shape).reshape(3, -1), strict=True))
    frame = pd.DataFrame(index | {"x": data.position[..., 0].ravel()})
    frame["y"] = data.position[..., 1].ravel()
    frame["mass"] = np.repeat(data.attributes["mass"], shape[1], axis=0).ravel()
    frame["time"] = data.time[frame["time"]]
    return frame.rename(columns=names).sample(frac=1, random_state=0)


def test_a_data_frame_is_read_as_its_file(tmp_path):
    frame = long_form(MADE)
    frame.to_csv(tmp_path / "a.csv", index=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = read(tmp_path / "a.csv")
    found = from_frame(frame)
    assert found.content_hash == expected.content_hash
    # A file has lines, too.
    notes = tuple(re.sub(r" in line \d+", "", note) for note in expected.notes)
    assert (found.bodies, found.notes) == (expected.bodies, notes)
    named = from_frame(frame.assign(body=["abc"[body] for body in frame["body"]]))
    assert named.bodies == ("a", "b", "c")
    assert named.content_hash == found.content_hash


def test_tracks_are_read_by_the_columns_that_are_named():
    frame = long_form(MADE.select(np.array([0])), body="particle")
    frame["frame"] = np.round(frame["time"] / MADE.time[1]).astype(int)
    frame["mass"] = frame["x"]  # the brightness of an image
    found = from_tracks(frame, step=MADE.time[1])
    expected = Trajectories(MADE.position[0], time=MADE.time)
    np.testing.assert_array_equal(found.position, expected.position)
    np.testing.assert_allclose(found.acceleration, expected.acceleration, rtol=1e-6, atol=1e-6)
    assert not found.attributes


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.drop(columns="x"), "frame: found the columns .*expected a column 'x'"),
        (lambda f: f.iloc[:0], "no rows"),
        (lambda f: pd.concat([f, f.iloc[:1]]), "once more"),
        (lambda f: f.assign(mass=f["x"]), "brightness"),
        (lambda f: f.assign(x=np.where(f["time"] > 0.1, np.nan, f["x"])), "nan in the column 'x'"),
        (
            lambda f: f.assign(body=np.where(f["time"] > 0.1, np.array(None), "a")),
            "no name in the column",
        ),
        (lambda f: f.assign(colour="A"), "'colour' that is not an array of numbers"),
    ],
)
def test_wrong_data_frames_are_named(change, words):
    with pytest.raises(InputError, match=words):
        from_frame(change(long_form(MADE)))


def test_tracks_without_their_columns_are_named():
    with pytest.raises(InputError, match="no column 'frame'"):
        from_tracks(long_form(MADE))
    with pytest.raises(InputError, match="expected a data frame"):
        from_tracks(MADE.position)
    with pytest.raises(InputError, match="from_frame"):
        Trajectories(long_form(MADE))
