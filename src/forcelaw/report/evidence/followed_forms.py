"""Forms of a force that were followed from states to their ends, beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from forcelaw.report.html import Html, join, tag
from forcelaw.report.parts import table
from forcelaw.report.readable_numbers import number
from forcelaw.report.results.particles_results import FollowedForm


def table_forms(forms: Sequence[FollowedForm]) -> Html | None:
    """What each form misses of held-out ends, the chosen one first; None without any."""
    if not forms:
        return None
    rows = [
        (
            " with ".join([one.form, *one.beside]),
            tag("code", one.text),
            ", ".join([one.steps, *([] if one.cap == "none" else [f"cap of {one.cap}"])]),
            number(one.median),
            number(one.worst),
        )
        for one in forms
    ]
    early = len({one.steps for one in forms}) > 1
    head = ("form", "formula", "followed in", "usual miss", "worst")
    words = (
        "Misses of held-out ends, in units of what forces do over the whole stretch. The first is "
        "the one that was chosen: the fewest numbers of those that miss about as little."
    )
    words += " Those that were followed in other steps were given up after coarse ones." * early
    return join(table(head, rows, text_columns=3, chosen=0), tag("p", words, class_="soft"))
