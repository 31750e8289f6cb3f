"""Pairs to click through: why each was predicted so, and marked in the network beside it."""

from __future__ import annotations

from collections.abc import Sequence

from forcelaw.report.html import Html, join, tag
from forcelaw.report.parts import table
from forcelaw.report.readable_numbers import number
from forcelaw.report.results.signed_results import ToldPair


def told_pairs(pairs: Sequence[ToldPair]) -> Html | None:
    """Suspects first: the signs that all other edges make least likely."""
    if not pairs:
        return None
    wrong = [pair for pair in pairs if pair.sign != pair.actual]
    right = [pair for pair in pairs if pair.sign == pair.actual]
    words = (
        "Held-out signs that contradict the prediction most: a wrong rating, or a network that "
        "misleads. Open one to see what decided; it is marked in the network. "
        "forcelaw signed suspects judges all edges."
    )
    return join(
        tag("p", words, class_="soft"),
        _listed("Suspects", wrong),
        _listed("Predicted right, for comparison", right),
    )


def _listed(title: str, pairs: Sequence[ToldPair]) -> Html | None:
    if not pairs:
        return None
    return join(tag("h3", title), tag("div", *map(_pair, pairs), class_="pairs"))


def _pair(pair: ToldPair) -> Html:
    words = (
        f"{pair.source} → {pair.target}: {_word(pair.actual)}, predicted {_word(pair.sign)}, "
        f"probability of a friend {number(pair.probability)}"
    )
    most = max((abs(value) for value in pair.groups.values()), default=0.0) or 1.0
    rows = [("average pair", f"{pair.base:+.2f}", "")]
    rows += [(name, f"{value:+.2f}", _bar(value / most)) for name, value in pair.groups.items()]
    rows.append(("log-odds", f"{pair.base + sum(pair.groups.values()):+.2f}", ""))
    columns = ", ".join(f"{one.name} {one.contribution:+.2f}" for one in pair.columns)
    positive, negative = pair.given
    liked, disliked = pair.received
    known = (
        f"Common neighbours: {pair.friendly_triangles} speak for a friend by balance, "
        f"{pair.hostile_triangles} for an enemy. {pair.source} gives {positive} positive and "
        f"{negative} negative edges to others; {pair.target} receives {liked} and {disliked}."
    )
    return tag(
        "details",
        tag("summary", words),
        table(("what adds to the log-odds", "", ""), rows),
        tag("p", f"Columns that add most: {columns}.", class_="soft") if columns else None,
        tag("p", known, class_="soft"),
        data_source=pair.source,
        data_target=pair.target,
        class_="pair",
    )


def _bar(share: float) -> Html:
    """From the middle to the right for a friend, to the left for an enemy."""
    width, side = 50 * min(abs(share), 1.0), "left" if share >= 0 else "right"
    kind = "friend" if share >= 0 else "enemy"
    inner = tag("span", "", class_=kind, style=f"{side}: 50%; width: {width:.0f}%")
    return tag("span", inner, class_="bar")


def _word(sign: int) -> str:
    return "friend" if sign > 0 else "enemy"
