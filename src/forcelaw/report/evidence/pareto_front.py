"""The best formula of every length, drawn: each point with its formula, the chosen one apart."""

from __future__ import annotations

from collections.abc import Sequence

from forcelaw.report.drawing import Lines, lines
from forcelaw.report.html import Html, tag
from forcelaw.report.mathml import formula
from forcelaw.report.readable_numbers import number
from forcelaw.report.results.particles_results import Candidate


def draw_front(candidates: Sequence[Candidate]) -> Html | None:
    """Error against length, and the formula of the dot that is pointed at or in focus.

    None where there is no front to see.
    """
    front = [row for row in candidates if row.error > 0]
    if len(front) < 2:
        return None
    chosen = next((k for k, row in enumerate(front) if row.chosen), 0)
    figure = lines(
        front_lines(front),
        title="Error against length",
        caption="Point at a dot, or reach it with the tabulator key, for its formula.",
    )
    told = [
        tag(
            "div",
            tag("span", f"{_name(row)}: complexity {row.complexity}, ", class_="soft"),
            tag("span", f"error {number(row.error)}", class_="soft"),
            formula(row.text),
            data_row=k,
            hidden=None if k == chosen else "hidden",
        )
        for k, row in enumerate(front)
    ]
    return tag(
        "div", figure, tag("div", *told, class_="told law", aria_live="polite"), class_="front"
    )


def front_lines(front: Sequence[Candidate]) -> Lines:
    """Error against length, as it is drawn."""
    series: dict[str, list[float | None]] = {
        "front": [row.error for row in front],
        "candidates": [None if row.chosen else row.error for row in front],
        "chosen": [row.error if row.chosen else None for row in front],
    }
    return Lines(
        x=[float(row.complexity) for row in front],
        series=series,
        x_label="complexity",
        y_label="error",
        log_y=True,
        points=("candidates", "chosen"),
        titles=[f"{row.text}: complexity {row.complexity}, error {row.error:.3g}" for row in front],
    )


def _name(row: Candidate) -> str:
    return "Chosen" if row.chosen else "Candidate"
