"""`forcelaw demo`."""

from __future__ import annotations

from forcelaw.cli._command import command
from forcelaw.cli._session import Session


@command("seed", "force")
def demo(session: Session) -> None:
    """Both jobs on built-in input, no download: finds a force law twice, writes report.html."""
