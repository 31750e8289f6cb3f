"""Recordings from arrays: what users say of boxes, absent bodies and kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from forcelaw.errors import InvalidSetting, wrong_input
from forcelaw.files import many
from forcelaw.particles.data.given_arrays import in_full, numbers
from forcelaw.particles.data.recording import Cell, Recording
from forcelaw.particles.data.recordings import Recordings
from forcelaw.particles.data.unwrapping import unwrap_steps
from forcelaw.particles.kinematics import unwrap

BEYOND = ("box", "present", "species", "heading")
"""Arguments of `Trajectories` that make recordings of them."""


def recordings_from_arrays(
    position: Any,
    velocity: Any = None,
    time: Any = None,
    attributes: Mapping[str, Any] | None = None,
    edges: Any = None,
    acceleration: Any = None,
    *,
    box: Any = None,
    present: Any = None,
    species: Any = None,
    heading: Any = None,
    bodies: Sequence[str] = (),
    name: str = "recordings",
    notes: tuple[str, ...] = (),
    **more: Any,
) -> Recordings:
    """Recordings from arrays as `Trajectories` takes them, a recording for each trajectory.

    **Arguments:**

    - `box`: lengths `[dim]` of a periodic box, or its vectors `[dim, dim]`, in rows; either for
      each time, too. Positions may be wrapped into it or not.
    - `present`: `[trajectory, time, body]` or `[time, body]`, true where a body was seen.
    - `species`: `[trajectory, body]` or `[body]`, the kind of each body, texts or numbers.
    - `heading`: `[trajectory, time, body]` or `[time, body]`, the angle of each body from the first
      axis towards the second, in radians.

    **Raises** `InputError` for shapes that do not match, and as `Recording` does.
    """
    given = in_full(position, velocity, acceleration, time, {**(attributes or {}), **more}, name)
    shape = given.position.shape
    if len(shape) != 4 or 0 in shape:
        raise wrong_input(
            name,
            found=f"position of shape {list(shape)}",
            expected="[trajectory, time, body, dim], or [time, body, dim] for one trajectory",
            then="add the missing axis",
        )
    _check_shapes(given._asdict(), shape, name)
    seen = _mask(present, shape[:3], name)
    kinds = _kinds(species, shape[0], shape[2], name)
    angles = _headings(heading, shape[:3], name)
    cell = None if box is None else cell_from(box, shape[3], shape[1], name)
    if cell is None and seen.all() and np.isfinite(given.position).all():
        cell, told = cell_that_shows(given.position, given.velocity, given.time)
        notes = (*notes, *told)
    named = tuple(map(str, bodies)) or tuple(map(str, range(shape[2])))
    parts = []
    for k in range(shape[0]):
        motion = {
            key: None if value is None else np.where(seen[k][..., None], value[k], np.nan)
            for key, value in (
                ("position", given.position),
                ("velocity", given.velocity),
                ("acceleration", given.acceleration),
            )
        }
        place = motion["position"]
        assert place is not None
        said: tuple[str, ...] = ()
        if cell is not None and np.isfinite(place[seen[k]]).all():
            said = unwrap_steps(place, seen[k], motion["velocity"], given.time, cell, named)
        parts.append(
            Recording(
                place,
                given.time,
                seen[k],
                velocity=motion["velocity"],
                acceleration=motion["acceleration"],
                heading=None if angles is None else np.where(seen[k], angles[k], np.nan),
                cell=cell,
                species=kinds[k],
                attributes={key: value[k] for key, value in given.attributes.items()},
                edges=None if edges is None else np.asarray(edges, np.int64),
                bodies=named,
                name=name if shape[0] == 1 else f"{name}, trajectory {k}",
                notes=said,
            )
        )
    return Recordings(tuple(parts), name, (*notes, *given.notes))


def cell_that_shows(
    position: Float[np.ndarray, "trajectory time body dim"],
    velocity: Float[np.ndarray, "trajectory time body dim"] | None,
    time: Float[np.ndarray, " time"],
) -> tuple[Cell | None, tuple[str, ...]]:
    """The box across which positions jump, where they do, and that it is taken for one."""
    found = unwrap(position, velocity, time).lengths
    if not found:
        return None, ()
    # No position is outside of it.
    width = np.ptp(position, axis=(0, 1, 2))
    lengths = [max(x, float(w)) if x else 0.0 for x, w in zip(found, width, strict=True)]
    listed = [f"{x:.6g} along {axis}" for x, axis in zip(lengths, "xyz", strict=False) if x]
    note = f"positions jump by {' and '.join(listed)}, as in a periodic box: it is taken for one"
    return Cell.of([x or 1.0 for x in lengths], [x > 0 for x in lengths]), (note,)


def cell_from(box: Any, dim: int, times: int, place: str) -> Cell:
    """A periodic box from what was given: lengths or vectors, of all times or for each.

    **Raises** `InvalidSetting` for another shape, or lengths that are not positive.
    """
    size = np.zeros(0) if isinstance(box, str) else numbers(box, "box", place)
    if size.ndim == 0 and dim:
        size = np.full(dim, float(size))
    lengths = size.shape in ((dim,), (times, dim)) and size.shape != (dim, dim)
    if lengths:
        vectors = np.eye(dim) * size[..., None, :]
    elif size.shape in ((dim, dim), (times, dim, dim)):
        vectors = size
    else:
        raise wrong_input(
            place,
            found=f"box={str(box)[:100]}",
            expected=f"{many(dim, 'length')} or vectors [{dim}, {dim}], or either for each of "
            f"{times} times",
            then="give one length for each dimension",
            error=InvalidSetting,
        )
    vectors = vectors.reshape(-1, dim, dim)
    if not np.isfinite(vectors).all() or not (np.linalg.det(vectors) > 0).all():
        raise wrong_input(
            place,
            found=f"box={str(box)[:100]}",
            expected="positive, finite lengths",
            then="correct it, or leave it out in open space",
            error=InvalidSetting,
        )
    return Cell(vectors, (True,) * dim)


def _check_shapes(given: Mapping[str, Any], shape: tuple[int, ...], place: str) -> None:
    """Of what is cut by trajectory; `Recording` checks the rest."""
    known = {key: given[key] for key in ("velocity", "acceleration") if given[key] is not None}
    wanted = dict.fromkeys(known, shape)
    known |= given["attributes"]
    wanted |= dict.fromkeys(given["attributes"], (shape[0], shape[2]))
    for key, value in known.items():
        if value.shape != wanted[key]:
            raise wrong_input(
                place,
                found=f"{key!r} of shape {list(value.shape)}",
                expected=f"{list(wanted[key])} to match position {list(shape)}",
                then=f"reshape or remove {key!r}",
            )


def _mask(
    present: Any, shape: tuple[int, ...], place: str
) -> Bool[np.ndarray, "trajectory time body"]:
    if present is None:
        return np.ones(shape, bool)
    mask = np.asarray(present)
    if mask.dtype.kind not in "biu" or mask.shape not in (shape, shape[1:]):
        raise wrong_input(
            place,
            found=f"'present' of shape {list(mask.shape)} and type {mask.dtype}",
            expected=f"true or false, {list(shape)} ([trajectory, time, body])",
            then="give true where a body was seen",
        )
    return np.broadcast_to(mask.astype(bool), shape).copy()


def _headings(
    heading: Any, shape: tuple[int, ...], place: str
) -> Float[np.ndarray, "trajectory time body"] | None:
    if heading is None:
        return None
    angles = numbers(heading, "heading", place)
    if angles.shape not in (shape, shape[1:]):
        raise wrong_input(
            place,
            found=f"'heading' of shape {list(angles.shape)}",
            expected=f"{list(shape)} ([trajectory, time, body]), one angle in radians each",
            then="give the angle of every body at every time",
        )
    return np.broadcast_to(angles, shape)


def _kinds(species: Any, trajectories: int, bodies: int, place: str) -> list[tuple[str, ...]]:
    if species is None:
        return [()] * trajectories
    kinds = np.asarray(species)
    if kinds.shape == (bodies,):
        kinds = np.broadcast_to(kinds, (trajectories, bodies))
    if kinds.shape != (trajectories, bodies):
        raise wrong_input(
            place,
            found=f"'species' of shape {list(kinds.shape)}",
            expected=f"[{trajectories}, {bodies}] ([trajectory, body])",
            then="give the kind of every body, as text or a number",
        )
    return [kind_names(row) for row in kinds]


def kind_names(values: np.ndarray) -> tuple[str, ...]:
    """Kinds as texts: whole numbers without a point."""
    return tuple(
        f"{value:g}" if isinstance(value, int | float | np.number) else str(value)
        for value in values.tolist()
    )
