"""GSD, the format of HOOMD-blue: https://gsd.readthedocs.io/en/stable/schema-hoomd.html."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.errors import InputError, suggest, unreadable
from forcelaw.particles.formats.libraries import check_size, library, reading
from forcelaw.particles.snapshots import Snapshot, Source, bonds_both_ways

_WHAT = "GSD file"
_LEAST_BYTES = 1
"""Of a number that a file may hold for each body."""
_NUMBERS = {"mass": 1.0, "charge": 0.0, "diameter": 1.0, "body": -1.0}
"""What holds by the schema where a snapshot stores none, while others do."""


def read_gsd(path: Path, species: str | None = None) -> Source:
    """The snapshots; what no snapshot stores is not known (velocities of 0, masses of 1).

    **Arguments:** `species`: `type` (the default) or a number that tells kinds, such as `body`.

    **Raises** `InputError` without gsd, and for a damaged file.
    """
    known = ("type", *_NUMBERS)
    if species is not None and species not in known:
        raise unreadable(
            path,
            found=f"no array {species!r}",
            expected="one that tells kinds",
            then=suggest(species, known),
        )
    fl = library(path, "gsd.fl", "gsd")
    with reading(path, _WHAT):
        file = fl.open(str(path), "r")
        schema, frames = str(file.schema), int(file.nframes)
        stored = frozenset(file.find_matching_chunk_names(""))
        bonds = _chunk(file, 0, "bonds/group") if frames else None
        pairs = None if bonds is None else np.asarray(bonds).reshape(-1, 2)
    if schema != "hoomd":
        raise unreadable(
            path, found=f"the schema {schema!r}", expected="hoomd", then="write particles"
        )
    check_size(path, (frames,), _LEAST_BYTES, "snapshots")
    edges = None if pairs is None else bonds_both_ways(pairs)
    return Source(_snapshots(path, file, frames, species, stored), edges=edges)


def _snapshots(
    path: Path, file: Any, frames: int, species: str | None, stored: frozenset[str]
) -> Iterator[Snapshot | str]:
    for index in range(frames):
        try:
            with reading(path, _WHAT):
                found = _snapshot(path, file, index, species, stored)
        except InputError:
            if index < frames - 1 or not index:
                raise
            yield "the last snapshot is damaged and left aside"
            break
        yield found
    file.close()


def _chunk(file: Any, frame: int, name: str) -> np.ndarray | None:
    """What is stored of a frame: where it is not, that of the first holds; None if neither."""
    for index in (frame, 0):
        if file.chunk_exists(frame=index, name=name):
            return np.asarray(file.read_chunk(frame=index, name=name))
    return None


def _snapshot(
    path: Path, file: Any, index: int, species: str | None, stored: frozenset[str]
) -> Snapshot:
    count = _chunk(file, index, "particles/N")
    size = 0 if count is None else int(count[0])
    check_size(path, (size,), _LEAST_BYTES, "particles")

    def array(name: str, default: float, *width: int) -> np.ndarray | None:
        found = _chunk(file, index, f"particles/{name}")
        if found is not None and len(found) == size:
            return found.astype(float).reshape(size, *width)
        return np.full((size, *width), default) if f"particles/{name}" in stored else None

    position = array("position", 0.0, 3)
    if position is None:
        position = np.zeros((size, 3))
    plane = _chunk(file, index, "configuration/dimensions")
    dim = 2 if plane is not None and int(plane[0]) == 2 else 3
    box = _chunk(file, index, "configuration/box")
    vectors = None
    if box is not None:
        lx, ly, lz, xy, xz, yz = box.astype(float).tolist()
        # Tilts are in units of the lengths: hoomd-blue's convention for the upper triangle.
        vectors = np.array([[lx, 0, 0], [xy * ly, ly, 0], [xz * lz, yz * lz, lz]])[:dim, :dim]
    kinds = _kinds(file, index, size)
    constants = {name: array(name, default) for name, default in _NUMBERS.items()}
    if species not in (None, "type"):
        told = constants.pop(species or "")
        kinds = None if told is None else told.astype(int).astype(str)
    velocity, image = array("velocity", 0.0, 3), array("image", 0.0, 3)
    step = _chunk(file, index, "configuration/step")
    if step is None and "configuration/step" in stored:
        step = np.zeros(1)
    return Snapshot(
        position=position[:, :dim],
        velocity=None if velocity is None else velocity[:, :dim],
        image=None if image is None else image[:, :dim],
        kind=kinds,
        constants={name: value for name, value in constants.items() if value is not None},
        vectors=vectors,
        periodic=() if vectors is None else (True,) * dim,
        step=None if step is None else float(step[0]),
    )


def _kinds(file: Any, index: int, size: int) -> np.ndarray | None:
    """Names of the types, stored as rows of bytes that zeros fill up."""
    names, codes = _chunk(file, index, "particles/types"), _chunk(file, index, "particles/typeid")
    if names is None:
        return None
    text = [
        bytes(row.astype(np.uint8)).partition(b"\x00")[0].decode() for row in np.atleast_2d(names)
    ]
    places = np.zeros(size, int) if codes is None or len(codes) != size else codes.astype(int)
    return np.array(text)[places]
