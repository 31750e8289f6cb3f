"""Triangles by their signs: of unordered pairs, and by direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from forcelaw.signed.features.settings import FEATURE_SETTINGS
from forcelaw.signed.features.triads import TRIADS_DIRECTED, count_triads
from forcelaw.signed.network import SignedNetwork
from forcelaw.signed.structural_balance.settings import BALANCE_SETTINGS, BalanceSettings
from forcelaw.storage import ParsedObject

KINDS: tuple[str, ...] = ("+++", "++-", "+--", "---")
"""Triangles of unordered pairs, by the number of their negative edges."""
BALANCED = (True, False, True, False)
"""Which `KINDS` are: those with an even number of negative edges (Cartwright & Harary 1956)."""
TRANSITIVE = tuple(f"{a}{b}{c}" for a in "+-" for b in "+-" for c in "+-")
"""Triangles u to w, w to v and u to v, by the signs of these edges in that order."""


@dataclass(frozen=True, eq=False, repr=False)
class Triangles:
    """How many triangles there are of every kind.

    **Attributes:**

    - `counts`: of unordered pairs, by `KINDS`.
    - `transitive`: of a directed network the triangles of directed edges u to w, w to v, u to v, by
      the signs in that order; None of an undirected one. Pairs joined in both directions are in
      several.
    - `cyclic`: those that lead around, by their number of negative edges as `KINDS`.
    """

    counts: dict[str, int]
    transitive: dict[str, int] | None
    cyclic: dict[str, int] | None

    @property
    def total(self) -> int:
        """How many there are of unordered pairs."""
        return sum(self.counts.values())

    @property
    def balanced(self) -> float:
        """The share with an even number of negative edges; 1 where there are no triangles."""
        even = sum(self.counts[kind] for kind, is_so in zip(KINDS, BALANCED, strict=True) if is_so)
        return even / self.total if self.total else 1.0

    @property
    def weakly_balanced(self) -> float:
        """The share without exactly one negative edge (Davis, Human Relations 20(2), 1967)."""
        return 1 - self.counts["++-"] / self.total if self.total else 1.0

    def to_json(self) -> ParsedObject:
        """The kinds, `balanced`, `weakly_balanced`, and `transitive` and `cyclic` or null."""
        shares = {"balanced": self.balanced, "weakly_balanced": self.weakly_balanced}
        return {
            **self.counts,
            **shares,
            "transitive": self.transitive,
            "cyclic": self.cyclic,
        }

    def __repr__(self) -> str:
        return f"<Triangles {self.total:,}, {self.balanced:.1%} balanced>"


def count_triangles(network: SignedNetwork, listed: Int[np.ndarray, "triangle 3"]) -> Triangles:
    """The census of a network, whose triangles of unordered pairs are `listed`."""
    counts = dict(zip(KINDS, kinds(network.pairs().sign, listed).tolist(), strict=True))
    transitive, cyclic = _count_directed(network) if network.directed else (None, None)
    return Triangles(counts, transitive, cyclic)


def kinds(
    sign: Int[np.ndarray, " edge"], listed: Int[np.ndarray, "triangle 3"]
) -> Int[np.ndarray, " kind"]:
    """How many of the listed triangles are of each of `KINDS`."""
    negative = sign < 0
    return np.bincount(negative[listed].sum(axis=1), minlength=4)


def list_triangles(
    pairs: SignedNetwork, settings: BalanceSettings = BALANCE_SETTINGS
) -> Int[np.ndarray, "triangle 3"]:
    """The three edges of every triangle of an undirected network.

    Every edge points to its end of more edges; a triangle then is two edges out of one node and the
    one between their ends. No node has more edges out than the root of twice all edges, and so
    hubs cost little (Latapy, Theoretical Computer Science 407, 2008).
    """
    degree, nodes = pairs.degree, pairs.n_nodes
    rank = np.empty(nodes, np.int64)
    rank[np.argsort(degree, kind="stable")] = np.arange(nodes)
    ends = np.sort(rank[pairs.edges], axis=1)
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    start, end = ends[order].T
    key = start * nodes + end
    out = np.bincount(start, minlength=nodes)
    last = np.cumsum(out)
    # Each edge with all later ones out of the same node.
    later = last[start] - np.arange(len(start)) - 1
    found = []
    begin, total = 0, np.concatenate([[0], np.cumsum(later)])
    while begin < len(start):
        upto = int(np.searchsorted(total, total[begin] + settings.wedges, side="right")) - 1
        upto = max(upto, begin + 1)
        count = later[begin:upto]
        first = np.repeat(np.arange(begin, upto), count)
        step = np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count)
        second = first + 1 + step
        low, high = end[first], end[second]
        wanted = low * nodes + high
        place = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
        hit = key[place] == wanted
        found.append(order[np.stack([first[hit], second[hit], place[hit]], axis=1)])
        begin = upto
    return np.concatenate(found) if found else np.empty((0, 3), np.int64)


def _count_directed(network: SignedNetwork) -> tuple[dict[str, int], dict[str, int]]:
    """Transitive and cyclic triangles of directed edges, by sign."""
    triads = count_triads(network, network.edges, FEATURE_SETTINGS)
    column = {name: triads[:, place] for place, name in enumerate(TRIADS_DIRECTED)}

    def total(edge: str, kind: str) -> int:
        own = network.sign > 0 if edge == "+" else network.sign < 0
        counts: Float[np.ndarray, " edge"] = column[kind]
        return round(float(counts[own].sum()))

    transitive = {
        kind: total(kind[2], f"source_out{kind[0]}_target_in{kind[1]}") for kind in TRANSITIVE
    }
    around = [0, 0, 0, 0]
    for kind in TRANSITIVE:
        # v to w, w to u, u to v: every triangle is met from each of its three edges.
        count = total(kind[2], f"source_in{kind[1]}_target_out{kind[0]}")
        around[kind.count("-")] += count
    cyclic = {kind: count // 3 for kind, count in zip(KINDS, around, strict=True)}
    return transitive, cyclic
