"""Trajectories and recordings as NumPy archives, read without ever unpickling."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.errors import suggest, unreadable, wrong_input
from forcelaw.particles.data import Recording, Recordings, Trajectories
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
    if "end" in arrays and arrays.keys() & {"stretch", "steps"}:
        raise unreadable(
            path,
            found="pairs of states",
            expected="trajectories",
            then="read them with fl.particles.read_pairs",
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
    present, box, heading = (arrays.pop(name, None) for name in ("present", "box", "heading"))
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
        heading=heading,
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
        if name in (*_RESERVED, "present", "box", "species", "heading"):
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


def recorded_npz_bytes(data: Recordings, place: str) -> bytes:
    """The archive of recordings at the same times in one box; bodies that one lacks are absent.

    **Raises** `InputError` where times or boxes differ: an archive holds one of each.
    """
    first = data.parts[0]
    for part in data:
        same = np.array_equal(part.time, first.time) and _same_box(part, first)
        if not same or (part.edges is None) != (first.edges is None):
            raise wrong_input(
                place,
                found="recordings at other times, in other boxes or with other bonds each",
                expected="the same, to be written into one file",
                then="write them one by one",
            )
    bodies = max(part.n_bodies for part in data)
    arrays: dict[str, Any] = {
        "position": _stacked([part.position for part in data], bodies, 2),
        "time": first.time,
    }
    for name in ("velocity", "acceleration"):
        values = [getattr(part, name) for part in data]
        if all(value is not None for value in values):
            arrays[name] = _stacked(values, bodies, 2)
    angles = [part.heading for part in data if part.heading is not None]
    if angles:
        arrays["heading"] = _stacked(angles, bodies, 2)
    for name in data.attributes:
        arrays[name] = _stacked([part.attributes[name] for part in data], bodies, 1)
    present = np.zeros((len(data), first.n_times, bodies), bool)
    for k, part in enumerate(data):
        present[k, :, : part.n_bodies] = part.present
    if not present.all():
        arrays["present"] = present
    if data.kinds:
        filled = [(*p.species, *(p.species[-1:] * (bodies - p.n_bodies))) for p in data]
        arrays["species"] = np.array(filled)
    if first.cell is not None:
        arrays["box"] = first.cell.vectors if len(first.cell.vectors) > 1 else first.cell.vectors[0]
    if first.edges is not None:
        arrays["edges"] = first.edges
    largest = next(part for part in data if part.n_bodies == bodies)
    if largest.bodies != tuple(map(str, range(bodies))):
        arrays["bodies"] = np.array(largest.bodies)
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def _same_box(one: Recording, other: Recording) -> bool:
    if one.cell is None or other.cell is None:
        return one.cell is other.cell
    same = one.cell.periodic == other.cell.periodic and all(one.cell.periodic)
    return same and np.array_equal(one.cell.vectors, other.cell.vectors)


def _stacked(values: list[np.ndarray], bodies: int, axis: int) -> np.ndarray:
    """One after the other, filled up with the last body; absent entries are zero."""
    axis -= 1
    filled = []
    for value in values:
        missing = bodies - value.shape[axis]
        room = [(0, missing if k == axis else 0) for k in range(value.ndim)]
        filled.append(np.pad(np.nan_to_num(value), room, mode="edge"))
    return np.stack(filled)
