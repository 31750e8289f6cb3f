"""The endings of files that programs of simulation and tracking write, by format."""

BY_FORMAT: dict[str, tuple[str, ...]] = {
    "lammps": (".lammpstrj", ".dump", ".lammps"),
    "xyz": (".xyz", ".extxyz", ".exyz"),
    "h5md": (".h5md", ".h5", ".hdf5"),
    "gsd": (".gsd",),
    "ase": (".traj",),
    "mdanalysis": (".dcd", ".xtc", ".trr", ".nc", ".ncdf", ".trj", ".mdcrd", ".pdb"),
}
"""Others, such as REBOUND's archives, are told by their first bytes."""
ENDINGS: tuple[str, ...] = tuple(ending for known in BY_FORMAT.values() for ending in known)
