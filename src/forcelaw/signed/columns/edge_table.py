"""Columns of a delimited edge list: separator, header, names, ratings, times."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.errors import unreadable
from forcelaw.files import SEPARATORS, Lines, find_separator, listed, many, quoted, split_columns
from forcelaw.signed.columns.cells import Cells, Roles
from forcelaw.signed.columns.header import could_rate, counts_rows, role_of, roles_of_header
from forcelaw.signed.columns.node_column import names_of
from forcelaw.signed.columns.rating_column import Ratings, ratings_of
from forcelaw.signed.columns.time_column import times_of
from forcelaw.signed.network import is_bipartite

WIDEST = 1000
"""Columns that a table may have, or keys and attributes that edges may."""
DIRECTIONS = {"directed": True, "undirected": False}
"""Words of a column `Type`, as Gephi writes them."""


class Table(NamedTuple):
    """The edges of a file, as they stand in it.

    **Attributes:**

    - `cells`: the columns of text they were read from, for errors.
    - `source`, `target`: names `[row]`.
    - `rating`: numbers, or truth values `[row]`.
    - `time`: numbers `[row]`, or None.
    - `directed`: as the file declares; None if it does not.
    - `nodes`: names the file gives to nodes, which need not have an edge.
    - `bipartite`: whether the file declares that sources and targets are of two kinds.
    - `two_kinds`: whether the titles of their columns sound so.
    """

    cells: Cells
    source: list[str]
    target: list[str]
    rating: Ratings
    time: Float[np.ndarray, " row"] | None
    directed: bool | None = None
    nodes: Sequence[str] = ()
    bipartite: bool = False
    two_kinds: bool = False


def parse_table(path: str | os.PathLike[str], lines: Lines, *, only_spaces: bool = False) -> Table:
    """Reads lines of source, target, rating and maybe time.

    The separator is the one that cuts the first lines into at least three columns (see
    `find_separator`). The first line is a header only if no cell of it is a number and the line
    below looks different; a first line that could as well be an edge with a misspelt rating is an
    error. A comment in the line above the first names the columns if it knows all it needs. A
    header with known words (``source``, ``target``, ``sign``, ``time``, ...) says which column is
    which (see `roles_of_header`); without one the order counts.

    **Raises** `InputError`: with the line, for everything that does not fit.
    """
    if not lines.data:
        raise unreadable(
            path,
            found="no edges",
            expected="lines of source, target and sign",
            then="check how the file was written",
        )
    separator = None if only_spaces else find_separator(lines.data)
    columns = split_columns(path, lines, separator)
    # A separator at the end of every line bounds no column.
    while len(columns) > 3 and not any(map(str.strip, columns[-1])):
        columns.pop()
    first = [column[0].strip() for column in columns]
    _enough_columns(path, lines, separator, first)
    is_named = is_header(columns)
    if is_named and len(lines.data) == 1:
        raise unreadable(
            path, found="only a header", expected="edges below it", then="add at least one edge"
        )
    header = first if is_named else _header_in_comment(lines, separator, len(columns))
    below = [column[1:] for column in columns] if is_named else columns
    rows = range(int(is_named), len(lines.data))
    cells = Cells(path, below, lines, rows, separator != ",")
    if header is None:
        return table_of(cells, _roles_by_order(cells, separator), None)
    if header[0] == "" and header[1:] == [name.strip() for name in below[0]]:
        raise cells.wrong(
            None,
            found=f"a matrix of {len(below[0])} rows and columns",
            expected="a line for each edge",
            then="write its entries as lines of source, target and sign",
        )
    return table_of(cells, roles_of_header(cells, header), header)


def table_of(cells: Cells, roles: Roles, header: Sequence[str] | None) -> Table:
    """The edges in columns of known roles.

    A column `Type` of the words `Directed` and `Undirected`, as Gephi writes, says what they are.

    **Raises** `InputError`: with the line of the first cell that does not fit its role.
    """
    source, target = names_of(cells, roles.source, roles.target)
    rating = ratings_of(cells, roles.rating)
    time = None if roles.time is None else times_of(cells, roles.time)
    lower = [] if header is None else [name.lower() for name in header]
    directed = _directed(cells, lower.index("type")) if "type" in lower else None
    kinds = header is not None and is_bipartite(header[roles.source], header[roles.target])
    return Table(cells, source, target, rating, time, directed, two_kinds=kinds)


def _directed(cells: Cells, column: int) -> bool | None:
    texts = [text.strip().lower() for text in cells.columns[column]]
    if texts[0] not in DIRECTIONS:
        return None
    for row, text in enumerate(texts):
        if text != texts[0]:
            raise cells.wrong(
                row,
                found=f"the type {quoted(text)}",
                expected=f"{texts[0]}, as in the first edge",
                then="write an undirected edge as two directed ones",
            )
    return DIRECTIONS[texts[0]]


def _enough_columns(
    path: str | os.PathLike[str], lines: Lines, separator: str | None, first: Sequence[str]
) -> None:
    if 3 <= len(first) <= WIDEST:
        return
    found = f"{many(len(first), 'column')} separated by {SEPARATORS[separator]}"
    expected, then = "source, target, sign and maybe time", "add the missing columns"
    if len(first) > WIDEST:
        then = "remove the others"
    elif all(map(role_of, first)):
        found = f"only the column{'s' * (len(first) > 1)} {listed(first)}"
        expected, then = "a column sign or rating too", "add the sign of each edge"
    raise unreadable(path, lines.number(0), found=found, expected=expected, then=then)


def is_header(columns: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns. An edge is never taken for a header."""
    first = [column[0].strip() for column in columns]
    if any(map(could_rate, first)):
        return False
    roles = [role_of(cell) for cell in first]
    if {"source", "target"} <= set(roles) or len(columns[0]) == 1:
        return len(set(roles) & {"source", "target"}) == 2
    second = [column[1].strip() for column in columns]
    if first[0] == "":
        # Above an index column; an edge has a source.
        return second[0] != ""
    if "rating" in roles:
        return any(map(could_rate, second))
    # Words nobody knows: an edge with a misspelt rating would name nodes of other edges.
    named = any(first[0] in column[1:] or first[1] in column[1:] for column in columns[:2])
    return could_rate(second[2]) and not named


