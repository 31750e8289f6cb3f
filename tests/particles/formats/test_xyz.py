"""XYZ files, plain and extended."""

import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dumps import GENERAL, STRAIGHT, TILTED, recording, world, xyz
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.errors import InputError


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([STRAIGHT, TILTED, GENERAL]),
    st.sampled_from(["", "vel", "velo", "velocities", "momenta"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.integers(0, 100),
)
def test_every_way_of_writing_is_read(vectors, velocity, wrapped, ids, timed, seed):
    made = world(vectors, seed=seed, step=0.02, absent=0.2 * ids)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xyz"
        path.write_text(xyz(made, velocity, True, ids, wrapped=wrapped, timed=timed))
        found = recording(path)
    made.follows(found)
    here = made.present
    if timed or velocity:
        np.testing.assert_allclose(found.time, made.time, rtol=1e-6)
        expected = (made.force / made.mass[:, None])[here]
        np.testing.assert_allclose(found.acceleration[here], expected, rtol=1e-6)
    else:
        np.testing.assert_allclose(found.time, np.arange(len(made.time)))
        assert "times are counted in snapshots" in found.notes
    np.testing.assert_allclose(found.cell.vectors, vectors[None])
    assert found.species == tuple(made.kind)
    np.testing.assert_array_equal(found.attributes["mass"], made.mass)
    if velocity:
        np.testing.assert_allclose(found.velocity[here], made.velocity[here], rtol=1e-9)


def test_forces_without_masses_are_accelerations_by_what_velocities_tell(tmp_path):
    made = world()
    path = tmp_path / "a.extxyz"
    path.write_text(xyz(made, mass=False))
    found = recording(path)
    expected = made.force / made.mass[:, None]
    np.testing.assert_allclose(found.acceleration, expected, rtol=1e-2)
    assert "accelerations are forces, times what motion tells (Kr: 0.28" in " ".join(found.notes)
    path.write_text(xyz(made, velocity="", mass=False, timed=False))
    assert recording(path).acceleration is not None
    made.force = np.random.default_rng(0).normal(size=made.force.shape)
    path.write_text(xyz(made, mass=False))
    found = recording(path)
    assert found.acceleration is None
    assert "forces are left aside" in " ".join(found.notes)


def plain(made, comment="Atoms. Timestep: {step}", extra=""):
    lines = []
    for t in range(len(made.time)):
        lines += [
            str(made.position.shape[1]),
            comment.format(step=t * 10, time=float(made.time[t])),
        ]
        for kind, place in zip(made.kind, made.position[t].tolist(), strict=True):
            lines.append(" ".join(map(str, [kind, *place])) + extra)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("comment", "time"),
    [
        ("Atoms. Timestep: {step}", 10.0),
        (" i = {step}, time = {time}, E = -17.1", 0.05),
        ("made by somebody t= {time} step= {step}", 0.05),
        ("T=300 K", 1.0),
        ("", 1.0),
    ],
)
def test_plain_files_and_their_comments(tmp_path, comment, time):
    made = world()
    path = tmp_path / "a.xyz"
    path.write_text(plain(made, comment))
    found = recording(path)
    np.testing.assert_allclose(found.position, made.position)
    np.testing.assert_allclose(found.time[1], time)
    assert found.species == tuple(made.kind)
    assert found.cell is None
    made_wrapped = world()
    made_wrapped.position = made.wrapped
    path.write_text(plain(made_wrapped, comment))
    found = recording(path, box=np.diag(made.vectors).tolist())
    made.follows(found)
    path.write_text(plain(made, comment, " 0.5"))
    assert "1 column behind x y z without a name left aside" in " ".join(recording(path).notes)


def test_what_ase_writes_is_read_as_ase_reads_it(tmp_path):
    ase = pytest.importorskip("ase")
    from ase.calculators.singlepoint import SinglePointCalculator
    from ase.io import read, write

    made = world(TILTED)
    images = []
    for t in range(len(made.time)):
        atoms = ase.Atoms(made.kind, made.wrapped[t], cell=TILTED, pbc=(True, True, False))
        atoms.set_velocities(made.velocity[t])
        atoms.calc = SinglePointCalculator(atoms, forces=made.force[t], energy=0.5)
        images.append(atoms)
    path = tmp_path / "a.extxyz"
    write(path, images)
    found = recording(path)
    theirs: Any = read(path, index=":")
    mass = theirs[0].get_masses()
    np.testing.assert_allclose(found.velocity, [a.get_velocities() for a in theirs], atol=1e-6)
    np.testing.assert_allclose(found.attributes["mass"], mass)
    np.testing.assert_allclose(found.position[0], theirs[0].positions)
    assert found.cell.periodic == (True, True, False)
    assert "velocities are momenta over masses" in found.notes
    # Rounded to eight digits by ASE.
    moved = np.array([a.positions for a in theirs]) - made.wrapped
    assert abs(moved).max() < 1e-7


