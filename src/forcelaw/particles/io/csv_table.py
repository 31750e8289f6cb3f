"""A table of trajectories in a text file: its dialect, its numbers, and where a cell is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from forcelaw.errors import InputError, unreadable
from forcelaw.files import (
    BadCellError,
    decimal_comma,
    holds_data,
    is_number,
    many,
    read_text,
    split_line,
)
from forcelaw.particles.io.column_names import Header, known_names, split_header
from forcelaw.particles.io.table_rows import NOTHING
from forcelaw.particles.io.trackers import of_trackmate

EDGES = "# edges (sender, receiver): "
"""Before the edges, as JSON, in a comment."""
_COMMENT = "#"
_PIECE = 50_000
"""Rows that are read at once."""
_SOME = 100
"""Rows that tell what is in a column."""
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

    def __init__(self, path: Path, species: str | None = None) -> None:
        self.path = path
        self._text = read_text(path, "trajectories").text
        self.edges, self._header_line, line = self._find_header()
        self.delimiter, names = split_header(line)
        names = self._without_tail(names)
        self.header = Header.of(names, path, self._header_line, species)
        self._spots = of_trackmate(self.header.names)
        self.header = self.header.with_text_kinds(
            row for _, row in itertools.islice(self._rows(), _SOME)
        )
        self._comma = self.delimiter != "," and self._decimal_comma()

    def columns(self) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        """Numbers by role or name of the attribute, and the labels of trajectory and body."""
        roles, numeric = self.header.roles, self.header.numeric
        labelled = self.header.labelled
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
            raise unreadable(
                self.path,
                self.line(empty[0]),
                found=f"{str(labels[empty[0]])!r} for a {key}",
                expected="a name",
                then="name it, or remove that row",
            )
        return labels

    def _load(self, indices: Sequence[int], dtype: type) -> np.ndarray:
        rows: Iterator[str] = (line for _, line in self._lines())
        first = next(rows, None)
        if first is None:
            raise unreadable(
                self.path,
                found="no rows",
                expected="one for each body at each time",
                then="write the trajectories again",
            )
        if len(self._cells(first)) != len(self.header.names):
            raise ValueError
        rows = itertools.chain([first], rows)
        if self._comma and dtype is float:
            rows = (line.replace(",", ".") for line in rows)
        form = {"delimiter": self.delimiter, "comments": None, "quotechar": '"', "ndmin": 2}
        if dtype is not float:
            return np.loadtxt(rows, dtype=dtype, usecols=indices, **form)
        table, count = np.empty((self._text.count("\n") + 1, len(indices))), 0
        # Of all rows at once NumPy would keep the pieces beside the whole.
        while piece := list(itertools.islice(rows, _PIECE)):
            part = np.loadtxt(piece, usecols=indices, **form)
            table[count : count + len(part)] = part
            count += len(part)
        return table[:count]

    def _lines(self) -> Iterator[tuple[int, str]]:
        """Numbers and text of the lines that hold rows.

        A body's name may begin with `#`: where it stands in the first column, only what lacks
        cells is a comment.
        """
        named = self.header.roles["body"] == 0
        whole = len(self.header.names)

        for number, line in itertools.islice(self._numbered(), self._header_line, None):
            if holds_data(line, _COMMENT):
                if not self._spots or self._tracked(line):
                    yield number, line.removesuffix(self._tail)
            elif named and line.startswith(_COMMENT) and len(self._cells(line)) == whole:
                yield number, line

    def _numbered(self) -> Iterator[tuple[int, str]]:
        """Numbers and text of all lines, cut one by one: the text may be large."""
        start = 0
        for number in itertools.count(1):
            end = self._text.find("\n", start)
            if end < 0:
                yield number, self._text[start:]
                return
            yield number, self._text[start:end]
            start = end + 1

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line numbers and cells of all rows, slowly: to say where something is wrong."""
        return ((number, self._cells(line)) for number, line in self._lines())

    def _cells(self, line: str) -> list[str]:
        return split_line(line, self.delimiter)

    def _tracked(self, line: str) -> bool:
        """Whether a line of TrackMate is a spot of a track: not names, units, or a spot alone."""
        cells = self._cells(line)
        column = self.header.roles["body"]
        return column >= len(cells) or is_number(cells[column].strip())

    def _without_tail(self, names: list[str]) -> list[str]:
        """The names without those behind a separator that ends every line and bounds no column."""
        self._tail = ""
        kept = len(names) - next((k for k, n in enumerate(reversed(names)) if n.strip()), 0)
        if self.delimiter is None or kept == len(names):
            return names
        tail = self.delimiter * (len(names) - kept)
        below = itertools.islice(self._numbered(), self._header_line, None)
        first = next((line for _, line in below if holds_data(line, _COMMENT)), "")
        if not first.endswith(tail) or len(self._cells(first)) != len(names):
            return names
        self._tail = tail
        return names[:kept]

    def _decimal_comma(self) -> bool:
        """Whether numbers are written as 1,5."""
        numeric = self.header.numeric
        cells = [
            row[k]
            for _, row in itertools.islice(self._rows(), _SOME)
            for k in numeric[: len(row)]
            if k < len(row)
        ]
        if any("." in cell for cell in cells):
            return False
        try:
            return bool(decimal_comma([cell.strip() for cell in cells]))
        except BadCellError as bad:
            raise unreadable(
                self.path,
                found=f"{cells[bad.row].strip()!r}, {bad.reason}",
                expected="numbers with a decimal point",
                then="write a point in place of the comma, or no commas between thousands",
            ) from None

    def _culprit(self, error: ValueError) -> InputError:
        names, numeric = self.header.names, set(self.header.numeric)
        for number, cells in self._rows():
            if len(cells) != len(names):
                return unreadable(
                    self.path,
                    number,
                    found=many(len(cells), "cell"),
                    expected=f"{len(names)}, as in the header",
                    then="repair that line",
                )
            for index, (name, cell) in enumerate(zip(names, cells, strict=True)):
                if index in numeric and not self._is_number(cell):
                    return self._no_number(number, index, name, cell.strip())
        return unreadable(
            self.path, found=str(error), expected="a table of numbers", then="repair the file"
        )

    def _no_number(self, number: int, index: int, name: str, cell: str) -> InputError:
        if index in self.header.attributes.values() and cell:
            rows = itertools.islice(self._rows(), _SOME)
            kinds = list(dict.fromkeys(row[index].strip() for _, row in rows if index < len(row)))
            if not any(self._is_number(kind) for kind in kinds):
                shown = ", ".join(kind[:30] for kind in kinds[:5]) + ", ..." * (len(kinds) > 5)
                return unreadable(
                    self.path,
                    number,
                    found=f"text in the column {name!r} ({shown})",
                    expected="numbers",
                    then=f"if it tells kinds of bodies, give --species {name} (species={name!r}), "
                    "else remove the column",
                )
        found = f"{cell[:80]!r}" if cell else "an empty cell"
        then = "correct it, or remove the column if it is not an attribute"
        if index == self.header.roles["time"]:
            then = "write times as numbers, such as seconds since the start"
        return unreadable(
            self.path,
            number,
            found=f"{found} in the column {name!r}",
            expected="a number",
            then=then,
        )

    def _is_number(self, cell: str) -> bool:
        return is_number(cell.replace(",", ".") if self._comma else cell)

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
            raise unreadable(
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
        for number, line in self._numbered():
            if line.startswith(EDGES):
                edges = line.removeprefix(EDGES)
            elif line.startswith(_COMMENT):
                comment = number, line.lstrip("# ")
            elif holds_data(line, _COMMENT):
                if (
                    comment
                    and comment[0] == number - 1
                    and known_names(line) < known_names(comment[1])
                ):
                    return edges, *comment
                return edges, number, line
        raise unreadable(
            self.path,
            found="no header",
            expected="trajectory,time,body,x,y,...",
            then="write the names of the columns into the first line",
        )
