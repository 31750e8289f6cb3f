"""Headers that count nodes: KONECT's and that of the congress dataset."""

from __future__ import annotations

import os
import re
from collections.abc import Collection

from forcelaw.errors import unreadable
from forcelaw.files import quoted
from forcelaw.signed.columns import Table

NODE_COUNT = re.compile(r"#\s*(\d+)\s*$", re.ASCII)
KONECT_HEADER = re.compile(r"%\s*(sym|asym|bip)\s+(\S+)")
KONECT_SIZE = re.compile(r"%\s*(\d+)\s+(\d+)\s+(\d+)\s*$", re.ASCII)
LONELY = 100_000
"""Nodes without an edge that a header may ask for."""


def numbered(
    path: str | os.PathLike[str], line: int | None, digits: str, table: Table, first: int
) -> list[str]:
    """The names of as many nodes as a header says, counted from `first`.

    **Raises** `InputError`: the header asks for more than 100,000 nodes that have no edge.
    """
    connected = len(set(table.source).union(table.target))
    count = int(digits) if len(digits) <= 12 else 10**12
    if count > connected + LONELY:
        raise unreadable(
            path,
            line,
            found=f"a header that counts {quoted(digits)} nodes, where {connected} have an edge",
            expected=f"at most {LONELY} nodes without an edge",
            then="correct that number, or remove the line",
        )
    return [str(i) for i in range(first, first + count)]


def refuse_outside(table: Table, nodes: Collection[str]) -> None:
    """Raises `InputError` with the line of the first end of an edge that is not among the nodes.

    The nodes are numbered from 1.
    """
    known = set(nodes)
    for row, ends in enumerate(zip(table.source, table.target, strict=True)):
        for end in ends:
            if end not in known:
                raise table.cells.wrong(
                    row,
                    found=f"node {quoted(end)}",
                    expected=f"a number from 1 to {len(known)}",
                    then="correct it or the number of nodes",
                )


def first_outside(table: Table, digits: str) -> tuple[int, str] | None:
    """The first row and name that is not a number from 0 to one below the count, or None."""
    count = int(digits) if len(digits) <= 12 else 10**12

    def is_outside(name: str) -> bool:
        whole = name.isascii() and name.isdigit() and len(name) <= 12
        return not whole or str(int(name)) != name or int(name) >= count

    outside = {name for name in set(table.source).union(table.target) if is_outside(name)}
    if not outside:
        return None
    ends = zip(table.source, table.target, strict=True)
    return next((i, name) for i, end in enumerate(ends) for name in end if name in outside)


def with_congress_nodes(
    path: str | os.PathLike[str], text: str, table: Table, *, certain: bool
) -> Table:
    """The table of a file that begins with `# n`: undirected, with all n nodes.

    **Arguments:** `certain`: whether the file is known to be of that format; else a name that is no
    number below n shows that it is not, and the table is left as it is.

    **Raises** `InputError`: the format is certain and the file is not of it, or n is out of all
    proportion.
    """
    header = text.split("\n", 1)[0].strip()
    match = NODE_COUNT.match(header)
    if match is None:
        if not certain:
            return table
        raise unreadable(
            path,
            1,
            found=quoted(header),
            expected="# and the number of nodes",
            then="write the number of nodes, as in '# 219'",
        )
    outside = first_outside(table, match[1])
    if outside is None:
        return table._replace(directed=False, nodes=numbered(path, 1, match[1], table, 0))
    if not certain:
        return table
    row, node = outside
    raise table.cells.wrong(
        row,
        found=f"node {quoted(node)}",
        expected=f"a number from 0 to {int(match[1][:12]) - 1}",
        then="correct it, or the number of nodes in the first line",
    )


def with_konect_nodes(path: str | os.PathLike[str], text: str, table: Table) -> Table:
    """The table, undirected if the header says `sym`, with all nodes if its second line counts.

    Of a network that the header calls bipartite (`bip`) the nodes without an edge are left out.

    **Raises** `InputError`: another format, or a count out of all proportion.
    """
    comments = [line for line in text.split("\n", 3)[:3] if line.startswith("%")]
    kind = KONECT_HEADER.match(comments[0]) if comments else None
    if kind is None:
        raise unreadable(
            path,
            1,
            found=quoted(text.split("\n", 1)[0]),
            expected="'% sym signed' or '% asym signed'",
            then="read it with the format edges",
        )
    if kind[1] == "bip":
        return table._replace(bipartite=True)
    size = next((match for line in comments[1:] if (match := KONECT_SIZE.match(line))), None)
    counted = size is not None and size[2] == size[3]
    nodes = numbered(path, 2, size[2], table, 1) if size is not None and counted else ()
    return table._replace(directed=kind[1] == "asym", nodes=nodes)
