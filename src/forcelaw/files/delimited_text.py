"""Delimited text: lines that hold data, the separator between their cells, cells by column."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Sequence

from forcelaw.errors import InputError, unreadable
from forcelaw.files.error_words import many
from forcelaw.files.written_numbers import is_number

SEPARATORS = {"\t": "tabs", ";": "semicolons", ",": "commas", None: "spaces", "|": "bars"}
COMMENTS = "#%"
SAMPLE = 20
SEEN = 1000
"""Cells of a line among which a number is looked for."""
QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"')
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)


class Lines:
    """The lines of a text that hold data: neither blank nor comment.

    Only their text is kept; where a line stands is found again when an error has to name it.
    """

    def __init__(self, text: str, comments: str = COMMENTS) -> None:
        self.text, self.comments = text, comments
        stripped = (line.strip(" ") for line in text.split("\n"))
        self.data = [line for line in stripped if self._is_data(line)]

    def number(self, row: int) -> int:
        """The line number, counted from 1, of a row of `data`."""
        numbers = [
            number for number, line in enumerate(self.text.split("\n"), 1) if self._is_data(line)
        ]
        return numbers[row]

    def comment_above(self) -> str:
        """The comment in the line above the first row, or nothing."""
        last = ""
        for line in map(str.strip, self.text.split("\n")):
            if self._is_data(line):
                return last.lstrip(self.comments).strip()
            last = line
        return ""

    def _is_data(self, line: str) -> bool:
        return holds_data(line, self.comments)


def holds_data(line: str, comments: str = COMMENTS) -> bool:
    """Whether a line is neither blank, nor a comment, nor a note to a spreadsheet."""
    # Tabs at the ends are not taken off a row: they bound empty cells.
    start = line.lstrip(" \t")[:1]
    # Excel writes `sep=;` above the first row.
    is_note = line.startswith("sep=") and len(line.strip()) <= 5
    return start != "" and start not in comments and not is_note


def split_line(line: str, separator: str | None) -> list[str]:
    """The cells of one line, quotes taken off; None is white space."""
    if separator is None:
        line, separator = " ".join(line.split()), " "
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        # A cell longer than any number or name.
        return line.split(separator)


def find_separator(sample: Sequence[str]) -> str | None:
    """The separator that cuts most lines into three cells or more; None is white space.

    Of several that do it, those win which leave a column of numbers; then tabs before semicolons,
    commas, white space and bars. Where every comma stands inside a number, as in ``a b 0,5``,
    commas separate nothing.
    """
    sample = [QUOTED.sub('"', line) for line in sample[:SAMPLE]]
    scores = {}
    for separator in SEPARATORS:
        rows = [line.split(separator) for line in sample]
        wide = [row for row in rows if len(row) >= 3]
        scores[separator] = (len(wide), any(_has_number(row) for row in wide[-1:]))
    best = max(scores, key=lambda separator: scores[separator])
    if scores[best][0] == 0:
        # No line has three cells: name the separator that at least cuts them into two.
        two = (separator for separator in SEPARATORS if len(sample[0].split(separator)) == 2)
        return next(two, None)
    if best == "," and scores[None][0] == scores[","][0]:
        cells = [cell for line in sample for cell in line.split() if "," in cell]
        if all(DECIMAL_COMMA.fullmatch(cell) for cell in cells):
            return None
    return best


def _has_number(cells: Sequence[str]) -> bool:
    found = (cell.strip().strip('"').replace(",", ".", 1) for cell in cells[:SEEN])
    return any(map(is_number, found))


def split_columns(
    path: str | os.PathLike[str], lines: Lines, separator: str | None
) -> list[list[str]]:
    """The cells by column, quotes taken off. White space around cells is kept.

    In tabs and white space a quotation mark without its partner belongs to the name.

    **Raises** `InputError`: with the line, cells are not as many as in the first, or a quotation is
    damaged.
    """
    data = lines.data
    quoted = '"' in lines.text and any('"' in text for text in data)
    if separator is not None and not quoted:
        separators = {text.count(separator) for text in data}
        if len(separators) == 1:
            # One split of the whole text is several times faster than one split a line.
            cells = separator.join(data).split(separator)
            width = separators.pop() + 1
            return [cells[i::width] for i in range(width)]
    if not quoted:
        rows = [text.split(separator) for text in data]
    else:
        rows = _unquoted(path, lines, separator)
    width = len(rows[0])
    for i, row in enumerate(rows):
        if len(row) != width:
            raise unreadable(
                path,
                lines.number(i),
                found=f"{many(len(row), 'column')} separated by {SEPARATORS[separator]}",
                expected=f"{width} as in the first line",
                then="complete or correct the line",
            )
    return [list(column) for column in zip(*rows, strict=True)]


def _unquoted(path: str | os.PathLike[str], lines: Lines, separator: str | None) -> list[list[str]]:
    lenient = separator in (None, "\t")
    data = [text.replace("\t", " ") for text in lines.data] if separator is None else lines.data

    def parse(texts: Sequence[str]) -> list[list[str]]:
        return list(
            csv.reader(
                texts, delimiter=separator or " ", skipinitialspace=separator is None, strict=True
            )
        )

    try:
        rows = parse(data)
        if len(rows) == len(data):
            return rows
    except csv.Error:
        pass
    # Line by line, to name the damaged one, or to read it as it stands.
    rows = []
    for i, text in enumerate(data):
        try:
            rows += parse([text])
        except csv.Error as problem:
            if not lenient:
                raise _damaged(path, lines.number(i), problem) from None
            rows.append(text.split(separator))
    return rows


def _damaged(path: str | os.PathLike[str], line: int, problem: csv.Error) -> InputError:
    return unreadable(
        path,
        line,
        found=f"a damaged quotation ({problem})",
        expected='quotes in pairs, "" inside quotes',
        then="close the quotation",
    )
