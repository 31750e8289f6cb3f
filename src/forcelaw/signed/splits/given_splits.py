"""A split that somebody else made: train, test and maybe validation part as edge lists."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.errors import unreadable
from forcelaw.signed.io import RatingScale, read, read_ratings
from forcelaw.signed.network import Labels, SignedNetwork, read_labels
from forcelaw.signed.splits.protocols import Split, make_split

PARTS = ("train", "validation", "test")
"""Names of the files of a split, without `.csv`."""


def read_given(
    folder: Path, *, directed: bool | None, bipartite: bool | None, scale: RatingScale | None
) -> Split:
    """See `read_split`."""
    parts = _read_parts(folder, directed, bipartite, scale)
    place: dict[tuple[str, str], str] = {}
    columns: dict[str, list[Any]] = {"source": [], "target": [], "rating": [], "time": []}
    for label, part in parts.items():
        names = part.names
        for source, target in part.edges.tolist():
            edge = (names[source], names[target])
            if place.setdefault(edge, label) != label:
                raise unreadable(
                    folder / f"{label}.csv",
                    found=f"the edge {','.join(edge)}, which is in {place[edge]}.csv too",
                    expected="every edge in one part",
                    then="remove it from one of them",
                )
            columns["source"].append(edge[0])
            columns["target"].append(edge[1])
        columns["rating"] += (part.sign if part.rating is None else part.rating).tolist()
        columns["time"] += [] if part.time is None else part.time.tolist()
    timed = all(part.time is not None for part in parts.values())
    network = SignedNetwork.from_edges(
        columns["source"],
        columns["target"],
        Labels(np.array(columns["rating"], np.float64)),
        columns["time"] if timed else None,
        directed=all(part.directed for part in parts.values()),
        name=folder.name,
    )
    counts = sum((Counter(part.cleanup) for part in parts.values()), Counter())
    network = dataclasses.replace(network, cleanup={**network.cleanup, **counts})
    ends = zip(network.source.tolist(), network.target.tolist(), strict=True)
    of_edge = np.array([place[network.names[u], network.names[v]] for u, v in ends])
    return make_split(
        network,
        test=np.flatnonzero(of_edge == "test"),
        validation=np.flatnonzero(of_edge == "validation") if "validation" in parts else None,
        protocol="given",
        seed=None,
        transductive=False,
    )


def _read_parts(
    folder: Path, directed: bool | None, bipartite: bool | None, scale: RatingScale | None
) -> dict[str, SignedNetwork]:
    """Each part as a network of its own, all labels read as one column: a part may lack enemies."""
    files = {name: folder / f"{name}.csv" for name in PARTS}
    files = {name: file for name, file in files.items() if file.is_file()}
    if "test" not in files:
        raise unreadable(
            folder / "test.csv", found="no such file", expected="the test part", then="add it"
        )
    ratings = [read_ratings(file, scale) for file in files.values()]
    whole = read_labels(np.concatenate(ratings), scale, place=str(folder))
    ends = np.cumsum([len(part) for part in ratings])[:-1]
    parts = {}
    for (name, file), raw, rating in zip(
        files.items(), ratings, np.split(whole.rating, ends), strict=True
    ):
        labels = Labels(rating, int((raw == 0).sum()) if whole.false else 0)
        parts[name] = read(file, directed=directed, bipartite=bipartite, labels=labels)
    return parts