def _header_in_comment(lines: Lines, separator: str | None, width: int) -> list[str] | None:
    """The names in the comment above the first row, if they say all that is needed."""
    comment = lines.comment_above()
    if len(comment) > 10_000:
        return None
    header = [cell.strip().strip('"') for cell in comment.split(separator)]
    known = {role_of(cell) for cell in header}
    return header if len(header) == width and {"source", "target", "rating"} <= known else None


def _roles_by_order(cells: Cells, separator: str | None) -> Roles:
    """Source, target, rating and maybe time; refuses columns that look as if in another order."""
    columns = cells.columns
    if len(columns) > 4:
        raise cells.wrong(
            0,
            found=f"{many(len(columns), 'column')} separated by {SEPARATORS[separator]}",
            expected="source, target, sign and maybe time",
            then="add a header that names the columns, or remove the others",
        )
    rows = len(columns[0])
    signs = [i for i, column in enumerate(columns) if _holds_signs(column)]
    if rows > 2 and len(columns) == 4 and counts_rows(columns[0]) and 3 in signs:
        raise cells.wrong(
            0,
            found="the numbers of the rows in column 1 and signs in column 4",
            expected="source, target, sign and maybe time",
            then="add a header that names the columns, or remove the first",
        )
    if rows > 2 and 2 not in signs and len(signs) == 1:
        # Only if both signs are there: many a list of users begins with the user 1.
        texts = {text.strip() for text in columns[signs[0]]}
        if "-1" in texts and len(texts) > 1:
            raise cells.wrong(
                0,
                found=f"only -1 and 1 in column {signs[0] + 1}, but not in column 3",
                expected="source, target, sign and maybe time",
                then="add a header that says which column holds the sign",
            )
    return Roles(0, 1, 2, 3 if len(columns) == 4 else None)


def _holds_signs(column: Sequence[str]) -> bool:
    # Most columns show by their first cells that they do not.
    return all(set(map(str.strip, cells)) <= _SIGNS for cells in (column[:100], column))


_SIGNS = frozenset(["-1", "0", "1", "+1", "-1.0", "0.0", "1.0"])
