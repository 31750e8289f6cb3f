"""The periodic box of a file, or the one that was given, and in how many dimensions bodies move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.errors import InputError, InvalidSetting, wrong_input
from forcelaw.particles.data import Cell
from forcelaw.particles.snapshots.snapshot import Snapshot

_FLAT = 1e-12
"""Share of the extent within which bodies lie in one plane."""
_LARGEST = 1e100
"""A length whose cube double precision holds."""
_THINNEST = 1e12
"""Ratio of the longest to the shortest side of a box: beyond it is none."""
_AXES = "xyz"


def box_of(frames: Sequence[Snapshot], place: Any) -> Cell | None:
    """The box that snapshots state; None where space repeats along no direction.

    **Raises** `InputError` for a box that is there in some snapshots only, or has no volume.
    """
    periodic = frames[0].periodic if frames[0].vectors is not None else ()
    for frame in frames:
        if (frame.periodic if frame.vectors is not None else ()) != periodic:
            raise wrong_input(
                place,
                frame.line,
                found="a box or boundaries other than in the first snapshot",
                expected="the same directions to be periodic throughout",
                then="write the box into every snapshot, or into none",
            )
    if not any(periodic):
        return None
    same = all(frame.vectors is frames[0].vectors for frame in frames)
    vectors = []
    for frame in frames[:1] if same else frames:
        assert frame.vectors is not None
        found = _completed(np.asarray(frame.vectors, float), periodic)
        volume = abs(np.linalg.det(found)) if (np.abs(found) < _LARGEST).all() else 0.0
        if not 0 < volume < np.inf or np.linalg.cond(found) > _THINNEST:
            raise wrong_input(
                place,
                frame.line,
                found=f"a box without a volume, of vectors {frame.vectors.tolist()}",
                expected="positive, finite lengths",
                then="correct it, or leave it out in open space",
            )
        vectors.append(found)
    return Cell(np.array(vectors), periodic)


def given_box(box: Any, dim: int, place: Any) -> Cell:
    """A rectangular box of given lengths.

    **Raises** `InvalidSetting` for lengths that are not positive, or fewer than dimensions.
    """
    try:
        lengths = np.asarray(box, float)
    except (TypeError, ValueError):
        lengths = np.array([])
    good = lengths.ndim == 1 and dim <= len(lengths) <= len(_AXES)
    if not good or not (np.isfinite(lengths) & (lengths > 0)).all():
        raise wrong_input(
            place,
            found=f"box={str(box)[:100]}",
            expected=f"{dim} positive lengths",
            then="give one for each dimension, such as 10,10",
            error=InvalidSetting,
        )
    return Cell.of(lengths[:dim].tolist())


def refuse_second(given: Cell, stated: Cell, place: Any) -> None:
    """**Raises** `InputError` where the box that is given is not the one that the file states."""
    if stated.constant and np.allclose(given.vectors[0], stated.vectors[0], rtol=1e-3, atol=0):
        return
    raise wrong_input(
        place,
        found=f"a box of {np.diag(stated.vectors[0]).tolist()} in the file and another given",
        expected="one of them",
        then="leave out the one that is given",
        error=InputError,
    )


class Flat(NamedTuple):
    """How many dimensions are left, and a sentence if that is fewer."""

    dim: int
    notes: tuple[str, ...]


def flatness(
    position: Float[np.ndarray, "time body dim"],
    others: Sequence[Float[np.ndarray, "time body dim"] | None],
    cell: Cell | None,
) -> Flat:
    """In how many dimensions bodies move: in fewer where the last coordinates never change."""
    dim = position.shape[2]
    extent = max(float(_range(position[..., axis])) for axis in range(dim))
    left = dim
    while left > 1:
        axis = left - 1
        moving = _range(position[..., axis]) > _FLAT * extent
        pushed = any(
            np.nanmax(np.abs(a[..., axis]), initial=0.0) > 0 for a in others if a is not None
        )
        tilted = cell is not None and (
            cell.vectors[:, axis, :axis].any() or cell.vectors[:, :axis, axis].any()
        )
        if moving or pushed or tilted or extent == 0:
            break
        left = axis
    if left == dim:
        return Flat(dim, ())
    still = " and ".join(_AXES[left:dim])
    words = {1: "a line", 2: "a plane"}[left]
    return Flat(left, (f"{still} never changes: read as motion in {words}",))


def cut(cell: Cell, dim: int) -> Cell | None:
    """The box of the first dimensions."""
    periodic = cell.periodic[:dim]
    return Cell(cell.vectors[:, :dim, :dim], periodic) if any(periodic) else None


def _range(values: np.ndarray) -> float:
    return float(np.nanmax(values) - np.nanmin(values))


def _completed(
    vectors: Float[np.ndarray, "dim dim"], periodic: tuple[bool, ...]
) -> Float[np.ndarray, "dim dim"]:
    """With vectors of length one, across all others, where space ends and none is given."""
    missing = [k for k, p in enumerate(periodic) if not p and not vectors[k].any()]
    if not missing:
        return vectors
    vectors = vectors.copy()
    given = [k for k in range(len(vectors)) if k not in missing]
    across = np.linalg.svd(vectors[given])[2][len(given) :] if given else np.eye(len(vectors))
    vectors[missing] = across
    return vectors
