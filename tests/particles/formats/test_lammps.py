"""Dumps of LAMMPS: every way to write the same motion is read as the same motion."""

import gzip
import re
import tempfile
from pathlib import Path

import numpy as np
import pytest
from dumps import GENERAL, STRAIGHT, TILTED, lammps, recording, world
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.errors import InputError, NotEnoughData


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["straight", "tilted", "general"]),
    st.sampled_from(["", "u", "s", "su"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from([0.0, 0.2]),
    st.integers(0, 100),
)
def test_every_way_of_writing_is_read(box, style, velocity, images, packed, absent, seed):
    vectors = {"straight": STRAIGHT, "tilted": TILTED, "general": GENERAL}[box]
    made = world(vectors, seed=seed, absent=absent, step=0.02)
    text = lammps(made, style, velocity, True, images, box == "general", seed=seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("a.lammpstrj.gz" if packed else "a.dump")
        path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
        found = recording(path)
    made.follows(found)
    np.testing.assert_allclose(found.time, made.time)
    np.testing.assert_allclose(found.cell.vectors, vectors[None], atol=1e-9)
    assert found.cell.periodic == (True,) * 3
    assert found.species == tuple(made.kind)
    assert found.bodies == tuple(str(k + 1) for k in range(6))
    np.testing.assert_array_equal(found.attributes["mass"], made.mass)
    np.testing.assert_array_equal(found.attributes["charge"], made.charge)
    here = made.present
    if velocity:
        np.testing.assert_allclose(found.velocity[here], made.velocity[here])
    acceleration = (made.force / made.mass[:, None])[here]
    np.testing.assert_allclose(found.acceleration[here], acceleration, rtol=1e-6)


@pytest.mark.parametrize(("velocity", "how"), [(True, "velocities"), (False, "the smallest step")])
def test_how_positions_were_unwrapped_is_said(tmp_path, velocity, how):
    path = tmp_path / "a.dump"
    path.write_text(lammps(world(), velocity=velocity))
    assert f"unwrapped across the periodic box by {how} (" in " ".join(recording(path).notes)
    path.write_text(lammps(world(), velocity=velocity, images=True))
    assert "by the images that are stated" in " ".join(recording(path).notes)
    path.write_text(lammps(world(), "u", velocity=velocity))
    assert "unwrapped" not in " ".join(recording(path).notes)


def test_velocities_tell_where_steps_are_too_long(tmp_path):
    made = world(TILTED, step=0.3, frames=30)
    made.position += np.array([8.0, 0, 0]) * made.time[:, None, None]
    made.velocity += np.array([8.0, 0, 0])
    path = tmp_path / "a.dump"
    path.write_text(lammps(made))
    # A step of half a box or more is told by velocities only where they fit the smallest steps.
    short = world(TILTED, step=0.15, frames=30)
    short.position += np.array([8.0, 0, 0]) * short.time[:, None, None]
    short.velocity += np.array([8.0, 0, 0])
    path.write_text(lammps(short, velocity=False))
    assert "of nearly half the box (first: body '" in " ".join(recording(path).notes)


def test_a_step_without_a_time_is_told_by_velocities(tmp_path):
    path = tmp_path / "a.dump"
    made = world()
    path.write_text(lammps(made, timed=False, force=True))
    found = recording(path)
    made.follows(found)
    np.testing.assert_allclose(found.time, made.time)
    assert "counted in steps: by positions and velocities, one lasts 0.005" in " ".join(found.notes)
    path.write_text(lammps(made, velocity=False, timed=False))
    found = recording(path)
    np.testing.assert_array_equal(found.time, 10.0 * np.arange(len(made.time)))
    assert "times are counted in steps" in found.notes


def test_forces_in_another_unit_are_brought_to_that_of_motion(tmp_path):
    made = world()
    expected = made.force / made.mass[:, None]
    made.force = made.force / 9648.533212
    path = tmp_path / "a.dump"
    path.write_text(lammps(made, force=True, units="metal"))
    found = recording(path)
    assert found.units == "LAMMPS metal"
    np.testing.assert_allclose(found.acceleration, expected, rtol=1e-6)
    path.write_text(lammps(made, force=True))
    found = recording(path)
    np.testing.assert_allclose(found.acceleration, expected, rtol=1e-2)
    assert "times what motion tells (96" in " ".join(found.notes)


def test_what_changes_in_time_is_no_attribute(tmp_path):
    made = world()
    extra = {"c_pe": np.cumsum(made.position[..., 0], axis=0), "radius": 0 * made.present + 0.5}
    extra["spin"] = np.broadcast_to(np.arange(6.0), made.present.shape)
    path = tmp_path / "a.dump"
    path.write_text(lammps(made, extra=extra, seed=1))
    found = recording(path)
    assert sorted(found.attributes) == ["charge", "mass", "spin"]
    assert "left aside, since it changes in time: 'c_pe'" in found.notes
    assert "left aside, since it is the same for all: 'radius'" in found.notes


def test_kinds_may_be_another_column(tmp_path):
    path = tmp_path / "a.dump"
    path.write_text(lammps(world()).replace("element", "molecule"))
    found = recording(path, species="molecule")
    assert found.species == tuple(world().kind)
    with pytest.raises(InputError, match=r"a.dump:\d+: found no column 'moll', .*'molecule'"):
        recording(path, species="moll")


def test_motion_in_a_plane_and_open_sides(tmp_path):
    made = world()
    for array in (made.position, made.velocity, made.force):
        array[..., 2] = 0.0
    made.position[..., 2] = 3.0
    path = tmp_path / "a.dump"
    path.write_text(lammps(made, force=True, flags="pp ff pp"))
    found = recording(path)
    assert found.dim == 2
    assert found.cell.periodic == (True, False)
    assert "z never changes: read as motion in a plane" in found.notes
    path.write_text(lammps(made, "u", flags="ff ss fm"))
    assert recording(path).cell is None


def test_a_file_that_is_cut_off_is_read_up_to_there(tmp_path):
    text = lammps(world(frames=8))
    path = tmp_path / "a.dump"
    whole = [text[: k + 1].count("ITEM: TIMESTEP") for k in range(len(text))]
    frame = len(text) // 8
    for cut in range(len(text) - frame, len(text) - 2, 23):
        path.write_text(text[:cut])
        found = recording(path)
        assert found.n_times >= 7
        if not text[:cut].endswith("\n") or found.n_times < whole[cut]:
            np.testing.assert_allclose(found.position[:7], recording(path).position[:7])
    path.write_text(text[:-40])
    note = " ".join(recording(path).notes)
    assert "the last snapshot is cut off (line 136) and left aside" in note
    path.write_bytes(gzip.compress(text.encode())[:-500])
    assert "cut off" in " ".join(recording(path).notes)
    path.write_text(text[:400])
    with pytest.raises(NotEnoughData, match="no whole snapshot"):
        recording(path)


def replaced(old, new, count=1):
    return lambda text: text.replace(old, new, count)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            replaced("ITEM: NUMBER OF ATOMS\n6", "ITEM: NUMBER OF ATOMS\n-6"),
            "a.dump:6: found -6 atoms",
        ),
        (replaced("ITEM: NUMBER OF ATOMS\n6", "ITEM: NUMBER OF ATOMS\n5"), "a.dump:17: found '6 2"),
        (replaced("ITEM: NUMBER OF ATOMS\n6", "ITEM: NUMBER OF ATOMS\n1e12"), "no whole snapshot"),
        (replaced("-1.0 3.0", "3.0 -1.0"), "a.dump:8: found a box from 3 to -1 along x"),
        (replaced("-1.0 3.0", "-1.0 nan"), "a box that is not finite"),
        (replaced("-1.0 3.0", "-1.0"), "a.dump:8: found 1 cell, expected 2"),
        (replaced("ITEM: ATOMS id", "ITEM: ATOMS type"), "the column 'type' twice"),
        (replaced(" x y z", " a b c"), "expected x, xu, xs or xsu among them"),
        (
            replaced("ITEM: TIME\n0.1\n", "ITEM: TIME\n0.01\n"),
            "found time 0.01 after 0.05, expected inc",
        ),
        (lambda text: text + text, "found time 0 after 1.95, expected increasing"),
        (replaced("ITEM: TIMESTEP\n10\n", "ITEM: TIMES\n10\n"), "'ITEM: TIMES', expected ITEM"),
        (replaced("\n2 2 Ar", "\n1 2 Ar"), "found body '1' twice"),
        (replaced("\n2 2 Ar", "\n2.5 2 Ar"), "a.dump:13: found 2.5 for an id"),
        (replaced("\n2 2 Ar", "\n2 nan Ar"), "a.dump:13: found nan for a type"),
        (replaced("\n2 2 Ar", "\n2 2 Kr"), "found kind '.*' of body '2' after"),
        (replaced("\n2 2 Ar 2.0", "\n2 2 Ar nan", -1), "is not known of all bodies: 'mass'"),
        (
            lambda text: re.sub(r"\n2 2 Ar 2.0 1.0 \S+", "\n2 2 Ar 2.0 1.0 inf", text),
            r"a.dump:13: found position \[inf",
        ),
        (replaced("pp pp pp", "pp pp ff"), "a box or boundaries other than in the first snapshot"),
        (replaced("ITEM: TIME\n", "ITEM: TIMESTEP\n"), "times are counted in steps"),
        (replaced("Ar", "\udce4"), "found the byte 0x"),
    ],
)
def test_what_is_wrong_in_a_dump_is_named(tmp_path, change, words):
    path = tmp_path / "a.dump"
    path.write_bytes(change(lammps(world())).encode("utf-8", "surrogateescape"))
    try:
        said = " ".join(recording(path).notes)
    except InputError as error:
        said = str(error)
    assert re.search(words, said), said


def test_a_snapshot_without_bodies_is_left_aside(tmp_path):
    made = world()
    made.present[5] = False
    path = tmp_path / "a.dump"
    path.write_text(lammps(made))
    found = recording(path)
    assert found.n_times == len(made.time) - 1
    assert "1 snapshot without a body left aside" in found.notes


def test_what_is_written_twice_is_read_once(tmp_path):
    text = lammps(world())
    frame = len(text.split("ITEM: TIMESTEP")[3])
    start = text.index("ITEM: TIMESTEP\n20")
    path = tmp_path / "a.dump"
    path.write_text(text[:start] + text[start : start + 0] + text[start:])
    again = text[start : text.index("ITEM: TIMESTEP\n30")]
    path.write_text(text[:start] + again + text[start:])
    found = recording(path)
    assert found.n_times == 40
    assert frame > 0
    assert "1 snapshot written twice, as after a restart, left aside" in found.notes
