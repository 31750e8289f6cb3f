"""The files of a split, read: its manifest, its nodes and its edges, every cell checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from forcelaw.documents import read_json
from forcelaw.errors import unreadable
from forcelaw.files import read_rows

MANIFEST = "split.json"
"""The file that describes a split."""
SCHEMA = 1
"""Of its keys."""
_AGAIN = "write the split again"
"""The next step after a damaged file."""

FileName = Literal["nodes.csv", "train.csv", "validation.csv", "test.csv", "statements.csv"]


class Manifest(BaseModel):
    """What `split.json` holds about the files beside it."""

    model_config = ConfigDict(strict=True, frozen=True)

    schema_: Literal[1] = Field(alias="schema")
    dataset: str
    content_hash: str
    protocol: Literal["pairs", "directed", "temporal", "given"]
    seed: int | None
    transductive: bool
    directed: bool
    cleanup: dict[str, int]
    sha256: dict[FileName, str]
    """Of each file of the split, by its name: no other file is ever read."""


class Edges(NamedTuple):
    """The columns of a part; nodes are positions in `nodes.csv`."""

    source: list[int]
    target: list[int]
    sign: list[int]
    rating: list[float] | None
    time: list[float] | None


def read_manifest(folder: Path) -> Manifest:
    """The manifest in a folder.

    **Raises** `InputError` if there is none, or if it is damaged or of another schema.
    """
    file = folder / MANIFEST
    try:
        found = read_json(file)
    except OSError as problem:
        raise unreadable(
            file,
            found=f"no readable manifest ({type(problem).__name__})",
            expected="a folder written by save_split",
            then="check the path",
        ) from None
    if isinstance(found, dict) and found.get("schema") != SCHEMA:
        raise unreadable(
            file, found=f"schema {found.get('schema')}", expected=str(SCHEMA), then=_AGAIN
        )
    try:
        return Manifest.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"] if part != "[key]")
        raise unreadable(
            file,
            found=f"{str(first['input'])[:60]!r} as {key or 'the manifest'}"
            if first["type"] != "missing"
            else f"no {key}",
            expected=first["msg"].removeprefix("Input should be "),
            then=_AGAIN,
        ) from None


def read_nodes(file: Path) -> tuple[str, ...]:
    """The names of all nodes. **Raises** `InputError` naming the line of a wrong one."""
    names: dict[str, int] = {}
    for line, row in read_rows(file, ("node",), then=_AGAIN):
        if not row["node"] or names.setdefault(row["node"], line) != line:
            found = f"the node {row['node']!r} twice" if row["node"] else "a node without a name"
            raise unreadable(file, line, found=found, expected="a name for each", then=_AGAIN)
    return tuple(names)


def read_edges(file: Path, position: Mapping[str, int]) -> Edges:
    """The edges of a part between nodes of known position.

    **Raises** `InputError` naming the line of the first cell that is wrong.
    """
    columns: dict[str, list[float]] = {"rating": [], "time": []}
    source: list[int] = []
    target: list[int] = []
    sign: list[int] = []
    for line, row in read_rows(file, ("source", "target", "sign"), then=_AGAIN):
        for end, indices in (("source", source), ("target", target)):
            if row[end] not in position:
                raise unreadable(
                    file,
                    line,
                    found=f"the {end} {row[end][:60]!r}",
                    expected="a node of nodes.csv",
                    then=_AGAIN,
                )
            indices.append(position[row[end]])
        if row["sign"] not in ("1", "-1"):
            raise unreadable(
                file, line, found=f"the sign {row['sign'][:60]!r}", expected="1 or -1", then=_AGAIN
            )
        sign.append(int(row["sign"]))
        for name, values in columns.items():
            if name in row:
                values.append(_number(file, line, name, row[name]))
    given = {name: values or None for name, values in columns.items()}
    return Edges(source, target, sign, given["rating"], given["time"])


def _number(file: Path, line: int, name: str, cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise unreadable(
            file, line, found=f"the {name} {cell[:60]!r}", expected="a finite number", then=_AGAIN
        )
    return value
