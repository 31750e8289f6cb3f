"""Pajek's networks (.net): numbered vertices with labels, arcs and edges with values.

By hand, since networkx reads edges that follow arcs as arcs, and joins vertices of one label.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from forcelaw.errors import unreadable
from forcelaw.files import Lines, listed, quoted
from forcelaw.signed.columns import Cells, Roles, Table, table_of
from forcelaw.signed.io.konect import numbered, refuse_outside

TOKEN = re.compile(r'"([^"]*)"|(\S+)')
"""A word, or a name in quotes."""
READ = ("*network", "*vertices", "*arcs", "*edges")
"""Sections that are read; others are refused."""
LIMIT = 40
"""Words of a line that are read; what follows are parameters for drawing."""


class Section(NamedTuple):
    """A line that begins with `*`, and the rows below it up to the next."""

    head: int
    words: list[str]
    rows: range

    @property
    def kind(self) -> str:
        """`*vertices`, `*arcs`, ..."""
        return self.words[0].lower()


def parse_pajek(path: str | os.PathLike[str], text: str) -> Table:
    """Reads vertices, arcs and edges. With arcs the network is directed, an edge is two of them.

    **Raises** `InputError`: with the line, for two kinds of vertices, several relations, lists or
    matrices, values that are missing or no numbers, and vertices that are not declared.
    """
    lines = Lines(text, "%")
    sections = list(_sections(lines))
    for section in sections:
        if section.kind not in READ:
            raise unreadable(
                path,
                lines.number(section.head),
                found=quoted(section.words[0]),
                expected="*Vertices, *Arcs and *Edges",
                then="save the network with its values as lines of arcs or edges",
            )
    vertices = [section for section in sections if section.kind == "*vertices"]
    ties = [section for section in sections if section.kind in ("*arcs", "*edges")]
    if len(vertices) != 1 or not any(section.rows for section in ties):
        found = f"{len(vertices)} lists of vertices" if len(vertices) != 1 else "no edges"
        raise unreadable(
            path,
            found=found,
            expected="vertices, and arcs or edges below them",
            then="write one network into a file",
        )
    relations = {" ".join(section.words[1:]) for section in ties}
    if len(relations) > 1:
        raise unreadable(
            path,
            lines.number(ties[1].head),
            found=f"several relations, {listed(sorted(relations))}",
            expected="one",
            then="write each relation into a file of its own",
        )
    cells, twice = _ties(path, lines, ties)
    table = _with_labels(lines, vertices[0], table_of(cells, Roles(0, 1, 2), None))
    if not any(section.kind == "*arcs" for section in ties):
        return table._replace(directed=False)
    return table._replace(
        source=table.source + [table.target[i] for i in twice],
        target=table.target + [table.source[i] for i in twice],
        rating=np.concatenate([table.rating, table.rating[twice]]),
        directed=True,
    )


def _sections(lines: Lines) -> Iterator[Section]:
    heads = [i for i, line in enumerate(lines.data) if line.startswith("*")]
    for head, end in pairwise([*heads, len(lines.data)]):
        yield Section(head, lines.data[head].split(), range(head + 1, end))


def _tokens(line: str) -> list[str]:
    """The first words of a line, quotes taken off."""
    found = (match for match, _ in zip(TOKEN.finditer(line), range(LIMIT), strict=False))
    return [match[1] if match[2] is None else match[2] for match in found]


def _ties(
    path: str | os.PathLike[str], lines: Lines, ties: Sequence[Section]
) -> tuple[Cells, list[int]]:
    """Numbers of vertices and value, and which rows run both ways."""
    rows = [row for section in ties for row in section.rows]
    edges = {row for section in ties if section.kind == "*edges" for row in section.rows}
    words = [_tokens(lines.data[row]) for row in rows]
    for row, found in zip(rows, words, strict=True):
        if len(found) < 3:
            raise unreadable(
                path,
                lines.number(row),
                found=quoted(lines.data[row]),
                expected="two vertices and a value",
                then="add the sign of the arc or edge",
            )
    columns = [[found[i] for found in words] for i in range(3)]
    return Cells(path, columns, lines, rows), [i for i, row in enumerate(rows) if row in edges]


def _with_labels(lines: Lines, vertices: Section, table: Table) -> Table:
    """The table with labels for numbers, and all vertices."""
    cells, line = table.cells, lines.number(vertices.head)
    if len(vertices.words) != 2 or not re.fullmatch(r"\d+", vertices.words[1], re.ASCII):
        two = len(vertices.words) > 2
        raise unreadable(
            cells.path,
            line,
            found="two kinds of vertices" if two else "no number of vertices",
            expected="*Vertices and their number",
            then="write a network of one kind of vertex" if two else "write it",
        )
    # Vertices without a line of their own are called by their number.
    label = dict.fromkeys(numbered(cells.path, line, vertices.words[1], table, 1), "")
    row_of: dict[str, int] = {}
    for row in vertices.rows:
        words = _tokens(lines.data[row])
        name = words[1] if len(words) > 1 and words[1].strip() else words[0]
        if words[0] not in label or row_of.setdefault(name, row) != row:
            twice = words[0] in label
            raise unreadable(
                cells.path,
                lines.number(row),
                found=f"the label {quoted(name)} again" if twice else f"vertex {quoted(words[0])}",
                expected="labels that differ" if twice else f"a number from 1 to {len(label)}",
                then="rename one of them" if twice else "correct it or the number of vertices",
            )
        label[words[0]] = name
    refuse_outside(table, label)
    name_of = {number: name or number for number, name in label.items()}
    return table._replace(
        source=[name_of[number] for number in table.source],
        target=[name_of[number] for number in table.target],
        nodes=list(name_of.values()),
    )
