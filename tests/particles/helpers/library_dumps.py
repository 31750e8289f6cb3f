"""Motion in a box, written by the libraries whose formats they are."""

import numpy as np
import pytest


def written_by_ase(path, made):
    ase = pytest.importorskip("ase")
    from ase.calculators.singlepoint import SinglePointCalculator
    from ase.io.trajectory import TrajectoryWriter

    with TrajectoryWriter(str(path), "w") as file:
        for t in range(len(made.time)):
            atoms = ase.Atoms(made.kind, made.wrapped[t], cell=made.vectors, pbc=True)
            atoms.set_masses(made.mass)
            atoms.set_initial_charges(made.charge)
            atoms.set_velocities(made.velocity[t])
            atoms.calc = SinglePointCalculator(atoms, forces=made.force[t])
            file.write(atoms)
    return path


def written_by_gsd(path, made, images=True):
    gsd = pytest.importorskip("gsd.hoomd")
    v = made.vectors
    with gsd.open(str(path), "w") as file:
        for t in range(len(made.time)):
            frame = gsd.Frame()
            frame.configuration.step = 10 * t
            tilt = [v[1, 0] / v[1, 1], v[2, 0] / v[2, 2], v[2, 1] / v[2, 2]]
            frame.configuration.box = [v[0, 0], v[1, 1], v[2, 2], *tilt]
            frame.particles.N = len(made.kind)
            frame.particles.types = ["Ar", "Kr"]
            frame.particles.typeid = [int(kind == "Kr") for kind in made.kind]
            frame.particles.position = made.wrapped[t]
            frame.particles.velocity = made.velocity[t]
            frame.particles.mass = made.mass
            frame.particles.charge = made.charge
            if images:
                frame.particles.image = made.image[t]
            frame.bonds.N = 2
            frame.bonds.types = ["b"]
            frame.bonds.group = [[0, 1], [1, 2]]
            file.append(frame)
    return path


def written_as_h5md(path, made, present=False):
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w") as file:
        group = file.create_group("particles/all")
        steps, times = np.arange(len(made.time)) * 5, made.time
        arrays = {"position": made.wrapped, "velocity": made.velocity, "force": made.force}
        for name, value in arrays.items():
            element = group.create_group(name)
            element["value"], element["step"], element["time"] = value, steps, times
        group["position/value"].attrs["unit"] = "nm"
        group["mass"], group["charge"] = made.mass, made.charge
        group["species"] = [int(kind == "Kr") for kind in made.kind]
        if present:
            ids = np.where(made.present, np.arange(len(made.kind)), -1)
            element = group.create_group("id")
            element["value"], element["step"], element["time"] = ids, 5, 0.05
        box = group.create_group("box")
        box.attrs["dimension"] = 3
        box.attrs["boundary"] = [b"periodic"] * 3
        box["edges"] = made.vectors if made.vectors[1, 0] else np.diag(made.vectors)
        file["connectivity/bonds"] = [[0, 1]]
    return path


def written_by_mdanalysis(folder, made, ending):
    mda = pytest.importorskip("MDAnalysis")
    from MDAnalysis.lib.mdamath import triclinic_box

    rows = [
        f"{k + 1} 1 {1 + (kind == 'Kr')} {made.charge[k]} 0 0 0" for k, kind in enumerate(made.kind)
    ]
    topology = folder / "a.data"
    head = ["6 atoms", "1 bonds", "2 atom types", "1 bond types"]
    box = [f"0 9 {axis}lo {axis}hi" for axis in "xyz"]
    masses = ["", "Masses", "", "1 2.0", "2 3.5"]
    lines = ["LAMMPS", "", *head, "", *box, *masses, "", "Atoms # full", "", *rows]
    topology.write_text("\n".join([*lines, "", "Bonds", "", "1 1 1 2", ""]))
    count = len(made.kind)
    universe = mda.Universe.empty(count, trajectory=True, velocities=True, forces=True)
    path = folder / f"a{ending}"
    with mda.Writer(str(path), count, dt=made.time[1]) as writer:
        for t in range(len(made.time)):
            now = universe.trajectory.ts
            universe.dimensions = triclinic_box(*made.vectors)
            now.frame, now.time = t, made.time[t]
            now.positions = made.wrapped[t]
            if ending == ".trr":
                now.velocities, now.forces = made.velocity[t], made.force[t] / 100
            writer.write(universe.atoms)
    return path, topology
