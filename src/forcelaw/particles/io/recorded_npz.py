"""Recordings as NumPy archives, with boxes, kinds and who is there."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from forcelaw.errors import wrong_input
from forcelaw.particles.data import Recording, Recordings


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
