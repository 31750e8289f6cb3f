"""Matrix Market (.mtx): a size line, and a line for each entry.

By hand, since SciPy believes a size line that asks for billions of entries.
"""

from __future__ import annotations

import os

from forcelaw.errors import unreadable
from forcelaw.files import Lines, listed, quoted, split_columns
from forcelaw.signed.columns import Cells, Roles, Table, table_of
from forcelaw.signed.io.konect import numbered, refuse_outside


def parse_matrix(path: str | os.PathLike[str], text: str) -> Table:
    """Reads the entries of a square coordinate matrix; symmetric is undirected.

    Nodes are called by the number of their row, from 1 on. All of them are kept.

    **Raises** `InputError`: with the line, for an array, complex or missing values, a matrix that
    is not square, and entries that are not as many as the size line says or lie outside.
    """
    banner = text.split("\n", 1)[0].lower().split()
    wanted = "%%MatrixMarket matrix coordinate real (or integer) general (or symmetric)"
    shape = banner[2:] if len(banner) == 5 else []
    if (
        shape[:1] != ["coordinate"]
        or shape[1] not in ("real", "integer", "double")
        or shape[2] not in ("general", "symmetric")
    ):
        raise unreadable(
            path,
            1,
            found=quoted(" ".join(banner[1:])),
            expected=wanted,
            then="write the signs of edges as entries: scipy.io.mmwrite(FILE, coo_array(...))",
        )
    lines = Lines(text, "%")
    size = lines.data[0].split() if lines.data else []
    if len(size) != 3 or not all(word.isascii() and word.isdigit() for word in size):
        raise unreadable(
            path,
            lines.number(0) if lines.data else None,
            found=f"the size {listed(size)}",
            expected="numbers of rows, columns and entries",
            then="write the matrix again",
        )
    if size[0] != size[1]:
        raise unreadable(
            path,
            lines.number(0),
            found=f"{quoted(size[0])} rows and {quoted(size[1])} columns",
            expected="as many rows as columns, a node for each",
            then="for two kinds of nodes write an edge list with names that differ",
        )
    entries = len(lines.data) - 1
    if str(entries) != size[2].lstrip("0") or entries == 0:
        raise unreadable(
            path,
            lines.number(0),
            found=f"{entries} entries",
            expected=f"{quoted(size[2])} as in the size line",
            then="download or write the file again" if entries else "add at least one edge",
        )
    columns = [column[1:] for column in split_columns(path, lines, None)]
    table = table_of(Cells(path, columns, lines, range(1, entries + 1)), Roles(0, 1, 2), None)
    nodes = numbered(path, lines.number(0), size[0], table, 1)
    refuse_outside(table, nodes)
    return table._replace(directed=shape[2] == "general", nodes=nodes)
