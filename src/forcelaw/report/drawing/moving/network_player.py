"""A signed network that a reader turns, searches, filters, and plays from its start to rest."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from forcelaw.report.html import Html, join, script_json, tag
from forcelaw.report.readable_numbers import number

_HELD = 2
"""Bit of an edge that was held out."""
_MOST_FACTIONS = 20
"""That can be chosen."""
_BEYOND = 255
"""In place of the number of a small faction."""
_SIGNS = {"": "friends and enemies", "friend": "friends", "enemy": "enemies"}
_EDGES = {
    "all": "all",
    "learned": "learned from",
    "held": "held out",
    "right": "predicted right",
    "wrong": "predicted wrong",
    "gained": "right, where the baseline is wrong",
    "lost": "wrong, where the baseline is right",
}
_COLOURS = {"sign": "sign", "forcelaw": "prediction", "baseline": "prediction of the baseline"}


def moving_network(shown: Mapping[str, Any]) -> Html | None:
    """The figure; None without nodes.

    **Arguments:** `shown` as `ShownNetwork.to_json` gives it, checked.
    """
    names: Sequence[str] = shown["names"]
    if not names:
        return None
    held = any(state & _HELD for state in base64.b64decode(shown["state"]))
    factions = Counter(base64.b64decode(shown["faction"]))
    kept = _COLOURS if held else {"sign": "sign"}
    tools = tag(
        "div",
        _labelled("Search", tag("input", type="search", data_part="search", autocomplete="off")),
        _choice("Signs", "signs", _SIGNS),
        _choice("Edges", "edges", _EDGES if held else {"all": "all"}),
        _choice("Faction", "groups", _factions(factions)),
        _choice("Colour", "colours", kept),
        class_="tools",
    )
    label = (
        f"The network of {number(len(names))} nodes in space. Arrow keys turn it, with shift they "
        "move it; plus and minus come nearer and go farther; 0 begins again."
    )
    last = len(shown["time"]) - 1
    slider = tag(
        "input",
        type="range",
        data_part="time",
        min=0,
        max=last,
        value=last,
        aria_label="Time of the simulation",
    )
    moves = {"turn": "Turn", "nearer": "Nearer", "farther": "Farther", "reset": "Reset"}
    return tag(
        "figure",
        tag("h3", "The network in space"),
        tools,
        tag("div", "", data_part="found", class_="found", aria_live="polite"),
        tag("ul", "", data_part="legend", class_="legend"),
        tag("canvas", "", role="img", aria_label=label, tabindex=0),
        tag("div", "", data_part="told", class_="told", aria_live="polite"),
        tag(
            "div",
            _button("play", "Play"),
            slider,
            tag("output", "", data_part="shown"),
            class_="controls",
        ),
        tag("div", *(_button(*move) for move in moves.items()), class_="controls"),
        tag("p", "", data_part="count", class_="soft"),
        tag("figcaption", _caption(shown)),
        tag("script", Html(script_json(dict(shown))), type="application/json"),
        class_="network",
    )


def _caption(shown: Mapping[str, Any]) -> str:
    words = "Nodes where the forces bring them to rest, in the three directions in which they lie "
    words += "widest"
    if shown.get("spread") is not None:
        words += f" ({100 * shown['spread']:.0f} % of the variance of all)"
    words += "; the colour of a node is its faction, its size grows with its edges. "
    nodes = len(shown["names"])
    if nodes < shown["all_nodes"]:
        words += f"The {number(nodes)} of {number(shown['all_nodes'])} nodes with most edges. "
    edges = len(base64.b64decode(shown["state"]))
    if edges < shown["all_edges"]:
        words += f"{number(edges)} of {number(shown['all_edges'])} edges are held here. "
    return words + "Drag to turn, with shift to move, click and scroll to come nearer."


def _factions(counted: Mapping[int, int]) -> dict[str, str]:
    large = sorted(group for group in counted if group < _BEYOND)[:_MOST_FACTIONS]
    named = {str(group): f"{group + 1} ({number(counted[group])} nodes)" for group in large}
    return {"": "all", **(named if len(named) > 1 else {})}


def _labelled(name: str, control: Html, *, hidden: bool = False) -> Html:
    return tag("label", join(tag("span", name), control), hidden="" if hidden else None)


def _choice(name: str, part: str, options: Mapping[str, str]) -> Html:
    """A list to choose from, which is not shown where there is nothing to choose."""
    listed = [tag("option", words, value=value) for value, words in options.items()]
    control = tag("select", *listed, data_part=part)
    return _labelled(name, control, hidden=len(options) == 1)


def _button(part: str, words: str) -> Html:
    return tag("button", words, type="button", data_part=part)
