"""Trajectories from data frames in long form: pandas, polars, pyarrow, as the same table's file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from forcelaw.errors import InputError, InvalidSetting, UnreadableFile, suggest, unreadable
from forcelaw.particles.data import Trajectories, numbers
from forcelaw.particles.io.column_names import AXES, Header
from forcelaw.particles.io.table_rows import NOTHING, Grid
from forcelaw.particles.kinematics import KINEMATICS, KinematicsSettings


def from_frame(
    frame: Any, *, name: str = "frame", settings: KinematicsSettings = KINEMATICS
) -> Trajectories:
    """Trajectories from a data frame with the columns of a `.csv` file; `settings` as of `read`.

    **Raises** `UnreadableFile` as `read` does of the same table.
    """
    header = Header.of([str(column) for column in _names(frame)], name)
    return _read(frame, header, name, settings)


def from_tracks(
    frame: Any,
    *,
    time: str = "frame",
    body: str = "particle",
    position: Sequence[str] = ("x", "y"),
    trajectory: str | None = None,
    attributes: Sequence[str] = (),
    step: float = 1.0,
    name: str = "tracks",
    settings: KinematicsSettings = KINEMATICS,
) -> Trajectories:
    """Trajectories from tracks, a row for each body in each frame, as trackpy makes them.

    Only the columns that are named are read: brightness, sizes and errors of an image are no
    attributes of bodies.

    **Arguments:** `time` counts frames, `step` is the time between two; `trajectory` tells
    several recordings apart; `attributes` are constants of bodies, such as a mass; `settings` as of
    `read`.

    **Raises** `UnreadableFile` for columns that there are not, bodies that come and go, and as
    `read` does of the same table; `InvalidSetting` for a `step` that is not positive, or for
    another number of `position` columns than 1 to 3.
    """
    columns = [str(column) for column in _names(frame)]
    wanted = {"time": time, "body": body, **dict(zip(AXES, position, strict=False))}
    wanted |= {} if trajectory is None else {"trajectory": trajectory}
    for column in (*wanted.values(), *attributes):
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
    return _read(frame, Header(tuple(columns), roles, known, ()), name, settings, step)


def _read(
    frame: Any, header: Header, name: str, settings: KinematicsSettings, step: float = 1.0
) -> Trajectories:
    names = _names(frame)
    labels = {
        role: _labels(frame[names[header.roles[role]]], header.names[header.roles[role]], name)
        for role in ("trajectory", "body")
        if role in header.roles
    }
    known = header.roles | header.attributes
    columns = {
        role: numbers(np.asarray(frame[names[index]]), header.names[index], name)
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
    return (
        Grid(name, header, columns, labels, lambda row: None)
        .trajectories()
        .assemble(name, settings)
    )


def _names(frame: Any) -> list[Any]:
    names = getattr(frame, "column_names", None)
    names = getattr(frame, "columns", None) if names is None else names
    if names is None:
        raise InputError(
            f"found {type(frame).__name__}, expected a data frame of pandas, polars or pyarrow"
        )
    return list(names)


def _labels(column: Any, name: str, place: str) -> np.ndarray:
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
