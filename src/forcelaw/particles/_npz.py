"""Trajectories as NumPy archives, read without ever unpickling."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.errors import InputError, wrong_input
from forcelaw.particles._trajectories import Trajectories

_RESERVED = ("position", "velocity", "acceleration", "time", "edges", "bodies")


def read_npz(path: Path) -> dict[str, Any]:
    """The arguments of `Trajectories` that an archive holds.

    **Raises** `InputError` for a file that is damaged, or lacks `position` or `time`, or holds
    Python objects.
    """
    arrays = _arrays(path)
    for name in ("position", "time"):
        if name not in arrays:
            raise wrong_input(
                path,
                found=f"the arrays {', '.join(sorted(arrays)) or '(none)'}",
                expected=f"{name!r} among them",
                then="save position [trajectory, time, body, dim] and time [time]",
            )
    parts: dict[str, Any] = {name: arrays.pop(name) for name in _RESERVED if name in arrays}
    if "bodies" in parts:
        parts["bodies"] = tuple(map(str, np.atleast_1d(parts["bodies"]).tolist()))
    return parts | {"attributes": arrays}


def _arrays(path: Path) -> dict[str, np.ndarray]:
    name = None
    try:
        with path.open("rb") as file:
            archive = np.load(file, allow_pickle=False)
            if isinstance(archive, np.ndarray):
                raise wrong_input(
                    path,
                    found="a single array",
                    expected="an archive of several",
                    then="save it with numpy.savez",
                )
            arrays = {}
            for name in archive.files:
                arrays[name] = archive[name]
            return arrays
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError) as error:
        damage: Exception = error
    except (ValueError, KeyError) as error:
        if isinstance(error, InputError):
            raise
        damage = error
    array = "" if name is None else f" in the array {name!r}"
    if "pickle" in str(damage) and name is not None:
        raise wrong_input(
            path,
            found=f"Python objects{array}",
            expected="numbers",
            then="convert it to a numeric array before saving; objects are never loaded",
        )
    raise wrong_input(
        path,
        found=f"a file that is not a complete .npz archive{array}",
        expected="what numpy.savez writes",
        then="copy or write it again: it may be cut off",
    )


def npz_bytes(data: Trajectories, place: str) -> bytes:
    """The archive of `data`."""
    arrays: dict[str, Any] = {
        "position": data.position,
        "time": data.time,
        **data.attributes,
        "velocity": None if leave_out(data, "velocity") else data.velocity,
        "acceleration": None if leave_out(data, "acceleration") else data.acceleration,
        "edges": data.edges,
    }
    for name in data.attributes:
        if name in _RESERVED:
            raise wrong_input(
                place,
                found=f"an attribute called {name!r}",
                expected="another name",
                then="rename it",
            )
    if data.bodies != tuple(map(str, range(data.n_bodies))):
        arrays["bodies"] = np.array(data.bodies)
    file = io.BytesIO()
    np.savez(file, **{name: value for name, value in arrays.items() if value is not None})
    return file.getvalue()


def leave_out(data: Trajectories, name: str) -> bool:
    """Whether an array is estimated and best estimated again when read."""
    if name == "velocity" and "position" in data.estimated:
        return False
    return name in data.estimated and not (name == "velocity" and data.acceleration is None)
