"""What `forcelaw signed explain` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from forcelaw.files import many
from forcelaw.report.signed_part import show_cleanup
from forcelaw.report.tables import new_table

if TYPE_CHECKING:
    from rich.console import Console

_COLUMNS, _LISTED = 3, 5
"""Columns of a group, and triangles and ratings, that are printed; --json has more."""


def show_explained(console: Console, document: Mapping[str, Any]) -> None:
    """Pair by pair what adds to its log-odds, and the edges behind it."""
    for pair in document["pairs"]:
        _show_pair(console, pair, document["threshold"])
        console.print()
    console.print(
        "Contributions add up to the log-odds of a friend; beside them the columns that add most.",
        soft_wrap=True,
    )
    show_cleanup(console, document)
    for key in ("out", "plot"):
        if document.get(key):
            console.print(f"{document[key]} written", soft_wrap=True)


def _show_pair(console: Console, pair: Mapping[str, Any], threshold: float) -> None:
    arrow, word = f"{pair['source']} -> {pair['target']}", _word(pair["sign"])
    console.print(
        f"{arrow}: {word}, probability of a friend {pair['probability']:.3f} "
        f"(a friend from {threshold:.3f} on)",
        soft_wrap=True,
    )
    table = new_table("", "log-odds>", "")
    table.add_row("average pair", f"{pair['base']:+.3f}", "")
    for group, value in pair["groups"].items():
        columns = [column for column in pair["columns"] if column["group"] == group][:_COLUMNS]
        shown = ", ".join(f"{each['name']} {each['contribution']:+.2f}" for each in columns)
        table.add_row(group, f"{value:+.3f}", shown)
    table.add_row("sum", f"{pair['log_odds']:+.3f}", "")
    console.print(table)
    for line in _evidence(pair):
        console.print(line, soft_wrap=True)


def _evidence(pair: Mapping[str, Any]) -> list[str]:
    evidence, lines = pair["evidence"], []
    if evidence["known_sign"]:
        lines.append(
            f"The network has this pair: {_word(evidence['known_sign'])}. Some columns have seen "
            "that, such as the effects of both ends; forcelaw signed suspects tells it without."
        )
    if evidence["opposite_sign"]:
        lines.append(f"{pair['target']} -> {pair['source']}: {_word(evidence['opposite_sign'])}")
    friendly, hostile = evidence["friendly_triangles"], evidence["hostile_triangles"]
    words = many(friendly + hostile, "common neighbour")
    if friendly + hostile:
        words += f": {friendly:,} balanced with a friend, {hostile:,} with an enemy"
    lines.append(words)
    shown = evidence["triangles"][:_LISTED]
    for triangle in shown:
        sides = " / ".join(" ".join(triangle[end]) for end in ("source", "target"))
        lines.append(f"  {triangle['node']} ({sides}): {_word(triangle['balanced_sign'])}")
    if friendly + hostile > len(shown):
        lines.append(f"  and {friendly + hostile - len(shown):,} more")
    for end in ("source", "target"):
        node = evidence[end]
        ways = ("given", "received") if node["given"] != node["received"] else ("given",)
        for way in ways:
            lines.append(_ratings(node["node"], node[way], way if len(ways) > 1 else "has"))
    return lines


def _ratings(node: str, ratings: Mapping[str, Any], way: str) -> str:
    """One line: how many, their mean, and the first that are listed."""
    words = f"{node}, {way}: {ratings['positive']:,} positive, {ratings['negative']:,} negative"
    if ratings["mean"] is not None:
        words += f", mean {ratings['mean']:.2f}"
    if ratings["listed"]:
        shown = (
            f"{each['node']} {each['sign'] if each['rating'] is None else each['rating']:+g}"
            for each in ratings["listed"][:_LISTED]
        )
        words += f" ({', '.join(shown)}, ...)".replace(
            ", ...", "" if len(ratings["listed"]) <= _LISTED else ", ..."
        )
    return words


def _word(sign: int) -> str:
    return "friend" if sign > 0 else "enemy"
