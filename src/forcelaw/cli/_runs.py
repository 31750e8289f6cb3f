"""What every command that works in a run does: open it, do what is left, keep the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forcelaw.cli._session import Session
from forcelaw.errors import InputError

if TYPE_CHECKING:
    from forcelaw.storage import Run


_NEEDED = {"particles": (), "signed": ("dataset", "nodes", "edges", "positive")}
"""By application: what every command that shows results prints."""


def carry_out(
    session: Session,
    folder: Path,
    config: dict[str, Any],
    work: Callable[[Run], dict[str, Any]],
    *,
    with_report: bool = True,
) -> dict[str, Any]:
    """The results of the run in a folder: those that are there, or those of `work`.

    Raises:
        InputError: see `open_run`.
    """
    from forcelaw.storage import open_run

    with open_run(folder, config, force=session.force) as run:
        session.note_status(run)
        return finished(session, run, work, with_report=with_report)


def finished(
    session: Session,
    run: Run,
    work: Callable[[Run], dict[str, Any]],
    *,
    with_report: bool = True,
) -> dict[str, Any]:
    """The results of a run that is open, and its report, also where only that was missing."""
    document = read_back(run)
    if document is None:
        if with_report:
            from forcelaw.report import check_report

            check_report(run.folder)
        document = work(run)
        run.finish(document)
    if with_report:
        keep_report(session, run)
    return document


def read_back(run: Run, *, needed: Sequence[str] = ()) -> dict[str, Any] | None:
    """The results of a run, whose keys and types were checked; None as long as there are none.

    Args:
        run: that is open.
        needed: keys that must be there, beside those that what the command prints needs.

    Raises:
        InputError: naming file and key, where they hold something else.
    """
    from forcelaw.report import check_results

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


def keep_report(session: Session, run: Run) -> None:
    """Writes the report of a finished run where it is missing or older than the results.

    A run is finished without it: what stands in its way is said, and no more.
    """
    from forcelaw.report import report

    path = run.folder / "report.html"
    if path.exists() and path.stat().st_mtime_ns >= run.results_file.stat().st_mtime_ns:
        return
    try:
        report(run.folder)
    except InputError as error:
        session.note(f"no report: {error}")
    except OSError as error:
        session.note(f"no report: {path}: found that it cannot be written ({error.strerror})")
