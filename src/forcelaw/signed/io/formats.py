"""Reads signed networks in the formats they come in."""

from __future__ import annotations

import dataclasses
import os
import re
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from forcelaw.errors import InvalidSetting, UnreadableFile, suggest
from forcelaw.files import Content, Lines, quoted, read_text
from forcelaw.signed.columns import Ratings, Table, parse_table
from forcelaw.signed.io.graph_markup import parse_gml, parse_graphml
from forcelaw.signed.io.json_format import parse_json
from forcelaw.signed.io.konect import KONECT_HEADER, with_congress_nodes, with_konect_nodes
from forcelaw.signed.io.matrix_market import parse_matrix
from forcelaw.signed.io.pajek import parse_pajek
from forcelaw.signed.io.wiki_rfa import parse_records
from forcelaw.signed.network import Labels, SignedNetwork, first_off_scale, note_shared, read_labels

Format = Literal[
    "auto", "edges", "congress", "konect", "wiki-rfa", "pajek", "gml", "graphml", "mtx", "json"
]

RatingScale = tuple[float | int, float | int]

ENDINGS = re.compile(
    r"(\.(csv|tsv|txt|edges|net|paj|gml|graphml|mtx|json|jsonl|ndjson))?"
    r"(\.tar)?(\.(gz|bz2|xz|zip|tgz|tbz2|txz|tar))?$"
)

STARTS = {
    "wiki-rfa": re.compile(r"SRC:[^\n]*\nTGT:"),
    "konect": KONECT_HEADER,
    "mtx": re.compile(r"%%?MatrixMarket\s", re.IGNORECASE),
    "pajek": re.compile(r"(%.*\n\s*)*\*(network|vertices)\b", re.IGNORECASE),
    "graphml": re.compile(r"<(\?xml|graphml|!DOCTYPE|!--)", re.IGNORECASE),
    "gml": re.compile(r"((#|creator\s|version\s|comment\s).*\n\s*)*graph\s*\[", re.IGNORECASE),
    "json": re.compile(r"[\[{]"),
}
"""How a text of each format begins."""
LISTING = ("pajek", "gml", "graphml", "json")
"""Formats that list every node once, whatever its edges."""
PARSERS = {"pajek": parse_pajek, "gml": parse_gml, "graphml": parse_graphml, "mtx": parse_matrix}


def read(
    path: str | os.PathLike[str],
    *,
    format: str = "auto",
    directed: bool | None = None,
    bipartite: bool | None = None,
    scale: RatingScale | None = None,
    labels: Labels | None = None,
    name: str | None = None,
) -> SignedNetwork:
    """Reads a signed network from a file.

    The file may be packed as gzip, bzip2, xz, zip or tar if it holds one table, and its text be
    UTF-8, or UTF-16 with a byte order mark. Formats, recognised by their content unless `format`
    says which:

    - ``edges``: lines of source, target, sign or rating and optionally time (a number, or an ISO
      date), separated by tabs, semicolons, commas, spaces or bars. A header says which column is
      which, in any order; two columns that could play one role are an error, a column that counts
      the rows is left aside, and where both a sign and a rating are given the sign decides.
      Without a header the order counts. Lines that begin with ``#`` or ``%`` are comments; a node
      whose name begins so must be quoted (``"#tag",b,1``). Node names are any text; a missing one
      is an error. Directed, unless a column ``Type`` (Gephi) says ``Undirected``.
    - ``konect``: the same behind a line ``% sym signed`` (undirected) or ``% asym signed``
      (directed); the second line's node count keeps nodes without an edge.
    - ``congress``: a first line ``# n`` and edges between 0 and n - 1, undirected; all n nodes are
      kept.
    - ``wiki-rfa``: records of ``SRC:``, ``TGT:``, ``VOT:``, ... lines. Neutral votes are dropped;
      of repeated votes the latest counts.
    - ``pajek`` (.net), ``gml``, ``graphml`` (both by networkx, of the extra ``interop``), ``mtx``
      (Matrix Market), ``json`` (node-link, a list of edges, or an edge a line): see their readers.
      All nodes are kept.

    Other formats know a node only through its edges. What was dropped and merged is counted in
    `SignedNetwork.cleanup`; `SignedNetwork.from_edges` states the rules.

    **Arguments:**

    - `directed`: overrules what the format says.
    - `bipartite`: whether sources and targets are of two kinds, see `SignedNetwork.from_edges`;
      overrules what the format says.
    - `scale`: the least and the largest rating there can be; another one is an error. Zero is
      neither friend nor enemy where it lies between the two, as in -10 to 10, and the middle where
      it does not, as in 1 to 5. `read_labels` states how signs are read without it.
    - `labels`: the signs of the rows, where they were decided before.
    - `name`: what reports call the network; default the file's name without its ending.

    **Raises** `UnreadableFile`: naming the file, the line, what was found, what was expected and
    what to do; `InvalidSetting`: an unknown `format`, or a scale for a format of votes;
    `InputError`: ratings that do not lie on the scale, or ask for one.
    """
    if format not in get_args(Format):
        raise InvalidSetting(f"found format {format!r}; {suggest(format, get_args(Format))}")
    content = read_text(path, "an edge list")
    if name is None:
        base = Path(path).name
        name = ENDINGS.sub("", base) or base
    kind = detect(content.text, Path(path).name) if format == "auto" else format
    if kind == "wiki-rfa":
        if scale is not None:
            raise InvalidSetting(f"{path}: found votes, expected ratings for a scale; leave it out")
        return read_records(path, content, name, directed)
    table = read_table(path, content.text, kind, certain=format != "auto")
    if bipartite is None:
        bipartite = table.bipartite
    if bipartite and table.nodes and kind in LISTING:
        _check_sides(path, table)
    network = SignedNetwork.from_edges(
        table.source,
        table.target,
        labels_of(table, scale) if labels is None else labels,
        table.time,
        # Of what kind a node without an edge is, nobody knows.
        nodes=() if bipartite else table.nodes,
        directed=table.directed is not False if directed is None else directed,
        bipartite=bipartite,
        name=name,
        content_hash=content.sha256,
    )
    if bipartite or not table.two_kinds:
        return network
    return note_shared(network, table.source, table.target)


