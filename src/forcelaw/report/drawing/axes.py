"""Axes of a plot as SVG: from numbers to places, with ticks, a grid and labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from forcelaw.report.html import Html, join, tag
from forcelaw.report.readable_numbers import finite, number, tick_label, ticks

WIDTH, HEIGHT = 480.0, 290.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 64.0, 12.0, 10.0, 46.0


@dataclass(frozen=True)
class AxisScale:
    """One axis: numbers from `low` to `high`, drawn from `start` to `end`, maybe logarithmic."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def __call__(self, value: float) -> float:
        """The place of a value."""
        low, high = self._inner(self.low), self._inner(self.high)
        share = (self._inner(value) - low) / (high - low)
        return self.start + share * (self.end - self.start)

    def shows(self, value: object) -> bool:
        """Whether a value is a number that this axis can hold."""
        return bool(finite([value])) and not (self.logarithmic and float(value) <= 0)  # type: ignore[arg-type]

    @property
    def power(self) -> int:
        """The power of ten that labels leave to the axis' name; 0 for handy numbers."""
        top = max(abs(self.low), abs(self.high))
        handy = self.logarithmic or top == 0 or 1e-2 <= top < 1e5
        return 0 if handy else math.floor(math.log10(top))

    def ticks(self) -> list[tuple[float, str]]:
        """Values to mark, with their labels."""
        if not self.logarithmic:
            unit = 10.0**self.power
            values = ticks(self.low / unit, self.high / unit, 6)
            return [(value * unit, tick_label(value, values)) for value in values]
        low, high = round(math.log10(self.low), 9), round(math.log10(self.high), 9)
        step = max(1, math.ceil((math.floor(high) - math.ceil(low)) / 6))
        powers = range(math.ceil(low), math.floor(high) + 1, step)
        if len(powers) < 2:
            decades = range(math.floor(low), math.floor(high) + 1)
            steps = [times * 10.0**power for power in decades for times in (1, 2, 5)]
            within = [value for value in steps if self.low <= value <= self.high]
            if len(within) > 1:
                return [(value, number(value, 1)) for value in within]
            return [(value, number(value, 2)) for value in ticks(self.low, self.high, 4) if value]
        return [(10.0**power, _power_of_ten(power)) for power in powers]

    def _inner(self, value: float) -> float:
        return math.log10(value) if self.logarithmic else value


def fit_scale(
    values: Sequence[object],
    start: float,
    end: float,
    *,
    logarithmic: bool = False,
    margin: float = 0.05,
) -> AxisScale:
    """A scale that holds all values, with a little room at both ends."""
    held = [value for value in finite(values) if value > 0 or not logarithmic]
    low, high = (min(held), max(held)) if held else (0.1, 1.0)
    if logarithmic:
        room = max((high / low) ** margin, 1.05)
        return AxisScale(low / room, high * room, start, end, True)
    room = (high - low) * margin or abs(high) * 0.1 or 1.0
    return AxisScale(low - room, high + room, start, end)


def plot_area(
    xs: Sequence[object],
    ys: Sequence[object],
    *,
    log_x: bool = False,
    log_y: bool = False,
) -> tuple[AxisScale, AxisScale]:
    """The two scales of an ordinary plot."""
    return (
        fit_scale(xs, _LEFT, WIDTH - _RIGHT, logarithmic=log_x, margin=0.02),
        fit_scale(ys, HEIGHT - _BOTTOM, _TOP, logarithmic=log_y, margin=0.06),
    )


def frame(x: AxisScale, y: AxisScale, x_label: str, y_label: str) -> Html:
    """Grid, ticks and labels. The line of zero is drawn stronger than the grid."""
    parts: list[Html] = []
    for value, label in y.ticks():
        place = y(value)
        kind = "zero" if value == 0 else "grid"
        parts += [
            tag("line", x1=x.start, x2=x.end, y1=place, y2=place, class_=kind),
            tag("text", label, x=x.start - 8, y=place + 4, class_="tick", text_anchor="end"),
        ]
    for value, label in x.ticks():
        place = x(value)
        parts += [
            tag("line", x1=place, x2=place, y1=y.start, y2=y.start + 5, class_="axis"),
            tag("text", label, x=place, y=y.start + 19, class_="tick", text_anchor="middle"),
        ]
    x_label, y_label = _named(x_label, x), _named(y_label, y)
    middle_x, middle_y = (x.start + x.end) / 2, (y.start + y.end) / 2
    turned = f"rotate(-90 15 {middle_y:.1f})"
    parts += [
        tag("line", x1=x.start, x2=x.end, y1=y.start, y2=y.start, class_="axis"),
        tag("text", x_label, x=middle_x, y=HEIGHT - 6, class_="label", text_anchor="middle"),
        tag("text", y_label, x=15, y=middle_y, class_="label", text_anchor="middle",
            transform=turned),
    ]  # fmt: skip
    return join(*parts)


def _named(label: str, scale: AxisScale) -> str:
    return f"{label} ({_power_of_ten(scale.power)})" if scale.power else label


def _power_of_ten(power: int) -> str:
    small = {0: "1", 1: "10", 2: "100", -1: "0.1", -2: "0.01"}
    digits = str(power).translate(str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))
    return small.get(power, f"10{digits}")
