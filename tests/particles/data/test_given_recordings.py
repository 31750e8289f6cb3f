"""Arrays in boxes, with absent bodies and kinds, as `Trajectories` takes them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.errors import InputError
from forcelaw.particles import Recordings, Trajectories, read, write
from forcelaw.particles.data import names_of_kinds, recordings_from_arrays, with_kinds_by

CHANCE = np.random.default_rng(0)
POSITION = np.cumsum(CHANCE.normal(scale=0.1, size=(2, 9, 4, 2)), axis=1) + 2


def made(position=POSITION, **how) -> Any:
    """Whatever `Trajectories` makes of it."""
    return Trajectories(position, **how)


def test_plain_motion_stays_as_it_was():
    assert type(Trajectories(POSITION, box=None)) is Trajectories


@settings(max_examples=20, deadline=None)
@given(st.floats(1.0, 5.0), st.booleans())
def test_wrapped_positions_are_followed_across_the_box(length, triclinic):
    vectors = np.array([[length, 0], [0.3 * length * triclinic, 1.1 * length]])
    share = POSITION @ np.linalg.inv(vectors)
    found = Trajectories((share % 1) @ vectors, box=vectors)
    assert isinstance(found, Recordings)
    for k, part in enumerate(found):
        moved = part.position - part.position[0]
        np.testing.assert_allclose(moved, POSITION[k] - POSITION[k, 0], atol=1e-9)


def test_kinds_are_texts_or_numbers():
    by_number, by_text = (made(species=kinds) for kinds in ([0, 1, 1, 0], ["0", "1", "1", "0"]))
    assert by_number.kinds == by_text.kinds == ("0", "1")
    assert made(species=[[1.5, 2, 2, 2], [2, 2, 2, 2]]).kinds == ("1.5", "2")


def test_absent_bodies_need_no_numbers():
    position = POSITION.copy()
    present = np.ones(position.shape[:3], bool)
    present[0, 3:5, 1] = False
    position[~present] = np.nan
    found = made(position, present=present, time=np.arange(9) * 0.1, mass=2.0)
    assert [part.complete for part in found] == [False, True]
    with pytest.raises(InputError, match="nan in position"):
        Trajectories(position)


def test_several_shapes_of_a_box():
    lengths = [4.0, 5.0]
    each = np.tile(lengths, (9, 1)) * np.linspace(1, 1.1, 9)[:, None]
    for box, snapshots in ((lengths, 1), (np.diag(lengths), 1), (each, 9), (3.0, 1)):
        cell = made(box=box).parts[0].cell
        assert len(cell.vectors) == snapshots


def test_recordings_of_trajectories_hold_what_was_measured():
    time = np.arange(9) * 0.1
    plain = Trajectories(POSITION, time=time, charge=[1, -1, 1, -1]).recordings
    assert len(plain) == 2 and not plain.has_velocity and plain.attributes == ("charge",)
    velocity = np.gradient(POSITION, time, axis=1)
    given = Trajectories(POSITION, velocity, time)
    assert given.recordings.has_velocity and given.recordings.parts[0].acceleration is None


def test_an_attribute_of_few_values_may_tell_kinds():
    data = Trajectories(POSITION, predator=[1, 0, 0, 0], charge=[0.1, 0.2, 0.3, 0.5]).recordings
    assert names_of_kinds(data) == ("predator",)
    kinds = with_kinds_by(data, "predator")
    assert kinds.kinds == ("0", "1") and kinds.attributes == ("charge",)
    with pytest.raises(InputError, match="'preditor' for kinds, expected one of charge, predator"):
        with_kinds_by(data, "preditor")


def test_recordings_are_written_and_read_back(tmp_path):
    present = np.ones(POSITION.shape[:3], bool)
    present[1, 4, 2] = False
    data = made(box=[9, 9], present=present, species=["a", "b", "b", "a"], mass=[1, 2, 2, 1])
    path = write(data, tmp_path / "data.npz")
    again: Any = read(path)
    for one, other in zip(again, data, strict=True):
        np.testing.assert_array_equal(one.present, other.present)
        np.testing.assert_allclose(one.position[one.present], other.position[other.present])
        np.testing.assert_allclose(one.cell.vectors, other.cell.vectors)
        assert one.species == other.species
        np.testing.assert_array_equal(one.attributes["mass"], other.attributes["mass"])
    with pytest.raises(InputError, match=r"\.npz"):
        write(data, tmp_path / "data.csv")


def test_positions_that_jump_across_a_box_are_in_one():
    """Where headings make recordings of arrays, too."""
    chance = np.random.default_rng(0)
    place = chance.uniform(0, 5, (1, 6, 2)) + 0.03 * np.arange(200)[:, None, None]
    heading = chance.uniform(-3, 3, (200, 6))
    (part,) = recordings_from_arrays(place % 5, time=np.arange(200.0), heading=heading).parts
    assert part.cell is not None
    np.testing.assert_allclose(np.diag(part.cell.at(0)), 5, rtol=1e-3)
    np.testing.assert_allclose(np.diff(part.position, axis=0), 0.03, atol=5e-3)
