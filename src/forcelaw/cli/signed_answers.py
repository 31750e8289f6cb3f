"""`forcelaw signed explain`, `suspects`: why signs are predicted so, and which are contradicted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forcelaw.cli.command import command
from forcelaw.cli.options import (
    Bipartite,
    Learned,
    OtherNetwork,
    Pairs,
    Scale,
    SpreadsheetSafe,
    Undirected,
)
from forcelaw.cli.session import Session
from forcelaw.cli.sources import reading_settings, signed_network

if TYPE_CHECKING:
    from forcelaw.signed import SpringEmbedding

_PLOT = typer.Option("--plot", help="Also draw the neighbourhoods: .png, .svg or .pdf.")
_TABLE = typer.Option("--out", help="Also write a table: .csv.")


@command("force")
def explain(
    session: Session,
    run: Learned,
    pairs: Pairs,
    source: OtherNetwork = None,
    *,
    scale: Scale = None,
    undirected: Undirected = False,
    bipartite: Bipartite = False,
    spreadsheet_safe: SpreadsheetSafe = False,
    out: Annotated[Path | None, _TABLE] = None,
    plot: Annotated[Path | None, _PLOT] = None,
) -> None:
    """Say why each pair is predicted so: what adds to its log-odds, and the edges behind it."""
    from forcelaw import signed
    from forcelaw.report.answers import show_explained
    from forcelaw.report.drawing.neighbourhood_image import check_panels, draw_neighbourhoods
    from forcelaw.signed.evaluation.finished_fits import keeps_apart, precision_of
    from forcelaw.signed.evaluation.predictions import check_known
    from forcelaw.signed.explanation import neighbourhood_of
    from forcelaw.storage import atomic_write, check_file

    asked = signed.read_pairs(pairs, bipartite=bipartite or (source is None and keeps_apart(run)))
    if out is not None:
        check_file(out, ".csv", force=session.force)
    if plot is not None:
        check_file(plot, ".png", ".svg", ".pdf", force=session.force)
        check_panels(plot, len(asked))
    session.start_jax(precision_of(run, source))
    model = _model(session, run, source, scale, undirected, bipartite)
    check_known(model, asked, pairs, source or model.network_.name)
    found = model.explain(asked)
    if out is not None:
        atomic_write(out, found.csv(spreadsheet_safe=spreadsheet_safe).encode())
    if plot is not None:
        draw_neighbourhoods([neighbourhood_of(pair) for pair in found], plot)
    document = {
        "dataset": model.network_.name,
        **found.to_json(),
        "out": None if out is None else str(out),
        "plot": None if plot is None else str(plot),
    }
    session.result(document, lambda console: show_explained(console, document))


@command("seed", "force")
def suspects(
    session: Session,
    run: Learned,
    source: OtherNetwork = None,
    *,
    top: Annotated[int, typer.Option("--top", metavar="K", min=1, help="Edges and nodes.")] = 10,
    scale: Scale = None,
    undirected: Undirected = False,
    bipartite: Bipartite = False,
    spreadsheet_safe: SpreadsheetSafe = False,
    out: Annotated[Path | None, _TABLE] = None,
) -> None:
    """Find edges whose sign all others contradict, and nodes by how far theirs are."""
    from forcelaw import signed
    from forcelaw.report.answers import show_suspects
    from forcelaw.signed.evaluation.finished_fits import precision_of
    from forcelaw.storage import atomic_write, check_file

    if out is not None:
        check_file(out, ".csv", force=session.force)
    session.start_jax(precision_of(run, source))
    model = _model(session, run, source, scale, undirected, bipartite)
    with session.progress(f"hiding the signs of {model.network_.name}") as progress:
        found = signed.suspects(model, seed=session.seed or 0, tell=progress.update)
    if out is not None:
        atomic_write(out, found.csv(spreadsheet_safe=spreadsheet_safe).encode())
    document = {**found.to_json(top), "out": None if out is None else str(out)}
    session.result(document, lambda console: show_suspects(console, document))


def _model(
    session: Session,
    run: str,
    source: str | None,
    scale: tuple[float, float] | None,
    undirected: bool,
    bipartite: bool,
) -> SpringEmbedding:
    """Of a run on its own network, or moved to another one."""
    from forcelaw import signed

    if source is None:
        return signed.SpringEmbedding.load(run)
    reading = reading_settings(session, scale, undirected, bipartite)
    return signed.apply(run, signed_network(session, source, reading))
