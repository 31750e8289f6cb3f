"""The pieces both kinds of report are put together from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from forcelaw.report.drawing import Lines, lines
from forcelaw.report.html import Html, join, tag
from forcelaw.report.readable_numbers import finite, sentence
from forcelaw.report.results import Curve, Metric, Results

_LOSSES = ("loss", "validation")
_LEAP = 1.3
"""Factor by which a loss grows from one epoch to the next where another training begins."""


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


def side_by_side(*chapters: Html | None) -> Html | None:
    """Chapters of tables in columns where there is room; None if there is none."""
    kept = [tag("div", one) for one in chapters if one is not None]
    return tag("div", *kept, class_="tables") if kept else None


def told(notes: Sequence[str]) -> Html | None:
    """Notes as sentences; None if there is none."""
    return join(*(tag("p", sentence(note)) for note in notes)) if notes else None


def drawn_curve(
    curve: Curve | None, *, title: str, caption: str, dots: str = "measured"
) -> Html | None:
    """A curve of the results; None if there is none. **Arguments:** `dots` what its dots are."""
    if curve is None:
        return None
    return lines(curve_lines(curve, dots=dots), title=title, caption=caption)


def curve_lines(curve: Curve, *, dots: str = "measured") -> Lines:
    """A curve of the results, as it is drawn. **Arguments:** `dots` what its dots are."""
    cloud = curve.dots
    return Lines(
        x=curve.x or (),
        series=curve.series or {},
        x_label=curve.x_label,
        y_label=curve.y_label,
        log_x=curve.log_x,
        log_y=curve.log_y,
        clip=None if curve.clip is None else (curve.clip[0], curve.clip[1]),
        points=curve.points or (),
        band=(curve.low, curve.high) if curve.low and curve.high else None,
        dots=None if cloud is None else (cloud.x, cloud.y),
        errors=() if cloud is None else cloud.error or (),
        dots_name=dots,
    )


def training(metrics: Sequence[Mapping[str, Metric]]) -> Html | None:
    """The curve of the losses over the epochs."""
    rows = [row for row in metrics if isinstance(row.get("epoch"), int | float)]
    names = [n for n in dict.fromkeys(k for row in rows for k in row) if n in _LOSSES]
    series = {n.replace("_", " "): [_number(row.get(n)) for row in rows] for n in names}
    if len(rows) < 2 or not series:
        return None
    everything = finite([value for values in series.values() for value in values])
    wide = bool(everything) and min(everything) > 0 and max(everything) > 5 * min(everything)
    epochs = [_number(row["epoch"]) for row in rows]
    curve = Lines(epochs, series, x_label="epoch", y_label="loss", log_y=wide)
    caption = "Loss after every epoch."
    first = finite(next(iter(series.values())))
    leaps = sum(after > _LEAP * before > 0 for before, after in pairwise(first))
    if leaps > 1:
        caption += " Where it leaps up, the next of several trainings begins."
    return lines(curve, title="Training", caption=caption)


def _number(value: Metric) -> float | None:
    return value if isinstance(value, int | float) else None


def seconds(spent: Mapping[str, float] | None) -> Html | None:
    """Where the time went."""
    if not spent:
        return None
    rows = [(name, f"{value:.1f} s") for name, value in spent.items() if finite([value])]
    return table(("phase", "time"), rows)


def provenance(results: Results) -> Html | None:
    """What another needs to cite the results, and to find them again; None if nothing is known."""
    if results.version is None:
        return None
    known = {
        "software": f"forcelaw {results.version}",
        "command": f"forcelaw {results.command}" if results.command else None,
        "seed": results.seed,
        "precision": f"{results.precision} bits" if results.precision else None,
        "data": results.content_hash,
        "built on": ", ".join(
            f"{name} {version}"
            for name, version in (results.versions or {}).items()
            if name != "forcelaw"
        )
        or None,
    }
    rows = [(name, tag("code", value)) for name, value in known.items() if value is not None]
    words = (
        "Cite the software with its version, and the data by their hash (SHA-256 of what was "
        "read); the settings below and the seed give the same numbers again."
    )
    return join(table(("", ""), rows, text_columns=2), tag("p", words, class_="soft"))
