"""The pieces both kinds of report are put together from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forcelaw.report.drawing import lines
from forcelaw.report.html import Html, join, tag
from forcelaw.report.readable_numbers import finite

_LOSSES = ("loss", "validation")


def facts(items: Mapping[str, object]) -> Html:
    """Short name-and-value boxes; those without a value are left out."""
    boxes = [
        tag("li", tag("span", name, class_="name"), tag("span", value, class_="value"))
        for name, value in items.items()
        if value is not None
    ]
    return tag("ul", *boxes, class_="facts")


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    text_columns: int = 1,
    chosen: int = -1,
) -> Html:
    """A table whose first `text_columns` are text and the rest numbers; one row may stand out."""

    def cell(kind: str, column: int, value: object) -> Html:
        return tag(kind, value, class_=None if column < text_columns else "number")

    def line(kind: str, values: Sequence[object], class_: str | None = None) -> Html:
        cells = [cell(kind, column, value) for column, value in enumerate(values)]
        return tag("tr", *cells, class_=class_)

    body = [line("td", row, "chosen" if i == chosen else None) for i, row in enumerate(rows)]
    inner = join(tag("thead", line("th", head)), tag("tbody", *body))
    return tag("div", tag("table", inner), class_="table")


def figures(*drawn: Html | None) -> Html | None:
    """Figures side by side where there is room; None if there is none."""
    kept = [item for item in drawn if item is not None]
    return tag("div", *kept, class_="figures") if kept else None


def chapter(title: str, *children: Html | None) -> Html | None:
    """A heading and what follows; None if nothing follows."""
    kept = [child for child in children if child is not None]
    return join(tag("h2", title), *kept) if kept else None


def training(metrics: Sequence[Mapping[str, Any]]) -> Html | None:
    """The curve of the losses over the epochs."""
    rows = [row for row in metrics if isinstance(row.get("epoch"), int | float)]
    names = [n for n in dict.fromkeys(k for row in rows for k in row) if n in _LOSSES]
    series = {n.replace("_", " "): [row.get(n) for row in rows] for n in names}
    if len(rows) < 2 or not series:
        return None
    everything = finite([value for values in series.values() for value in values])
    wide = bool(everything) and min(everything) > 0 and max(everything) > 5 * min(everything)
    curve = {
        "x": [row["epoch"] for row in rows],
        "series": series,
        "x_label": "epoch",
        "y_label": "loss",
        "log_y": wide,
    }
    return lines(curve, title="Training", caption="Loss after every epoch.")


def seconds(document: Mapping[str, Any]) -> Html | None:
    """Where the time went."""
    spent = document.get("seconds")
    if not isinstance(spent, dict) or not spent:
        return None
    rows = [(name, f"{value:.1f} s") for name, value in spent.items() if finite([value])]
    return table(("phase", "time"), rows)
