"""A table of trajectories in a text file: its dialect, its numbers, and where a cell is."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from forcelaw.errors import InputError, wrong_input
from forcelaw.particles._grid import NOTHING
from forcelaw.particles._header import Header, role_of
from forcelaw.particles._text import open_text

EDGES = "# edges (sender, receiver): "
"""Before the edges, as JSON, in a comment."""
_DELIMITERS = (",", ";", "\t", "|", None)
"""None: any white space."""
_SOME = 100
_EXACT = 2.0**53
"""Whole numbers from which double precision merges neighbours."""


class Table:
    """A file in long form: its header is read at once, its rows by `columns`.

    **Raises** `InputError` naming line and column.
    """

    path: Path
    edges: str | None
    """The text of the edges, if a comment above the header gives them."""
    header: Header
    delimiter: str | None

    def __init__(self, path: Path) -> None:
        self.path = path
        self.edges, self._header_line, line = self._find_header()
        self.delimiter, names = _split_header(line)
        self.header = Header.of(names, path, self._header_line)
        self._comma = self.delimiter != "," and self._decimal_comma()

    def columns(self) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        """Numbers by role or name of the attribute, and the labels of trajectory and body."""
        roles, numeric = self.header.roles, self.header.numeric
        labelled = {key: roles[key] for key in ("trajectory", "body") if key in roles}
        names = {index: role for role, index in roles.items()}
        names |= {index: name for name, index in self.header.attributes.items()}
        try:
            table = self._load([*numeric, *labelled.values()], float)
            labels = dict(zip(labelled, table.T[len(numeric) :], strict=True))
            if all((np.abs(label) < _EXACT).all() for label in labels.values()):
                found = dict(zip((names[k] for k in numeric), table.T, strict=False))
                return self._finite(found), labels
        except ValueError as error:
            if isinstance(error, InputError):
                raise
        try:
            table = self._load(numeric, float)
            text = self._load(list(labelled.values()), str)
        except InputError:
            raise
        except ValueError as error:
            raise self._culprit(error) from None
        found = dict(zip((names[k] for k in numeric), table.T, strict=True))
        labels = {key: self._names(key, text[:, k]) for k, key in enumerate(labelled)}
        return self._finite(found), labels

    def line(self, row: int | np.integer) -> int:
        """The line of the file in which a row stands."""
        return next(itertools.islice(self._rows(), int(row), None), (0, []))[0]

    def _names(self, key: str, labels: np.ndarray) -> np.ndarray:
        labels = np.char.strip(labels)
        empty = np.flatnonzero(np.isin(np.char.lower(labels), NOTHING))
        if empty.size:
            raise wrong_input(
                self.path,
                self.line(empty[0]),
                found=f"{str(labels[empty[0]])!r} for a {key}",
                expected="a name",
                then="name it, or remove that row",
            )
        return labels

    def _load(self, indices: Sequence[int], dtype: type) -> np.ndarray:
        with self._lines() as lines:
            first = next((line for _, line in lines), None)
            if first is None:
                raise wrong_input(
                    self.path,
                    found="no rows",
                    expected="one for each body at each time",
                    then="write the trajectories again",
                )
            if len(self._cells(first)) != len(self.header.names):
                raise ValueError
            rows: Iterator[str] = itertools.chain([first], (line for _, line in lines))
            if self._comma and dtype is float:
                rows = (line.replace(",", ".") for line in rows)
            return np.loadtxt(
                rows,
                dtype=dtype,
                delimiter=self.delimiter,
                comments=None,
                quotechar='"',
                ndmin=2,
                usecols=indices,
            )

    @contextmanager
    def _lines(self) -> Iterator[Iterator[tuple[int, str]]]:
        """Numbers and text of the lines that hold rows.

        A body's name may begin with `#`: where it stands in the first column, only what lacks
        cells is a comment.
        """
        named = self.header.roles["body"] == 0
        whole = len(self.header.names)

        def is_row(line: str) -> bool:
            if not line.strip():
                return False
            return not line.startswith("#") or (named and len(self._cells(line)) == whole)

        with open_text(self.path) as file:
            numbered = itertools.islice(enumerate(file, start=1), self._header_line, None)
            yield ((number, line) for number, line in numbered if is_row(line))

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line numbers and cells of all rows, slowly: to say where something is wrong."""
        with self._lines() as lines:
            for number, line in lines:
                yield number, self._cells(line)

    def _cells(self, line: str) -> list[str]:
        return _cells(line, self.delimiter)

    def _decimal_comma(self) -> bool:
        """Whether numbers are written as 1,5."""
        numeric = self.header.numeric
        cells = [
            row[k]
            for _, row in itertools.islice(self._rows(), _SOME)
            for k in numeric[: len(row)]
            if k < len(row)
        ]
        return any("," in cell for cell in cells) and not any("." in cell for cell in cells)

    def _culprit(self, error: ValueError) -> InputError:
        names, numeric = self.header.names, set(self.header.numeric)
        for number, cells in self._rows():
            if len(cells) != len(names):
                return wrong_input(
                    self.path,
                    number,
                    found=f"{len(cells)} cells",
                    expected=f"{len(names)}, as in the header",
                    then="repair that line",
                )
            for index, (name, cell) in enumerate(zip(names, cells, strict=True)):
                if index in numeric and not self._is_number(cell):
                    return self._no_number(number, index, name, cell.strip())
        return wrong_input(
            self.path, found=str(error), expected="a table of numbers", then="repair the file"
        )

    def _no_number(self, number: int, index: int, name: str, cell: str) -> InputError:
        if index in self.header.attributes.values() and cell:
            rows = itertools.islice(self._rows(), _SOME)
            kinds = list(dict.fromkeys(row[index].strip() for _, row in rows if index < len(row)))
            if not any(self._is_number(kind) for kind in kinds):
                shown = ", ".join(kind[:30] for kind in kinds[:5]) + ", ..." * (len(kinds) > 5)
                return wrong_input(
                    self.path,
                    number,
                    found=f"text in the column {name!r} ({shown})",
                    expected="numbers: kinds of bodies are not told apart by text yet",
                    then=f"write a number for each kind, or remove the column {name!r}",
                )
        found = f"{cell[:80]!r}" if cell else "an empty cell"
        then = "correct it, or remove the column if it is not an attribute"
        if index == self.header.roles["time"]:
            then = "write times as numbers, such as seconds since the start"
        return wrong_input(
            self.path,
            number,
            found=f"{found} in the column {name!r}",
            expected="a number",
            then=then,
        )

    def _is_number(self, cell: str) -> bool:
        try:
            float(cell.replace(",", ".") if self._comma else cell)
        except ValueError:
            return False
        return "_" not in cell

    def _finite(self, columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        bad = {name: np.flatnonzero(~np.isfinite(value)) for name, value in columns.items()}
        first = min((rows[0], name) for name, rows in (bad | {"": [np.inf]}).items() if len(rows))
        if first[1]:
            row, name = first
            number, cells = next(itertools.islice(self._rows(), int(row), None), (0, []))
            # A damaged line may be cut otherwise here than where its numbers were read.
            cells = [*cells, *[""] * (len(self.header.names) - len(cells))]
            roles = self.header.roles
            column = roles[name] if name in roles else self.header.attributes[name]
            place = ", ".join(
                f"{key} {cells[roles[key]].strip()!r}"
                for key in ("trajectory", "time", "body")
                if key in roles
            )
            raise wrong_input(
                self.path,
                number,
                found=f"{cells[column].strip()[:40]} in the column {self.header.names[column]!r} "
                f"of {place}",
                expected="a finite number",
                then="remove or repair that trajectory",
            )
        return columns

    def _find_header(self) -> tuple[str | None, int, str]:
        """The edges, and number and text of the header's line: a comment where rows have none."""
        edges, comment = None, None
        with open_text(self.path) as file:
            for number, line in enumerate(file, start=1):
                if line.startswith(EDGES):
                    edges = line.removeprefix(EDGES)
                elif line.startswith("#"):
                    comment = number, line.lstrip("# ")
                elif line.strip():
                    if comment and comment[0] == number - 1 and _known(line) < _known(comment[1]):
                        return edges, *comment
                    return edges, number, line
        raise wrong_input(
            self.path,
            found="no header",
            expected="trajectory,time,body,x,y,...",
            then="write the names of the columns into the first line",
        )


def _cells(line: str, delimiter: str | None) -> list[str]:
    if delimiter is None:
        row = csv.reader([" ".join(line.split())], delimiter=" ")
    else:
        row = csv.reader([line], delimiter=delimiter)
    try:
        return next(row)
    except csv.Error:
        # A cell longer than any number or name.
        return line.split(delimiter)


def _known(line: str) -> int:
    """How many cells of a line are names of known columns."""
    return sum(role_of(cell) is not None for cell in _split_header(line)[1])


def _split_header(line: str) -> tuple[str | None, list[str]]:
    """The delimiter with which most names are known, and the names."""
    choices = [(delimiter, _cells(line, delimiter)) for delimiter in _DELIMITERS]
    return max(choices, key=lambda choice: len({r for c in choice[1] if (r := role_of(c))}))
