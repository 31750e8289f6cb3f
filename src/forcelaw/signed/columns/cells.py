"""Edges as columns of text, from whatever format: what they share on the way to a network."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from forcelaw.errors import InputError, unreadable
from forcelaw.files import Lines


class Roles(NamedTuple):
    """The column that plays each role."""

    source: int
    target: int
    rating: int
    time: int | None = None


@dataclass(frozen=True)
class Cells:
    """Columns of text, without their header.

    **Attributes:**

    - `path`: the file, for errors.
    - `columns`: cells by column, all of the same length.
    - `lines`: the lines the rows stand in; None where a format has no lines, as JSON.
    - `rows`: the position of each row in `lines.data`.
    - `decimal_comma`: whether a comma may stand for the decimal point.
    """

    path: str | os.PathLike[str]
    columns: list[list[str]]
    lines: Lines | None = field(default=None, repr=False)
    rows: Sequence[int] = field(default=(), repr=False)
    decimal_comma: bool = False

    def place(self, row: int | None) -> str:
        """The file, and the line of a row, counted from 0, or of the header."""
        path = os.fspath(self.path)
        if self.lines is None:
            return path
        return f"{path}:{self.lines.number(0 if row is None else self.rows[row])}"

    def wrong(self, row: int | None, *, found: str, expected: str, then: str) -> InputError:
        """The error of a row, counted from 0, or about the header."""
        if self.lines is None and row is not None:
            found = f"{found} in edge {row + 1}"
        return unreadable(self.place(row), found=found, expected=expected, then=then)
