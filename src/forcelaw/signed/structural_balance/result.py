"""What is found about the balance of a network, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from forcelaw.files import many
from forcelaw.signed.frustration_index import Frustration
from forcelaw.signed.grouping import GeneralisedFrustration
from forcelaw.signed.structural_balance.null_models import Null
from forcelaw.signed.structural_balance.triangles import KINDS, Triangles
from forcelaw.signed.structural_balance.walks import Walks
from forcelaw.storage import RESULTS_SCHEMA, ParsedObject, Record, plain


@dataclass(frozen=True)
class NullModel(Record):
    """The four numbers in networks of shuffled signs."""

    triangles: Null
    """The share of balanced ones."""
    walks: Null
    frustration: Null
    """By a short search, of the network itself as well."""
    generalised: Null
    """As of `frustration`."""
    networks: int
    """How many were drawn."""


@dataclass(frozen=True, repr=False)
class Balance(Record):
    """How balanced a network is.

    `frustration` and `walks` are of unordered pairs, of which one negative edge makes a pair
    negative. `shuffled` has the same signs on other edges; in `by_node` every node expects as many
    negative edges as it has.
    """

    dataset: str
    nodes: int
    edges: int
    pairs: int
    """Unordered pairs that are joined."""
    positive: float
    """The share of positive ones among these."""
    triangles: Triangles
    walks: Walks
    frustration: Frustration
    """Of two groups."""
    generalised: GeneralisedFrustration
    """Of any number of groups."""
    balanced: bool
    """Whether two groups contradict no sign."""
    clusters: int | None
    """How many groups of friends contradict no sign; None if some enemies are joined by friends."""
    shuffled: NullModel
    by_node: NullModel

    def to_json(self) -> ParsedObject:
        """The fields by their names; `null` holds both null models.

        Its `mean`, `std` and `z` are those of the frustration with signs shuffled.
        """
        document = {"schema": RESULTS_SCHEMA, **super().to_json()}
        models = {name: document.pop(name) for name in ("shuffled", "by_node")}
        return {**document, "null": {**plain(self.shuffled.frustration), **models}}

    def __str__(self) -> str:
        head, *rows = self._table()
        widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in (head, *rows)
        ]
        return "\n".join([self._title(), "", *lines, "", *self._notes()])

    def __repr__(self) -> str:
        share = f"{self.triangles.balanced:.1%} of triangles balanced"
        return f"<Balance {self.dataset}: {share}, frustration {self.frustration}>"

    def _repr_html_(self) -> str:
        head, *rows = self._table()
        top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
        body = "".join(
            f"<tr><th>{escape(row[0])}</th>{''.join(f'<td>{escape(c)}</td>' for c in row[1:])}</tr>"
            for row in rows
        )
        notes = "".join(f"<li>{escape(note)}</li>" for note in self._notes())
        title = escape(self._title())
        return f"<p>{title}</p><table><tr>{top}</tr>{body}</table><ul>{notes}</ul>"

    def _title(self) -> str:
        size = f"{many(self.nodes, 'node')}, {many(self.pairs, 'pair')}"
        return f"{self.dataset}: {size}, {self.positive:.1%} positive"

    def _table(self) -> list[tuple[str, ...]]:
        known = self.walks.error
        walks = f"{self.walks.balance:.4g}" + (f" ± {known:.1g}" if known else "")
        values = {
            "triangles": f"{self.triangles.balanced:.1%} balanced"
            if self.triangles.total
            else "none",
            "walks": walks,
            "frustration": str(self.frustration),
            "generalised": str(self.generalised),
        }
        return [
            ("", "network", "signs shuffled", "signs shuffled by node"),
            *(
                (
                    name,
                    value,
                    *(
                        "none" if value == "none" else str(getattr(null, name))
                        for null in (self.shuffled, self.by_node)
                    ),
                )
                for name, value in values.items()
            ),
        ]

    def _notes(self) -> list[str]:
        """What stands below the table."""
        parts = [f"{self.triangles.counts[kind]:,} {kind}" for kind in KINDS]
        notes = [f"Triangles: {', '.join(parts)}."]
        for name in ("transitive", "cyclic"):
            by_kind = getattr(self.triangles, name)
            if by_kind is not None:
                counts = ", ".join(f"{count:,} {kind}" for kind, count in by_kind.items())
                notes.append(f"Directed, {name}: {counts}.")
        if self.balanced:
            notes.append("Balanced: two groups contradict no sign.")
        elif self.clusters is not None:
            words = f"the {many(self.clusters, 'group')} that friends join contradict no sign"
            notes.append(f"Weakly balanced: {words}.")
        for what, found, groups in (
            ("Frustration", self.frustration, 2),
            ("Generalised frustration", self.generalised, self.generalised.groups),
        ):
            share = (
                f"{found.upper / self.pairs:.1%} of pairs contradicted by {many(groups, 'group')}"
            )
            least = f"no groups contradict less than {found.lower / self.pairs:.1%}"
            notes.append(f"{what}: {share}; {'proven to be fewest' if found.exact else least}.")
        return notes