def test_cells_and_numbers_in_the_plane(tmp_path):
    made = world()
    lines = []
    for t, time in enumerate(made.time.tolist()):
        lines += ["6", f'Lattice="4 0 0 5" Properties=type:I:1:pos:R:2 Time={time} pbc="T F"']
        for k, place in enumerate(made.position[t, :, :2].tolist()):
            lines.append(f"{k % 2 + 1} {place[0]!r} {place[1]!r}")
    path = tmp_path / "a.xyz"
    path.write_text("\n".join(lines) + "\n")
    found = recording(path)
    assert (found.dim, found.cell.periodic) == (2, (True, False))
    assert found.species == ("1", "2") * 3
    np.testing.assert_array_equal(found.cell.vectors, [[[4, 0], [0, 5]]])


def test_a_file_that_is_cut_off_is_read_up_to_there(tmp_path):
    text = xyz(world(frames=6))
    path = tmp_path / "a.xyz"
    frame = len(text) // 6
    for cut in range(len(text) - frame, len(text) - 1, 11):
        path.write_text(text[:cut])
        found = recording(path)
        assert found.n_times in (5, 6)
        assert found.n_times == 5 or text[cut:].strip() in ("", "5", "0", ".0", "2.0"[1:])
    path.write_text(text[:-40])
    assert "the last snapshot is cut off" in " ".join(recording(path).notes)


def replaced(old, new, count=1):
    return lambda text: text.replace(old, new, count)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: "7" + text[1:], "a.xyz:9: found 2 cells|found .* expected"),
        (lambda text: "5" + text[1:], "a.xyz:8: found 'Ar .*expected the number of atoms"),
        (lambda text: "1" + "0" * 12 + text[1:], "no whole snapshot"),
        (lambda text: "-6" + text[1:], "a.xyz:1: found '-6'"),
        (replaced("pos:R:3", "pos:R:0"), "a.xyz:2: found Properties="),
        (replaced("pos:R:3", "pos:R:3:more:R:999"), "a.xyz:2: found Properties="),
        (replaced("pos:R:3", "place:R:3"), "expected pos:R:3 among them"),
        (replaced("pos:R:3", "pos:S:3"), "expected pos:R:3 among them"),
        (replaced("4.0 0.0", "4.0"), "a.xyz:2: found Lattice="),
        (replaced("4.0 0.0", "0.0 0.0", -1), "a box without a volume"),
        (replaced('pbc="T T T"', 'pbc="T"'), "a.xyz:2: found pbc='T'"),
        (replaced("Time=0.05", "Time=7"), "found time 0.1 after 7"),
        (replaced(" Time=0.05", ""), "found no time of snapshot 1"),
        (replaced(":id:I:1:", ":number:I:1:"), "found ids of bodies in some snapshots"),
        (replaced("\nKr ", "\nKr one "), "a.xyz:3: found 13 cells, expected 12"),
        (lambda text: re.sub(r"\nKr \S+", "\nKr one", text, count=1), "3: found 'one' in column 2"),
        (lambda text: re.sub(r"\nKr \S+", "\nKr nan", text, count=1), r"3: found position \[nan"),
        (replaced("\n6\n", "\nsix\n"), "found 'six', expected the number of atoms"),
        (lambda text: "x" * 2_000_000, "a line of more than 1,000,000 characters"),
        (lambda text: text.replace("\n", "\n" + "a=" * 60_000, 1), "a comment of 120,"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, change, words):
    path = tmp_path / "a.xyz"
    path.write_text(change(xyz(world())))
    with pytest.raises(InputError, match=words):
        recording(path)


def test_other_numbers_of_atoms_need_ids(tmp_path):
    made = world(absent=0.3)
    path = tmp_path / "a.xyz"
    path.write_text(xyz(made, ids=False))
    with pytest.raises(InputError, match=r"a.xyz:\d+: found \d bod.* without ids"):
        recording(path)


def test_velocities_in_another_unit_are_an_error(tmp_path):
    made = world()
    made.velocity = made.velocity * 1000
    path = tmp_path / "a.xyz"
    path.write_text(xyz(made))
    with pytest.raises(InputError, match="velocities 1000 times the change of position"):
        recording(path)
