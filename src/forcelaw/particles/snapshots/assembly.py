"""Snapshots put together: one recording, unwrapped, in one set of units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from forcelaw.errors import NotEnoughData, wrong_input
from forcelaw.files import many
from forcelaw.particles.data import Recording, cell_that_shows, unwrap_steps
from forcelaw.particles.kinematics import KINEMATICS, KinematicsSettings
from forcelaw.particles.snapshots.periodic_boxes import (
    box_of,
    cut,
    flatness,
    given_box,
    refuse_second,
)
from forcelaw.particles.snapshots.scales import accelerations, set_clock, window_of
from forcelaw.particles.snapshots.snapshot import Snapshot, Source
from forcelaw.particles.snapshots.who_is_who import Named, find_constants, name_bodies

_VECTORS = ("position", "velocity", "force", "acceleration")
_LARGEST = 1e150
"""Size whose square double precision still holds."""
_SHARED = ("ids", "kind", "vectors")


def assemble(
    source: Source,
    place: str | Path,
    *,
    box: Any = None,
    settings: KinematicsSettings = KINEMATICS,
) -> Recording:
    """The recording of what `source` tells; `place` is what errors call it.

    **Arguments:** `box`: lengths of a periodic box where the source states none.

    **Raises** `InputError` for snapshots that contradict each other, `NotEnoughData` for none.
    """
    frames, notes, imaged = _collected(source, place)
    times, counted = _times(frames, place)
    named = name_bodies(frames, source.names, place)
    constants = find_constants(frames, named, place)
    cell = box_of(frames, place)
    free = all(frame.unwrapped for frame in frames)
    arrays = _filled(frames, named)
    present = arrays.present
    others = arrays.velocity, arrays.force, arrays.acceleration
    flat = flatness(arrays.position, others, cell)
    cell = None if cell is None else cut(cell, flat.dim)
    if box is not None:
        given = given_box(box, flat.dim, place)
        if cell is not None:
            refuse_second(given, cell, place)
        cell = cell or given
    position = _first(arrays.position, flat.dim)
    velocity, force, acceleration = (_first(array, flat.dim) for array in others)
    del others
    if cell is None and not (imaged or free) and present.all():
        speed = None if velocity is None else velocity[None]
        cell, told = cell_that_shows(position[None], speed, times)
        notes += told
    label = source.name or Path(place).name
    window = window_of(position, present, times, cell)
    forced = force is not None or acceleration is not None
    clock = set_clock(window, velocity, counted, label, forces=forced, settings=settings)
    times = times * clock.unit
    if cell is not None and not (imaged or free):
        speed = velocity if clock.followed else None
        notes += unwrap_steps(position, present, speed, times, cell, named.bodies)
    if force is not None and acceleration is None:
        window = None if window is None else window._replace(time=window.time * clock.unit)
        known = constants.attributes, constants.species
        pushed = accelerations(
            force * source.force_unit, velocity, window, *known, counted=bool(counted)
        )
        acceleration, notes = pushed.acceleration, [*notes, *pushed.notes]
    said = (*source.notes, *clock.notes, *arrays.notes, *flat.notes, *notes, *constants.notes)
    return Recording(
        position=position,
        time=times,
        present=present,
        velocity=velocity,
        acceleration=acceleration,
        heading=arrays.heading,
        cell=cell,
        species=constants.species,
        attributes=constants.attributes,
        edges=None if source.edges is None else named.edges(source.edges),
        bodies=named.bodies,
        name=label,
        units=source.units,
        notes=tuple(dict.fromkeys(said)),
    )


def _collected(source: Source, place: Any) -> tuple[list[Snapshot], list[str], bool]:
    """All snapshots that hold bodies, what is to be said, and whether images unwrapped them."""
    frames: list[Snapshot] = []
    notes: list[str] = []
    empty, repeated, images = 0, 0, [True, False]
    changing: set[str] = set()
    for item in source.snapshots:
        if isinstance(item, str):
            notes.append(item)
        elif not len(item.position):
            empty += 1
        else:
            last = frames[-1] if frames else None
            _check_numbers(item, len(frames), frames[0] if frames else item, place)
            frame = _shared(_sorted(item), last, changing)
            if last is not None and _same(frame, last):
                repeated += 1
                continue
            has = frame.image is not None and frame.vectors is not None and not frame.unwrapped
            images = [images[0] and has, images[1] or (has and bool(np.any(frame.image)))]
            frames.append(_unfolded(frame) if has else frame)
    if not frames:
        raise wrong_input(
            place,
            found="no whole snapshot" + (f" of bodies, {empty} without any" if empty else ""),
            expected="at least three",
            then="record more",
            error=NotEnoughData,
        )
    if empty:
        notes.append(f"{many(empty, 'snapshot')} without a body left aside")
    if repeated:
        notes.append(f"{many(repeated, 'snapshot')} written twice, as after a restart, left aside")
    if all(images):
        notes.append("positions were unwrapped by the images that are stated")
    return frames, notes, all(images)


def _sorted(frame: Snapshot) -> Snapshot:
    """The rows in the order of their ids: then these are mostly those of the snapshot before."""
    ids = frame.ids
    if ids is None or (ids[1:] >= ids[:-1]).all():
        return frame
    order = np.argsort(ids, kind="stable")
    rows = {name: getattr(frame, name) for name in (*_VECTORS, "heading", "image", "ids", "kind")}
    changes: dict[str, Any] = {k: v[order] for k, v in rows.items() if v is not None}
    changes["constants"] = {name: value[order] for name, value in frame.constants.items()}
    return replace(frame, **changes)


def _shared(new: Snapshot, old: Snapshot | None, changing: set[str]) -> Snapshot:
    """The same with the arrays of the snapshot before where they are equal: they may be long.

    Numbers that are seen to change are noted as `changing`, and kept no more.
    """
    if old is None:
        return new
    changes: dict[str, Any] = {}
    for name in _SHARED:
        one, other = getattr(new, name), getattr(old, name)
        if one is not None and other is not None and np.array_equal(one, other):
            changes[name] = other
    alike = changes.get("ids", new.ids) is old.ids and len(new.position) == len(old.position)
    constants = {name: value for name, value in new.constants.items() if name not in changing}
    for name, value in list(constants.items()):
        before = old.constants.get(name)
        if before is not None and np.array_equal(value, before):
            constants[name] = before
        elif before is not None and alike:
            differ = (value != before) & np.isfinite(value) & np.isfinite(before)
            if differ.any():
                # This one is kept, so that the change is found and said.
                changing.add(name)
    return replace(new, constants=constants, **changes)


def _same(new: Snapshot, old: Snapshot) -> bool:
    """Whether a snapshot stands there twice, as programs write it when they go on."""
    stated = (new.time, new.step) == (old.time, old.step) != (None, None)
    return stated and np.array_equal(new.position, old.position)


def _unfolded(frame: Snapshot) -> Snapshot:
    """The positions to which the images belong."""
    assert frame.image is not None and frame.vectors is not None
    return replace(
        frame, position=frame.position + frame.image @ np.asarray(frame.vectors, float), image=None
    )


def _check_numbers(frame: Snapshot, index: int, first: Snapshot, place: Any) -> None:
    dim = first.position.shape[1]
    for name in _VECTORS:
        array = getattr(frame, name)
        if array is None:
            continue
        rows = np.flatnonzero(~(np.abs(array) < _LARGEST).all(axis=1))
        if array.shape == (len(frame.position), dim) and not rows.size:
            continue
        row = int(rows[0]) if rows.size else 0
        what = array[row].tolist() if rows.size else f"of {array.shape[1]} dimensions"
        raise wrong_input(
            place,
            None if frame.line is None else frame.line + row,
            found=f"{name} {what} in row {row} of snapshot {index}",
            expected=f"{dim} finite numbers, below {_LARGEST:g}",
            then="repair it, or leave that snapshot out",
        )


def _times(frames: Sequence[Snapshot], place: Any) -> tuple[Float[np.ndarray, " time"], str]:
    """Times, and what they are counted in where they are not measured."""
    for name, counted in (("time", ""), ("step", "steps")):
        values = [getattr(frame, name) for frame in frames]
        known = [value for value in values if value is not None]
        if not known:
            continue
        if len(known) < len(values):
            index = values.index(None)
            if name == "time" and all(frame.step is not None for frame in frames):
                continue
            raise wrong_input(
                place,
                frames[index].line,
                found=f"no {name} of snapshot {index}",
                expected="one in every snapshot, as in others",
                then="write it",
            )
        times = np.array(known, float)
        bad = np.flatnonzero(~(np.diff(times) > 0) | ~(np.abs(times[1:]) < _LARGEST))
        if bad.size:
            index = int(bad[0]) + 1
            raise wrong_input(
                place,
                frames[index].line,
                found=f"{name} {times[index]:.15g} after {times[index - 1]:.15g}",
                expected="increasing, finite times",
                then="sort the snapshots, and remove those given twice",
            )
        return times, counted
    return np.arange(float(len(frames))), "snapshots"


class _Arrays(NamedTuple):
    """Of all bodies at all times; NaN where one is absent."""

    position: Float[np.ndarray, "time body dim"]
    present: Bool[np.ndarray, "time body"]
    velocity: Float[np.ndarray, "time body dim"] | None
    force: Float[np.ndarray, "time body dim"] | None
    acceleration: Float[np.ndarray, "time body dim"] | None
    heading: Float[np.ndarray, "time body"] | None
    notes: tuple[str, ...]


def _filled(frames: list[Snapshot], named: Named) -> _Arrays:
    """Empties the list as it goes: together they may be too much."""
    present = np.zeros((len(frames), len(named.bodies)), bool)
    for t, columns in enumerate(named.columns):
        present[t, columns] = True
    shape = (*present.shape, frames[0].position.shape[1])
    arrays: dict[str, np.ndarray | None] = {}
    notes = []
    for name in (*_VECTORS, "heading"):
        some = [getattr(frame, name) is not None for frame in frames]
        if any(some) and not all(some):
            notes.append(f"{name} is stated in some snapshots only and left aside")
        whole = np.empty if present.all() else lambda shape: np.full(shape, np.nan)
        size = shape[:2] if name == "heading" else shape
        arrays[name] = whole(size) if all(some) else None
    for t in range(len(frames)):
        frame = frames.pop()
        for name, array in arrays.items():
            if array is not None:
                array[-1 - t, named.columns[-1 - t]] = getattr(frame, name)
    position = arrays["position"]
    assert position is not None
    others = arrays["velocity"], arrays["force"], arrays["acceleration"], arrays["heading"]
    return _Arrays(position, present, *others, tuple(notes))


def _first(array: Any, dim: int) -> Any:
    """The first coordinates."""
    if array is None or array.shape[-1] == dim:
        return array
    return np.ascontiguousarray(array[..., :dim])
