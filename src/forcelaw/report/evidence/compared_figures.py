"""The force with what was measured of it, predicted against measured numbers, and residuals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from forcelaw.report.drawing import Lines, lines
from forcelaw.report.html import Html
from forcelaw.report.parts import chapter, curve_lines, figures
from forcelaw.report.readable_numbers import finite, number, share
from forcelaw.report.results import Curve
from forcelaw.report.results.particles_results import Compared
from forcelaw.report.results.schema_parts import Dots

_TAIL = 0.005
"""Share of dots at either end of an axis that a picture may leave out."""
_MEANS = (
    "What single bodies do is chance. Measured: means of as many components each, with 95 % bars, "
    "by what the law predicted of them before. Where the law is right, they lie on the line."
)
_WIDE = 2.0
"""Times the room of all others that they must take for that."""


def force_figure(force: Curve | None, compared: Compared | None) -> Html | None:
    """One picture of the force: truth, formula, network, curve with band, measured points."""
    if force is None:
        return None
    drawn = force_lines(force, compared)
    caption = "Force on a body along the line to its partner, attraction positive."
    if "curve" in drawn.series:
        caption += (
            " Curve: a spline through the accelerations, whatever the formula, with its 95 % band."
        )
    elif drawn.band is not None and drawn.band[0] != drawn.band[1]:
        caption += " Band: what other forms say that lead about as close."
    if drawn.dots is not None:
        caption += (
            " Measured: what held-out accelerations say of as many pairs each, with 95 % bars."
        )
    return lines(drawn, title="Force against distance", caption=caption)


def force_lines(force: Curve, compared: Compared | None) -> Lines:
    """The same as it is drawn; of the lines alone where nothing stands beside them."""
    beside = None if compared is None else compared.force
    alone = curve_lines(force)
    if beside is None or len(beside.x or ()) != len(force.x or ()):
        return alone
    dots = beside.dots or Dots(x=[], y=[])
    low, high = alone.clip or (-np.inf, np.inf)
    # What was measured need not lie between the lines.
    shown = [value for value in dots.y if low <= value <= high]
    return replace(
        alone,
        series={**alone.series, "curve": (beside.series or {}).get("curve", ())},
        band=(beside.low or (), beside.high or ()),
        dots=(dots.x, dots.y) if shown else None,
        errors=dots.error or (),
    )


def comparison_chapter(
    compared: Compared | None, *, held_out: bool, r2: float | None = None, chance: bool = False
) -> Html | None:
    """Predictions against measurements, messages against forces, and residuals.

    **Arguments:** `held_out` whether the law was fitted to none of these; `r2` of the messages;
    `chance` whether the motion has any.
    """
    if compared is None:
        return None
    of = "that the law was not fitted to" if held_out else "of all snapshots, fitted ones too"
    band = "Dots: some of them. Line: means of as many each, with their 95 % band; it lies on zero "
    band += "where the law lacks nothing."
    told = "" if r2 is None else f" R² {share(r2)}."
    drawn = [
        _scatter(
            compared.predicted,
            "Predicted against measured",
            _MEANS if chance else f"Components of what single bodies do, {of}.",
            "bodies",
        ),
        _scatter(
            compared.messages,
            "Messages against the force",
            "Components of the network's strongest messages, beside the linear map of the true "
            f"force that fits them best.{told}",
            "messages",
        ),
        _scatter(compared.by_distance, "Residuals by distance", band, "bodies"),
        _scatter(compared.by_time, "Residuals by time", band, "bodies"),
        _scatter(
            compared.by_body,
            "Residuals by body",
            "One body far above the others has a property that the law does not know.",
            "bodies",
        ),
    ]
    return chapter("How well it predicts", figures(*drawn))


def _scatter(curve: Curve | None, title: str, caption: str, dots: str) -> Html | None:
    """Dots and lines; dots far off are counted."""
    if curve is None or curve.dots is None or not curve.dots.x:
        return None
    drawn, gone = scatter_lines(curve, dots)
    if gone:
        caption += f" {number(gone)} of {number(len(curve.dots.x))} dots lie outside the picture."
    return lines(drawn, title=title, caption=caption)


def scatter_lines(curve: Curve, name: str) -> tuple[Lines, int]:
    """Dots and lines as they are drawn, and how many dots far off were left out."""
    cloud = curve.dots or Dots(x=[], y=[])
    drawn = curve_lines(curve, dots="means" if cloud.error else name)
    x, y = (np.array(side, float) for side in (cloud.x, cloud.y))
    if not len(x):
        return drawn, 0
    (x_low, x_high), (y_low, y_high) = _room(x), _room(y)
    ideal = "ideal" in drawn.series
    if ideal:
        x_low = y_low = min(x_low, y_low)
        x_high = y_high = max(x_high, y_high)
    inside = (x >= x_low) & (x <= x_high) & (y >= y_low) & (y <= y_high)
    errors = [one for one, kept in zip(cloud.error or (), inside, strict=False) if kept]
    dots = (x[inside].tolist(), y[inside].tolist())
    drawn = replace(drawn, dots=dots, errors=errors, clip=None)
    if ideal:
        ends = [max(x_low, float(x.min())), min(x_high, float(x.max()))]
        drawn = replace(drawn, x=ends, series={"ideal": ends})
    elif sides := finite([*(curve.low or ()), *(curve.high or ())]):
        low, high = _middle(sides)
        drawn = replace(drawn, clip=(min(y_low, low), max(y_high, high)))
    return drawn, int((~inside).sum())


def _middle(values: Sequence[float]) -> tuple[float, float]:
    """Between which most lie."""
    return float(np.quantile(values, 0.05)), float(np.quantile(values, 0.95))


def _room(values: np.ndarray) -> tuple[float, float]:
    """The whole range, or without few that take most of it."""
    low, high = np.quantile(values, [_TAIL, 1 - _TAIL])
    whole = float(values.max() - values.min())
    if whole <= _WIDE * (high - low):
        return float(values.min()), float(values.max())
    return float(low), float(high)
