"""A signed network: who trusts or distrusts whom."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.errors import InputError
from forcelaw.files import many
from forcelaw.signed.network.edge_rows import EdgeRows, in_largest_component
from forcelaw.signed.network.labels import Labels, read_labels
from forcelaw.signed.network.merge_rows import hash_of, merge_edges, pair_keys, sorted_names
from forcelaw.signed.network.node_names import keep_apart, node_name


def _no_pairs() -> np.ndarray:
    return np.empty((0, 2), np.int32)


@dataclass(frozen=True, eq=False, repr=False)
class SignedNetwork(EdgeRows):
    """Nodes and signed edges, cleaned up: no self-loop, no edge twice, every sign +1 or -1.

    Nodes are sorted by name (numbers as numbers) and edges by source and target, so that two
    files which differ only in the order of their lines give the same network.

    **Attributes:**

    - `names`: node names; a node's index is its position here.
    - `source`, `target`: node indices `[edge]`, int32. In an undirected network source < target.
    - `sign`: +1 or -1 `[edge]`, int8.
    - `rating`: the weight the sign was read from `[edge]`, float32; None if the input had only
      signs.
    - `time`: seconds or any other increasing number `[edge]`, float64; None if unknown.
    - `directed`: whether an edge runs from source to target or joins an unordered pair.
    - `name`: dataset or file name, for reports.
    - `content_hash`: sha256 of the uncompressed input.
    - `cleanup`: how often each clean-up rule was applied, by rule: `zero_ratings` rows dropped
      because rating 0 is neither friend nor enemy, `self_loops` rows dropped because an edge joins
      a node to itself, `duplicates` rows merged into another row of the same edge, `conflicts`
      edges whose rows disagreed about the sign, `false_labels` rows whose sign, 0 or False, was
      read as -1, `shared_names` names of a source and of a target that were taken for one node,
      `empty_source` records without a source (WikiRfA), `approximate_times` records dated by their
      year only (WikiRfA).
    - `unknown`: pairs that exist but whose sign is hidden `[pair, 2]`, int32. Empty except in the
      training part of a transductive split.
    - `directed_ratings`: the directed edges that unordered pairs were made of, on the same nodes.
      None if the network is directed itself, or if the directions are not known.
    - `forecast`: whether the pairs to predict come later than all edges, as in a temporal split.
      Learning then hides the latest edges, not random ones, and reads times.
    """

    names: tuple[str, ...]
    source: Int[np.ndarray, " edge"]
    target: Int[np.ndarray, " edge"]
    sign: Int[np.ndarray, " edge"]
    rating: Float[np.ndarray, " edge"] | None = None
    time: Float[np.ndarray, " edge"] | None = None
    directed: bool = True
    name: str = "network"
    content_hash: str = ""
    cleanup: dict[str, int] = field(default_factory=dict)
    unknown: Int[np.ndarray, "pair 2"] = field(default_factory=_no_pairs)
    directed_ratings: SignedNetwork | None = None
    forecast: bool = False

    def __post_init__(self) -> None:
        shape = (len(self.source),)
        for label in ("source", "target", "sign", "rating", "time"):
            array = getattr(self, label)
            if array is not None and array.shape != shape:
                raise InputError(
                    f"{label} has shape {array.shape}, expected {shape} like source; "
                    "give one value for each edge"
                )
        ends = np.concatenate([self.source, self.target, self.unknown.ravel()])
        if ends.size and not (ends.min() >= 0 and ends.max() < len(self.names)):
            raise InputError(
                f"edges name node {ends.min() if ends.min() < 0 else ends.max()}, expected "
                f"0 to {len(self.names) - 1}; node indices are positions in names"
            )
        if not np.isin(self.sign, (-1, 1)).all():
            raise InputError("sign holds values other than +1 and -1; give the sign of each rating")

    @classmethod
    def from_edges(
        cls,
        source: Iterable[Any],
        target: Iterable[Any],
        rating: Iterable[Any] | np.ndarray | Labels,
        time: Iterable[float | int] | np.ndarray | None = None,
        *,
        scale: tuple[float | int, float | int] | None = None,
        nodes: Iterable[Any] = (),
        directed: bool = True,
        bipartite: bool = False,
        name: str = "network",
        content_hash: str = "",
    ) -> SignedNetwork:
        """Builds a network from rows as they stand in a file, and cleans them up.

        `read_labels` states how ratings become signs. Rating 0 and self-loops are dropped. Rows of
        the same edge (of the same unordered pair if not `directed`) are merged: with times the
        latest row decides, and without times, or among equally late rows, one negative row makes
        the edge negative. The rating of a merged edge is the mean of the deciding rows that carry
        its sign, its time the latest.

        **Arguments:**

        - `source`, `target`: node names `[row]`; numbers are names, too.
        - `rating`: signs, ratings or booleans `[row]`, see `read_labels`.
        - `time`: any finite number `[row]`.
        - `scale`: the least and the largest rating there can be, see `read_labels`.
        - `nodes`: names of further nodes, for those without an edge.
        - `bipartite`: whether sources and targets are of two kinds, such as users and items. They
          are then called `source:` and `target:` and their name, so that one name on both sides is
          two nodes.

        **Raises** `InputError`: lengths differ, a rating or time is not finite, or ratings that lie
        on an unknown scale.
        """
        labels = rating if isinstance(rating, Labels) else read_labels(rating, scale, place=name)
        named = map(node_name, source), map(node_name, target)
        source, target = keep_apart(*named) if bipartite else named
        known: dict[str, int] = {}
        row_source = np.fromiter((known.setdefault(n, len(known)) for n in source), np.int64)
        row_target = np.fromiter((known.setdefault(n, len(known)) for n in target), np.int64)
        for node in nodes:
            known.setdefault(node_name(node), len(known))
        times = None
        if time is not None:
            times = np.asarray(list(time) if not isinstance(time, np.ndarray) else time, np.float64)
        names, order = sorted_names(list(known))
        edges, cleanup = merge_edges(
            order[row_source],
            order[row_target],
            labels.rating,
            times,
            n_nodes=len(names),
            directed=directed,
        )
        if labels.false:
            cleanup["false_labels"] = labels.false
        if not content_hash:
            content_hash = hash_of(names, edges)
        only_signs = bool((np.abs(edges.rating) == 1).all())
        return cls(
            names=names,
            source=edges.source,
            target=edges.target,
            sign=np.sign(edges.rating).astype(np.int8),
            rating=None if only_signs else edges.rating.astype(np.float32),
            time=edges.time,
            directed=directed,
            name=name,
            content_hash=content_hash,
            cleanup=cleanup,
        )

    def __repr__(self) -> str:
        direction = "" if self.directed else "undirected "
        enemies = f", {1 - self.positive_share:.0%} enemies" if self.n_edges else ""
        size = f"{many(self.n_nodes, 'node')}, {many(self.n_edges, direction + 'edge')}{enemies}"
        return f"SignedNetwork({self.name!r}: {size})"

    @property
    def positive_share(self) -> float:
        """Share of positive edges; nan without edges."""
        return float((self.sign > 0).mean()) if self.n_edges else float("nan")

    def index(self, names: Iterable[str]) -> Int[np.ndarray, " name"]:
        """Node indices of names, int32.

        **Raises** `InputError`: a name is not a node of this network.
        """
        position = {name: i for i, name in enumerate(self.names)}
        try:
            return np.array([position[name] for name in names], np.int32)
        except KeyError as missing:
            raise InputError(
                f"found node {missing.args[0]!r}, expected one of the {self.n_nodes} nodes of "
                f"{self.name}; ask only for nodes the network has"
            ) from None

    def subset(self, mask: Bool[np.ndarray, " edge"] | Int[np.ndarray, " kept"]) -> SignedNetwork:
        """The same nodes with the chosen edges (mask or indices)."""
        ratings = self.directed_ratings
        if ratings is not None:
            chosen = pair_keys(self.edges[mask], self.n_nodes)
            ratings = ratings.subset(np.isin(pair_keys(ratings.edges, self.n_nodes), chosen))
        return dataclasses.replace(
            self,
            directed_ratings=ratings,
            source=self.source[mask],
            target=self.target[mask],
            sign=self.sign[mask],
            rating=None if self.rating is None else self.rating[mask],
            time=None if self.time is None else self.time[mask],
        )

    def pairs(self) -> SignedNetwork:
        """The undirected view: unordered pairs; a pair whose directions disagree is negative.

        `cleanup` counts the pairs that had both directions (`merged_directions`) and those that
        disagreed (`conflicting_pairs`). A pair's time is the latest of its edges.
        """
        if not self.directed:
            return self
        rating = self.sign if self.rating is None else self.rating
        edges, counts = merge_edges(
            self.source,
            self.target,
            rating.astype(np.float64),
            self.time,
            n_nodes=self.n_nodes,
            directed=False,
            latest_decides=False,
        )
        merged = {
            "merged_directions": counts["duplicates"],
            "conflicting_pairs": counts["conflicts"],
        }
        return dataclasses.replace(
            self,
            source=edges.source,
            target=edges.target,
            sign=np.sign(edges.rating).astype(np.int8),
            rating=None if self.rating is None else edges.rating.astype(np.float32),
            time=edges.time,
            directed=False,
            cleanup=self.cleanup | merged,
            unknown=np.unique(np.sort(self.unknown, axis=1), axis=0),
            directed_ratings=dataclasses.replace(self, unknown=_no_pairs()),
        )

    def largest_component(self) -> SignedNetwork:
        """The largest weakly connected component, its nodes numbered anew in the same order."""
        if self.n_nodes == 0:
            return self
        inside = in_largest_component(self.edges, self.n_nodes)
        number = np.cumsum(inside) - 1
        kept = self.subset(inside[self.source])
        unknown = self.unknown[inside[self.unknown].all(axis=1)]
        names = tuple(name for name, keep in zip(self.names, inside, strict=True) if keep)

        def renumbered(network: SignedNetwork) -> SignedNetwork:
            return dataclasses.replace(
                network,
                names=names,
                source=number[network.source].astype(np.int32),
                target=number[network.target].astype(np.int32),
            )

        ratings = kept.directed_ratings
        return dataclasses.replace(
            renumbered(kept),
            unknown=number[unknown].astype(np.int32),
            directed_ratings=None if ratings is None else renumbered(ratings),
        )
