"""`forcelaw signed embed`, `predict`, `layout`, `split`: from file to file, without training."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forcelaw.cli.command import command
from forcelaw.cli.options import (
    Devices,
    Learned,
    Network,
    OtherNetwork,
    Pairs,
    SpreadsheetSafe,
    protocol_option,
)
from forcelaw.cli.session import Session
from forcelaw.cli.sources import asked_pairs, fitted_model, named_as_given, signed_network
from forcelaw.signed.settings import TEST, ReadingSettings


@command("force")
def embed(
    session: Session,
    run: Learned,
    source: OtherNetwork = None,
    *,
    devices: Devices = None,
    reading: ReadingSettings,
    spreadsheet_safe: SpreadsheetSafe = False,
    out: Annotated[Path, typer.Option("--out", help="A .npz or .csv file for the positions.")],
) -> None:
    """Write node positions; another SOURCE is placed by the learned law, without training."""
    from forcelaw import signed
    from forcelaw.report.signed_text import show_placed
    from forcelaw.signed.evaluation.finished_fits import precision_of
    from forcelaw.signed.io import write_positions
    from forcelaw.storage import check_file

    check_file(out, ".npz", ".csv", force=session.force)
    session.start_jax(precision_of(run, source))
    if source is None:
        model = signed.SpringEmbedding.load(run)
        network, position, springs = model.network_, model.positions_, model.springs_
    else:
        network = signed_network(session, source, reading)
        learned = signed.load_learned_model(run)
        position = signed.embed(learned, network, devices=devices)
        springs = learned.springs_on(network)
    write_positions(out, network.names, position, spreadsheet_safe=spreadsheet_safe)
    document = {
        "out": str(out),
        "dataset": network.name,
        "nodes": len(network.names),
        "dim": int(position.shape[1]),
        "cleanup": dict(network.cleanup),
        "springs": None if springs is None else springs.to_json(),
    }
    session.result(document, lambda console: show_placed(console, document))


@command("force")
def predict(
    session: Session,
    run: Learned,
    pairs: Pairs,
    source: OtherNetwork = None,
    *,
    reading: ReadingSettings,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse pairs with a node that is not known.")
    ] = False,
    spreadsheet_safe: SpreadsheetSafe = False,
    out: Annotated[Path, typer.Option("--out", help="A .csv file for the predictions.")],
) -> None:
    """Predict the sign of each pair, with its probability; in another SOURCE without training."""
    from forcelaw import signed
    from forcelaw.report.signed_text import show_predicted
    from forcelaw.signed.evaluation.finished_fits import precision_of
    from forcelaw.storage import atomic_write, check_file

    check_file(out, force=session.force)
    asked = asked_pairs(pairs, run, source, reading)
    session.start_jax(precision_of(run, source))
    model = fitted_model(session, run, source, reading)
    found = signed.predict(model, asked)
    # A run's network under its name, another one as it was typed.
    name = source or model.network_.name
    found.report_unknown(pairs, name, prior=model.prior_, strict=strict)
    atomic_write(out, found.csv(spreadsheet_safe=spreadsheet_safe).encode())
    friends = int((found.sign > 0).sum())
    document = {
        "out": str(out),
        "dataset": model.network_.name,
        "pairs": len(asked),
        "positive": friends,
        "negative": len(asked) - friends,
        "unknown_nodes": int((~found.known).sum()),
        "prior": model.prior_,
        "threshold": model.threshold_,
        "cleanup": dict(model.network_.cleanup),
    }
    session.result(document, lambda console: show_predicted(console, document))


@command("seed", "force")
def layout(
    session: Session,
    source: Network,
    *,
    dim: Annotated[
        int | None, typer.Option("--dim", help="2 or 3; by default what --out can show.")
    ] = None,
    nodes: Annotated[
        int | None,
        typer.Option("--nodes", metavar="N", min=1, help="Only those with most edges."),
    ] = None,
    reading: ReadingSettings,
    spreadsheet_safe: SpreadsheetSafe = False,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            help="A picture, .svg, .png, a page to turn it, .html, or the places, .csv, .npz.",
        ),
    ],
) -> None:
    """Place the nodes for a picture: friends near, enemies far, none on another."""
    from forcelaw import signed
    from forcelaw.report.drawing import ENDINGS, dimensions, write_layout
    from forcelaw.report.signed_text import show_layout
    from forcelaw.storage import check_file

    check_file(out, *ENDINGS, force=session.force)
    dim = dimensions(out, dim)
    network = signed_network(session, source, reading)
    if nodes is not None:
        network = signed.top_degree_subgraph(network, nodes)
    with named_as_given(network, source):
        place = signed.layout(network, dim, seed=session.seed or 0)
    note = write_layout(out, network, place, spreadsheet_safe=spreadsheet_safe)
    if note:
        session.note(note)
    document = {
        "out": str(out),
        "dataset": network.name,
        "nodes": network.n_nodes,
        "dim": dim,
        "marker": place.marker,
        "cleanup": dict(network.cleanup),
    }
    if len(set(network.sign.tolist())) == 2:
        document |= signed.layout_quality(network, place.position)._asdict()
    session.result(document, lambda console: show_layout(console, document))


@command("seed", "force")
def split(
    session: Session,
    source: Network,
    *,
    protocol: Annotated[str, protocol_option("How test edges are chosen.")],
    test: Annotated[float, typer.Option("--test", help="Share of the test part.")] = TEST,
    validation: Annotated[
        float, typer.Option("--validation", help="Share of a validation part.")
    ] = 0.0,
    reading: ReadingSettings,
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.")],
) -> None:
    """Write train.csv, test.csv and maybe validation.csv, to be shared."""
    from forcelaw import signed
    from forcelaw.report.signed_text import show_split
    from forcelaw.storage import check_folder

    check_folder(out, force=session.force)
    network = signed_network(session, source, reading)
    with named_as_given(network, source):
        parts = signed.split(
            network, protocol, seed=session.seed or 0, test=test, validation=validation
        )
    signed.save_split(parts, out, force=session.force)
    document = {
        "out": str(out),
        "dataset": network.name,
        "protocol": protocol,
        "seed": parts.seed,
        "train": parts.train.n_edges,
        "validation": 0 if parts.validation is None else len(parts.validation),
        "test": len(parts.test),
        "reverse_share": parts.reverse_share,
        "cleanup": dict(parts.train.cleanup),
    }
    session.result(document, lambda console: show_split(console, document))
