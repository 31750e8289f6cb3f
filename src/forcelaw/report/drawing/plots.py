"""Lines, bars and networks as SVG, coloured by the page's style sheet."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forcelaw.report.drawing.axes import HEIGHT, WIDTH, AxisScale, fit_scale, frame, plot_area
from forcelaw.report.html import Html, join, tag
from forcelaw.report.readable_numbers import finite

_NAMED = {
    "truth": "truth",
    "front": "truth thin",
    "ideal": "truth thin",
    "chance": "truth",
    "friend": "friend",
    "enemy": "enemy",
    "unknown": "unknown",
}

_DEPTH = {"truth": 0, "ideal": 0, "chance": 0, "front": 0, "formula": 2}
_MANY, _MOST = 0.5, 3.0
"""Depths of many dots and of few."""
_NAMED_NODES = 60
_FEW = 100


@dataclass(frozen=True)
class Lines:
    """Several series over one axis, to be drawn; None where a value is not defined."""

    x: Sequence[float | None]
    series: Mapping[str, Sequence[float | None]]
    """By name, a value for each place."""
    x_label: str = ""
    y_label: str = ""
    log_x: bool = False
    log_y: bool = False
    clip: tuple[float, float] | None = None
    """Low and high: values of y beyond are cut off."""
    points: Collection[str] = ()
    """Series drawn as dots."""
    band: tuple[Sequence[float | None], Sequence[float | None]] | None = None
    """Low and high: an area under the lines."""
    titles: Sequence[str] = ()
    """What each place is, told where one points at its dots."""
    dots: tuple[Sequence[float], Sequence[float]] | None = None
    """Numbers against numbers, whatever the places of the lines."""
    errors: Sequence[float | None] = ()
    """Of these, half the length of a bar through each."""
    dots_name: str = "measured"
    least: float = 0.0
    """How far the axis of y reaches on both sides of zero at least: what is less is rounding."""
    cursor: bool = False
    """Whether a line marks a place, which a script moves from the first to the last."""


def lines(curve: Lines, *, title: str, caption: str = "") -> Html | None:
    """Several series over one axis; None if there is nothing to draw.

    **Arguments:**

    - `curve`: what is drawn.
    - `title`, `caption`: what the figure shows, for the eye and for screen readers.
    """
    xs, (dots_x, dots_y) = curve.x, curve.dots or ((), ())
    series = {name: values for name, values in curve.series.items() if finite(values)}
    if not (finite(xs) and series) and not finite(dots_x):
        return None
    everything = [*(value for values in series.values() for value in values), *dots_y]
    low, high = curve.clip or (-math.inf, math.inf)
    shown = [value for value in finite(everything) if low <= value <= high]
    shown += [-curve.least, curve.least] if curve.least else []
    x, y = plot_area([*xs, *dots_x], shown, log_x=curve.log_x, log_y=curve.log_y)
    points = set(curve.points)
    classes = _classes(series)
    # The truth lies under everything that is compared with it, the formula above it.
    layers: list[tuple[float, Html | None]] = [
        (
            _DEPTH.get(name, 1),
            _dots(x, y, xs, values, classes[name], curve.titles)
            if name in points
            else _line(x, y, xs, values, classes[name]),
        )
        for name, values in series.items()
    ]
    if curve.band is not None and all(map(finite, curve.band)):
        layers.append((-1, _area(x, y, xs, *curve.band)))
    if len(dots_x):
        # Few are looked at one by one; many are what lines are drawn through.
        above = _MOST if len(dots_x) <= _FEW else _MANY
        layers.append((above, _cloud(x, y, dots_x, dots_y)))
        layers.append((_MOST, _bars(x, y, dots_x, dots_y, curve.errors)))
        if series:
            classes, points = {curve.dots_name: "cloud", **classes}, {curve.dots_name, *points}
    drawn = [one for _, one in sorted(layers, key=lambda layer: layer[0])]
    if curve.cursor:
        first, last = x(min(finite(xs))), x(max(finite(xs)))
        ends = {"x1": first, "x2": first, "y1": y.start, "y2": y.end}
        drawn.append(tag("line", **ends, data_from=first, data_to=last, class_="cursor"))
    axes = frame(x, y, curve.x_label, curve.y_label)
    legend = _legend(classes, points) if classes else None
    return figure(join(axes, *drawn), title, caption, legend, parts=bool(curve.titles))


def network(
    points: Sequence[Sequence[float]],
    edges: Sequence[Sequence[int]],
    names: Sequence[str],
    *,
    title: str,
    caption: str = "",
    marker: float = 0.0,
) -> Html | None:
    """Nodes at their places in the plane, edges `(source, target, sign)` between them.

    A small network's nodes bear their names. **Arguments:** `marker` the diameter of a node, in
    units of `points`; smaller than two pixels it is drawn as two.
    """
    if not points:
        return None
    side = 480.0
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    half = max(max(xs) - min(xs), max(ys) - min(ys), 1e-9) / 2
    centres = ((max(v) + min(v)) / 2 for v in (xs, ys))
    (x, y) = (
        fit_scale([centre - half, centre + half], start, end, margin=0.03)
        for centre, start, end in zip(centres, (0, side), (side, 0), strict=True)
    )
    places = [(x(a), y(b)) for a, b in points]
    paths = {1: "", -1: ""}
    for source, target, sign in edges:
        (x1, y1), (x2, y2) = places[source], places[target]
        paths[1 if sign > 0 else -1] += f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"
    # Many edges would cover each other and the nodes.
    faint = f"{max(0.08, min(0.8, 400 / max(len(edges), 1))):.2f}"
    radius = max(1.0, 0.45 * marker * abs(x(1.0) - x(0.0)))
    circles = [
        tag("circle", tag("title", name), cx=cx, cy=cy, r=radius, class_="node")
        for (cx, cy), name in zip(places, names, strict=True)
    ]
    if len(points) <= _NAMED_NODES:
        circles += [
            tag("text", name, x=cx, y=cy - radius - 3, class_="name", text_anchor="middle")
            for (cx, cy), name in zip(places, names, strict=True)
        ]
    parts = [
        tag("path", d=paths[-1], class_="edge enemy", stroke_opacity=faint),
        tag("path", d=paths[1], class_="edge friend", stroke_opacity=faint),
        *circles,
    ]
    legend = _legend({"friend": "friend", "enemy": "enemy"}, ())
    return figure(join(*parts), title, caption, legend, width=side, height=side)


def figure(
    drawing: Html,
    title: str,
    caption: str,
    legend: Html | None = None,
    *,
    width: float = WIDTH,
    height: float = HEIGHT,
    parts: bool = False,
) -> Html:
    """A drawing with its title, legend and caption. **Arguments:** `parts` whether some speak."""
    box = f"0 0 {width:.0f} {height:.0f}"
    svg = tag("svg", drawing, viewBox=box, role="group" if parts else "img", aria_label=title)
    words = tag("figcaption", caption) if caption else None
    return tag("figure", tag("h3", title), legend, svg, words)


def _line(x: AxisScale, y: AxisScale, xs: Sequence[Any], ys: Sequence[Any], kind: str) -> Html:
    path, pen_down = "", False
    for a, b in zip(xs, ys, strict=True):
        inside = x.shows(a) and y.shows(b) and y.low <= b <= y.high
        if inside:
            path += f"{'L' if pen_down else 'M'}{x(a):.1f} {y(b):.1f}"
        pen_down = inside
    return tag("path", d=path, class_=f"line {kind}")


def _area(
    x: AxisScale, y: AxisScale, xs: Sequence[Any], lows: Sequence[Any], highs: Sequence[Any]
) -> Html:
    """Between two lines, as far as they lie in the plot."""
    rows = [
        (x(a), y(min(max(low, y.low), y.high)), y(min(max(high, y.low), y.high)))
        for a, low, high in zip(xs, lows, highs, strict=True)
        if x.shows(a) and len(finite([low, high])) == 2
    ]
    there = [f"{a:.1f} {high:.1f}" for a, _, high in rows]
    back = [f"{a:.1f} {low:.1f}" for a, low, _ in reversed(rows)]
    return tag("path", d=f"M{'L'.join([*there, *back])}Z", class_="band s1")


def _cloud(x: AxisScale, y: AxisScale, xs: Sequence[Any], ys: Sequence[Any]) -> Html:
    """Many dots as one path, which stays small."""
    path = "".join(
        f"M{x(a):.1f} {y(b):.1f}h0"
        for a, b in zip(xs, ys, strict=True)
        if x.shows(a) and y.shows(b) and y.low <= b <= y.high
    )
    return tag("path", d=path, class_="cloud", stroke_width=6 if len(xs) <= _FEW else 3)


def _bars(
    x: AxisScale, y: AxisScale, xs: Sequence[Any], ys: Sequence[Any], halves: Sequence[Any]
) -> Html | None:
    """A bar through each dot, as far as it lies in the plot."""
    path = ""
    for a, b, half in zip(xs, ys, halves, strict=False):
        if x.shows(a) and len(finite([b, half])) == 2 and y.low <= b <= y.high:
            path += f"M{x(a):.1f} {y(max(b - half, y.low)):.1f}V{y(min(b + half, y.high)):.1f}"
    return tag("path", d=path, class_="bars") if path else None


def _dots(
    x: AxisScale,
    y: AxisScale,
    xs: Sequence[Any],
    ys: Sequence[Any],
    kind: str,
    titles: Sequence[str],
) -> Html:
    named = titles or [None] * len(xs)
    dots = [
        tag(
            "circle",
            tag("title", title) if title else None,
            cx=x(a),
            cy=y(b),
            r=6 if title else 4,
            class_=f"dot {kind}",
            # What has a name can be reached without a pointer.
            **({"tabindex": 0, "role": "img", "aria_label": title, "data_row": k} if title else {}),
        )
        for k, (a, b, title) in enumerate(zip(xs, ys, named, strict=True))
        if x.shows(a) and y.shows(b) and y.low <= b <= y.high
    ]
    return join(*dots)


def _classes(series: Mapping[str, Any]) -> dict[str, str]:
    numbered = iter(range(1, len(series) + 1))
    return {name: _NAMED.get(name) or f"s{(next(numbered) - 1) % 6 + 1}" for name in series}


def _legend(classes: Mapping[str, str], points: Collection[str]) -> Html:
    entries = [
        tag("li", tag("span", class_=f"key {kind}{' round' if name in points else ''}"), name)
        for name, kind in classes.items()
    ]
    return tag("ul", *entries, class_="legend")
