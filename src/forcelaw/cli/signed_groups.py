"""`forcelaw signed balance`: what signs say about groups; nothing is trained."""

from __future__ import annotations

from typing import Annotated

import typer

from forcelaw.cli.command import command
from forcelaw.cli.options import Bipartite, Network, Scale, Undirected
from forcelaw.cli.session import Session
from forcelaw.cli.sources import named_as_given, reading_settings, signed_network
from forcelaw.signed.settings import SECONDS


@command("seed")
def balance(
    session: Session,
    source: Network,
    *,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0, help="Time for the proof of the frustration.")
    ] = SECONDS,
    scale: Scale = None,
    undirected: Undirected = False,
    bipartite: Bipartite = False,
) -> None:
    """Tell how balanced a network is: triangles, walks and frustration, each beside chance."""
    from forcelaw import signed

    reading = reading_settings(session, scale, undirected, bipartite)
    network = signed_network(session, source, reading)
    with named_as_given(network, source):
        found = signed.balance(network, seconds=seconds, seed=session.seed or 0, reporter=session)
    document = {**found.to_json(), "cleanup": dict(network.cleanup)}
    session.result(document, lambda console: console.print(str(found), soft_wrap=True))
