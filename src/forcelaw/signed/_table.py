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

Line = tuple[int, str]
"""Line number, counted from 1, and text."""

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


def parse_table(
    path: str | os.PathLike[str], lines: list[Line], *, only_spaces: bool = False
) -> Table:
    """Reads data lines (no comments, no blank lines) of source, target, rating and maybe time.

    The separator is the first of tab, comma, semicolon and white space that cuts the first lines
    into at least three columns. The first line is a header only if its rating is not a number,
    the next line's is, and no cell of it is a number; a first line that could as well be an edge
    with a misspelt rating is an error. A header with known words (``source``, ``target``,
    ``sign``, ``time``, ...) says which column is which; otherwise the order counts.

    Raises:
        InputError: with the line, for everything that does not fit.
    """
    if not lines:
        raise wrong_input(
            path,
            found="no edges",
            expected="lines of source, target and sign",
            then="check how the file was written",
        )
    separator = None if only_spaces else find_separator(lines)
    rows = split_rows(path, lines, separator)
    columns = {"source": 0, "target": 1, "rating": 2, "time": 3}
    width = len(rows[0])
    header = is_header(path, rows, lines)
    if header:
        columns = columns_of_header(path, lines[0][0], rows[0])
        lines, rows = lines[1:], rows[1:]
    if not rows:
        raise wrong_input(
            path, found="only a header", expected="edges below it", then="add at least one edge"
        )
    check_widths(path, lines, rows, width, header, separator)
    by_column = list(zip(*rows, strict=True))
    source, target = (
        names_of(path, lines, by_column[columns[role]], role) for role in ("source", "target")
    )
    rating = numbers_of(path, lines, by_column[columns["rating"]], "rating")
    time = None
    if columns.get("time", width) < width:
        time = times_of(path, lines, by_column[columns["time"]])
    return Table(source, target, rating, time)


def find_separator(lines: list[Line]) -> str | None:
    """The separator that cuts the first lines into three columns or more; None is white space."""
    sample = [text for _, text in lines[:20]]
    for separator in SEPARATORS:
        if all(len(text.split(separator)) >= 3 for text in sample):
            return separator
    counts = {s: sum(len(t.split(s)) >= 3 for t in sample) for s in SEPARATORS}
    best = max(counts, key=lambda s: counts[s])
    if counts[best]:
        return best
    # No line has three columns: name the separator that at least cuts them into two.
    return next((s for s in SEPARATORS if len(sample[0].split(s)) == 2), None)


def split_rows(
    path: str | os.PathLike[str], lines: list[Line], separator: str | None
) -> list[list[str]]:
    """Cells of every line. Quotes are understood where commas or semicolons separate."""
    if separator is None or separator == "\t":
        return [text.split(separator) for _, text in lines]
    if not any('"' in text for _, text in lines):
        return [text.split(separator) for _, text in lines]
    rows: list[list[str]] = []
    for number, text in lines:
        try:
            rows.extend(csv.reader([text], delimiter=separator, strict=True))
        except csv.Error as problem:
            raise wrong_input(
                path,
                number,
                found=f"a damaged quotation ({problem})",
                expected='quotes in pairs, "" inside quotes',
                then="close the quotation",
            ) from None
    return rows


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def is_header(path: str | os.PathLike[str], rows: list[list[str]], lines: list[Line]) -> bool:
    """Whether the first row names the columns. An edge is never taken for a header."""
    first = [cell.strip() for cell in rows[0]]
    roles = {ROLE_OF_WORD.get(cell.lower()) for cell in first}
    by_word = {"source", "target"} <= roles
    if any(is_number(cell) for cell in first):
        return False
    if by_word and (len(first) < 3 or len(rows) == 1):
        return True
    if len(first) < 3 or len(rows) == 1:
        return False
    if by_word:
        return True
    second = rows[1]
    rating = next((i for i, c in enumerate(first) if ROLE_OF_WORD.get(c.lower()) == "rating"), 2)
    if len(second) <= rating or not is_number(second[rating]):
        return False
    if ROLE_OF_WORD.get(first[rating].lower()) == "rating":
        return True
    ends = {cell.strip() for row in rows[1:] for cell in row[:2]}
    if first[0] in ends or first[1] in ends:
        return False
    warnings.warn(
        f"{os.fspath(path)}:{lines[0][0]}: read as a header: {', '.join(first)}", stacklevel=2
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


def check_widths(
    path: str | os.PathLike[str],
    lines: list[Line],
    rows: list[list[str]],
    width: int,
    header: bool,
    separator: str | None,
) -> None:
    """Every row as wide as the first, at least three columns, and none without a meaning."""
    between = SEPARATORS[separator]
    expected = "source, target, sign and maybe time"
    for (number, _), row in zip(lines, rows, strict=True):
        if len(row) == width and 3 <= width and (header or width <= 4):
            continue
        columns = f"{len(row)} column{'s' * (len(row) != 1)} separated by {between}"
        if len(row) < 3:
            then = "add the missing columns"
        elif width > 4 and not header:
            then = "add a header that names the columns, or remove the others"
        else:
            expected, then = f"{width} as in the first line", "complete or correct the line"
        raise wrong_input(path, number, found=columns, expected=expected, then=then)


def names_of(
    path: str | os.PathLike[str], lines: list[Line], column: tuple[str, ...], role: str
) -> list[str]:
    names = [cell.strip() for cell in column]
    if not all(names):
        raise wrong_input(
            path,
            lines[names.index("")][0],
            found=f"an empty {role}",
            expected="the name of a node",
            then="fill it in or remove the line",
        )
    return names


def numbers_of(
    path: str | os.PathLike[str], lines: list[Line], column: tuple[str, ...], role: str
) -> Float[np.ndarray, " row"]:
    """A column of finite numbers; the slow way through only finds the line of the first bad one."""
    try:
        values = np.array(column).astype(np.float64)
        if np.isfinite(values).all():
            return values
    except ValueError:
        pass
    for (number, _), cell in zip(lines, column, strict=True):
        if not (is_number(cell) and math.isfinite(float(cell))):
            raise wrong_input(
                path,
                number,
                found=f"the {role} {cell.strip()!r}",
                expected="a finite number (+1 or -1, or a rating whose sign counts)",
                then="correct it or remove the line",
            )
    # Python reads a few spellings that NumPy does not, such as 1_0.
    return np.array([float(cell) for cell in column])


def times_of(
    path: str | os.PathLike[str], lines: list[Line], column: tuple[str, ...]
) -> Float[np.ndarray, " row"]:
    """Numbers as they are, or ISO dates as seconds since 1970."""
    if is_number(column[0]):
        return numbers_of(path, lines, column, "time")
    seconds = np.empty(len(column))
    for i, ((number, _), cell) in enumerate(zip(lines, column, strict=True)):
        try:
            moment = np.datetime64(cell.strip().removesuffix("Z").replace(" ", "T"), "ms")
        except ValueError:
            moment = np.datetime64("NaT")
        if np.isnat(moment):
            raise wrong_input(
                path,
                number,
                found=f"the time {cell.strip()!r}",
                expected="a finite number or a date like 2013-04-19T23:13",
                then="correct it or remove the column",
            )
        seconds[i] = moment.astype(np.int64) / 1000.0
    return seconds
