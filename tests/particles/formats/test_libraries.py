"""Formats that libraries read: written by them, and read as they read them."""

import sys

import numpy as np
import pytest
from dumps import STRAIGHT, TILTED, recording, world
from library_dumps import (
    written_as_h5md,
    written_by_ase,
    written_by_gsd,
    written_by_mdanalysis,
)

from forcelaw.errors import InputError
from forcelaw.particles import read


@pytest.mark.parametrize("vectors", [STRAIGHT, TILTED])
def test_trajectories_of_ase(tmp_path, vectors):
    made = world(vectors)
    found = recording(written_by_ase(tmp_path / "a.traj", made))
    made.follows(found)
    np.testing.assert_allclose(found.velocity, made.velocity, rtol=1e-9)
    np.testing.assert_allclose(found.acceleration, made.force / made.mass[:, None], rtol=1e-9)
    np.testing.assert_array_equal(found.attributes["mass"], made.mass)
    np.testing.assert_array_equal(found.attributes["charge"], made.charge)
    # Times are not stored: velocities tell them.
    np.testing.assert_allclose(found.time, made.time)
    assert found.species == tuple(made.kind)


@pytest.mark.parametrize("images", [False, True])
def test_gsd(tmp_path, images):
    made = world(TILTED)
    path = written_by_gsd(tmp_path / "a.gsd", made, images)
    found = recording(path)
    np.testing.assert_allclose(found.cell.vectors, TILTED[None], atol=1e-6)
    shift = found.position - made.position
    whole = (shift - shift[:1]) @ np.linalg.inv(TILTED)
    assert abs(whole).max() < 1e-5
    np.testing.assert_allclose(found.velocity, made.velocity, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(found.time, made.time)
    assert found.species == tuple(made.kind)
    assert found.edges.tolist() == [[0, 1], [1, 2], [1, 0], [2, 1]]
    np.testing.assert_array_equal(found.attributes["charge"], made.charge)
    said = " ".join(found.notes)
    assert ("by the images that are stated" in said) is images


def test_what_gsd_does_not_store_is_not_made_up(tmp_path):
    gsd = pytest.importorskip("gsd.hoomd")
    path = tmp_path / "a.gsd"
    made = world()
    with gsd.open(str(path), "w") as file:
        for t in range(len(made.time)):
            frame = gsd.Frame()
            frame.configuration.step = t
            frame.configuration.dimensions = 2
            frame.configuration.box = [4, 5, 0, 0, 0, 0]
            frame.particles.N = 6
            frame.particles.position = made.wrapped[t] * [1, 1, 0]
            file.append(frame)
    found = recording(path)
    assert found.velocity is None
    assert (found.dim, dict(found.attributes), found.species) == (2, {}, ())
    assert found.cell.vectors.tolist() == [[[4, 0], [0, 5]]]


@pytest.mark.parametrize("vectors", [STRAIGHT, TILTED])
@pytest.mark.parametrize("present", [False, True])
def test_h5md(tmp_path, vectors, present):
    made = world(vectors, absent=0.2 * present, step=0.02)
    found = recording(written_as_h5md(tmp_path / "a.h5", made, present))
    made.follows(found)
    here = made.present
    np.testing.assert_allclose(found.velocity[here], made.velocity[here])
    expected = (made.force / made.mass[:, None])[here]
    np.testing.assert_allclose(found.acceleration[here], expected)
    np.testing.assert_allclose(found.time, made.time)
    assert found.units == "position nm"
    assert found.species == tuple("1" if kind == "Kr" else "0" for kind in made.kind)
    assert found.edges.tolist() == [[0, 1], [1, 0]]


def test_h5md_of_two_groups_or_of_other_times(tmp_path):
    h5py = pytest.importorskip("h5py")
    path = written_as_h5md(tmp_path / "a.h5", world())
    with h5py.File(path, "a") as file:
        file["particles/all/velocity/step"][...] += 1
    assert recording(path).velocity is None
    with h5py.File(path, "a") as file:
        file["particles/more/position"] = np.zeros((3, 3))
    with pytest.raises(InputError, match="the groups 'all', 'more', expected one group"):
        recording(path)


def test_h5md_does_not_follow_links_to_other_files(tmp_path):
    h5py = pytest.importorskip("h5py")
    written_as_h5md(tmp_path / "secret.h5", world())
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["particles"] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "/particles")
    with pytest.raises(InputError, match="no group particles"):
        recording(tmp_path / "a.h5")
    with h5py.File(tmp_path / "b.h5", "w") as file:
        file.create_dataset(
            "particles/all/position/value", (10**6, 10**6, 3), "f8", chunks=(1, 100, 3)
        )
        file["particles/all/position/step"] = 1
    with pytest.raises(InputError, match="'position' of shape"):
        recording(tmp_path / "b.h5")


