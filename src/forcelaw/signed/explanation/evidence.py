"""The edges behind a prediction: common neighbours, triangles, and the ratings of both ends."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Int

from forcelaw.signed.explanation.settings import EVIDENCE_SETTINGS, EvidenceSettings
from forcelaw.signed.network import SignedNetwork
from forcelaw.storage import Record


@dataclass(frozen=True)
class Rating(Record):
    """One edge of an end of the pair."""

    node: str
    """At the other end."""
    sign: int
    rating: float | None
    time: float | None


@dataclass(frozen=True)
class Ratings(Record):
    """The edges of one node in one direction, without the pair itself."""

    positive: int
    negative: int
    mean: float | None
    """Mean rating, or sign where there are none; None without edges."""
    listed: tuple[Rating, ...]
    """The rarer sign first, then the latest, then by name."""


@dataclass(frozen=True)
class EndEvidence(Record):
    """What one end of the pair gives and receives; in an undirected network both are its edges."""

    node: str
    given: Ratings
    received: Ratings


@dataclass(frozen=True)
class Triangle(Record):
    """A common neighbour, and how it is joined to both ends."""

    node: str
    source: tuple[str, ...]
    """Edges between source and neighbour: `out+`, `out-`, `in+`, `in-` as the source sees them; `+`
    or `-` without directions."""
    target: tuple[str, ...]
    """The same of the target."""
    balanced_sign: int
    """Of the pair, with which the triangle is balanced: the product of the other two sides, where a
    side is negative if one of its directions is."""


@dataclass(frozen=True)
class Evidence(Record):
    """What the training network holds about a pair."""

    known_sign: int
    """Of the pair itself, 0 where the network does not have it."""
    opposite_sign: int
    """Of the edge from target to source; 0 where there is none, or without directions."""
    friendly_triangles: int
    """Common neighbours whose triangle is balanced if the pair is positive."""
    hostile_triangles: int
    """Those whose triangle is balanced if it is negative."""
    triangles: tuple[Triangle, ...]
    """The neighbours of lowest degree first, as they tell most."""
    source: EndEvidence
    target: EndEvidence


@dataclass(frozen=True, eq=False)
class Neighbourhoods:
    """A training network with the edges of every node at hand."""

    network: SignedNetwork
    settings: EvidenceSettings = EVIDENCE_SETTINGS

    @cached_property
    def _rows(self) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """Of outgoing and of incoming edges: order by node, and where each node begins."""
        found = []
        for side in (self.network.source, self.network.target):
            order = np.argsort(side, kind="stable")
            begin = np.searchsorted(side[order], np.arange(self.network.n_nodes + 1))
            found.append((order, begin))
        return found[0], found[1]

    def edges(self, node: int, *, outgoing: bool) -> Int[np.ndarray, " row"]:
        """The rows of a node's edges as a source, or as a target."""
        order, begin = self._rows[0 if outgoing else 1]
        return order[begin[node] : begin[node + 1]]

    def of(self, source: int, target: int) -> Evidence:
        """What there is about a pair."""
        triangles = self._triangles(source, target)
        friendly = sum(triangle.balanced_sign > 0 for triangle in triangles)
        return Evidence(
            known_sign=self._sign(source, target),
            opposite_sign=self._sign(target, source) if self.network.directed else 0,
            friendly_triangles=friendly,
            hostile_triangles=len(triangles) - friendly,
            triangles=tuple(triangles[: self.settings.most_triangles]),
            source=self._end(source, target),
            target=self._end(target, source),
        )

    def _sides(self, node: int) -> dict[int, tuple[str, ...]]:
        """Every neighbour of a node, and the edges between the two."""
        network, found = self.network, dict[int, tuple[str, ...]]()
        for outgoing, word in ((True, "out"), (False, "in")):
            rows = self.edges(node, outgoing=outgoing)
            others = (network.target if outgoing else network.source)[rows]
            for other, sign in zip(others.tolist(), network.sign[rows].tolist(), strict=True):
                shown = (word if network.directed else "") + ("+" if sign > 0 else "-")
                found[other] = (*found.get(other, ()), shown)
        return found

    def _triangles(self, source: int, target: int) -> list[Triangle]:
        first, second = self._sides(source), self._sides(target)
        degree, names = self.network.degree, self.network.names
        common = sorted(first.keys() & second.keys(), key=lambda node: (degree[node], node))
        return [
            Triangle(
                names[node], first[node], second[node], _side(first[node]) * _side(second[node])
            )
            for node in common
        ]

    def _sign(self, source: int, target: int) -> int:
        network = self.network
        signs = []
        for outgoing in (True,) if network.directed else (True, False):
            rows = self.edges(source, outgoing=outgoing)
            others = (network.target if outgoing else network.source)[rows]
            signs += network.sign[rows[others == target]].tolist()
        return int(signs[0]) if signs else 0

    def _end(self, node: int, other: int) -> EndEvidence:
        given, received = (self.edges(node, outgoing=outgoing) for outgoing in (True, False))
        if not self.network.directed:
            every = self._ratings(node, other, np.concatenate([given, received]))
            return EndEvidence(self.network.names[node], every, every)
        return EndEvidence(
            self.network.names[node],
            self._ratings(node, other, given),
            self._ratings(node, other, received),
        )

    def _ratings(self, node: int, other: int, rows: Int[np.ndarray, " row"]) -> Ratings:
        """Of the edges of a node in these rows, but for those between it and the other one."""
        network = self.network
        ends = np.where(network.source[rows] == node, network.target[rows], network.source[rows])
        rows, ends = rows[ends != other], ends[ends != other]
        sign = network.sign[rows]
        positive, negative = int((sign > 0).sum()), int((sign < 0).sum())
        value = sign if network.rating is None else network.rating[rows]
        time = np.zeros(len(rows)) if network.time is None else network.time[rows]
        common = sign > 0 if positive > negative else sign < 0
        order = np.lexsort((ends, -time, common))[: self.settings.most_ratings]
        listed = tuple(
            Rating(
                network.names[ends[at]],
                int(sign[at]),
                None if network.rating is None else float(value[at]),
                None if network.time is None else float(time[at]),
            )
            for at in order
        )
        mean = float(value.mean()) if len(rows) else None
        return Ratings(positive, negative, mean, listed)


def _side(edges: tuple[str, ...]) -> int:
    """The sign of an unordered pair: negative if one of its directions is."""
    return -1 if any(edge.endswith("-") for edge in edges) else 1


def evidence_of(
    network: SignedNetwork,
    pairs: Int[np.ndarray, "pair 2"],
    settings: EvidenceSettings = EVIDENCE_SETTINGS,
) -> tuple[Evidence, ...]:
    """What a network holds about each of the pairs of node indices."""
    near = Neighbourhoods(network, settings)
    return tuple(near.of(source, target) for source, target in np.asarray(pairs).tolist())
