"""Archives of REBOUND: https://rebound.hanno-rein.de/simulationarchive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.particles.formats.libraries import check_size, library, reading
from forcelaw.particles.snapshots import Snapshot, Source

_WHAT = "REBOUND archive"
_LEAST_BYTES = 1
"""Of a snapshot; those alike in most take few."""


def read_rebound(path: Path, species: str | None = None) -> Source:
    """The snapshots of an archive: times, masses, positions, velocities; names where all have one.

    `species` is of no use: particles have no kinds.

    **Raises** `InputError` without REBOUND, and for a damaged archive.
    """
    rebound = library(path, "rebound", "rebound")
    # Its function for names of files knows ASCII alone.
    content = path.read_bytes()
    with reading(path, _WHAT):
        archive = rebound.Simulationarchive(content, process_warnings=False)
        check_size(path, (len(archive),), _LEAST_BYTES, "snapshots")
        constant = float(archive[0].G)
    return Source(
        _snapshots(path, archive, content),
        units=f"REBOUND, G = {constant:.12g}",
        notes=(f"the constant of gravity that the file states is {constant:.12g}",),
    )


def _snapshots(path: Path, archive: Any, content: bytes) -> Iterator[Snapshot | str]:
    """**Arguments:** `content` what the archive reads from, of which it keeps nothing alive."""
    sheared = False
    for index in range(len(archive)):
        with reading(path, _WHAT):
            simulation = archive[index]
            every = int(simulation.N)
            check_size(path, (every,), _LEAST_BYTES, "particles")
            place, speed, mass = np.zeros((every, 3)), np.zeros((every, 3)), np.zeros(every)
            simulation.serialize_particle_data(xyz=place, vxvyvz=speed, m=mass)
            # The last ones are no bodies but derivatives of their motion.
            real = slice(0, every - int(simulation.N_var))
            names = [simulation.particles[k].name for k in range(real.stop)]
            boundary = str(simulation.boundary)
            side = float(simulation.root_size)
            roots = [int(getattr(simulation, f"N_root_{axis}")) for axis in "xyz"]
        sheared = sheared or boundary == "shear"
        periodic = boundary == "periodic"
        yield Snapshot(
            position=place[real],
            ids=np.array(names) if names and all(names) else None,
            velocity=speed[real],
            constants={"mass": mass[real]},
            vectors=np.diag(side * np.array(roots, float)) if periodic else None,
            periodic=(True,) * 3 if periodic else (),
            time=float(simulation.t),
        )
    # Until here nobody may free them.
    del content
    if sheared:
        yield "the box is sheared, which is not known here: positions are taken as in open space"
