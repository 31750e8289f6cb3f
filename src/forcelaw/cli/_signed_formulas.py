"""Formulas of the learned forces: read off once, kept in the results of their run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forcelaw.cli._session import Session
from forcelaw.errors import InputError

if TYPE_CHECKING:
    from forcelaw.signed import Learned
    from forcelaw.storage import Run

_FORMULAS = ("formulas", "formula_r2", "formula_reach")


def kept_formulas(session: Session, run: str) -> dict[str, Any]:
    """`read_formulas` of a run, kept in its results and in its report."""
    from forcelaw import signed
    from forcelaw.cli._runs import keep_report, read_back
    from forcelaw.storage import open_run, read_run

    with open_run(run, read_run(run).config) as opened:
        found = formulas_of(opened)
        if found is None:
            found = read_formulas(session, signed.learned(run))
            if opened.writable:
                opened.finish((read_back(opened) or {}) | found)
        keep_report(session, opened)
        return found


def formulas_of(run: Run) -> dict[str, Any] | None:
    """What `read_formulas` found, as the results of a run keep it; None where they do not.

    Raises:
        InputError: see `read_back`.
    """
    from forcelaw.cli._runs import read_back

    results = read_back(run) or {}
    if not results.get("formula_r2"):
        return None
    read_back(run, needed=_FORMULAS)
    if results["formulas"].keys() != results["formula_r2"].keys():
        raise InputError(
            f"{run.results_file}: found other names in formulas than in formula_r2, expected the "
            "same; restore the file, or run its command again with --force"
        )
    return {key: results[key] for key in _FORMULAS}


def read_formulas(session: Session, model: Learned) -> dict[str, Any]:
    """Each force as the text of a formula in the distance `r`, how well it fits, how far."""
    from forcelaw import signed

    with session.progress("reading the forces off") as progress:
        found = signed.force_formulas(model, report=lambda done: progress.update(done, 3))
    return {
        "formulas": {name: formula.expression.text() for name, formula in found.items()},
        "formula_r2": {name: formula.r2 for name, formula in found.items()},
        "formula_reach": max(formula.reach for formula in found.values()),
    }
