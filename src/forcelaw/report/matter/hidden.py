"""What was hidden and is found: kinds, charges and edges, as text and as a chapter of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from forcelaw.files import many
from forcelaw.report.html import Html, join, tag
from forcelaw.report.parts import chapter, table
from forcelaw.report.results import HiddenResults
from forcelaw.report.tables import new_table

if TYPE_CHECKING:
    from rich.console import Console

_PRINTED = 10
"""Rows that are printed."""
_SHOWN = 200
"""Rows of the page; results hold all."""
_LIKELY = 0.95
"""Probability below which a row is counted as uncertain."""


class _Manner(NamedTuple):
    """How one kind of finding is shown: heads of columns and the keys of their values."""

    title: str
    rows: str
    noun: str
    texts: Mapping[str, str]
    numbers: Mapping[str, str]
    group: str
    said: str


_ERROR = {"standard error": "error"}
_MANNERS = {
    "edges": _Manner(
        "Who acts on whom, as found",
        "edges",
        "pair",
        {"on": "receiver", "from": "sender", "acts": "interacts"},
        {"coupling": "coupling", **_ERROR},
        "pairs that",
        "The probability of a pair is that of the level of its coupling.",
    ),
    "charge": _Manner(
        "Charges, as found",
        "charges",
        "body",
        {"body": "body"},
        {"charge": "value", **_ERROR},
        "sign",
        "The probability of a charge is that of its sign; all signs may be turned at once.",
    ),
    "kinds": _Manner(
        "Kinds of bodies, as found",
        "bodies",
        "body",
        {"body": "body", "kind": "kind"},
        {},
        "kind",
        "The probability of a body is that of its kind.",
    ),
}
"""By what was looked for."""


class _Listed(NamedTuple):
    """A table, whose first columns are text."""

    head: tuple[str, ...]
    rows: list[tuple[str, ...]]
    texts: int
    caption: str


def hidden_chapter(hidden: HiddenResults | None) -> Html | None:
    """What was found, summed up and row by row; None where nothing was looked for."""
    if hidden is None:
        return None
    document = hidden.model_dump()
    drawn = [
        join(
            table(one.head, one.rows, text_columns=one.texts),
            tag("p", one.caption, class_="soft"),
        )
        for one in _tables(document, _SHOWN)
    ]
    return chapter(_MANNERS[hidden.what].title, tag("p", f"{_capital(hidden.words)}."), *drawn)


def show_hidden(console: Console, hidden: Mapping[str, Any] | None) -> None:
    """The same, printed; nothing where nothing was looked for."""
    if hidden is None:
        return
    console.print(f"{hidden['what']:<15}{hidden['words']}", soft_wrap=True)
    for one in _tables(hidden, _PRINTED):
        marks = ["" if column < one.texts else ">" for column in range(len(one.head))]
        drawn = new_table(
            *(f"{name}{mark}" for name, mark in zip(one.head, marks, strict=True)),
        )
        for row in one.rows:
            drawn.add_row(*row)
        console.print(drawn)
        console.print(one.caption, soft_wrap=True)


def _tables(hidden: Mapping[str, Any], most: int) -> list[_Listed]:
    """What there is of each value, and the rows, the least probable first."""
    manner = _MANNERS[hidden["what"]]
    rows: Sequence[Mapping[str, Any]] = hidden[manner.rows]
    if not rows:
        return []
    several = len({row["recording"] for row in rows}) > 1
    texts = {"recording": "recording"} | dict(manner.texts) if several else manner.texts
    listed = [
        (
            *(_word(row[key]) for key in texts.values()),
            *(_number(row.get(key)) for key in manner.numbers.values()),
            _share(row["probability"]),
        )
        for row in sorted(rows, key=_probability)[:most]
    ]
    caption = f"{many(len(rows), manner.noun)}, the least probable first"
    if len(rows) > most:
        caption += f"; {many(most, 'row')} shown, all in results.json"
    head = (*texts, *manner.numbers, "probability")
    return [*_summary(hidden["what"], rows), _Listed(head, listed, len(texts), f"{caption}.")]


def _summary(what: str, rows: Sequence[Mapping[str, Any]]) -> list[_Listed]:
    """How many there are of each value, where these are several."""
    groups: dict[str, list[float]] = {}
    for row in rows:
        groups.setdefault(_group(what, row), []).append(_probability(row))
    if len(groups) < 2:
        return []
    found = [
        (
            group,
            str(len(likely)),
            _share(sum(likely) / len(likely)),
            str(sum(one < _LIKELY for one in likely)),
        )
        for group, likely in sorted(groups.items())
    ]
    manner = _MANNERS[what]
    head = (manner.group, "number", "mean probability", f"below {_LIKELY:g}")
    return [_Listed(head, found, 1, manner.said)]


def _group(what: str, row: Mapping[str, Any]) -> str:
    if what == "edges":
        return "act" if row["interacts"] else "do not act"
    if what == "charge":
        return "positive" if row["value"] > 0 else "negative"
    return str(row["kind"])


def _probability(row: Mapping[str, Any]) -> float:
    return 0.0 if row["probability"] is None else float(row["probability"])


def _word(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
