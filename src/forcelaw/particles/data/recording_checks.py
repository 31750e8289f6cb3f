"""What one recording must be like: shapes, times and values that agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from forcelaw.errors import NotEnoughData, wrong_input
from forcelaw.files import many

if TYPE_CHECKING:
    from forcelaw.particles.data.recording import Recording


def check_recording(part: Recording) -> None:
    """**Raises** `InputError` naming the first entry that contradicts."""
    shape = part.position.shape
    wanted: dict[str, tuple[int, ...]] = {
        "time": shape[:1],
        "present": shape[:2],
        "velocity": shape,
        "acceleration": shape,
        **{f"attribute {name!r}": shape[1:2] for name in part.attributes},
    }
    arrays = {name: getattr(part, name, None) for name in wanted}
    arrays |= {f"attribute {name!r}": value for name, value in part.attributes.items()}
    for name, array in arrays.items():
        if array is not None and array.shape != wanted[name]:
            raise wrong_input(
                part.name,
                found=f"{name} of shape {list(array.shape)}",
                expected=f"{list(wanted[name])}, as positions are",
                then="transpose or cut it",
            )
    if part.species and len(part.species) != part.n_bodies:
        raise wrong_input(
            part.name,
            found=f"{len(part.species)} kinds",
            expected=f"one for each of {many(part.n_bodies, 'body')}",
            then="give the kind of every body, as text or a number",
        )
    if part.n_times < 3:
        raise wrong_input(
            part.name,
            found=many(part.n_times, "snapshot"),
            expected="at least three",
            then="record more",
            error=NotEnoughData,
        )
    _check_times(part)
    _check_entries(part)
    _check_cell(part)


def _check_times(part: Recording) -> None:
    bad = np.flatnonzero(~(np.diff(part.time) > 0) | ~np.isfinite(part.time[1:]))
    if bad.size:
        step = int(bad[0]) + 1
        raise wrong_input(
            part.name,
            found=f"time {part.time[step]:g} at snapshot {step} after {part.time[step - 1]:g}",
            expected="finite, increasing times",
            then="sort the snapshots and remove those given twice",
        )


def _check_entries(part: Recording) -> None:
    empty = np.flatnonzero(~part.present.any(axis=1))
    if len(empty) == part.n_times:
        raise wrong_input(
            part.name,
            found="no body in any snapshot",
            expected="some that are present",
            then="check the mask 'present': true where a body was seen",
            error=NotEnoughData,
        )
    for name in ("position", "velocity", "acceleration"):
        array = getattr(part, name)
        if array is None:
            continue
        bad = np.argwhere(~np.isfinite(array).all(axis=-1) & part.present)
        if bad.size:
            t, body = bad[0].tolist()
            raise wrong_input(
                part.name,
                found=f"{name} {array[t, body].tolist()} of body {part.bodies[body]!r} at time "
                f"{part.time[t]:g}, which is present",
                expected="finite numbers",
                then="repair it, or mark the body as absent there",
            )
    for name, value in part.attributes.items():
        bad = np.flatnonzero(~np.isfinite(value) | ((name == "mass") & ~(value > 0)))
        if bad.size:
            raise wrong_input(
                part.name,
                found=f"{name} {value[bad[0]]:g} of body {part.bodies[bad[0]]!r}",
                expected="a positive mass" if name == "mass" else "a finite number",
                then=f"correct it, or leave {name!r} out where it is unknown",
            )


def _check_cell(part: Recording) -> None:
    cell = part.cell
    if cell is None:
        return
    shape = cell.vectors.shape
    fits = len(shape) == 3 and shape[0] in (1, part.n_times) and shape[1:] == (part.dim,) * 2
    if not fits or len(cell.periodic) != part.dim:
        raise wrong_input(
            part.name,
            found=f"a box of shape {list(shape)}",
            expected=f"lengths [{part.dim}], vectors [{part.dim}, {part.dim}], or either for each "
            f"of {part.n_times} snapshots",
            then="give one number for each dimension",
        )
    if not np.isfinite(cell.vectors).all() or (np.abs(np.linalg.det(cell.vectors)) == 0).any():
        raise wrong_input(
            part.name,
            found="a box without a volume",
            expected="positive, finite lengths",
            then="correct it, or leave it out in open space",
        )
