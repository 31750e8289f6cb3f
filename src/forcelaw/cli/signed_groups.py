"""`forcelaw signed balance`, `factions`: what signs say about groups; nothing is trained."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forcelaw.cli.command import command
from forcelaw.cli.options import Network, SpreadsheetSafe
from forcelaw.cli.session import Session
from forcelaw.cli.sources import named_as_given, signed_network
from forcelaw.signed.settings import SECONDS, ReadingSettings


@command("seed")
def balance(
    session: Session,
    source: Network,
    *,
    seconds: Annotated[float, typer.Option(min=0, help="Time for each of two proofs.")] = SECONDS,
    reading: ReadingSettings,
) -> None:
    """Tell how balanced a network is: triangles, walks and frustration, each beside chance."""
    from forcelaw import signed
    from forcelaw.report.signed_text import show_line

    network = signed_network(session, source, reading)
    with named_as_given(network, source):
        found = signed.balance(network, seconds=seconds, seed=session.seed or 0, reporter=session)
    document = {**found.to_json(), "cleanup": dict(network.cleanup)}
    session.result(document, lambda console: show_line(console, str(found), network.cleanup))


@command("seed", "force")
def factions(
    session: Session,
    source: Network,
    *,
    k: Annotated[
        int | None, typer.Option(metavar="K", help="Number of factions.", show_default="found")
    ] = None,
    reading: ReadingSettings,
    spreadsheet_safe: SpreadsheetSafe = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Also a .csv file: node, faction, polarisation.")
    ] = None,
) -> None:
    """Find the factions: friends within, enemies between, and how many there are."""
    from forcelaw import signed
    from forcelaw.report.signed_text import show_line
    from forcelaw.storage import atomic_write, check_file

    if out is not None:
        check_file(out, ".csv", force=session.force)
    network = signed_network(session, source, reading)
    with named_as_given(network, source):
        found = signed.factions(network, k, seed=session.seed or 0, reporter=session)
    if out is not None:
        atomic_write(out, found.csv(spreadsheet_safe=spreadsheet_safe).encode())
        session.note(f"{out} written")
    written = None if out is None else str(out)
    document = {**found.to_json(), "cleanup": dict(network.cleanup), "out": written}
    session.result(document, lambda console: show_line(console, str(found), network.cleanup))
