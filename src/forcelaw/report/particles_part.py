"""What was learned from the motion of particles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forcelaw.report.drawing import lines
from forcelaw.report.html import Html, join, tag
from forcelaw.report.mathml import formula
from forcelaw.report.parts import chapter, facts, figures, seconds, table, training
from forcelaw.report.readable_numbers import finite, number


def particles_section(document: Mapping[str, Any], metrics: Sequence[Mapping[str, Any]]) -> Html:
    """The section of a run of `forcelaw particles`."""
    curves = document.get("curves") or {}
    leads = document.get("answer") == "curve"
    force = lines(
        curves.get("force") or {},
        title="Force against distance",
        caption="Force on a body along the line to its partner, attraction positive.",
    )
    energy = lines(
        curves.get("energy") or {},
        title="Energy along a rollout",
        caption="Change of the total energy relative to the start.",
    )
    return tag(
        "section",
        tag("h1", f"The force law of {document.get('source', 'the particles')}"),
        _verdict(document),
        _facts(document),
        figures(_band(document)) if leads else None,
        _laws(document),
        chapter(
            "What it does",
            figures(force, None if leads else _band(document), energy, training(metrics)),
            _message_fit(document),
        ),
        chapter("Inside and outside the training range", _errors(document)),
        chapter("Candidates", _pareto(document)),
        chapter("Uncertainty", _spread(document), _notes(document)),
        chapter("Time", seconds(document)),
    )


def _facts(document: Mapping[str, Any]) -> Html:
    keys = ("model", "bodies", "dim", "trajectories", "noise", "seed")
    items: dict[str, object] = {
        "dimensions" if key == "dim" else key: document.get(key) for key in keys
    }
    drift = document.get("energy_drift")
    items["energy drift"] = number(drift) if finite([drift]) else None
    residual = document.get("residual")
    items["residual / noise"] = number(residual) if finite([residual]) else None
    return facts({k: number(v) if isinstance(v, int | float) else v for k, v in items.items()})


def _verdict(document: Mapping[str, Any]) -> Html | None:
    """The verdict, the curve where it is the answer, and causes, in one sentence each."""
    said = {
        "law": "The formula is the law, as far as these data can tell",
        "approximation": "The formula is an approximation, not the law",
        "none": "No formula was found that explains the motion",
    }
    words = said.get(str(document.get("verdict")))
    if words is None:
        return None
    of = document.get("explained_of") or "held-out data"
    of = of if of == "held-out data" else f"{of} on held-out data"
    words += f": it explains {number(document.get('explained'), 4)} (R²) of {of}."
    causes = document.get("causes") or ()
    if causes:
        words += f" Likely cause{'s' * (len(causes) > 1)}: {', '.join(map(str, causes))}."
    curve = document.get("curve") or {}
    if document.get("answer") == "curve":
        share = number(curve.get("explained"), 4)
        words = f"The answer is the force curve: it explains {share} (R²) of {of}. {words}"
    return tag("p", words, class_="verdict")


def _band(document: Mapping[str, Any]) -> Html | None:
    """The force curve with its band."""
    curve = document.get("curve") or {}
    drawn = {
        "x": curve.get("r"),
        "series": {"curve": curve.get("force") or []},
        "band": {key: curve.get(key) or [] for key in ("low", "high")},
        "x_label": "distance",
        "y_label": "force",
        "clip": _room(curve.get("force") or []),
    }
    caption = "A spline through the accelerations themselves, whatever the formula, and its band."
    return lines(drawn, title="Force curve with 95 % band", caption=caption)


def _room(values: Sequence[object]) -> tuple[float, float] | None:
    """Room for most of a curve, and for all of one that stays about as large."""
    held = sorted(finite(values))
    if not held:
        return None
    low, high = held[len(held) // 10], held[-1 - len(held) // 10]
    room = 1.5 * (high - low) + 1e-300
    return max(held[0], low - room) - 0.1 * room, min(held[-1], high + room) + 0.1 * room


def _laws(document: Mapping[str, Any]) -> Html:
    found, truth = document.get("formula"), document.get("truth")
    if not isinstance(found, dict):
        words = "The law is a trained network so far; forcelaw particles distill reads it off."
        return tag("p", words, class_="soft")
    name = "Best formula, not a law" if document.get("answer") == "curve" else "Found"
    return join(_law(name, found, ""), _law("Truth", truth, " true") if truth else None)


def _law(name: str, law: Mapping[str, Any], kind: str) -> Html:
    pair, alone = law.get("pair"), law.get("self")
    parts = [tag("div", f"{name}: force on body i from body j", class_="name"), formula(pair)]
    if alone and str(alone) not in ("0", "0.0"):
        parts += [tag("div", "and on each body alone", class_="name"), formula(alone)]
    return tag("div", *parts, class_=f"law{kind}")


def _message_fit(document: Mapping[str, Any]) -> Html | None:
    r2 = document.get("r2")
    if not isinstance(r2, dict) or not finite(list(r2.values())):
        return None
    names = {"force": "true force", "acceleration": "true force / mass"}
    rows = [
        (label, number(r2.get(key), 4), number(r2.get(f"{key}_trimmed"), 4))
        for key, label in names.items()
    ]
    head = ("R² of the messages against the", "all", "without 1 % tails")
    return table(head, rows)


def _errors(document: Mapping[str, Any]) -> Html | None:
    rows = (document.get("curves") or {}).get("errors")
    error = document.get("error")
    if not rows and isinstance(error, dict):
        rows = [{"name": "forcelaw", **error}]
    if not rows:
        return None
    keys = ("test", "far", "explained")
    cells = [(row["name"], *(number(row.get(key)) for key in keys)) for row in rows]
    words = (
        "Mean relative error of the accelerations; extrapolation: more bodies, farther apart. R²: "
        "the share of held-out data that is explained, 0 for no force at all."
    )
    return join(
        table(("law", "in distribution", "extrapolation", "R²"), cells),
        tag("p", words, class_="soft"),
    )


def _pareto(document: Mapping[str, Any]) -> Html | None:
    front = document.get("pareto")
    if not front:
        return None
    chosen = next((i for i, row in enumerate(front) if row.get("chosen")), -1)
    rows = [
        (tag("code", row.get("text")), number(row.get("complexity")), number(row.get("error")))
        for row in front
    ]
    words = "The best formula of every length. The highlighted one was chosen and refitted."
    if document.get("residual") is not None:
        words += " Errors are residuals of held-out positions, in units of their noise."
    return join(
        table(("formula", "complexity", "error"), rows, chosen=chosen),
        tag("p", words, class_="soft"),
    )


def _spread(document: Mapping[str, Any]) -> Html | None:
    spread = document.get("spread") or {}
    constants, choice = spread.get("constants") or (), spread.get("choice") or ()
    parts = []
    if constants:
        rows = [(number(row["value"]), number(row.get("deviation"))) for row in constants]
        parts.append(table(("constant", "standard deviation"), rows))
    if choice:
        cells = [(tag("code", row["text"]), f"{100 * row['share']:.0f} %") for row in choice]
        parts.append(table(("formula", "chosen in resamples of held-out data"), cells))
    return join(*parts) if parts else None


def _notes(document: Mapping[str, Any]) -> Html | None:
    said = document.get("notes") or ()
    return join(*(tag("p", note) for note in said)) if said else None
