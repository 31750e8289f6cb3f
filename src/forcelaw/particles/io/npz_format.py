"""Trajectories as NumPy archives, read without ever unpickling."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.errors import suggest, unreadable, wrong_input
from forcelaw.particles.data import Trajectories
from forcelaw.particles.io.npz_members import read_members
from forcelaw.particles.io.trajectory_parts import TrajectoryParts

_RESERVED = ("position", "velocity", "acceleration", "time", "edges", "bodies")


def read_npz(path: Path, species: str | None = None) -> TrajectoryParts:
    """The trajectories that an archive holds.

    **Arguments:** `species`: the array that tells kinds, by default `species`.

    **Raises** `InputError` for a file that is damaged, or lacks `position`, or holds Python
    objects.
    """
    arrays = read_members(path)
    if "position" not in arrays:
        names = ", ".join(sorted(arrays)[:20]) or "(none)"
        raise unreadable(
            path,
            found=f"the arrays {names}",
            expected="'position' among them",
            then="save position [trajectory, time, body, dim] and time [time]",
        )
    position = arrays.pop("position")
    velocity, acceleration, time, edges, bodies = (arrays.pop(name, None) for name in _RESERVED[1:])
    if species is not None and species not in arrays:
        raise unreadable(
            path,
            found=f"no array {species!r}",
            expected="one that tells the kinds",
            then=suggest(species, arrays),
        )
    kinds = arrays.pop(species or "species", None)
    present, box = (arrays.pop(name, None) for name in ("present", "box"))
    notes: tuple[str, ...] = ()
    step = arrays.get("dt")
    if step is not None and step.ndim == 0 and step.dtype.kind in "fiu":
        del arrays["dt"]
        if time is None:
            count = position.shape[-3] if position.ndim >= 3 else 0
            time = np.arange(count) * float(step)
        else:
            notes = ("'dt' is left aside: times are given",)
    return TrajectoryParts(
        position,
        velocity,
        acceleration,
        time,
        attributes=arrays,
        edges=edges,
        bodies=() if bodies is None else tuple(map(str, np.atleast_1d(bodies).tolist())),
        notes=notes,
        present=present,
        box=box,
        species=kinds,
    )


def npz_bytes(data: Trajectories, place: str) -> bytes:
    """The archive of `data`."""
    arrays: dict[str, np.ndarray | None] = {
        "position": data.position,
        "time": data.time,
        **data.attributes,
        "velocity": None if leave_out(data, "velocity") else data.velocity,
        "acceleration": None if leave_out(data, "acceleration") else data.acceleration,
        "edges": data.edges,
    }
    for name in data.attributes:
        if name in (*_RESERVED, "present", "box", "species"):
            raise wrong_input(
                place,
                found=f"an attribute called {name!r}",
                expected="another name",
                then="rename it",
            )
    if data.bodies != tuple(map(str, range(data.n_bodies))):
        arrays["bodies"] = np.array(data.bodies)
    file = io.BytesIO()
    # `savez` has an argument of its own among the names, a truth value.
    kept: Mapping[str, Any] = {name: value for name, value in arrays.items() if value is not None}
    np.savez(file, **kept)
    return file.getvalue()


def leave_out(data: Trajectories, name: str) -> bool:
    """Whether an array is estimated and best estimated again when read."""
    if name == "velocity" and "position" in data.estimated:
        return False
    return name in data.estimated and not (name == "velocity" and data.acceleration is None)