@pytest.mark.parametrize("ending", [".dcd", ".xtc", ".trr"])
def test_what_mdanalysis_reads(tmp_path, ending):
    made = world(TILTED)
    path, topology = written_by_mdanalysis(tmp_path, made, ending)
    found = recording(path, topology=topology)
    shift = (found.position - made.position) @ np.linalg.inv(TILTED)
    assert abs(shift - np.rint(shift[:1])).max() < 0.02
    np.testing.assert_allclose(found.time, made.time, atol=1e-5)
    np.testing.assert_allclose(found.attributes["mass"], made.mass)
    np.testing.assert_allclose(found.attributes["charge"], made.charge)
    assert found.units == "Å, ps, u"
    assert found.edges.tolist() == [[0, 1], [1, 0]]
    assert [kind == "2" for kind in found.species] == [kind == "Kr" for kind in made.kind]
    if ending == ".trr":
        np.testing.assert_allclose(found.velocity, made.velocity, rtol=1e-4, atol=1e-4)
        expected = made.force / made.mass[:, None]
        np.testing.assert_allclose(found.acceleration, expected, rtol=1e-3, atol=1e-3)
    with pytest.raises(InputError, match="give it: --topology FILE"):
        read(path)
    with pytest.raises(InputError, match="a topology"):
        read(path, topology=tmp_path / "none.pdb")


def test_archives_of_rebound(tmp_path):
    rebound = pytest.importorskip("rebound")
    simulation = rebound.Simulation()
    for mass, a in ((1.0, None), (1e-3, 1.0), (2e-3, 2.0)):
        simulation.add(m=mass, **({} if a is None else {"a": a, "e": 0.1, "inc": 0.2 * a}))
    path = tmp_path / "archive.bin"
    states = []
    for t in np.arange(20) * 0.3:
        simulation.integrate(t)
        simulation.save_to_file(str(path))
        states.append([[p.x, p.y, p.z, p.vx, p.vy, p.vz] for p in simulation.particles])
    found = recording(path)
    np.testing.assert_array_equal(np.concatenate([found.position, found.velocity], 2), states)
    np.testing.assert_allclose(found.time, np.arange(20) * 0.3)
    assert found.attributes["mass"].tolist() == [1.0, 1e-3, 2e-3]
    assert (found.units, found.cell) == ("REBOUND, G = 1", None)


def test_archives_of_rebound_that_are_larger_than_a_page(tmp_path):
    rebound = pytest.importorskip("rebound")
    simulation = rebound.Simulation()
    simulation.add(m=1.0)
    for number in range(40):
        simulation.add(m=1e-6, a=1 + 0.1 * number, f=number)
    path = tmp_path / "archive.bin"
    simulation.save_to_file(str(path), interval=0.01)
    simulation.integrate(1.0)
    assert path.stat().st_size > 150_000
    found = recording(path)
    assert (found.n_bodies, found.n_times) == (41, len(rebound.Simulationarchive(str(path))))


def test_massless_bodies_have_a_mass_that_attracts_alone(tmp_path):
    rebound = pytest.importorskip("rebound")
    simulation = rebound.Simulation()
    for mass, a in ((1.0, None), (0.0, 1.0), (0.0, 2.0)):
        simulation.add(m=mass, **({} if a is None else {"a": a, "inc": 0.2}))
    path = tmp_path / "archive.bin"
    for t in range(5):
        simulation.integrate(0.2 * t)
        simulation.save_to_file(str(path))
    found = recording(path)
    assert found.attributes["active_mass"].tolist() == [1.0, 0.0, 0.0]
    assert "'active_mass'" in " ".join(found.notes)


@pytest.mark.parametrize(
    ("name", "content", "module", "extra"),
    [
        ("a.h5", b"\x89HDF\r\n\x1a\n", "h5py", "h5md"),
        ("a.gsd", b"\xdf\x65" * 4, "gsd", "gsd"),
        ("a.traj", b"- of Ulm", "ase", "ase"),
        ("a", b"REBOUND Binary File. Version: 5", "rebound", "rebound"),
        ("a.parquet", b"PAR1", "pyarrow", "parquet"),
    ],
)
def test_a_library_that_is_missing_is_named(tmp_path, monkeypatch, name, content, module, extra):
    monkeypatch.setitem(sys.modules, module, None)
    (tmp_path / name).write_bytes(content + bytes(100))
    with pytest.raises(InputError, match=rf"pip install 'forcelaw\[{extra}\]'"):
        read(tmp_path / name)