def _check_sides(path: str | os.PathLike[str], table: Table) -> None:
    """**Raises** `UnreadableFile`: a file that lists its nodes has one of them on both sides."""
    both = set(table.source) & set(table.target)
    if both:
        raise UnreadableFile(
            f"{path}: found {quoted(min(both, key=str))} as a source and as a target, expected "
            "nodes of two kinds, since the file lists each node once; leave --bipartite out, in "
            "Python bipartite=True, or write every edge from the same kind to the other"
        )


def read_ratings(path: str | os.PathLike[str], scale: RatingScale | None = None) -> Ratings:
    """The ratings of a file as they stand there, for several that are to be read as one.

    **Raises** `InputError`: see `read`; or the file holds votes, not ratings.
    """
    content = read_text(path, "an edge list")
    kind = detect(content.text, Path(path).name)
    if kind == "wiki-rfa":
        raise UnreadableFile(f"{path}: found voting records, expected an edge list; convert it")
    table = read_table(path, content.text, kind, certain=False)
    check_scale(table, scale)
    return table.rating


def read_table(path: str | os.PathLike[str], text: str, kind: str, *, certain: bool) -> Table:
    """The edges of a text of that format.

    **Arguments:** `certain`: whether the format was asked for by name, not recognised.

    **Raises** `InputError`: see `read`.
    """
    if kind in PARSERS:
        return PARSERS[kind](path, text)
    if kind == "json":
        table = parse_json(path, text, certain=certain or path_says_json(Path(path).name))
        if table is not None:
            return table
    table = parse_table(path, Lines(text), only_spaces=kind == "konect")
    if kind == "konect":
        return with_konect_nodes(path, text, table)
    if kind == "congress" or not certain:
        return with_congress_nodes(path, text, table, certain=kind == "congress")
    return table


def labels_of(table: Table, scale: RatingScale | None) -> Labels:
    """The signs that the table's ratings stand for, see `read_labels`."""
    check_scale(table, scale)
    return read_labels(table.rating, scale, place=os.fspath(table.cells.path))


def check_scale(table: Table, scale: RatingScale | None) -> None:
    """Raises `InputError` naming the line of the first rating outside the scale."""
    row = None if scale is None else first_off_scale(table.rating, scale)
    if scale is not None and row is not None:
        raise table.cells.wrong(
            row,
            found=f"the rating {table.rating[row]:g}",
            expected=f"one from {scale[0]:g} to {scale[1]:g}",
            then="correct it or the scale",
        )


def path_says_json(name: str) -> bool:
    """Whether a file's ending promises JSON."""
    return re.search(r"\.(json|jsonl|ndjson)(\.\w+)?$", name.lower()) is not None


def detect(text: str, name: str = "") -> str:
    """The format, as far as the first lines tell it (a congress file also needs its edges).

    **Arguments:** `name`: of the file; only `.json` counts, since what is damaged in it is JSON.
    """
    start = text[:10_000].lstrip()
    found = next((kind for kind, pattern in STARTS.items() if pattern.match(start)), "edges")
    return "json" if found == "edges" and path_says_json(name) else found


def read_records(
    path: str | os.PathLike[str], content: Content, name: str, directed: bool | None
) -> SignedNetwork:
    """The votes on Wikipedia's requests for adminship, see `parse_records`."""
    votes = parse_records(path, content.text)
    network = SignedNetwork.from_edges(
        votes.source,
        votes.target,
        # A neutral vote is no enemy, whatever the others are.
        Labels(votes.vote.astype(np.float64)),
        votes.time,
        directed=directed is not False,
        name=name,
        content_hash=content.sha256,
    )
    return dataclasses.replace(network, cleanup=network.cleanup | votes.cleanup)
