"""Reads signed edge lists in the formats they come in."""

from __future__ import annotations

import dataclasses
import os
import re
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float

from forcelaw.errors import InputError, suggest, wrong_input

from ._content import Content, read_content
from ._network import SignedNetwork
from ._records import parse_records
from ._table import Lines, Table, parse_table

Format = Literal["auto", "edges", "congress", "konect", "wiki-rfa"]

NODE_COUNT = re.compile(r"#\s*(\d+)\s*$")
KONECT_HEADER = re.compile(r"%\s*(sym|asym|bip)\s+(\S+)")
KONECT_SIZE = re.compile(r"%\s*(\d+)\s+(\d+)\s+(\d+)\s*$")


def read(
    path: str | os.PathLike[str],
    *,
    format: str = "auto",
    directed: bool | None = None,
    scale: tuple[float | int, float | int] | None = None,
    name: str | None = None,
) -> SignedNetwork:
    """Reads a signed network from a file, gzipped or not (UTF-8).

    Formats, recognised by their content unless `format` says which:

    - ``edges``: lines of source, target, sign or rating and optionally time (a number, or an ISO
      date), separated by tabs, commas, semicolons or spaces, with or without a header. Lines that
      begin with ``#`` or ``%`` are comments; a node whose name begins so must be quoted
      (``"#tag",b,1``). Node names are any text. Directed.
    - ``konect``: the same behind a line ``% sym signed`` (undirected) or ``% asym signed``
      (directed); the second line's node count keeps nodes without an edge.
    - ``congress``: a first line ``# n`` and edges between 0 and n - 1, undirected; all n nodes are
      kept.
    - ``wiki-rfa``: records of ``SRC:``, ``TGT:``, ``VOT:``, ... lines. Neutral votes are dropped;
      of repeated votes the latest counts.

    Other formats know a node only through its edges. What was dropped and merged is counted in
    `SignedNetwork.cleanup`; `SignedNetwork.from_edges` states the rules.

    Args:
        directed: overrules what the format says.
        scale: the least and the largest rating there can be; another one is an error. Zero is
            neither friend nor enemy where it lies between the two, as in -10 to 10, and the middle
            where it does not, as in 1 to 5.
        name: what reports call the network; default the file's name without its ending.

    Raises:
        InputError: naming the file, the line, what was found, what was expected and what to do.
    """
    if format not in get_args(Format):
        raise InputError(f"found format {format!r}; {suggest(format, get_args(Format))}")
    content = read_content(path)
    if name is None:
        base = Path(path).name
        name = re.sub(r"(\.(csv|tsv|txt|edges))?(\.gz)?$", "", base) or base
    kind = detect(content.text) if format == "auto" else format
    if kind == "wiki-rfa":
        if scale is not None:
            raise InputError(f"{path}: found votes, expected ratings for a scale; leave it out")
        return read_records(path, content, name, directed)
    lines = Lines(content.text)
    header = content.text.split("\n", 1)[0].strip()
    table = parse_table(path, lines, only_spaces=kind == "konect")
    nodes: list[str] = []
    undirected = False
    if kind == "konect":
        undirected, nodes = konect_header(path, content.text)
    elif kind == "congress" or (format == "auto" and NODE_COUNT.match(header)):
        count = NODE_COUNT.match(header)
        if count is None:
            raise wrong_input(
                path,
                1,
                found=f"{header[:40]!r}",
                expected="# and the number of nodes",
                then="write the number of nodes, as in '# 219'",
            )
        outside = first_outside(table, int(count[1]))
        if outside is None:
            undirected, nodes = True, [str(i) for i in range(int(count[1]))]
        elif kind == "congress":
            row, node = outside
            raise wrong_input(
                path,
                lines.number(row),
                found=f"node {node!r}",
                expected=f"a number from 0 to {int(count[1]) - 1}",
                then="correct it, or the number of nodes in the first line",
            )
    rating = table.rating if scale is None else on_scale(path, lines, table.rating, scale)
    return SignedNetwork.from_edges(
        table.source,
        table.target,
        rating,
        table.time,
        nodes=nodes,
        directed=not undirected if directed is None else directed,
        name=name,
        content_hash=content.sha256,
    )


def on_scale(
    path: str | os.PathLike[str],
    lines: Lines,
    rating: Float[np.ndarray, " row"],
    scale: tuple[float | int, float | int],
) -> Float[np.ndarray, " row"]:
    """Ratings above or below what is neither friend nor enemy.

    Raises:
        InputError: naming the line of the first rating outside the scale.
    """
    low, high = scale
    if not low < high:
        raise InputError(f"scale: found {low:g} to {high:g}, expected the smaller number first")
    outside = (rating < low) | (rating > high)
    if outside.any():
        row = int(outside.argmax())
        # Above the ratings there may be a header.
        raise wrong_input(
            path,
            lines.number(row + len(lines.data) - len(rating)),
            found=f"the rating {rating[row]:g}",
            expected=f"one from {low:g} to {high:g}",
            then="correct it or the scale",
        )
    return rating if low < 0 < high else rating - (low + high) / 2


def detect(text: str) -> str:
    """The format, as far as the first lines tell it (a congress file also needs its edges)."""
    start = text.lstrip()
    if start.startswith("SRC:") and "\nTGT:" in start[:10_000]:
        return "wiki-rfa"
    if KONECT_HEADER.match(start):
        return "konect"
    return "edges"


def first_outside(table: Table, n_nodes: int) -> tuple[int, str] | None:
    """The first row and name that is not a number from 0 to `n_nodes` - 1, or None."""
    allowed = {str(i) for i in range(min(n_nodes, 2 * len(table.source) + 10_000))}
    for row, ends in enumerate(zip(table.source, table.target, strict=True)):
        for node in ends:
            if node not in allowed:
                return row, node
    return None


def konect_header(path: str | os.PathLike[str], text: str) -> tuple[bool, list[str]]:
    """Whether the file is undirected, and the names of its nodes if the second line counts them."""
    comments = [line for line in text.split("\n", 3)[:3] if line.startswith("%")]
    kind = KONECT_HEADER.match(comments[0]) if comments else None
    if kind is None:
        raise wrong_input(
            path,
            1,
            found=f"{text[:40].splitlines()[0]!r}",
            expected="'% sym signed' or '% asym signed'",
            then="read it with the format edges",
        )
    if kind[1] == "bip":
        raise wrong_input(
            path,
            1,
            found="a bipartite network",
            expected="a network of one kind of node",
            then="prefix the names of the two kinds and read it with the format edges",
        )
    size = next((match for line in comments[1:] if (match := KONECT_SIZE.match(line))), None)
    nodes = [str(i) for i in range(1, int(size[2]) + 1)] if size and size[2] == size[3] else []
    return kind[1] == "sym", nodes


def read_records(
    path: str | os.PathLike[str], content: Content, name: str, directed: bool | None
) -> SignedNetwork:
    votes = parse_records(path, content.text)
    network = SignedNetwork.from_edges(
        votes.source,
        votes.target,
        votes.vote,
        votes.time,
        directed=directed is not False,
        name=name,
        content_hash=content.sha256,
    )
    return dataclasses.replace(network, cleanup=network.cleanup | votes.cleanup)
