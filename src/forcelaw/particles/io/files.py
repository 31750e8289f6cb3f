"""Trajectories from files and to files; what a file holds and its name say which kind."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, overload

from forcelaw.errors import unreadable, wrong_input
from forcelaw.files import PACKED, check_path, many
from forcelaw.particles.data import Recording, Recordings, Trajectories
from forcelaw.particles.formats import read_snapshots, tell_format
from forcelaw.particles.io.csv_format import csv_bytes, read_csv
from forcelaw.particles.io.data_frames import parquet_parts
from forcelaw.particles.io.data_sets import together
from forcelaw.particles.io.endings import A_FILE, READ, TABLES, WRITTEN
from forcelaw.particles.io.npz_format import npz_bytes, read_npz, recorded_npz_bytes
from forcelaw.particles.io.part_sources import sources_of
from forcelaw.particles.io.trajectory_parts import TrajectoryParts
from forcelaw.particles.kinematics import KINEMATICS, EstimateWarning, KinematicsSettings
from forcelaw.particles.snapshots import Source, assemble

_WRITE = dict(zip(WRITTEN, (npz_bytes, csv_bytes), strict=True))
_TABLES = dict(
    zip(TABLES, (read_npz, read_csv, read_csv, parquet_parts, parquet_parts), strict=True)
)
_Path = str | os.PathLike[str]


@overload
def read(
    path: _Path,
    *,
    box: Sequence[float] | None = None,
    species: str | None = None,
    topology: _Path | None = None,
    settings: KinematicsSettings = KINEMATICS,
) -> Trajectories | Any: ...


@overload
def read(
    path: list[_Path] | tuple[_Path, ...],
    *,
    box: Sequence[float] | None = None,
    species: str | None = None,
    topology: _Path | None = None,
    settings: KinematicsSettings = KINEMATICS,
) -> Recordings: ...


# `Any` beside `Trajectories`: which of the two it is, the file decides, and who calls knows it.
def read(
    path: _Path | list[_Path] | tuple[_Path, ...],
    *,
    box: Sequence[float] | None = None,
    species: str | None = None,
    topology: _Path | None = None,
    settings: KinematicsSettings = KINEMATICS,
) -> Trajectories | Any:
    """Motion from a file, or from several that share one law.

    `Trajectories` where a table or an `.npz` archive holds the same bodies at the same times, in
    open space; `Recordings` where bodies come and go, are of kinds that are named by text, or
    move in a periodic `box`, from all other formats, and from several files. `docs/formats.md`
    has all formats and what is read of each.

    `.npz` holds `position [trajectory, time, body, dim]`, `velocity`, `time [time]`, any
    attribute as `[trajectory, body]`, and optionally `acceleration` and `edges [edge, 2]`. `.csv`
    has the columns `trajectory,time,body,x[,y[,z]][,vx[,vy[,vz]]][,ax[,ay[,az]]]` and one for
    each attribute, rows in any order, bodies and trajectories named by any text.

    Velocities and accelerations that `Trajectories` lack are estimated (`estimate_missing`), with
    an `EstimateWarning` that says how; `settings` say when, and stay with the data. Positions
    in a periodic box are unwrapped by images, velocities or the smallest step, with a warning
    that says which. Texts may be packed: `.csv.gz`, or an archive of one table.

    **Arguments:** `box`: lengths of a periodic box, where the file states none. `species`: the
    column that tells kinds. `topology`: what names the bodies, for coordinates that MDAnalysis
    reads.

    **Raises** `UnreadableFile` naming the place in the file, what was found and what was expected;
    `InputError` for data that contradict themselves, `NotEnoughData` for too few times (see
    `Trajectories` and `Recording`).
    """
    options = _Options(box, species, topology, settings)
    if not isinstance(path, str | os.PathLike):
        paths = [Path(one) for one in path]
        parts = [part for one in paths for part in _recordings(one, options)]
        data = together(parts, f"{many(len(paths), 'file')}")
    else:
        path = Path(path)
        with _readable(path):
            found = _contents(path, options)
            if isinstance(found, TrajectoryParts) and found.open_and_whole and box is None:
                data = found.assemble(path.name, settings)
            else:
                data = together(_assembled(found, path, options), path.name)
    for note in data.notes:
        warnings.warn(f"{data.name}: {note}", EstimateWarning, stacklevel=2)
    return data


class _Options(NamedTuple):
    """The arguments of `read`."""

    box: Sequence[float] | None
    species: str | None
    topology: _Path | None
    settings: KinematicsSettings


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise unreadable(
            path,
            found=f"a file that cannot be read ({error.strerror or error})",
            expected="a readable file",
            then="check its permissions",
        ) from None


def _contents(path: Path, options: _Options) -> TrajectoryParts | tuple[Source, ...]:
    """What the file says, of which that of other formats is read later."""
    # What is packed, its content tells.
    packed = path.suffix.lower() in PACKED
    known = _is_there(path) and path.stat().st_size > 0
    form = tell_format(path, options.topology) if known else None
    reader = None if form else read_csv if packed else _TABLES.get(path.suffix.lower())
    if form is None and reader is None:
        _suffix(path, dict.fromkeys(READ))
    check_path(path, A_FILE)
    if not known and path.is_file():
        raise unreadable(
            path, found="an empty file", expected="trajectories", then="write it again"
        )
    if reader is not None:
        return reader(path, options.species)
    assert form is not None
    return (read_snapshots(path, form, species=options.species, topology=options.topology),)


def _is_there(path: Path) -> bool:
    """Whether there is such a file; names that no file can have are `check_path`'s to say."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _assembled(
    found: TrajectoryParts | tuple[Source, ...], path: Path, options: _Options
) -> list[Recording]:
    sources = sources_of(found, path) if isinstance(found, TrajectoryParts) else found
    return [
        assemble(source, path, box=options.box, settings=options.settings) for source in sources
    ]


def _recordings(path: Path, options: _Options) -> list[Recording]:
    with _readable(path):
        return _assembled(_contents(path, options), path, options)


def write(
    trajectories: Trajectories | Recordings, path: str | os.PathLike[str], *, force: bool = False
) -> Path:
    """Writes an `.npz` or `.csv` file that `read` reads back, whole or not at all.

    Recordings are written as `.npz`, where they share times and box. Smoothed and estimated arrays
    are not written, but those that were measured: `read` does the rest again.

    **Raises** `InputError` if the file exists and `force` is not given, or for an unknown ending.
    """
    from forcelaw.storage import atomic_write

    path = Path(path)
    if isinstance(trajectories, Recordings):
        _suffix(path, dict.fromkeys(WRITTEN[:1]))
        encoded = recorded_npz_bytes(trajectories, path.name)
    else:
        Trajectories.check("write", trajectories)
        encode = _WRITE[_suffix(path, _WRITE)]
        encoded = encode(_as_given(trajectories), path.name)
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
    atomic_write(path, encoded)
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
