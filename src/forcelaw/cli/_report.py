"""`forcelaw report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forcelaw.cli._command import command
from forcelaw.cli._session import Session


@command()
def report(
    session: Session,
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
) -> None:
    """Write report.html into the run's folder: one file that works offline."""
    from forcelaw.report import report as write_report

    path = write_report(run)
    session.result(
        {"report": str(path)},
        lambda console: console.print(str(path), soft_wrap=True),
    )
