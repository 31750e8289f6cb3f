"""The factions that were found, and how they are shown and written."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.files import many, spreadsheet_text, write_rows
from forcelaw.signed.network import SignedNetwork
from forcelaw.storage import RESULTS_SCHEMA, ParsedObject, plain


@dataclass(frozen=True, eq=False, repr=False)
class Factions:
    """Groups of the nodes, the largest first.

    **Attributes:**

    - `names`: of the nodes.
    - `group`: the faction of each node, from 0 `[node]`.
    - `probability`: that the node is in this faction, before the last moves `[node]`.
    - `frustration`: pairs that the factions contradict: friends apart, enemies together.
    - `negative`: pairs of enemies.
    - `polarisation`: the share of pairs of friends inside a faction less that of enemies: 1 where
      factions explain every sign, 0 where they explain none; nan where there is one kind of pair,
      which has nothing to be compared with.
    - `node_polarisation`: the same of the pairs of each node; where it has no friends or no
      enemies, the network's share stands for them. nan without pairs, and where that of the network
      is `[node]`.
    - `evidence`: for each number of factions that was tried, the logarithm of how probable it makes
      the signs.
    """

    dataset: str
    names: tuple[str, ...]
    edges: int
    pairs: int
    negative: int
    group: Int[np.ndarray, " node"]
    probability: Float[np.ndarray, " node"]
    frustration: int
    polarisation: float
    node_polarisation: Float[np.ndarray, " node"]
    evidence: Mapping[int, float]

    @classmethod
    def of(
        cls,
        network: SignedNetwork,
        pairs: SignedNetwork,
        group: Int[np.ndarray, " node"],
        probability: Float[np.ndarray, "node group"],
        evidence: Mapping[int, float],
    ) -> Factions:
        """Of the unordered `pairs` of a network; empty groups go."""
        size = np.bincount(group, minlength=probability.shape[1])
        sure = probability[np.arange(len(group)), group].astype(np.float64)
        # By size, then by their first nodes.
        first = np.full(len(size), len(group))
        np.minimum.at(first, group, np.arange(len(group)))
        rank = np.empty(len(size), np.int64)
        rank[np.lexsort((first, -size))] = np.arange(len(size))
        group = rank[group]
        inside = group[pairs.source] == group[pairs.target]
        friend = pairs.sign > 0
        whole, by_node = _polarisation(pairs, inside, friend)
        return cls(
            dataset=network.name,
            names=network.names,
            edges=network.n_edges,
            pairs=pairs.n_edges,
            negative=int((~friend).sum()),
            group=group,
            probability=sure,
            frustration=int((inside != friend).sum()),
            polarisation=whole,
            node_polarisation=by_node,
            evidence=dict(evidence),
        )

    @property
    def k(self) -> int:
        """How many factions there are."""
        return int(self.group.max()) + 1

    @property
    def members(self) -> tuple[tuple[str, ...], ...]:
        """The names in each faction."""
        order = np.argsort(self.group, kind="stable")
        parts = np.split(order, np.cumsum(np.bincount(self.group))[:-1])
        return tuple(tuple(self.names[node] for node in part) for part in parts)

    @property
    def notes(self) -> tuple[str, ...]:
        """In words, what the numbers do not tell."""
        notes = []
        if self.k == 1 and len(self.evidence) > 1:
            few = f"{many(self.negative, 'negative pair')} of {self.pairs:,}"
            tell = "gives" if self.negative == 1 else "give"
            notes.append(f"One faction: {few} {tell} no evidence of more.")
        if np.isnan(self.polarisation):
            kind = "friends" if self.negative == 0 else "enemies"
            notes.append(f"Polarisation is not defined: all pairs are {kind}.")
        return tuple(notes)

    def to_json(self) -> ParsedObject:
        """`k`, `frustration`, `polarisation` (null where not defined), `members`, `notes`, ..."""
        evidence = {str(groups): value for groups, value in self.evidence.items()}
        return {
            "schema": RESULTS_SCHEMA,
            "dataset": self.dataset,
            "nodes": len(self.names),
            "edges": self.edges,
            "pairs": self.pairs,
            "negative": self.negative,
            "k": self.k,
            "frustration": self.frustration,
            "polarisation": plain(self.polarisation),
            "members": plain(self.members),
            "evidence": plain(evidence),
            "notes": list(self.notes),
        }

    def csv(self, *, spreadsheet_safe: bool = False) -> str:
        """`node,faction,polarisation` with a header; factions are counted from 1.

        **Arguments:** `spreadsheet_safe` writes names that a spreadsheet would take for formulas
        as text (`forcelaw.files.spreadsheet_text`).
        """
        text = io.StringIO()
        shown = spreadsheet_text if spreadsheet_safe else str
        columns = zip(self.names, self.group.tolist(), self.node_polarisation.tolist(), strict=True)
        rows = (
            [shown(name), group + 1, "" if np.isnan(own) else f"{own:.6f}"]
            for name, group, own in columns
        )
        write_rows(text, ["node", "faction", "polarisation"], rows)
        return text.getvalue()

    def __str__(self) -> str:
        rows = (" ".join(row) for row in self._rows())
        return "\n".join([self._title(), *self.notes, "", *rows])

    def __repr__(self) -> str:
        return f"<Factions {self.dataset}: {self.k}, frustration {self.frustration:,}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th>{escape(head)}</th><td>{escape(names)}</td></tr>"
            for head, names in self._rows()
        )
        words = "<br>".join(map(escape, (self._title(), *self.notes)))
        return f"<p>{words}</p><table>{rows}</table>"

    def _title(self) -> str:
        share = f"{self.frustration:,} of {many(self.pairs, 'pair')} contradicted"
        spread = "" if np.isnan(self.polarisation) else f"; polarisation {self.polarisation:.3f}"
        return f"{self.dataset}: {many(self.k, 'faction')}; {share}{spread}"

    def _rows(self) -> list[tuple[str, str]]:
        rows = []
        for number, names in enumerate(self.members[:_SHOWN_FACTIONS], 1):
            some = ", ".join(names[:_SHOWN])
            more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
            rows.append((f"Faction {number}, {len(names):,}:", some + more))
        if self.k > _SHOWN_FACTIONS:
            rows.append(("", f"and {self.k - _SHOWN_FACTIONS:,} more factions"))
        return rows


_SHOWN, _SHOWN_FACTIONS = 12, 20
"""Names of a faction, and factions, that are printed."""


def _polarisation(
    pairs: SignedNetwork, inside: Bool[np.ndarray, " edge"], friend: Bool[np.ndarray, " edge"]
) -> tuple[float, Float[np.ndarray, " node"]]:
    """Of the network and of each node; nan where there is one kind of pair."""
    nodes = pairs.n_nodes
    by_node = np.zeros(nodes)
    whole = 0.0
    if friend.all() or not friend.any():
        return np.nan, np.full(nodes, np.nan)
    for kind, way in ((friend, 1.0), (~friend, -1.0)):
        ends = pairs.edges[kind]
        count = np.bincount(ends.ravel(), minlength=nodes)
        own = np.bincount(ends.ravel(), np.repeat(inside[kind], 2).astype(float), nodes)
        share = float(inside[kind].mean())
        known = np.divide(own, count, out=np.full(nodes, share), where=count > 0)
        by_node += way * known
        whole += way * share
    return whole, np.where(pairs.degree > 0, by_node, np.nan)
