"""Motion that plays in a page: what was measured beside what the law gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forcelaw.report.drawing.plots import Lines, lines
from forcelaw.report.html import Html, join, script_json, tag

_TRACES = {"energy": "Energy", "momentum": "Momentum"}
"""What is drawn along the motion, by key."""
_ROUNDING = 1e-6
"""Share below which changes are those of numbers of 32 bits."""


def motion_player(motion: Mapping[str, Any], *, chance: bool = False) -> Html | None:
    """Two pictures side by side with one slider; None where there is nothing to play.

    **Arguments:** `motion` as `ShownMotion.to_json` gives it; `chance` whether the law has any, so
    that it takes another path.
    """
    time: Sequence[float] = motion["time"]
    if len(time) < 2 or not motion["bodies"]:
        return None
    kinds: Sequence[str] = motion["kinds"]
    turned = " Drag, or use the arrow keys, to turn." if motion["dim"] == 3 else ""
    caption = "The recorded motion, and what the law makes of the same start; the bar is a length."
    caption += turned
    if chance:
        caption += " The law moves by chance, too: another path, alike in kind."
    legend = [
        tag("li", tag("span", class_=f"key round s{place % 6 + 1}"), kind)
        for place, kind in enumerate(kinds)
    ]
    controls = tag(
        "div",
        tag("button", "Play", type="button"),
        tag(
            "input",
            type="range",
            min=0,
            max=len(time) - 1,
            value=0,
            aria_label="Time of the motion",
        ),
        # Read out at every frame it would talk without an end.
        tag("output", "", aria_live="off"),
        class_="controls",
    )
    views = [_view(title, motion["dim"] == 3) for title in ("measured", "law")]
    drawn = {key: value for key, value in motion.items() if key not in _TRACES}
    held = tag("script", Html(script_json(drawn)), type="application/json")
    traces = [_trace(motion, *names) for names in _TRACES.items()]
    return tag(
        "figure",
        tag("h3", "Motion"),
        tag("ul", *legend, class_="legend") if legend else None,
        tag("div", *views, class_="views"),
        controls,
        tag("figcaption", caption),
        tag("div", *traces, class_="figures") if any(traces) else None,
        held,
        class_="motion",
    )


def _trace(motion: Mapping[str, Any], key: str, name: str) -> Html | None:
    """How something that should last changes, with a cursor at the time that is shown."""
    changes = motion.get(key) or {}
    of = f"Change of the total {key} since the start, relative to its size"
    by = ", as the law makes it of what was measured and of its own motion" * (key == "energy")
    drawn = Lines(
        x=motion["time"],
        series=changes,
        x_label="time",
        y_label=f"change of {key}",
        least=_ROUNDING,
        cursor=True,
    )
    return lines(drawn, title=f"{name} along the motion", caption=f"{of}{by}.")


def _view(title: str, turns: bool) -> Html:
    label = f"Motion of the bodies, {title}"
    focus = 0 if turns else None
    canvas = tag("canvas", "", role="img", aria_label=label, tabindex=focus)
    return join(tag("div", tag("div", title, class_="soft"), canvas))
