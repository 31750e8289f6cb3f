"""What `forcelaw particles` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forcelaw.files import many
from forcelaw.report.drawing import show_force
from forcelaw.report.matter import show_matter
from forcelaw.report.tables import new_table
from forcelaw.report.training_words import trouble

if TYPE_CHECKING:
    from rich.console import Console


_ROWS = 10
"""Of a force curve that are printed."""
_LONG = 24
"""Characters of a one-body force that still fit into the table of laws."""
_HALF = 0.5
"""Share of the squares from which a law explains more than it leaves."""


def show_laws(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """The built-in laws."""
    table = new_table("law", "pair force, attraction positive", "one-body force", "what it is")
    for row in rows:
        alone = "" if row["self"] == "0" else row["self"]
        # The force of the ball is as long as a line.
        shown = alone if len(alone) < _LONG else "gravity and the ball"
        table.add_row(row["name"], row["pair"], shown, row["description"])
    console.print(table)


def show_simulated(console: Console, document: Mapping[str, Any]) -> None:
    """Where simulated trajectories lie."""
    words = f"{many(document['trajectories'], 'trajectory')} of {many(document['bodies'], 'body')}"
    _line(console, f"{document['out']}: {words}, {many(document['frames'], 'snapshot')} each")


def show_particles(console: Console, document: Mapping[str, Any], folder: Path) -> None:
    """What a run found: Pareto table, formula beside the truth, errors."""
    if document.get("order_evidence"):
        show_matter(console, document, folder)
        return
    front = document.get("pareto")
    if front:
        table = new_table("", "complexity>", "error>", "formula", "from")
        for row in front:
            mark = "→" if row.get("chosen") else ""
            size, error = str(row["complexity"]), f"{row['error']:.3g}"
            table.add_row(mark, size, error, row["text"], row.get("source", ""))
        console.print(table)
        _line(console, "")
    if document.get("formula"):
        show_formula(console, document)
    if curve := document.get("curve"):
        show_force(console, "force", curve["r"], curve["force"])
    _show_verdict(console, document)
    _show_spread(console, document.get("spread") or {})
    _show_errors(console, document)
    if trouble(document):
        _line(console, f"training       {trouble(document)}")
    for note in document.get("notes") or ():
        _line(console, f"note           {note}")
    if document.get("energy_drift") is not None:
        _line(console, f"energy drift   {document['energy_drift']:.2e}")
    if document.get("residual") is not None:
        words = f"{document['residual']:.3g} times the noise, of positions in test rollouts"
        _line(console, f"residual       {words}")
    r2 = document.get("r2") or {}
    known = {key: value for key, value in r2.items() if value is not None}
    if known:
        words = "  ".join(f"{key.replace('_', ' ')} {value:.4f}" for key, value in known.items())
        _line(console, f"messages R²    {words}")
    spent = sum((document.get("seconds") or {}).values())
    _line(console, f"{folder} ({spent:.1f} s)")


def show_formula(console: Console, document: Mapping[str, Any]) -> None:
    """What was found, the formula or the force curve, and the truth where it is known."""
    found, truth = document["formula"], document.get("truth")
    if document.get("answer") == "curve":
        _show_curve(console, document["curve"])
        _line(console, f"best formula   {_law(found)}   (not a law)")
    else:
        capped = (document.get("cap") or {}).get("words", "")
        _line(console, f"found          {_law(found)}{'; ' * bool(capped)}{capped}")
    if truth:
        _line(console, f"truth          {_law(truth)}")


def _show_curve(console: Console, curve: Mapping[str, Any]) -> None:
    """The curve in one line, and some of its rows."""
    r, explained = curve["r"], curve["explained"]
    product = "".join(f" times {name} of both bodies" for name in curve.get("attributes") or ())
    words = f"force curve{product}, r from {r[0]:.3g} to {r[-1]:.3g}: R² {_number(explained)}"
    _line(console, f"found          {words}")
    if explained is None or explained < _HALF:
        _line(console, "               a force along the line explains little of the motion")
    table = new_table("r>", "force>", "95 % band>")
    for row in range(0, len(r), max(1, (len(r) - 1) // (_ROWS - 1))):
        force, low, high = (curve[key][row] for key in ("force", "low", "high"))
        table.add_row(_number(r[row]), _number(force), f"{_number(low)} to {_number(high)}")
    console.print(table)
    _line(console, "")


def _show_verdict(console: Console, document: Mapping[str, Any]) -> None:
    verdict = document.get("verdict")
    if verdict is None:
        return
    subject = "the formula has " if document.get("answer") == "curve" else ""
    of = f" of {document['explained_of']}" if document.get("explained_of") else ""
    words = f"{subject}R² {_share(document.get('explained'))}{of} on held-out data"
    whole = document.get("explained_of_explainable")
    if whole is not None:
        words += f", {whole:.4f} of what is not noise"
    _line(console, f"verdict        {verdict}: {words}")
    causes = document.get("causes") or ()
    if causes:
        label = "likely causes" if len(causes) > 1 else "likely cause"
        _line(console, f"{label:<15}{', '.join(causes)}")
    curve = document.get("curve") or {}
    if verdict != "law" and document.get("answer") != "curve" and curve:
        _line(
            console,
            f"force curve    R² {_share(curve.get('explained'))}, with its 95 % band in the report",
        )


def show_rollout(console: Console, document: Mapping[str, Any]) -> None:
    """Where the rollout lies and what it conserved."""
    words = f"{many(document['steps'], 'step')} of {document['dt']:g}, law: {document['law']}"
    _line(console, f"{document['out']}: {many(document['trajectories'], 'trajectory')}, {words}")
    for key in ("energy_drift", "momentum_drift"):
        value = document.get(key)
        shown = "unknown" if value is None else f"{value:.2e}"
        _line(console, f"{key.replace('_', ' '):<15}{shown}")


def _show_errors(console: Console, document: Mapping[str, Any]) -> None:
    error = document.get("error") or {}
    if error.get("validation") is not None:
        target = document.get("target", "acceleration")
        kind = (
            "relative error of accelerations" if target == "acceleration" else f"error ({target})"
        )
        _line(console, f"{kind}, validation: {error['validation']:.3g}")
        if document.get("cutoff") is not None:
            shown = _share(document.get("explained"))
            _line(console, f"R² of {target}, held out: {shown}, cutoff {document['cutoff']:.4g}")
    if "test" not in error:
        return
    rows = [{"name": "forcelaw", **error}]
    rows += [{"name": name, **row} for name, row in (document.get("baselines") or {}).items()]
    rows[0]["explained"] = document.get("explained")
    table = new_table("mean relative error", "in distribution>", "extrapolation>", "R²>")
    for row in rows:
        numbers = (row.get(key) for key in ("test", "far", "explained"))
        table.add_row(row["name"], *map(_number, numbers))
    console.print(table)


def _show_spread(console: Console, spread: Mapping[str, Any]) -> None:
    constants = [
        f"{row['value']:.6g}{_spread_of(row.get('deviation'))}"
        for row in spread.get("constants") or ()
    ]
    if constants:
        _line(console, f"constants      {', '.join(constants)} (over parts of the data)")
    choice = spread.get("choice") or ()
    if choice:
        _line(console, f"chosen in      {choice[0]['share']:.0%} of resamples of held-out data")


def _law(law: Mapping[str, Any]) -> str:
    alone = law.get("self")
    return str(law["pair"]) + (f"   one-body: {alone}" if alone and alone != "0" else "")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _line(console: Console, words: str) -> None:
    console.print(words, soft_wrap=True)


def show_task(console: Console, task: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """A published task, beside the published numbers."""
    if task == "nri":
        _show_who_interacts(console, rows)
        return
    for row in rows:
        _line(console, f"{row['verdict']:<14} {row['law']}")
        _line(console, f"followed in    {row['followed']}")
        steps = [f"{one['steps']} steps>" for one in row["errors"]]
        table = new_table("mean square error of positions", *steps)
        for name in ("mean", "median", "worst"):
            table.add_row(f"forcelaw, {name}", *(f"{one[name]:.2g}" for one in row["errors"]))
        for name, errors in row["published"].items():
            table.add_row(name, *(f"{error:.3g}" for error in errors))
        console.print(table)
        console.print(
            f"{row['tests']:,} other motions; learned from {row['motions']:,} pairs of states "
            f"in {row['seconds']:.0f} s"
        )


def _show_who_interacts(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """Who interacts."""
    table = new_table("system", "bodies>", "given", "right>", "+->", "published>", "seconds>")
    for row in rows:
        published = ", ".join(f"{name} {share:.1%}" for name, share in row["published"].items())
        table.add_row(
            row["system"],
            str(row["bodies"]),
            row["given"],
            f"{row['accuracy']:.2%}",
            f"{row['error']:.2%}",
            published or "-",
            f"{row['seconds']:.0f}",
        )
    console.print(table)
    console.print(f"{rows[0]['trajectories']:,} trajectories of each; nothing was trained before")


def _spread_of(deviation: float | None) -> str:
    """Resamples that all give one number, rounding included, are no measured error of zero."""
    if deviation is None:
        return ""
    return f" +- {deviation:.1g}" if deviation else " (the same in all)"
