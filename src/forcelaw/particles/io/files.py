"""Trajectories from files and to files; the ending of the name says which kind."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from forcelaw.errors import unreadable, wrong_input
from forcelaw.files import PACKED, check_path
from forcelaw.particles.data import Trajectories
from forcelaw.particles.io.csv_format import csv_bytes, read_csv
from forcelaw.particles.io.endings import A_FILE, READ, WRITTEN
from forcelaw.particles.io.npz_format import npz_bytes, read_npz
from forcelaw.particles.kinematics import KINEMATICS, EstimateWarning, KinematicsSettings

_WRITE = dict(zip(WRITTEN, (npz_bytes, csv_bytes), strict=True))
_READ = dict(zip(READ, (read_npz, read_csv, read_csv), strict=True))


def read(
    path: str | os.PathLike[str], *, settings: KinematicsSettings = KINEMATICS
) -> Trajectories:
    """Trajectories from an `.npz` or `.csv` file.

    `.npz` holds `position [trajectory, time, body, dim]`, `velocity`, `time [time]`, any
    attribute as `[trajectory, body]`, and optionally `acceleration` and `edges [edge, 2]`. `.csv`
    has the columns `trajectory,time,body,x[,y[,z]][,vx[,vy[,vz]]][,ax[,ay[,az]]]` and one for
    each attribute, rows in any order, bodies and trajectories named by any text.

    Velocities and accelerations that are missing are estimated (`estimate_missing`), with an
    `EstimateWarning` that says how; `settings` say when, and stay with the data. Tables may be
    packed: `.csv.gz`, or an archive of one table.

    **Raises** `UnreadableFile` naming the place in the file, what was found and what was expected;
    `InputError` for data that contradict themselves, `NotEnoughData` for a single time step (see
    `Trajectories`).
    """
    path = Path(path)
    # What is packed, its content tells.
    packed = path.suffix.lower() in PACKED
    reader = read_csv if packed else _READ[_suffix(path, _READ)]
    check_path(path, A_FILE)
    try:
        if path.is_file() and path.stat().st_size == 0:
            raise unreadable(
                path, found="an empty file", expected="trajectories", then="write it again"
            )
        parts = reader(path)
    except OSError as error:
        raise unreadable(
            path,
            found=f"a file that cannot be read ({error.strerror or error})",
            expected="a readable file",
            then="check its permissions",
        ) from None
    data = parts.assemble(path.name, settings)
    for note in data.notes:
        warnings.warn(f"{path.name}: {note}", EstimateWarning, stacklevel=2)
    return data


def write(trajectories: Trajectories, path: str | os.PathLike[str], *, force: bool = False) -> Path:
    """Writes an `.npz` or `.csv` file that `read` reads back, whole or not at all.

    Smoothed and estimated arrays are not written, but those that were measured: `read` does the
    rest again.

    **Raises** `InputError` if the file exists and `force` is not given, or for an unknown ending.
    """
    from forcelaw.storage import atomic_write

    Trajectories.check("write", trajectories)
    path = Path(path)
    encode = _WRITE[_suffix(path, _WRITE)]
    trajectories = _as_given(trajectories)
    if path.is_dir():
        raise wrong_input(
            path, found="a folder", expected="the name of a file", then="add a file name"
        )
    if path.exists() and not force:
        raise wrong_input(
            path,
            found="a file of that name",
            expected="a new one",
            then="choose another name, or overwrite it with --force (force=True)",
        )
    atomic_write(path, encode(trajectories, path.name))
    return path


def _as_given(data: Trajectories) -> Trajectories:
    """The same with what was measured in place of what was smoothed."""
    if not data.measured:
        return data
    left = tuple(n for n in ("velocity", "acceleration") if n not in data.measured)
    return replace(data, **data.measured, estimated=left)


def _suffix(path: Path, known: Mapping[str, Any]) -> str:
    suffix = path.suffix.lower()
    if suffix not in known:
        raise unreadable(
            path,
            found=f"the ending {suffix!r}" if suffix else "a name without an ending",
            expected=" or ".join(known),
            then="rename or convert the file",
        )
    return suffix
