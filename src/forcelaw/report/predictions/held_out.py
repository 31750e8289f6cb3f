"""Held-out signs at every threshold, and right and wrong ones at that of each method."""

from __future__ import annotations

from collections.abc import Mapping

from forcelaw.report.html import Html
from forcelaw.report.parts import drawn_curve, table
from forcelaw.report.readable_numbers import number
from forcelaw.report.results.signed_results import HeldOut


def held_out_figures(held: HeldOut | None) -> tuple[Html | None, ...]:
    """The curves of all methods, each beside what chance would give."""
    if held is None:
        return ()
    return (
        drawn_curve(
            held.roc,
            title="Friends found against false ones (ROC)",
            caption="At every threshold; the area under a curve is the AUC.",
        ),
        drawn_curve(
            held.precision_recall,
            title="Precision and recall of enemies",
            caption="At every threshold; enemies are the rarer kind in most networks.",
        ),
    )


def confusion_table(held: HeldOut | None, names: Mapping[str, str]) -> Html | None:
    """Right and wrong predictions of every method. **Arguments:** `names` of methods as shown."""
    if held is None or not held.confusion:
        return None
    rows = []
    for method, (friends, missed, taken, enemies) in held.confusion.items():
        every = friends + missed + taken + enemies
        share = f"{(friends + enemies) / every:.3f}" if every else number(None)
        counts = map(number, (friends, missed, enemies, taken))
        rows.append((names.get(method, method), *counts, share))
    head = (
        "",
        "friends called friends",
        "called enemies",
        "enemies called enemies",
        "called friends",
        "right",
    )
    return table(head, rows)
