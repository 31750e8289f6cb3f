"""Trajectories as comma-separated text in long form, a row for each body at each time."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.errors import unreadable, wrong_input
from forcelaw.files import write_rows
from forcelaw.particles.data import Trajectories
from forcelaw.particles.io.column_names import AXES, KEYS, role_of
from forcelaw.particles.io.csv_table import EDGES, Table
from forcelaw.particles.io.npz_format import leave_out
from forcelaw.particles.io.table_rows import Grid
from forcelaw.particles.io.trajectory_parts import TrajectoryParts
from forcelaw.particles.snapshots import Source


def read_csv(path: Path, species: str | None = None) -> TrajectoryParts | tuple[Source, ...]:
    """The trajectories that a table holds, whose column `species` tells the kinds.

    **Raises** `InputError` naming line and column.
    """
    table = Table(path, species)
    header, edges = table.header, table.edges
    columns, labels = table.columns()
    line = _reopened(path, species) if path.is_file() else table.line
    # Its text may be as large as all else.
    del table
    motion = Grid(path, header, columns, labels, line).motion()
    if edges is None:
        return motion
    if isinstance(motion, TrajectoryParts):
        return replace(motion, edges=_edges(edges, motion.bodies, path))
    return tuple(replace(one, edges=_edges(edges, one.names, path)) for one in motion)


def _reopened(path: Path, species: str | None) -> Callable[[int], int]:
    """The line of a row, found in the file once more: it is asked for in errors alone."""
    return lambda row: Table(path, species).line(row)


def _edges(text: str, bodies: Sequence[str], path: Path) -> np.ndarray:
    index = {name: number for number, name in enumerate(bodies)}
    try:
        pairs = [(index[one], index[other]) for one, other in json.loads(text)]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise unreadable(
            path,
            found=f"edges that cannot be read ({str(error)[:80]})",
            expected=f'{EDGES}[["a", "b"], ...] with names of bodies that are the same in '
            "all trajectories",
            then="correct that comment, or remove it for all pairs",
        ) from None
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def csv_bytes(data: Trajectories, place: str) -> bytes:
    """The table of `data`; edges stand in a comment above it.

    **Raises** `InputError` for an attribute whose name is that of another column.
    """
    for name in data.attributes:
        if role_of(name) is not None:
            raise wrong_input(
                place,
                found=f"an attribute called {name!r}",
                expected=f"another name: a column called so is the {role_of(name)}",
                then="rename it",
            )
    arrays = {"": data.position, "v": data.velocity, "a": data.acceleration}
    for letter, name in (("v", "velocity"), ("a", "acceleration")):
        if arrays[letter] is None or leave_out(data, name):
            del arrays[letter]
    file = io.StringIO()
    if data.edges is not None:
        pairs = [[data.bodies[sender], data.bodies[receiver]] for sender, receiver in data.edges]
        file.write(f"{EDGES}{json.dumps(pairs)}\n")
    axes = [letter + axis for letter in arrays for axis in AXES[: data.dim]]
    times = np.repeat(data.time, data.n_bodies).tolist()
    bodies = [*data.bodies] * data.n_times

    def rows(i: int) -> Iterable[tuple[Any, ...]]:
        columns = [
            array[i].reshape(-1, data.dim)[:, axis].tolist()
            for array in arrays.values()
            for axis in range(data.dim)
        ]
        constants = [value[i].tolist() * data.n_times for value in data.attributes.values()]
        return zip([i] * len(times), times, bodies, *columns, *constants, strict=True)

    every = itertools.chain.from_iterable(map(rows, range(data.n_trajectories)))
    write_rows(file, [*KEYS, *axes, *data.attributes], every)
    return file.getvalue().encode()
