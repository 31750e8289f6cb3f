"""Columns of a delimited edge list: separator, header, names, ratings, times."""

from __future__ import annotations

import csv
import math
import os
import warnings
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.errors import wrong_input


class Lines:
    """The lines of a text that hold data: neither blank nor comment.

    Only their text is kept; where a line stands is found again when an error has to name it.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.data = [line for line in map(_stripped, text.split("\n")) if _is_data(line)]

    def number(self, row: int) -> int:
        """The line number, counted from 1, of a row of `data`."""
        numbers = [
            number
            for number, line in enumerate(self.text.split("\n"), 1)
            if _is_data(_stripped(line))
        ]
        return numbers[row]


def _stripped(line: str) -> str:
    return line.strip(" \t")


def _is_data(line: str) -> bool:
    return line != "" and line[0] != "#" and line[0] != "%"


SEPARATORS = {"\t": "tabs", ",": "commas", ";": "semicolons", None: "spaces"}
ROLES = {
    "source": "source src from fromnodeid from_node u user_from rater truster trustor sender",
    "target": "target tgt dst to tonodeid to_node v user_to ratee rated trustee receiver",
    "rating": "sign rating weight value vote label edge_sign score",
    "time": "time timestamp date datetime unix_time",
}
ROLE_OF_WORD = {word: role for role, words in ROLES.items() for word in words.split()}


class Table(NamedTuple):
    """The columns of an edge list, as they stand in the file."""

    source: list[str]
    target: list[str]
    rating: Float[np.ndarray, " row"]
    time: Float[np.ndarray, " row"] | None


def parse_table(path: str | os.PathLike[str], lines: Lines, *, only_spaces: bool = False) -> Table:
    """Reads lines of source, target, rating and maybe time.

    The separator is the first of tab, comma, semicolon and white space that cuts the first lines
    into at least three columns. The first line is a header only if its rating is not a number,
    the next line's is, and no cell of it is a number; a first line that could as well be an edge
    with a misspelt rating is an error. A header with known words (``source``, ``target``,
    ``sign``, ``time``, ...) says which column is which; otherwise the order counts.

    Raises:
        InputError: with the line, for everything that does not fit.
    """
    if not lines.data:
        raise wrong_input(
            path,
            found="no edges",
            expected="lines of source, target and sign",
            then="check how the file was written",
        )
    separator = None if only_spaces else find_separator(lines.data[:20])
    columns = split_columns(path, lines, separator)
    role = {"source": 0, "target": 1, "rating": 2, "time": 3}
    first = 0
    if is_header(path, columns, lines):
        role = columns_of_header(path, lines.number(0), [column[0].strip() for column in columns])
        first = 1
    elif len(columns) > 4:
        raise wrong_input(
            path,
            lines.number(0),
            found=f"{len(columns)} columns separated by {SEPARATORS[separator]}",
            expected="source, target, sign and maybe time",
            then="add a header that names the columns, or remove the others",
        )
    if len(lines.data) == first:
        raise wrong_input(
            path, found="only a header", expected="edges below it", then="add at least one edge"
        )
    source, target = (
        names_of(path, lines, columns[role[end]], first, end) for end in ("source", "target")
    )
    rating = numbers_of(path, lines, columns[role["rating"]], first, "rating")
    time = None
    if role.get("time", len(columns)) < len(columns):
        time = times_of(path, lines, columns[role["time"]], first)
    return Table(source, target, rating, time)


def find_separator(sample: list[str]) -> str | None:
    """The separator that cuts the lines into three columns or more; None is white space."""
    counts = {s: sum(len(text.split(s)) >= 3 for text in sample) for s in SEPARATORS}
    best = max(counts, key=lambda s: counts[s])
    if counts[best]:
        return best
    # No line has three columns: name the separator that at least cuts them into two.
    return next((s for s in SEPARATORS if len(sample[0].split(s)) == 2), None)


def split_columns(
    path: str | os.PathLike[str], lines: Lines, separator: str | None
) -> list[list[str]]:
    """The cells by column. Quotes are understood where commas or semicolons separate.

    Raises:
        InputError: a line has fewer than three columns, or not as many as the first.
    """
    data = lines.data
    quoted = separator in (",", ";") and any('"' in text for text in data)
    if separator is not None and not quoted:
        separators = {text.count(separator) for text in data}
        if len(separators) == 1 and min(separators) >= 2:
            # One split of the whole text is several times faster than one split a line.
            cells = separator.join(data).split(separator)
            width = separators.pop() + 1
            return [cells[i::width] for i in range(width)]
    rows: list[list[str]] = []
    for i, text in enumerate(data):
        try:
            row = (
                next(csv.reader([text], delimiter=separator or ",", strict=True))
                if quoted
                else (text.split(separator))
            )
        except csv.Error as problem:
            raise wrong_input(
                path,
                lines.number(i),
                found=f"a damaged quotation ({problem})",
                expected='quotes in pairs, "" inside quotes',
                then="close the quotation",
            ) from None
        rows.append(row)
        if len(row) == len(rows[0]) and len(row) >= 3:
            continue
        expected, then = "source, target, sign and maybe time", "add the missing columns"
        if len(row) >= 3:
            expected, then = f"{len(rows[0])} as in the first line", "complete or correct the line"
        columns = f"{len(row)} column{'s' * (len(row) != 1)} separated by {SEPARATORS[separator]}"
        if i == 0 and all(ROLE_OF_WORD.get(cell.strip().lower()) for cell in row):
            columns = f"only the column{'s' * (len(row) != 1)} {', '.join(row)}"
            expected, then = "a column sign or rating too", "add the sign of each edge"
        raise wrong_input(path, lines.number(i), found=columns, expected=expected, then=then)
    return [list(column) for column in zip(*rows, strict=True)]


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def is_header(path: str | os.PathLike[str], columns: list[list[str]], lines: Lines) -> bool:
    """Whether the first row names the columns. An edge is never taken for a header."""
    first = [column[0].strip() for column in columns]
    if any(is_number(cell) for cell in first):
        return False
    roles = [ROLE_OF_WORD.get(cell.lower()) for cell in first]
    if {"source", "target"} <= set(roles):
        return True
    rating = roles.index("rating") if "rating" in roles else 2
    if len(lines.data) == 1 or not is_number(columns[rating][1]):
        return False
    if "rating" in roles:
        return True
    # Words nobody knows: an edge with a misspelt rating would name nodes of other edges.
    if any(first[0] in column[1:] or first[1] in column[1:] for column in columns[:2]):
        return False
    warnings.warn(
        f"{os.fspath(path)}:{lines.number(0)}: read as a header: {', '.join(first)}", stacklevel=2
    )
    return True


def columns_of_header(
    path: str | os.PathLike[str], number: int, header: list[str]
) -> dict[str, int]:
    """Which column plays which role; by position where the words are not known."""
    cells = [cell.strip().lower() for cell in header]
    columns: dict[str, int] = {}
    for i, cell in enumerate(cells):
        role = ROLE_OF_WORD.get(cell)
        if role is not None:
            columns.setdefault(role, i)
    if "source" in columns and "target" in columns:
        if "rating" not in columns:
            raise wrong_input(
                path,
                number,
                found=f"columns {', '.join(header)}",
                expected="a column sign or rating",
                then="name the column that holds the sign",
            )
        return columns
    if len(cells) > 4:
        raise wrong_input(
            path,
            number,
            found=f"columns {', '.join(header)}",
            expected="columns source, target, sign and maybe time among them",
            then="rename the header's cells",
        )
    return {"source": 0, "target": 1, "rating": 2, "time": 3}


def names_of(
    path: str | os.PathLike[str], lines: Lines, column: list[str], first: int, role: str
) -> list[str]:
    names = [cell.strip() for cell in column[first:]]
    if not all(names):
        raise wrong_input(
            path,
            lines.number(first + names.index("")),
            found=f"an empty {role}",
            expected="the name of a node",
            then="fill it in or remove the line",
        )
    return names


def numbers_of(
    path: str | os.PathLike[str], lines: Lines, column: list[str], first: int, role: str
) -> Float[np.ndarray, " row"]:
    """A column of finite numbers; the slow way through only finds the line of the first bad one."""
    column = column[first:]
    try:
        values = np.array(column).astype(np.float64)
        if np.isfinite(values).all():
            return values
    except ValueError:
        pass
    for row, cell in enumerate(column, first):
        if not (is_number(cell) and math.isfinite(float(cell))):
            raise wrong_input(
                path,
                lines.number(row),
                found=f"the {role} {cell.strip()!r}",
                expected="a finite number (+1 or -1, or a rating whose sign counts)",
                then="correct it or remove the line",
            )
    # Python reads a few spellings that NumPy does not, such as 1_0.
    return np.array([float(cell) for cell in column])


def times_of(
    path: str | os.PathLike[str], lines: Lines, column: list[str], first: int
) -> Float[np.ndarray, " row"]:
    """Numbers as they are, or ISO dates as seconds since 1970."""
    if is_number(column[first]):
        return numbers_of(path, lines, column, first, "time")
    seconds = np.empty(len(column) - first)
    for i, cell in enumerate(column[first:]):
        try:
            moment = np.datetime64(cell.strip().removesuffix("Z").replace(" ", "T"), "ms")
        except ValueError:
            moment = np.datetime64("NaT")
        if np.isnat(moment):
            raise wrong_input(
                path,
                lines.number(first + i),
                found=f"the time {cell.strip()!r}",
                expected="a finite number or a date like 2013-04-19T23:13",
                then="correct it or remove the column",
            )
        seconds[i] = moment.astype(np.int64) / 1000.0
    return seconds
