"""Trajectories from data frames in long form: pandas, polars, pyarrow, as the same table's file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.errors import InputError, InvalidSetting, UnreadableFile, suggest, unreadable
from forcelaw.particles.data import Recordings, Trajectories, numbers
from forcelaw.particles.formats.libraries import check_size, library, reading
from forcelaw.particles.io.column_names import AXES, TEXT_KINDS, Header
from forcelaw.particles.io.data_sets import together
from forcelaw.particles.io.part_sources import sources_of
from forcelaw.particles.io.table_rows import NOTHING, Grid
from forcelaw.particles.io.trajectory_parts import TrajectoryParts
from forcelaw.particles.kinematics import KINEMATICS, KinematicsSettings
from forcelaw.particles.snapshots import Source, assemble

_PARQUET = "Parquet file"
_LEAST_BYTES = 8
"""Of a cell in memory."""


def from_frame(
    frame: Any,
    *,
    box: Sequence[float] | None = None,
    species: str | None = None,
    name: str = "frame",
    settings: KinematicsSettings = KINEMATICS,
) -> Trajectories | Any:
    """Motion from a data frame with the columns of a `.csv` file; arguments as of `read`.

    **Raises** `UnreadableFile` as `read` does of the same table.
    """
    found = frame_parts(frame, name, species)
    return _data(found, name, box, settings)


def frame_parts(
    frame: Any, place: Any, species: str | None = None
) -> TrajectoryParts | tuple[Source, ...]:
    """What a data frame holds; `place` is what errors call it.

    **Raises** `UnreadableFile` as of the same table in a file.
    """
    header = Header.of([str(column) for column in _names(frame)], place, None, species)
    if header.kinds is None:
        names = _names(frame)
        for column, index in header.attributes.items():
            text = np.asarray(frame[names[index]]).dtype.kind not in "iufb"
            if text and column.lower() in TEXT_KINDS:
                header = header.with_kinds(index)
                break
    return _read(frame, header, place)


def parquet_parts(path: Path, species: str | None = None) -> TrajectoryParts | tuple[Source, ...]:
    """What a Parquet file holds, as a table of the same columns.

    **Raises** `InputError` without pyarrow, for a damaged file, and as of a table.
    """
    parquet = library(path, "pyarrow.parquet", "parquet")
    with reading(path, _PARQUET):
        file = parquet.ParquetFile(path)
        rows, columns = file.metadata.num_rows, file.metadata.num_columns
        check_size(path, (rows, columns), _LEAST_BYTES, "a table")
    with file:
        return frame_parts(_Columns(path, file), path, species)


class _Columns:
    """The columns of a Parquet file, each read when it is asked for, and no other kept."""

    def __init__(self, path: Path, file: Any) -> None:
        self.column_names: list[str] = file.schema_arrow.names
        self._path, self._file = path, file

    def __getitem__(self, name: str) -> np.ndarray:
        with reading(self._path, _PARQUET):
            return np.asarray(self._file.read(columns=[name]).column(0))


def from_tracks(
    frame: Any,
    *,
    time: str = "frame",
    body: str = "particle",
    position: Sequence[str] = ("x", "y"),
    trajectory: str | None = None,
    heading: str | None = None,
    attributes: Sequence[str] = (),
    species: str | None = None,
    box: Sequence[float] | None = None,
    step: float = 1.0,
    name: str = "tracks",
    settings: KinematicsSettings = KINEMATICS,
) -> Trajectories | Any:
    """Motion from tracks, a row for each body in each frame, as trackpy makes them.

    `Recordings` where bodies come and go, or `species`, a `box` or a `heading` are given, else
    `Trajectories`.

    Only the columns that are named are read: brightness, sizes and errors of an image are no
    attributes of bodies.

    **Arguments:** `time` counts frames, `step` is the time between two; `trajectory` tells
    several recordings apart; `heading` is the angle, in radians, in which a body points, from the
    first axis towards the second; `attributes` are constants of bodies, such as a mass; `species`
    is the column that tells kinds; `box` and `settings` as of `read`.

    **Raises** `UnreadableFile` for columns that there are not, and as `read` does of the same
    table; `InvalidSetting` for a `step` that is not positive, or for
    another number of `position` columns than 1 to 3.
    """
    columns = [str(column) for column in _names(frame)]
    wanted = {"time": time, "body": body, **dict(zip(AXES, position, strict=False))}
    wanted |= {} if trajectory is None else {"trajectory": trajectory}
    wanted |= {} if heading is None else {"heading": heading}
    kinds = () if species is None else (species,)
    for column in (*wanted.values(), *attributes, *kinds):
        if column not in columns:
            raise UnreadableFile(
                f"{name}: found no column {column!r}, expected one; {suggest(column, columns)}"
            )
    if not 1 <= len(position) <= len(AXES):
        raise InvalidSetting(f"{name}: found {len(position)} columns of positions, expected 1 to 3")
    if not (np.isfinite(step) and step > 0):
        raise InvalidSetting(f"{name}: found step={step}, expected the time between two frames")
    roles = {role: columns.index(column) for role, column in wanted.items()}
    known = {column: columns.index(column) for column in attributes}
    where = None if species is None else columns.index(species)
    found = _read(frame, Header(tuple(columns), roles, known, (), where), name, step)
    return _data(found, name, box, settings)


def _data(
    found: TrajectoryParts | tuple[Source, ...],
    name: str,
    box: Sequence[float] | None,
    settings: KinematicsSettings,
) -> Trajectories | Recordings:
    if isinstance(found, TrajectoryParts):
        if box is None:
            return found.assemble(name, settings)
        found = sources_of(found, name)
    return together([assemble(one, name, box=box, settings=settings) for one in found], name)


def _read(
    frame: Any, header: Header, name: Any, step: float = 1.0
) -> TrajectoryParts | tuple[Source, ...]:
    names = _names(frame)
    labels = {
        role: _labels(frame[names[index]], header.names[index], name)
        for role, index in header.labelled.items()
    }
    known = header.roles | header.attributes
    columns = {
        role: numbers(np.asarray(frame[names[index]]), header.names[index], str(name))
        for role, index in known.items()
        if role not in labels
    }
    if not len(columns["time"]):
        raise unreadable(
            name, found="no rows", expected="one for each body at each time", then="check the frame"
        )
    for role, value in columns.items():
        bad = np.flatnonzero(~np.isfinite(value))
        if bad.size:
            raise unreadable(
                name,
                found=f"{value[bad[0]]} in the column {header.names[known[role]]!r} of row "
                f"{bad[0]}",
                expected="a finite number",
                then="remove or repair it",
            )
    columns["time"] = columns["time"] * step
    return Grid(name, header, columns, labels, lambda row: None).motion()


def _names(frame: Any) -> list[Any]:
    names = getattr(frame, "column_names", None)
    names = getattr(frame, "columns", None) if names is None else names
    if names is None:
        raise InputError(
            f"found {type(frame).__name__}, expected a data frame of pandas, polars or pyarrow"
        )
    return list(names)


def _labels(column: Any, name: str, place: Any) -> np.ndarray:
    """Numbers where all labels are, else text; none may be missing."""
    values = np.asarray(column)
    if values.dtype.kind in "iufb":
        missing = ~np.isfinite(values.astype(float))
        # Larger whole numbers would merge with their neighbours.
        exact = not missing.any() and np.abs(values.astype(float)).max(initial=0) < 2.0**53
        labels = values.astype(float) if exact else values.astype(str)
    else:
        labels = np.char.strip(values.astype(str))
        missing = np.isin(np.char.lower(labels), NOTHING)
    if missing.any():
        raise unreadable(
            place,
            found=f"no name in the column {name!r} of row {np.flatnonzero(missing)[0]}",
            expected="one in every row",
            then="name it, or remove that row",
        )
    return labels
