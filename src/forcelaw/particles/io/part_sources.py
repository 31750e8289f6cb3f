"""Arrays of trajectories as snapshots: where bodies are absent, or space is periodic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Shaped

from forcelaw.errors import InputError, unreadable
from forcelaw.particles.data import in_full, kind_names
from forcelaw.particles.io.trajectory_parts import TrajectoryParts
from forcelaw.particles.settings import MOST_DIMENSIONS
from forcelaw.particles.snapshots import Snapshot, Source


def sources_of(parts: TrajectoryParts, place: str | Path) -> tuple[Source, ...]:
    """Each trajectory as a source of snapshots.

    **Raises** `InputError` for arrays whose shapes contradict each other.
    """
    name = Path(place).name
    given = in_full(
        parts.position, parts.velocity, parts.acceleration, None, parts.attributes, name
    )
    x = given.position
    if x.ndim != 4 or not 1 <= x.shape[3] <= MOST_DIMENSIONS:
        raise _shape(place, "position", x, "[trajectory, time, body, dim]")
    trajectories, times, bodies = x.shape[:3]
    for what, array in (("velocity", given.velocity), ("acceleration", given.acceleration)):
        if array is not None and array.shape != x.shape:
            raise _shape(place, what, array, f"{list(x.shape)}, as positions are")
    for what, array in given.attributes.items():
        if array.shape != (trajectories, bodies):
            raise _shape(place, what, array, f"[{trajectories}, {bodies}], one a body")
    clock = None if parts.time is None else np.asarray(parts.time, float)
    if clock is not None and clock.shape != (times,):
        raise _shape(place, "time", clock, f"[{times}]")
    if parts.bodies and len(parts.bodies) != bodies:
        raise _shape(place, "bodies", np.array(parts.bodies), f"[{bodies}]")
    edges = parts.edges
    if edges is not None and (
        edges.ndim != 2 or edges.shape[1] != 2 or edges.dtype.kind not in "iu"
    ):
        raise _shape(place, "edges", edges, "integers [edge, 2], rows (sender, receiver)")
    present = _fitting(parts.present, (trajectories, times, bodies), "present", place)
    kinds = _fitting(parts.species, (trajectories, bodies), "species", place)
    angles = _fitting(parts.heading, (trajectories, times, bodies), "heading", place)
    vectors = None if parts.box is None else _vectors(parts.box, times, x.shape[3], place)
    periodic = () if vectors is None else (True,) * x.shape[3]

    def snapshots(i: int) -> Iterator[Snapshot]:
        kind = None if kinds is None else np.array(kind_names(kinds[i]))
        constants = {what: value[i] for what, value in given.attributes.items()}
        for t in range(times):
            here = slice(None) if present is None else present[i, t].astype(bool)
            yield Snapshot(
                position=x[i, t][here],
                ids=np.arange(bodies)[here],
                velocity=None if given.velocity is None else given.velocity[i, t][here],
                acceleration=None if given.acceleration is None else given.acceleration[i, t][here],
                heading=None if angles is None else np.asarray(angles[i, t][here], float),
                kind=None if kind is None else kind[here],
                constants={what: value[here] for what, value in constants.items()},
                vectors=None if vectors is None else vectors[t % len(vectors)],
                periodic=periodic,
                time=None if clock is None else float(clock[t]),
            )

    names = [name if trajectories == 1 else f"{name}, trajectory {i}" for i in range(trajectories)]
    # The note on snapshots one unit apart is that of the snapshots.
    return tuple(
        Source(snapshots(i), edges=edges, names=parts.bodies, name=names[i], notes=parts.notes)
        for i in range(trajectories)
    )


def _fitting(
    array: Shaped[np.ndarray, "..."] | None, shape: tuple[int, ...], name: str, place: Any
) -> Shaped[np.ndarray, "..."] | None:
    """The array in full shape; what is the same for all trajectories may be given once."""
    if array is None:
        return None
    if array.shape not in (shape, shape[1:]):
        raise _shape(place, name, array, f"{list(shape)} or {list(shape[1:])}")
    return np.broadcast_to(array, shape)


def _vectors(
    box: Float[np.ndarray, "..."], times: int, dim: int, place: Any
) -> Float[np.ndarray, "snapshot dim dim"]:
    """Lengths `[dim]` or `[time, dim]`, vectors `[dim, dim]` or `[time, dim, dim]`."""
    box = np.asarray(box)
    if box.dtype.kind not in "fiu":
        raise _shape(place, "box", box, "numbers")
    if box.shape == (dim,):
        return np.diag(box.astype(float))[None]
    if box.shape == (dim, dim):
        return box.astype(float)[None]
    if box.shape == (times, dim):
        return box[:, :, None] * np.eye(dim)
    if box.shape == (times, dim, dim):
        return box.astype(float)
    raise _shape(place, "box", box, f"[{dim}], [{dim}, {dim}], or either for each of {times} times")


def _shape(place: Any, name: str, array: np.ndarray, expected: str) -> InputError:
    return unreadable(
        place,
        found=f"{name!r} of shape {list(array.shape)} and type {array.dtype}",
        expected=expected,
        then="reshape or remove it",
    )
