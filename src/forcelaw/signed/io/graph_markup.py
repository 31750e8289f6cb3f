"""GML and GraphML, by way of networkx, which is imported only here and only when it is needed."""

from __future__ import annotations

import os
import re
import warnings
from typing import Any

from forcelaw.documents import DEPTH
from forcelaw.errors import InputError, unreadable
from forcelaw.files import many, quoted
from forcelaw.signed.columns import WIDEST, Cells, Table, roles_of_header, table_of


def parse_gml(path: str | os.PathLike[str], text: str) -> Table:
    """Reads GML. Nodes are called by `label` or `name` if every node has its own, else by ids.

    **Raises** `InputError`: see `parse_graphml`.
    """
    if _nested(re.sub(r'"[^"]*"', "", text)) > DEPTH:
        raise unreadable(
            path,
            found=f"lists in lists, more than {DEPTH} levels deep",
            expected="a graph of nodes and edges",
            then="check how the file was written",
        )
    graph = _parsed(path, text, "gml")
    return _table(path, graph, _called(graph, "label", "name"))


def parse_graphml(path: str | os.PathLike[str], text: str) -> Table:
    """Reads GraphML. Nodes are called by `name` or `label` if every node has its own, else by ids.

    igraph and Gephi make up ids such as n0, and write what the nodes are called beside them.
    Attributes of edges are understood as the cells of a header are, see `roles_of_header`.

    **Raises** `InputError`: networkx is missing or finds the file damaged; definitions of entities,
    which can grow without bound; several graphs; an edge without its sign.
    """
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise unreadable(
            path,
            found="definitions of entities (<!DOCTYPE ...>)",
            expected="plain GraphML",
            then="remove them",
        )
    if len(re.findall(r"<(?:[\w.-]{1,40}:)?graph[\s/>]", text)) > 1:
        raise unreadable(
            path, found="several graphs", expected="one", then="write one graph into a file"
        )
    graph = _parsed(path, text, "graphml")
    return _table(path, graph, _called(graph, "name", "label"))


def _nested(text: str) -> int:
    """How deep the brackets of GML stand in each other."""
    deepest = depth = 0
    for bracket in re.findall(r"[][]", text):
        depth += 1 if bracket == "[" else -1
        deepest = max(deepest, depth)
    return deepest


def _table(path: str | os.PathLike[str], graph: Any, label: dict[Any, str]) -> Table:
    edges = list(graph.edges(data=True))
    if not edges:
        raise unreadable(
            path,
            found="no edges",
            expected="edges with a sign",
            then="check how the file was written",
        )
    keys = list(dict.fromkeys(key for *_, data in edges for key in data))
    keys = [key for key in keys if key not in ("source", "target")]
    if len(keys) > WIDEST:
        raise unreadable(
            path,
            found=f"edges with {many(len(keys), 'attribute')}",
            expected="a sign or rating, and maybe a time",
            then="remove the others",
        )
    columns = [[label.get(ends[i], str(ends[i])) for ends in edges] for i in (0, 1)]
    columns += [[_text(data.get(key)) for *_, data in edges] for key in keys]
    cells = Cells(path, columns)
    header = ["source", "target", *map(str, keys)]
    table = table_of(cells, roles_of_header(cells, header), None)
    nodes = [label.get(node, str(node)) for node in graph]
    return table._replace(directed=graph.is_directed(), nodes=nodes)


def _parsed(path: str | os.PathLike[str], text: str, kind: str) -> Any:
    try:
        import networkx
    except ImportError:
        raise InputError(
            f"{path}: found {kind.upper()}, which needs networkx; pip install 'forcelaw[interop]'"
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if kind == "graphml":
                return networkx.parse_graphml(text)
            return networkx.parse_gml(text, label="id")
    # What a parser meets in a damaged file it raises in many ways; none is the user's business.
    except Exception as problem:
        reason = quoted(str(problem)[:200] or type(problem).__name__)
        raise unreadable(
            path,
            found=f"damaged {kind.upper()} ({reason})",
            expected="a graph whose edges carry a sign",
            then="write the file again, or as a table of edges (CSV)",
        ) from None


def _called(graph: Any, *keys: str) -> dict[Any, str]:
    """What nodes are called by the first attribute that every node has and no two share."""
    for key in keys:
        names = {node: _text(data.get(key)).strip() for node, data in graph.nodes(data=True)}
        if all(names.values()) and len(set(names.values())) == len(names):
            return names
    return {}


def _text(value: Any) -> str:
    return "" if value is None else str(value)
