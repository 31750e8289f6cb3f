"""Tables that forcelaw writes, and reads back cell by cell as they were.

Tables of users come in many dialects, see `delimited_text`. These come in one: UTF-8, commas,
quotes where a cell needs them, a header. So a name may hold line feeds or begin with `#`; carriage
returns alone and NUL are in none.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOBase
from pathlib import Path
from typing import Any

from forcelaw.errors import unreadable
from forcelaw.files.error_words import many


def write_rows(stream: TextIOBase, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Writes the header and a line for each row.

    **Arguments:** `stream` of text that leaves line ends as they are, such as of
    `open(newline="")`; numbers in `rows` are written in the shortest form that reads back the same.
    """
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)


def read_rows(
    file: Path, needed: Sequence[str], *, then: str
) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number, and cells by column, of every row below the header.

    **Arguments:** `needed` columns; `then` what an error advises.

    **Raises** `UnreadableFile` naming the line: a column is missing or there twice, a row is longer
    or shorter than the header, or the file is no such table.
    """
    line = 1
    try:
        with file.open(newline="", encoding="utf-8") as stream:
            rows = csv.reader(stream, strict=True)
            header = next(rows, [])
            if len(set(header)) < len(header) or not set(needed) <= set(header):
                raise unreadable(
                    file,
                    1,
                    found=f"the columns {', '.join(header)[:60] or '(none)'}",
                    expected=", ".join(needed),
                    then=then,
                )
            for row in rows:
                line = rows.line_num
                if len(row) != len(header):
                    raise unreadable(
                        file,
                        line,
                        found=many(len(row), "cell"),
                        expected=f"{len(header)}, as in the header",
                        then=then,
                    )
                yield line, dict(zip(header, row, strict=True))
    except (OSError, csv.Error, UnicodeDecodeError) as problem:
        raise unreadable(
            file, line, found=f"a damaged table ({problem})", expected="UTF-8 CSV", then=then
        ) from None
