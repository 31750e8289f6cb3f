"""The columns of a table of trajectories, and where in the file a cell is."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from forcelaw.errors import InputError, suggest, wrong_input

AXES = ("x", "y", "z")
KEYS = ("trajectory", "time", "body")
EDGES = "# edges (sender, receiver): "
"""Before the edges, as JSON, in a comment."""


class Table:
    """A file in long form: its header is read at once, its rows by `columns`.

    **Raises** `InputError` naming line and column.
    """

    path: Path
    edges: str | None
    """The text of the edges, if a comment above the header gives them."""
    header: list[str]
    numeric: list[str]
    """All columns but the labels of trajectory and body."""
    components: dict[str, list[str]]
    """The columns of position and, if given, velocity and acceleration."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.edges, self._header_line, self.header = self._read_header()
        self.numeric = [name for name in self.header if name not in ("trajectory", "body")]
        self.components = self._components()

    def columns(self) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
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
        except InputError:
            raise
        except ValueError as error:
            raise self._culprit(error) from None
        columns = dict(zip(self.numeric, table.T, strict=True))
        return self._finite(columns), {"trajectory": text[:, 0], "body": text[:, 1]}

    def _load(self, names: Sequence[str], dtype: type) -> np.ndarray:
        rows = self.path.open(encoding="utf-8-sig", newline="")
        with rows:
            for _ in range(self._header_line):
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
                filter(str.strip, itertools.chain([first], rows)),
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
                if number > self._header_line and line.strip() and not line.startswith("#"):
                    yield number, next(csv.reader([line.split("#")[0]]))

    def line(self, row: int | np.integer) -> int:
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

    def _read_header(self) -> tuple[str | None, int, list[str]]:
        edges = None
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            for number, line in enumerate(file, start=1):
                if line.startswith(EDGES):
                    edges = line.removeprefix(EDGES)
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
        for name in (*KEYS, "x", "y"):
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
        axes = [axis for axis in AXES if axis in self.header]
        found = {"position": axes}
        for key, letter in (("velocity", "v"), ("acceleration", "a")):
            given = [letter + axis for axis in AXES if letter + axis in self.header]
            wanted = [letter + axis for axis in axes]
            if given and given != wanted:
                raise wrong_input(
                    self.path,
                    self._header_line,
                    found=f"the columns {', '.join(axes + given)}",
                    expected=f"{', '.join(wanted)} or none of them",
                    then="add or remove columns",
                )
            if given:
                found[key] = wanted
        return found


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell
