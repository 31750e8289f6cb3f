"""Motion that plays in a page: what was measured beside what the law gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forcelaw.report.html import Html, join, script_json, tag


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
    caption = "The recorded motion, and what the law makes of the same start." + turned
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
        tag("output", ""),
        class_="controls",
    )
    views = [_view(title, motion["dim"] == 3) for title in ("measured", "law")]
    held = tag("script", Html(script_json(dict(motion))), type="application/json")
    return tag(
        "figure",
        tag("h3", "Motion"),
        tag("ul", *legend, class_="legend") if legend else None,
        tag("div", *views, class_="views"),
        controls,
        tag("figcaption", caption),
        held,
        class_="motion",
    )


def _view(title: str, turns: bool) -> Html:
    label = f"Motion of the bodies, {title}"
    focus = 0 if turns else None
    canvas = tag("canvas", "", role="img", aria_label=label, tabindex=focus)
    return join(tag("div", tag("div", title, class_="soft"), canvas))
