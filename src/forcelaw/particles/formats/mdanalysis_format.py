"""Whatever MDAnalysis reads: coordinates (DCD, XTC, TRR, NetCDF, ...) beside a topology."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.errors import InputError, suggest, unreadable
from forcelaw.files import check_path
from forcelaw.particles.formats.libraries import library, reading
from forcelaw.particles.snapshots import Snapshot, Source, bonds_both_ways

_WHAT = "trajectory that MDAnalysis reads"
_FORCE_UNIT = 100.0
"""kJ/(mol Å u) in Å/ps²."""
_KINDS = ("elements", "types", "names")
"""Properties of atoms that tell kinds, the first one that the topology has."""


def read_mdanalysis(path: Path, species: str | None, topology: str | os.PathLike[str]) -> Source:
    """The snapshots; lengths in Å, times in ps, masses in u as MDAnalysis gives them.

    **Arguments:** `species`: the property of atoms that tells kinds, such as `types`, `names` or
    `resnames`.

    **Raises** `InputError` without MDAnalysis, for another number of atoms in the topology, and for
    damaged files.
    """
    mda = library(path, "MDAnalysis", "mdanalysis")
    named = check_path(Path(topology), "a topology")
    with reading(path, _WHAT), warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        # Guessed masses and types are not what the files say.
        universe = mda.Universe(str(named), str(path), to_guess=())
        _ = universe.trajectory.ts.dt
    timed = not any("no dt information" in str(warning.message) for warning in said)
    atoms = universe.atoms
    kinds = _kinds(path, atoms, species)
    constants = {
        name: np.asarray(getattr(atoms, many), float)
        for name, many in (("mass", "masses"), ("charge", "charges"))
        if hasattr(atoms, many)
    }
    if "mass" in constants and not (constants["mass"] > 0).all():
        del constants["mass"]
    bonds = atoms.bonds.indices if hasattr(atoms, "bonds") else np.empty((0, 2), int)
    return Source(
        _snapshots(path, universe, kinds, constants, timed),
        units="Å, ps, u",
        force_unit=_FORCE_UNIT,
        edges=bonds_both_ways(np.asarray(bonds).reshape(-1, 2)),
    )


def _kinds(path: Path, atoms: Any, species: str | None) -> np.ndarray | None:
    if species is not None and not hasattr(atoms, species):
        raise unreadable(
            path,
            found=f"no {species!r} of atoms in the topology",
            expected="a property that tells kinds",
            then=suggest(species, ("names", "types", "elements", "resnames", "segids")),
        )
    for name in _KINDS if species is None else (species,):
        if hasattr(atoms, name):
            return np.asarray(getattr(atoms, name)).astype(str)
    return None


def _snapshots(
    path: Path,
    universe: Any,
    kinds: np.ndarray | None,
    constants: dict[str, np.ndarray],
    timed: bool,
) -> Iterator[Snapshot | str]:
    frames = len(universe.trajectory)
    for index in range(frames):
        try:
            with reading(path, _WHAT):
                now = universe.trajectory[index]
                box = (
                    None if now.dimensions is None else np.asarray(now.triclinic_dimensions, float)
                )
                whole = box is not None and abs(np.linalg.det(box)) > 0
                found = Snapshot(
                    position=now.positions.astype(float),
                    velocity=now.velocities.astype(float) if now.has_velocities else None,
                    force=now.forces.astype(float) if now.has_forces else None,
                    kind=kinds,
                    constants=constants,
                    vectors=box if whole else None,
                    periodic=(True,) * 3 if whole else (),
                    time=float(now.time) if timed else None,
                )
        except InputError:
            if index < frames - 1 or not index:
                raise
            yield "the last snapshot is damaged and left aside"
            return
        yield found
