"""Trajectories as comma-separated text in long form, a row for each body at each time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.errors import wrong_input
from forcelaw.particles._npz import leave_out
from forcelaw.particles._table import AXES, EDGES, KEYS, Table
from forcelaw.particles._trajectories import Trajectories

_SAME_TIME = 1e-9


def read_csv(path: Path) -> dict[str, Any]:
    """The arguments of `Trajectories` that a table holds.

    **Raises** `InputError` naming line and column.
    """
    try:
        return _Grid(Table(path)).trajectories()
    except UnicodeDecodeError as error:
        raise wrong_input(
            path,
            found=f"bytes that are not UTF-8 ({error.reason})",
            expected="text",
            then="save it as UTF-8 text",
        ) from None


class _Grid:
    """The rows of a table, sorted into trajectories, times and bodies."""

    def __init__(self, table: Table) -> None:
        self.table, self.path = table, table.path

    def trajectories(self) -> dict[str, Any]:
        """See `read_csv`."""
        columns, labels = self.table.columns()
        trajectory, trajectories = _codes(labels["trajectory"])
        body, names = _codes(labels["body"])
        time = columns["time"]
        order = np.lexsort((body, time, trajectory))
        shape = self._shape(trajectory[order], time[order], body[order], order, trajectories, names)

        def grid(name: str) -> np.ndarray:
            return columns[name][order].reshape(shape)

        codes = body[order].reshape(shape)
        self._same_bodies(codes, trajectories, names, order)
        parts: dict[str, Any] = {
            key: np.stack([grid(name) for name in components], axis=-1)
            for key, components in self.table.components.items()
        }
        used = {name for components in self.table.components.values() for name in components}
        attributes = [name for name in self.table.numeric if name not in used and name != "time"]
        constant = {name: self._constant(name, grid(name), order) for name in attributes}
        one_cast = bool((codes == codes[0, 0]).all())
        bodies = tuple(names[code] for code in codes[0, 0]) if one_cast else ()
        return parts | {
            "time": self._common_times(grid("time")[:, :, 0], trajectories),
            "attributes": constant,
            "bodies": bodies,
            "edges": self._edges(bodies),
        }

    def _shape(self, trajectory, time, body, order, trajectories, names):
        """How many trajectories, times and bodies; the arguments are sorted."""
        same = (np.diff(trajectory) == 0) & (np.diff(time) == 0)
        twice = np.flatnonzero(same & (np.diff(body) == 0))
        if twice.size:
            row = twice[0]
            raise wrong_input(
                self.path,
                self.table.line(max(order[row], order[row + 1])),
                found=f"trajectory {trajectories[trajectory[row]]}, time {time[row]:g}, body "
                f"{names[body[row]]!r} once more (also in line "
                f"{self.table.line(min(order[row], order[row + 1]))})",
                expected="one row each",
                then="remove the duplicate",
            )
        starts = np.concatenate([[0], np.flatnonzero(~same) + 1])
        sizes = np.diff([*starts, len(time)])
        odd = np.flatnonzero(sizes != sizes[0])
        if odd.size:
            row = starts[odd[0]]
            raise wrong_input(
                self.path,
                self.table.line(order[row]),
                found=f"{sizes[odd[0]]} bodies in trajectory {trajectories[trajectory[row]]} at "
                f"time {time[row]:g}",
                expected=f"{sizes[0]}, as in trajectory {trajectories[trajectory[0]]} at time "
                f"{time[0]:g}",
                then="every trajectory needs the same number of bodies at all times",
            )
        frames = np.bincount(trajectory[starts])
        odd = np.flatnonzero(frames != frames[0])
        if odd.size:
            raise wrong_input(
                self.path,
                found=f"{frames[odd[0]]} time steps in trajectory {trajectories[odd[0]]}",
                expected=f"{frames[0]}, as in trajectory {trajectories[0]}",
                then="cut all trajectories to the same number of time steps",
            )
        return len(frames), int(frames[0]), int(sizes[0])

    def _same_bodies(self, codes, trajectories, names, order) -> None:
        odd = np.argwhere(codes != codes[:, :1])
        if odd.size:
            i, t, k = odd[0]
            row = int(order.reshape(codes.shape)[i, t, k])
            raise wrong_input(
                self.path,
                self.table.line(row),
                found=f"body {names[codes[i, t, k]]!r}",
                expected=f"the bodies with which trajectory {trajectories[i]} starts",
                then="a body must be there at all times of its trajectory",
            )

    def _common_times(self, time: np.ndarray, trajectories) -> np.ndarray:
        since = time - time[:, :1]
        gap = np.abs(since - since[0])
        close = _SAME_TIME * max(since[0, -1], np.abs(time).max())
        odd = np.argwhere(gap > close)
        if odd.size:
            i, t = odd[0]
            raise wrong_input(
                self.path,
                found=f"step {t} of trajectory {trajectories[i]} {since[i, t]:g} after its start",
                expected=f"{since[0, t]:g}, as in trajectory {trajectories[0]}",
                then="all trajectories need the same times since their start: resample them",
            )
        return time[0]

    def _constant(self, name: str, value: np.ndarray, order: np.ndarray) -> np.ndarray:
        odd = np.argwhere(value != value[:, :1])
        if odd.size:
            i, t, k = odd[0]
            raise wrong_input(
                self.path,
                self.table.line(int(order.reshape(value.shape)[i, t, k])),
                found=f"{value[i, t, k]:g} in the column {name!r} after {value[i, 0, k]:g}",
                expected="an attribute that does not change with time",
                then="remove the column if it is not an attribute",
            )
        return value[:, 0]

    def _edges(self, bodies: Sequence[str]) -> np.ndarray | None:
        if self.table.edges is None:
            return None
        index = {name: number for number, name in enumerate(bodies)}
        try:
            pairs = [(index[one], index[other]) for one, other in json.loads(self.table.edges)]
        except (ValueError, TypeError, KeyError) as error:
            raise wrong_input(
                self.path,
                found=f"edges that cannot be read ({error})",
                expected=f'{EDGES}[["a", "b"], ...] with names of bodies that are the same in '
                "all trajectories",
                then="correct that comment, or remove it for all pairs",
            ) from None
        return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _codes(labels: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """A number for every label, in the order of the labels: as numbers if all of them are."""
    if labels.dtype.kind == "U":
        labels = np.char.strip(labels)
    distinct, codes = np.unique(labels, return_inverse=True)
    if labels.dtype.kind == "f":
        return codes, [f"{value:.15g}" for value in distinct]
    return codes, distinct.tolist()


def csv_bytes(data: Trajectories, place: str) -> bytes:
    """The table of `data`; edges stand in a comment above it.

    **Raises** `InputError` if the dimension is not 2 or 3.
    """
    if data.dim not in (2, 3):
        raise wrong_input(
            place,
            found=f"trajectories in {data.dim} dimensions",
            expected="2 or 3",
            then="write an .npz file",
        )
    arrays = {"": data.position, "v": data.velocity, "a": data.acceleration}
    for letter, name in (("v", "velocity"), ("a", "acceleration")):
        if arrays[letter] is None or leave_out(data, name):
            del arrays[letter]
    file = io.StringIO()
    if data.edges is not None:
        pairs = [[data.bodies[sender], data.bodies[receiver]] for sender, receiver in data.edges]
        file.write(f"{EDGES}{json.dumps(pairs)}\n")
    writer = csv.writer(file, lineterminator="\n")
    axes = [letter + axis for letter in arrays for axis in AXES[: data.dim]]
    writer.writerow([*KEYS, *axes, *data.attributes])
    times = np.repeat(data.time, data.n_bodies).tolist()
    bodies = [*data.bodies] * data.n_times
    for i in range(data.n_trajectories):
        columns = [
            array[i].reshape(-1, data.dim)[:, axis].tolist()
            for array in arrays.values()
            for axis in range(data.dim)
        ]
        constants = [value[i].tolist() * data.n_times for value in data.attributes.values()]
        writer.writerows(zip([i] * len(times), times, bodies, *columns, *constants, strict=True))
    return file.getvalue().encode()
