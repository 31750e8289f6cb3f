"""`forcelaw signed layout`: a picture of a signed network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forcelaw.cli._command import command
from forcelaw.cli._session import Session
from forcelaw.cli._signed_options import Bipartite, Scale, Source, SpreadsheetSafe, Undirected
from forcelaw.errors import InputError

PICTURES = {".svg": 2, ".html": 3}
"""By ending: the dimensions that can be drawn."""
PLACES = (".csv", ".npz")
FINEST = 0.01
"""The smallest marker that can be told from its neighbours in a picture of some 500 pixels."""


@command("seed", "force")
def layout(
    session: Session,
    source: Source,
    *,
    dim: Annotated[
        int | None, typer.Option("--dim", help="2 or 3; by default what --out can show.")
    ] = None,
    nodes: Annotated[
        int | None,
        typer.Option("--nodes", metavar="N", min=1, help="Only those with most edges."),
    ] = None,
    scale: Scale = None,
    undirected: Undirected = False,
    bipartite: Bipartite = False,
    spreadsheet_safe: SpreadsheetSafe = False,
    out: Annotated[
        Path,
        typer.Option(
            "--out", help="A picture, .svg, a page to turn it, .html, or the places, .csv, .npz."
        ),
    ],
) -> None:
    """Place the nodes to be looked at: friends near, enemies far, none on another."""
    from forcelaw import signed
    from forcelaw.cli._signed_work import MOST_NODES, layout_curve
    from forcelaw.cli._sources import Reading, named_as_given, signed_network
    from forcelaw.files import many
    from forcelaw.report import network_picture, turning_page
    from forcelaw.report.signed_text import show_line
    from forcelaw.signed.io import write_positions
    from forcelaw.storage import atomic_write

    session.refuse_overwrite(out)
    session.check_ending(out, *PICTURES, *PLACES)
    shown = PICTURES.get(out.suffix.lower())
    dim = shown or 2 if dim is None else dim
    if shown not in (None, dim):
        raise InputError(
            f"{out}: found --dim {dim}, expected {shown} for a {out.suffix} file; .svg shows 2 "
            "dimensions, .html 3, and .csv and .npz hold either"
        )
    network = signed_network(source, Reading(scale, undirected, bipartite), note=session.note)
    if nodes is not None:
        network = signed.busiest(network, nodes)
    with named_as_given(network, source):
        found = signed.layout(network, dim, seed=session.seed or 0)
    if shown == 2:
        atomic_write(out, network_picture(layout_curve(network, found)).encode())
    elif shown == 3:
        atomic_write(out, turning_page(layout_curve(network, found), network.name).encode())
    else:
        write_positions(out, network.names, found.position, spreadsheet_safe=spreadsheet_safe)
    if shown and found.marker < FINEST and network.n_nodes > MOST_NODES:
        session.note(
            f"{out}: {network.n_nodes:,} nodes cannot be told apart in a picture; --nodes "
            f"{MOST_NODES} draws those with most edges"
        )
    document = {
        "out": str(out),
        "dataset": network.name,
        "nodes": network.n_nodes,
        "dim": dim,
        "marker": found.marker,
        "cleanup": dict(network.cleanup),
    }
    words = f"{out}: {many(network.n_nodes, 'node')}"
    if len(set(network.sign.tolist())) == 2:
        quality = signed.layout_quality(network, found.position)
        document |= quality._asdict()
        words += f"; {quality.friends_nearer:.1%} of the pairs of friends are nearer than the "
        words += f"middle pair of enemies, AUC {quality.auc:.3f}"
    session.result(document, lambda console: show_line(console, words, network.cleanup))
