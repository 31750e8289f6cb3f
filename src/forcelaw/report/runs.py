"""Runs that are finished: their results, read back and checked, and their reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from forcelaw.documents import ParsedObject
from forcelaw.errors import InputError
from forcelaw.report.html_page import report
from forcelaw.report.results import check_results
from forcelaw.storage import Run

_NEEDED = {"particles": (), "signed": ("dataset", "nodes", "edges", "positive")}
"""By application: what every command that shows results prints."""
_FORMULAS = ("formulas", "formula_r2", "formula_reach")


def read_back(run: Run, *, needed: Sequence[str] = ()) -> ParsedObject | None:
    """The results of a run, whose keys and types were checked; None as long as there are none.

    **Arguments:**

    - `run`: that is open.
    - `needed`: keys that must be there, beside those that what the command prints needs.

    **Raises** `InputError`: naming file and key, where they hold something else.
    """
    document = run.results()
    if document is None:
        return None
    kind = str(run.config.get("command", "")).partition(" ")[0]
    found = check_results(document, run.results_file, needed=[*_NEEDED.get(kind, ()), *needed])
    if kind in _NEEDED and found["kind"] != kind:
        raise InputError(
            f"{run.results_file}: found the results of {found['kind']}, expected those of {kind} "
            "as in config.yaml; restore the file, or run its command again with --force"
        )
    return found


def kept_formulas(run: Run) -> ParsedObject | None:
    """The formulas of the learned forces that the results of a run keep; None where they do not.

    **Raises** `InputError`: see `read_back`.
    """
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


def keep_report(folder: Path, note: Callable[[str], None]) -> None:
    """Writes the report of a finished run where it is missing or older than the results.

    A run is finished without it: what stands in its way is noted, and no more.
    """
    path, results = folder / "report.html", folder / "results.json"
    if path.exists() and path.stat().st_mtime_ns >= results.stat().st_mtime_ns:
        return
    try:
        report(folder)
    except InputError as error:
        note(f"no report: {error}")
    except OSError as error:
        note(f"no report: {path}: found that it cannot be written ({error.strerror})")


def without_curves(document: Mapping[str, Any]) -> ParsedObject:
    """The results without the curves that only the report draws."""
    return {key: value for key, value in document.items() if key != "curves"}
