"""JSON: a node-link graph, a list of edges, columns, or an edge a line."""

from __future__ import annotations

import os
import re
from typing import Any

from forcelaw import documents
from forcelaw.errors import InputError, unreadable
from forcelaw.files import Lines, listed, many, quoted
from forcelaw.signed.columns import WIDEST, Cells, Roles, Table, roles_of_header, table_of

LINKS = ("links", "edges")
"""Keys of the edges in an object, as D3 and networkx write them."""
NAMES = ("id", "name", "key", "label")
"""Keys of a node that may hold its name, the most usual first."""
EXPECTED = 'edges like {"source": "a", "target": "b", "sign": -1}'
"""What errors expect."""
AS_LINES = "write one edge a line, or a list of edges"
"""The next step of errors."""
BEGINNING = re.compile(r'[\[{]\s*[\[{"]')
"""What begins so is no edge list, as one of a user [deleted] might be."""


def json_of(text: str, place: str | os.PathLike[str]) -> tuple[Any, Lines | None]:
    """The document, or a list of its lines' documents and the lines.

    **Raises** `InputError`: the text is neither.
    """
    lines = Lines(text, "")
    try:
        return documents.parse_json(text, place), None
    except InputError:
        if len(lines.data) == 1 or not _is_json(lines.data[0]):
            raise
    found = []
    for row, line in enumerate(lines.data):
        try:
            found.append(documents.parse_json(line, place))
        except InputError:
            # The same once more, with the line in its message.
            documents.parse_json(line, f"{os.fspath(place)}:{lines.number(row)}")
    return found, lines


def _is_json(line: str) -> bool:
    try:
        documents.parse_json(line, "")
    except InputError:
        return False
    return True


def parse_json(path: str | os.PathLike[str], text: str, *, certain: bool) -> Table | None:
    """Reads JSON and JSON lines; None if the text is neither and may be something else.

    - ``{"directed": ..., "nodes": [{"id": ...}], "links": [{"source": ..., ...}]}``, as networkx
      and D3 write it (``edges`` is read too): undirected unless it says otherwise;
    - ``[{"source": ..., "target": ..., "sign": ...}, ...]``, the same with an edge a line, or
      lists of values instead of objects;
    - ``{"source": [...], "target": [...], "sign": [...]}``.

    Keys are understood as the cells of a header are, see `roles_of_header`.

    **Raises** `InputError`: naming the edge, or the line where edges have lines.
    """
    try:
        document, lines = json_of(text, path)
    except InputError:
        if certain or BEGINNING.match(text.lstrip()):
            raise
        return None
    if not isinstance(document, dict):
        return _table(path, document, lines)
    link = next((key for key in LINKS if isinstance(document.get(key), list)), None)
    if link is None:
        return _table(path, _rows_of_columns(path, document), lines)
    nodes = document.get("nodes", [])
    names = [_name(path, node) for node in nodes] if isinstance(nodes, list) else []
    table = _table(path, document[link], None)
    table = table._replace(directed=document.get("directed") is True, nodes=names)
    return _by_position(table) if names else table


def _table(path: str | os.PathLike[str], edges: Any, lines: Lines | None) -> Table:
    rows = range(len(lines.data)) if lines is not None else ()
    cells = Cells(path, [], lines, rows)
    if not isinstance(edges, list) or not edges:
        raise unreadable(path, found="no list of edges", expected=EXPECTED, then=AS_LINES)
    kind = type(edges[0])
    for row, edge in enumerate(edges):
        if not isinstance(edge, dict | list) or type(edge) is not kind:
            raise cells.wrong(row, found=quoted(str(edge)[:80]), expected=EXPECTED, then=AS_LINES)
    if kind is list:
        return _table_of_lists(cells, edges)
    header = list(dict.fromkeys(key for edge in edges for key in edge))
    if len(header) > WIDEST:
        raise unreadable(
            path, found=f"edges with {many(len(header), 'key')}", expected=EXPECTED, then=AS_LINES
        )
    columns = [[_text(cells, row, edge.get(key)) for row, edge in enumerate(edges)]
               for key in header]  # fmt: skip
    cells = Cells(path, columns, lines, rows)
    return table_of(cells, roles_of_header(cells, header), header)


def _table_of_lists(cells: Cells, edges: list[list[Any]]) -> Table:
    for row, edge in enumerate(edges):
        if len(edge) not in (3, 4) or len(edge) != len(edges[0]):
            raise cells.wrong(
                row,
                found=many(len(edge), "value"),
                expected="source, target, sign and maybe time, in every edge",
                then="complete or correct it",
            )
    texts = [[_text(cells, row, value) for value in edge] for row, edge in enumerate(edges)]
    columns = [list(column) for column in zip(*texts, strict=True)]
    roles = Roles(0, 1, 2, 3 if len(columns) == 4 else None)
    return table_of(Cells(cells.path, columns, cells.lines, cells.rows), roles, None)


def _rows_of_columns(path: str | os.PathLike[str], document: dict[str, Any]) -> Any:
    """Edges from columns: lists, or objects by row as pandas writes them."""
    if all(key in document for key in ("source", "target")) and not any(
        isinstance(value, list | dict) for value in document.values()
    ):
        return [document]
    columns = {
        key: list(value.values()) if isinstance(value, dict) else value
        for key, value in document.items()
    }
    if len(columns) > WIDEST or not all(isinstance(value, list) for value in columns.values()):
        raise unreadable(
            path, found=f"an object of {listed(list(document))}", expected=EXPECTED, then=AS_LINES
        )
    lengths = {len(value) for value in columns.values()}
    if len(lengths) > 1:
        raise unreadable(
            path,
            found=f"columns of {min(lengths)} and {max(lengths)} values",
            expected="columns of one length",
            then="write it again",
        )
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _name(path: str | os.PathLike[str], node: Any) -> str:
    if isinstance(node, dict):
        node = next((node[key] for key in NAMES if key in node), None)
    if isinstance(node, str | int | float) and not isinstance(node, bool) and str(node).strip():
        return _text(Cells(path, []), None, node).strip()
    raise unreadable(
        path, found="a node without a name", expected='nodes like {"id": "a"}', then="name it"
    )


def _text(cells: Cells, row: int | None, value: Any) -> str:
    """A value as a table writes it; null is an empty cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        raise cells.wrong(
            row, found=quoted(str(value)[:80]), expected="a text or a number", then="write one"
        )
    return str(value)


def _by_position(table: Table) -> Table:
    """Ends that are positions in the list of nodes, as older D3 has them, by name."""
    known, names = set(table.nodes), list(table.nodes)
    ends = set(table.source).union(table.target)
    if ends <= known:
        return table
    positions = {str(i): name for i, name in enumerate(names)}
    if ends <= positions.keys() and not ends & known:
        return table._replace(
            source=[positions[end] for end in table.source],
            target=[positions[end] for end in table.target],
        )
    for row, pair in enumerate(zip(table.source, table.target, strict=True)):
        for end in pair:
            if end not in known:
                raise table.cells.wrong(
                    row,
                    found=f"{quoted(end)}",
                    expected="one of the nodes",
                    then="add it to the nodes",
                )
    return table
