"""`forcelaw signed explain`, `suspects`, `ratings`: what stands behind signs, and beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forcelaw.cli.command import command
from forcelaw.cli.options import (
    Learned,
    OtherNetwork,
    Pairs,
    Parts,
    SpreadsheetSafe,
    protocol_option,
)
from forcelaw.cli.session import Session
from forcelaw.cli.sources import asked_pairs, fitted_model, named_as_given, signed_source
from forcelaw.errors import InputError
from forcelaw.signed.settings import LESS_LIKELY, LEVEL, SEEDS, ReadingSettings

_PLOT = typer.Option("--plot", help="Also draw the neighbourhoods: .png, .svg or .pdf.")
_TABLE = typer.Option("--out", help="Also write a table: .csv.")


@command("force")
def explain(
    session: Session,
    run: Learned,
    pairs: Pairs,
    source: OtherNetwork = None,
    *,
    reading: ReadingSettings,
    spreadsheet_safe: SpreadsheetSafe = False,
    out: Annotated[Path | None, _TABLE] = None,
    plot: Annotated[Path | None, _PLOT] = None,
) -> None:
    """Say why each pair is predicted so: what adds to its log-odds, and the edges behind it."""
    from forcelaw.files import many
    from forcelaw.report.answers import show_explained
    from forcelaw.report.drawing.neighbourhood_image import check_panels, draw_neighbourhoods
    from forcelaw.signed.evaluation.finished_fits import precision_of
    from forcelaw.signed.evaluation.predictions import check_known, without_repeats
    from forcelaw.signed.explanation import neighbourhood_of
    from forcelaw.storage import RESULTS_SCHEMA, atomic_write, check_file

    asked = asked_pairs(pairs, run, source, reading)
    if out is not None:
        check_file(out, ".csv", force=session.force)
    if plot is not None:
        check_file(plot, ".png", ".svg", ".pdf", force=session.force)
        check_panels(plot, len(set(asked)))
    session.start_jax(precision_of(run, source))
    model = fitted_model(session, run, source, reading)
    asked, repeated = without_repeats(model.network_, asked)
    if repeated:
        session.note(f"{pairs}: {many(repeated, 'pair')} given again, explained once")
    check_known(model, asked, pairs, source or model.network_.name)
    found = model.explain(asked)
    if out is not None:
        atomic_write(out, found.csv(spreadsheet_safe=spreadsheet_safe).encode())
    if plot is not None:
        note = draw_neighbourhoods([neighbourhood_of(pair) for pair in found], plot)
        if note:
            session.note(note)
    document = {
        "schema": RESULTS_SCHEMA,
        "dataset": model.network_.name,
        **found.to_json(),
        "cleanup": dict(model.network_.cleanup),
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
    top: Annotated[
        int, typer.Option("--top", metavar="K", min=1, help="Edges and nodes, at most.")
    ] = 10,
    below: Annotated[
        float,
        typer.Option(metavar="P", help="List edges whose sign is less probable than that."),
    ] = LESS_LIKELY,
    reading: ReadingSettings,
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
    model = fitted_model(session, run, source, reading)
    with session.progress(f"hiding the signs of {model.network_.name}") as progress:
        found = signed.suspects(model, seed=session.seed or 0, tell=progress.update)
    if out is not None:
        atomic_write(out, found.csv(spreadsheet_safe=spreadsheet_safe).encode())
    written = None if out is None else str(out)
    document = {**found.to_json(top, below), "cleanup": dict(found.network.cleanup), "out": written}
    session.result(document, lambda console: show_suspects(console, document))


@command("force")
def ratings(
    session: Session,
    source: Parts,
    pairs: Annotated[
        Path | None,
        typer.Argument(metavar="PAIRS", help="Predict these: CSV with source and target."),
    ] = None,
    protocol: Annotated[
        str | None, protocol_option("Without PAIRS: how test ratings are chosen.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Without PAIRS: number of splits.")] = SEEDS,
    level: Annotated[float, typer.Option(help="Share of ratings inside their interval.")] = LEVEL,
    *,
    reading: ReadingSettings,
    spreadsheet_safe: SpreadsheetSafe = False,
    out: Annotated[Path | None, _TABLE] = None,
) -> None:
    """Predict ratings with intervals; without PAIRS, score them beside others on held-back ones."""
    from forcelaw import signed
    from forcelaw.report.signed_text import show_line
    from forcelaw.storage import atomic_write, check_file

    if protocol is not None and (pairs is not None or Path(source).is_dir()):
        raise InputError("--protocol: found it beside PAIRS or parts, expected none; leave it out")
    if out is not None:
        if pairs is None:
            raise InputError("--out: found no PAIRS, expected a file of pairs; name one")
        check_file(out, ".csv", force=session.force)
    network, parts = signed_source(session, source, reading)
    chosen = protocol or ("directed" if network.directed else "pairs")
    progress = session.progress(f"ratings of {network.name}")
    with named_as_given(network, source), progress as shown:
        if pairs is None:
            given, tell = parts or network, shown.update
            found = signed.evaluate_ratings(given, chosen, seeds=seeds, level=level, tell=tell)
        else:
            asked = signed.read_pairs(pairs, bipartite=reading.bipartite)
            found = signed.rate_pairs(signed.RatingModel.fit(network), asked, level)
            if out is not None:
                atomic_write(out, found.csv(spreadsheet_safe=spreadsheet_safe).encode())
    document = {**found.to_json(), "cleanup": dict(network.cleanup)}
    session.result(document, lambda console: show_line(console, str(found), network.cleanup))
