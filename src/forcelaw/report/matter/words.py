"""What `forcelaw particles discover` prints of recordings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forcelaw.report.drawing import show_force
from forcelaw.report.matter.hidden import show_hidden
from forcelaw.report.tables import new_table

if TYPE_CHECKING:
    from rich.console import Console

_ROWS = 10
"""Of a force curve that are printed."""
_BESIDE = (
    *("bond", "apart", "alignment", "friction", "transverse"),
    *("polar", "torque", "nematic", "steering"),
)
"""Names of forces beside `pair`."""
_WIDTH = 15
"""Of the column of labels."""


def show_matter(console: Console, document: Mapping[str, Any], folder: Path) -> None:
    """Forces, chance, verdict and why, one a line; curves where no formula stands."""
    for label, text in list_forces(document):
        _line(console, label, text)
    for curve in document.get("pair_curves") or ():
        name = between_kinds(curve["term"], curve["receiver"], curve["sender"])
        show_force(console, name, curve["r"], curve["force"])
    _show_constants(console, document)
    for name in ("diffusion", "temperature", "rotational_diffusion"):
        for label, one in _by_kind(name.replace("_", " "), document.get(name)):
            _line(console, label, _measured(one))
    if document["verdict"] == "none" or document.get("answer") == "curve":
        _show_curves(console, document)
    if document.get("answer") == "curve":
        _line(console, "answer", "the curves: they predict held-out data better than formulas")
    of = document.get("explained_of") or "held-out data"
    words = f"R² {_share(document.get('explained'))} of {of} on held-out data"
    whole = document.get("explained_of_explainable")
    if whole is not None:
        words += f", {whole:.4f} of what is no chance"
    _line(console, "verdict", f"{document['verdict']}: {words}")
    kinds = document.get("kinds") or ()
    if len({one["verdict"] for one in kinds}) > 1:
        for one in kinds:
            words = f"{one['verdict']}, R² {_share(one['explained'])}"
            _line(console, f"on {one['kind']}", words)
    causes = document.get("causes") or ()
    if causes:
        _line(console, "likely causes" if len(causes) > 1 else "likely cause", ", ".join(causes))
    _line(console, "order", document["order_evidence"]["words"])
    for other in document.get("others") or ():
        between = between_kinds(other["term"], other["receiver"], other["sender"])
        _line(console, "as good", f"{between}: {', '.join(other['texts'][:3])}")
    _show_notes(console, document)
    spent = sum((document.get("seconds") or {}).values())
    console.print(f"{folder} ({spent:.1f} s)", soft_wrap=True)


def _show_notes(console: Console, document: Mapping[str, Any]) -> None:
    """What was hidden, and the notes that it does not say."""
    hidden = document.get("hidden")
    show_hidden(console, hidden)
    for note in document.get("notes") or ():
        if hidden is None or note != hidden["words"]:
            _line(console, "note", note)


def _show_constants(console: Console, document: Mapping[str, Any]) -> None:
    """The numbers of every force, each with its standard error."""
    for curve in document.get("pair_curves") or ():
        if numbers := curve.get("constants"):
            name = between_kinds(curve["term"], curve["receiver"], curve["sender"])
            _line(console, "constants", f"{name}: {', '.join(map(_measured, numbers))}")
    alone = [
        f"{one['term']}{' on ' + one['receiver'] if one['receiver'] else ''} {_measured(one)}"
        for one in document.get("one_body") or ()
    ]
    for one in document.get("shaped") or ():
        named = [f"{name} {_measured(number)}" for name, number in one["shapes"].items()]
        words = ", ".join([f"factor {_measured(one)}", *named])
        _line(console, "constants", f"{one['term']}: {words}")
    if alone:
        _line(console, "constants", f"one-body: {', '.join(alone)}")


def _by_kind(name: str, value: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """The label and the number, of each kind that has one."""
    if value is None:
        return []
    if "value" in value and not isinstance(value["value"], Mapping):
        return [(name, value)]
    return [(f"{name} of {kind}", one) for kind, one in value.items() if one is not None]


def list_forces(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The name of every force of results, and its formula."""
    formula = document["formula"]
    alone = formula.get("self") or "0"
    forces: list[tuple[str, str]] = []
    if formula.get("pair") is not None:
        names = [name for name in _BESIDE if formula.get(name)]
        if formula["pair"] != "0" or not names:
            forces.append(("pair", formula["pair"]))
        forces += [(name, formula[name]) for name in names]
    else:
        for name in ("pair", *_BESIDE):
            rows = formula.get("pairs" if name == "pair" else name) or ()
            forces += [
                (between_kinds(name, row["receiver"], row["sender"]), row[name])
                for row in rows
                if row.get(name) not in (None, "0")
            ]
    more = [(name, formula.get(name) or "0") for name in ("turning", "wall", "three-body")]
    for name, value in (("one-body", alone), *more):
        each = {"": value} if isinstance(value, str) else value
        forces += [
            (f"{name}, on {kind}" if kind else name, text)
            for kind, text in each.items()
            if text != "0"
        ]
    return forces


def between_kinds(name: str, receiver: str, sender: str) -> str:
    """The name of a force, with kinds where there are several."""
    return f"{name}, {sender} on {receiver}" if receiver else name


def _show_curves(console: Console, document: Mapping[str, Any]) -> None:
    """Some rows of every force against distance, where no formula stands for it."""
    for curve in document.get("pair_curves") or ():
        name = between_kinds(curve["term"], curve["receiver"], curve["sender"])
        table = new_table("r>", f"{name}>", "95 % band>")
        r = curve["r"]
        for row in range(0, len(r), max(1, (len(r) - 1) // (_ROWS - 1))):
            force, low, high = (curve[key][row] for key in ("force", "low", "high"))
            table.add_row(_number(r[row]), _number(force), f"{_number(low)} to {_number(high)}")
        console.print(table)


def _measured(number: Mapping[str, Any]) -> str:
    error = number.get("error")
    return f"{number['value']:.4g}{'' if error is None else f' +- {error:.1g}'}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _line(console: Console, label: str, words: str) -> None:
    console.print(f"{label:<{_WIDTH}}{' ' * (len(label) >= _WIDTH)}{words}", soft_wrap=True)
