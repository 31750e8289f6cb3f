"""Splits on disk: CSV files that any program can read, and a manifest that describes them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.errors import InvalidSetting, check_type, unreadable, wrong_input
from forcelaw.files import write_rows
from forcelaw.signed.network import SignedNetwork
from forcelaw.signed.splits.given_splits import PARTS, read_given
from forcelaw.signed.splits.protocols import SignedPairs, Split, make_split
from forcelaw.signed.splits.split_tables import (
    MANIFEST,
    SCHEMA,
    Manifest,
    read_edges,
    read_manifest,
    read_nodes,
)

DIRECTED_RATINGS = "statements.csv"
"""The name is part of the format."""


def save_split(split: Split, folder: str | os.PathLike[str], *, force: bool = False) -> Path:
    """Writes a split: `nodes.csv`, `train.csv`, `test.csv`, maybe `validation.csv`, `split.json`.

    For unordered pairs `statements.csv` keeps the directed edges that the training pairs were made
    of. The files have a header; the manifest holds the dataset's name and hash, protocol, seed,
    sizes and the sha256 of each file. The folder appears complete or not at all.

    **Raises** `InputError`: the folder exists and `force` is not given.
    """
    from forcelaw.storage import temporary_folder

    check_type("save_split", split, Split, then="make one with fl.signed.split(...)")
    folder = Path(folder)
    if folder.exists() and not force:
        raise wrong_input(
            folder, found="an existing folder or file", expected="a new one", then="use force"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with temporary_folder(folder) as temporary:
        fresh = temporary / "split"
        fresh.mkdir()
        train = split.train
        _write(fresh / "nodes.csv", ["node"], ([name] for name in train.names))
        _write_edges(fresh / "train.csv", train, train.edges, train.rating)
        ratings = train.directed_ratings
        if ratings is not None:
            _write_edges(fresh / DIRECTED_RATINGS, ratings, ratings.edges, ratings.rating)
        for label, part in (("test", split.test), ("validation", split.validation)):
            if part is not None:
                _write_edges(fresh / f"{label}.csv", part, part.pairs, part.rating)
        files = sorted(fresh.iterdir())
        manifest = {
            "schema": SCHEMA,
            "dataset": train.name,
            "content_hash": train.content_hash,
            "protocol": split.protocol,
            "seed": split.seed,
            "transductive": split.transductive,
            "directed": train.directed,
            "reverse_share": split.reverse_share,
            "nodes": train.n_nodes,
            "train": train.n_edges,
            "validation": 0 if split.validation is None else len(split.validation),
            "test": len(split.test),
            "cleanup": train.cleanup,
            "sha256": {file.name: _sha256(file) for file in files},
        }
        (fresh / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
        if folder.exists():
            # Removed only once the new one stands in its place.
            folder.replace(temporary / "earlier")
        fresh.replace(folder)
    return folder


def read_split(
    folder: str | os.PathLike[str],
    *,
    directed: bool | None = None,
    bipartite: bool | None = None,
    scale: tuple[float | int, float | int] | None = None,
) -> Split:
    """Reads a split that `save_split` wrote, identical to the one saved, or somebody else's.

    A folder without a manifest is read as a given split, protocol `given`: signed edge lists
    `train.csv`, `test.csv` and maybe `validation.csv`, as `read` reads them with these options. The
    signs of all parts are read alike.

    **Raises** `UnreadableFile`: a file is missing, damaged, or not the one the manifest names, or a
    given edge stands in two of the files; `InvalidSetting`: an option for a split that forcelaw
    wrote, which declares it itself.
    """
    folder = Path(folder)
    if not (folder / MANIFEST).exists() and (folder / "train.csv").is_file():
        return read_given(folder, directed=directed, bipartite=bipartite, scale=scale)
    options = {"a scale": scale, "a direction": directed, "two kinds of nodes": bipartite}
    option = next((words for words, value in options.items() if value is not None), None)
    if option is not None:
        raise InvalidSetting(
            f"{folder}: found a split that forcelaw wrote, expected none with {option}: it was "
            "declared when the split was made; leave it out"
        )
    manifest = read_manifest(folder)
    for name, expected in manifest.sha256.items():
        file = folder / name
        if not file.is_file() or _sha256(file) != expected:
            raise unreadable(
                file,
                found="no such file" if not file.is_file() else f"sha256 {_sha256(file)}",
                expected=f"{expected[:64]} as in {MANIFEST}",
                then="write the split again",
            )
    for name in ("nodes.csv", "train.csv", "test.csv"):
        if name not in manifest.sha256:
            raise unreadable(
                folder / MANIFEST,
                found=f"no sha256 of {name}",
                expected="one of each file",
                then="write the split again",
            )
    names = read_nodes(folder / "nodes.csv")
    labels = [name for name in PARTS if f"{name}.csv" in manifest.sha256]
    files = [folder / f"{label}.csv" for label in labels]
    network, order, of_row = _network(files, names, manifest, directed=manifest.directed)
    of_edge = np.array(labels)[of_row[order]]
    split = make_split(
        network,
        test=np.flatnonzero(of_edge == "test"),
        validation=np.flatnonzero(of_edge == "validation") if "validation" in labels else None,
        protocol=manifest.protocol,
        seed=manifest.seed,
        transductive=manifest.transductive,
    )
    if DIRECTED_RATINGS not in manifest.sha256:
        return split
    ratings, *_ = _network([folder / DIRECTED_RATINGS], names, manifest, directed=True)
    return dataclasses.replace(
        split, train=dataclasses.replace(split.train, directed_ratings=ratings)
    )


def _network(
    files: Sequence[Path], names: tuple[str, ...], manifest: Manifest, *, directed: bool
) -> tuple[SignedNetwork, np.ndarray, np.ndarray]:
    """The network of all files, the order that sorted its edges, and the file of each row."""
    position = {name: i for i, name in enumerate(names)}
    parts = [read_edges(file, position) for file in files]
    source = np.array([end for part in parts for end in part.source], np.int32)
    target = np.array([end for part in parts for end in part.target], np.int32)
    order = np.lexsort((target, source))
    _check_once(files, names, source[order], target[order], directed=directed)

    def column(values: list[list[float] | None], kind: Any) -> np.ndarray | None:
        filled = [part for part in values if part is not None]
        rows = [value for part in filled for value in part]
        if not rows:
            return None
        if len(rows) != len(source):
            raise unreadable(
                files[0].parent,
                found="a rating or time in some of its files only",
                expected="the same columns in each",
                then="write the split again",
            )
        return np.array(rows, np.float64).astype(kind)[order]

    network = SignedNetwork(
        names=names,
        source=source[order],
        target=target[order],
        sign=np.array([sign for part in parts for sign in part.sign], np.int8)[order],
        rating=column([part.rating for part in parts], np.float32),
        time=column([part.time for part in parts], np.float64),
        directed=directed,
        name=manifest.dataset,
        content_hash=manifest.content_hash,
        cleanup=manifest.cleanup,
    )
    return network, order, np.repeat(np.arange(len(parts)), [len(part.sign) for part in parts])


def _check_once(
    files: Sequence[Path],
    names: tuple[str, ...],
    source: np.ndarray,
    target: np.ndarray,
    *,
    directed: bool,
) -> None:
    """Every edge once, between two different nodes; arguments sorted."""
    wrong = source == target
    if directed:
        wrong[1:] |= (source[1:] == source[:-1]) & (target[1:] == target[:-1])
    else:
        low, high = np.minimum(source, target), np.maximum(source, target)
        _, first = np.unique(low.astype(np.int64) * len(names) + high, return_index=True)
        again = np.ones(len(source), bool)
        again[first] = False
        wrong |= again
    if wrong.any():
        edge = np.flatnonzero(wrong)[0]
        ends = f"{names[source[edge]]},{names[target[edge]]}"
        raise unreadable(
            files[0].parent,
            found=f"the edge {ends} twice or of a node with itself",
            expected="every edge once, in one part",
            then="write the split again",
        )


def _write_edges(
    file: Path, part: SignedNetwork | SignedPairs, pairs: np.ndarray, rating: np.ndarray | None
) -> None:
    """One line an edge; numbers in the shortest form that reads back the same."""
    names = part.names
    columns: dict[str, Iterable[Any]] = {
        "source": (names[i] for i in pairs[:, 0].tolist()),
        "target": (names[i] for i in pairs[:, 1].tolist()),
        "sign": part.sign.tolist(),
    }
    if rating is not None:
        columns["rating"] = rating.tolist()
    if part.time is not None:
        columns["time"] = part.time.tolist()
    _write(file, list(columns), zip(*columns.values(), strict=True))


def _write(file: Path, header: list[str], rows: Iterable[Sequence[Any]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as stream:
        write_rows(stream, header, rows)


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
