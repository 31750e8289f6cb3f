"""Trajectories as comma-separated text in long form, a row for each body at each time."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.errors import InputError, suggest, wrong_input
from forcelaw.particles._npz import leave_out
from forcelaw.particles._trajectories import Trajectories

_AXES = ("x", "y", "z")
_KEYS = ("trajectory", "time", "body")
_EDGES = re.compile(r"#\s*edges\b(.*)")
_SAME_TIME = 1e-9


def read_csv(path: Path) -> dict[str, Any]:
    """The arguments of `Trajectories` that a table holds.

    **Raises** `InputError` naming line and column.
    """
    try:
        return _Table(path).trajectories()
    except UnicodeDecodeError as error:
        raise wrong_input(
            path,
            found=f"bytes that are not UTF-8 ({error.reason})",
            expected="text",
            then="save it as UTF-8 text",
        ) from None


class _Table:
    """A file, its header and its columns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.edges_text, self.header_line, self.header = self._header()
        self.numeric = [name for name in self.header if name not in ("trajectory", "body")]
        self.components = self._components()

    def trajectories(self) -> dict[str, Any]:
        """See `read_csv`."""
        columns, labels = self._columns()
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
            for key, components in self.components.items()
        }
        used = {name for components in self.components.values() for name in components}
        attributes = [name for name in self.numeric if name not in used and name != "time"]
        constant = {name: self._constant(name, grid(name), order) for name in attributes}
        one_cast = bool((codes == codes[0, 0]).all())
        return parts | {
            "time": self._common_times(grid("time")[:, :, 0], trajectories),
            "attributes": constant,
            "bodies": tuple(names[code] for code in codes[0, 0]) if one_cast else (),
            "edges": self._edges(shape[2]),
        }

    def _header(self) -> tuple[str | None, int, list[str]]:
        edges = None
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            for number, line in enumerate(file, start=1):
                if match := _EDGES.match(line):
                    edges = match.group(1)
                if line.strip() and not line.startswith("#"):
                    header = [cell.strip() for cell in next(csv.reader([line]))]
                    return edges, number, self._checked_header(header, number)
        raise wrong_input(
            self.path,
            found="no header",
            expected="trajectory,time,body,x,y,...",
            then="write the names of the columns into the first line",
        )

    def _checked_header(self, header: list[str], number: int) -> list[str]:
        for name in (*_KEYS, "x", "y"):
            if name not in header:
                nearest = suggest(name, header) if header else ""
                raise wrong_input(
                    self.path,
                    number,
                    found=f"the columns {', '.join(header)}",
                    expected=f"a column {name!r}",
                    then=f"name the columns trajectory,time,body,x,y[,z][,vx,vy[,vz]]"
                    f"{'; ' + nearest if nearest.startswith('did') else ''}",
                )
        for name in header:
            if not name or header.count(name) > 1:
                raise wrong_input(
                    self.path,
                    number,
                    found=f"the column {name!r} twice" if name else "a column without a name",
                    expected="names that differ",
                    then="rename or remove it",
                )
        return header

    def _components(self) -> dict[str, list[str]]:
        axes = [axis for axis in _AXES if axis in self.header]
        found = {"position": axes}
        for key, letter in (("velocity", "v"), ("acceleration", "a")):
            given = [letter + axis for axis in _AXES if letter + axis in self.header]
            wanted = [letter + axis for axis in axes]
            if given and given != wanted:
                raise wrong_input(
                    self.path,
                    self.header_line,
                    found=f"the columns {', '.join(axes + given)}",
                    expected=f"{', '.join(wanted)} or none of them",
                    then="add or remove columns",
                )
            if given:
                found[key] = wanted
        return found

    def _columns(self) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        """Numbers and labels of all rows."""
        keys = ("trajectory", "body")
        try:
            table = self._load(self.header, float)
            labels = {key: table[:, self.header.index(key)] for key in keys}
            if all(np.isfinite(label).all() for label in labels.values()):
                columns = dict(zip(self.header, table.T, strict=True))
                return self._finite({name: columns[name] for name in self.numeric}), labels
        except ValueError:
            pass
        try:
            table = self._load(self.numeric, float)
            text = self._load(list(keys), str)
        except ValueError as error:
            raise self._culprit(error) from None
        columns = dict(zip(self.numeric, table.T, strict=True))
        return self._finite(columns), {"trajectory": text[:, 0], "body": text[:, 1]}

    def _load(self, names: Sequence[str], dtype: type) -> np.ndarray:
        rows = self.path.open(encoding="utf-8-sig", newline="")
        with rows:
            for _ in range(self.header_line):
                rows.readline()
            first = next((line for line in rows if line.strip() and not line.startswith("#")), None)
            if first is None:
                raise wrong_input(
                    self.path,
                    found="no rows",
                    expected="one for each body at each time",
                    then="write the trajectories again",
                )
            if len(next(csv.reader([first]))) != len(self.header):
                raise ValueError
            return np.loadtxt(
                itertools.chain([first], rows),
                dtype=dtype,
                delimiter=",",
                quotechar='"',
                ndmin=2,
                usecols=[self.header.index(name) for name in names],
            )

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line numbers and cells of all rows, slowly: to say where something is wrong."""
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            for number, line in enumerate(file, start=1):
                if number > self.header_line and line.strip() and not line.startswith("#"):
                    yield number, next(csv.reader([line.split("#")[0]]))

    def _line(self, row: int) -> int:
        return next(itertools.islice(self._rows(), int(row), None), (0, []))[0]

    def _culprit(self, error: ValueError) -> InputError:
        for number, cells in self._rows():
            if len(cells) != len(self.header):
                return wrong_input(
                    self.path,
                    number,
                    found=f"{len(cells)} cells",
                    expected=f"{len(self.header)}, as in the header",
                    then="repair that line",
                )
            for name, cell in zip(self.header, cells, strict=True):
                if name in self.numeric and not _is_number(cell):
                    return wrong_input(
                        self.path,
                        number,
                        found=f"{cell.strip()!r} in the column {name!r}"
                        if cell.strip()
                        else f"an empty cell in the column {name!r}",
                        expected="a number",
                        then="correct it, or remove the column if it is not an attribute",
                    )
        return wrong_input(
            self.path, found=str(error), expected="a table of numbers", then="repair the file"
        )

    def _finite(self, columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        bad = {name: np.flatnonzero(~np.isfinite(value)) for name, value in columns.items()}
        first = min((rows[0], name) for name, rows in (bad | {"": [np.inf]}).items() if len(rows))
        if first[1]:
            row, name = first
            number, cells = next(itertools.islice(self._rows(), int(row), None))
            known = dict(zip(self.header, cells, strict=False))
            raise wrong_input(
                self.path,
                number,
                found=f"{known[name]} in the column {name!r} of trajectory "
                f"{known['trajectory']}, time {known['time']}, body {known['body']!r}",
                expected="a finite number",
                then="remove or repair that trajectory",
            )
        return columns

    def _shape(self, trajectory, time, body, order, trajectories, names):
        """How many trajectories, times and bodies; the arguments are sorted."""
        same = (np.diff(trajectory) == 0) & (np.diff(time) == 0)
        twice = np.flatnonzero(same & (np.diff(body) == 0))
        if twice.size:
            row = twice[0]
            raise wrong_input(
                self.path,
                self._line(max(order[row], order[row + 1])),
                found=f"trajectory {trajectories[trajectory[row]]}, time {time[row]:g}, body "
                f"{names[body[row]]!r} once more (also in line "
                f"{self._line(min(order[row], order[row + 1]))})",
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
                self._line(order[row]),
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
            row = order.reshape(codes.shape)[i, t, k]
            raise wrong_input(
                self.path,
                self._line(row),
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
                self._line(order.reshape(value.shape)[i, t, k]),
                found=f"{value[i, t, k]:g} in the column {name!r} after {value[i, 0, k]:g}",
                expected="an attribute that does not change with time",
                then="remove the column if it is not an attribute",
            )
        return value[:, 0]

    def _edges(self, nodes: int) -> np.ndarray | None:
        if self.edges_text is None:
            return None
        pairs = re.findall(r"(\d+)>(\d+)", self.edges_text)
        return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _codes(labels: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """A number for every label, in the order of the labels: as numbers if all of them are."""
    if labels.dtype.kind == "U":
        labels = np.char.strip(labels)
    distinct, codes = np.unique(labels, return_inverse=True)
    if labels.dtype.kind == "f":
        return codes, [f"{value:.15g}" for value in distinct]
    return codes, distinct.tolist()


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


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
        file.write("# edges sender>receiver: ")
        file.write(" ".join(f"{sender}>{receiver}" for sender, receiver in data.edges) + "\n")
    writer = csv.writer(file, lineterminator="\n")
    axes = [letter + axis for letter in arrays for axis in _AXES[: data.dim]]
    writer.writerow([*_KEYS, *axes, *data.attributes])
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
