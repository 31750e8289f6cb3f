"""`forcelaw signed embed`, `predict`, `law` and `split`: all that trains nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from forcelaw.cli._command import command
from forcelaw.cli._session import Session
from forcelaw.cli._signed_options import (
    Bipartite,
    Devices,
    Learned,
    OtherSource,
    Protocol,
    Scale,
    Source,
    SpreadsheetSafe,
    Undirected,
)
from forcelaw.errors import InputError

DEFAULT = "default"
"""In place of a run: the law that ships with the package."""


@command("force")
def embed(
    session: Session,
    run: Learned,
    source: OtherSource = None,
    *,
    devices: Devices = None,
    scale: Scale = None,
    undirected: Undirected = False,
    bipartite: Bipartite = False,
    spreadsheet_safe: SpreadsheetSafe = False,
    out: Annotated[Path, typer.Option("--out", help="A .npz or .csv file for the positions.")],
) -> None:
    """Write node positions; another SOURCE is placed by the learned law, without training."""
    from forcelaw import signed
    from forcelaw.cli._sources import Reading, signed_network
    from forcelaw.files import many
    from forcelaw.report.signed_text import show_line, show_springs
    from forcelaw.signed.io import write_positions

    session.refuse_overwrite(out)
    session.check_ending(out, ".npz", ".csv")
    start(session, run, source)
    if source is None:
        model = signed.SpringEmbedding.load(run)
        network, position, springs = model.network_, model.positions_, model.springs_
    else:
        reading = Reading(scale, undirected, bipartite)
        network = signed_network(source, reading, note=session.note)
        learned = signed.learned(run)
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
    words = f"{out}: {many(len(network.names), 'node')} in {many(position.shape[1], 'dimension')}"

    def show(console: Any) -> None:
        show_line(console, words, network.cleanup)
        show_springs(console, document)

    session.result(document, show)


@command("force")
def predict(
    session: Session,
    run: Learned,
    pairs: Annotated[
        Path, typer.Argument(metavar="PAIRS", help="CSV file with columns source and target.")
    ],
    source: OtherSource = None,
    *,
    scale: Scale = None,
    undirected: Undirected = False,
    bipartite: Bipartite = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse pairs with a node that is not known.")
    ] = False,
    spreadsheet_safe: SpreadsheetSafe = False,
    out: Annotated[Path, typer.Option("--out", help="A .csv file for the predictions.")],
) -> None:
    """Predict the sign of each pair, with its probability; in another SOURCE without training."""
    import warnings

    from forcelaw import signed
    from forcelaw.cli._sources import Reading, signed_network
    from forcelaw.files import many
    from forcelaw.report.signed_text import show_line
    from forcelaw.storage import atomic_write

    session.refuse_overwrite(out)
    reading = Reading(scale, undirected, bipartite)
    kept_apart = bipartite or (source is None and _kept_apart(run))
    asked = signed.read_pairs(pairs, bipartite=kept_apart)
    start(session, run, source)
    if source is None:
        model = signed.SpringEmbedding.load(run)
        network = model.network_.name
    else:
        model = signed.apply(run, signed_network(source, reading, note=session.note))
        network = source
    found = signed.predict(model, asked)
    unknown = int((~found.known).sum())
    if unknown and strict:
        first = found.pairs[int((~found.known).argmax())]
        raise InputError(
            f"{pairs}: found {many(unknown, 'pair')} with a node that {network} does not have, the "
            f"first {','.join(first)}, expected known nodes; remove them or leave --strict out"
        )
    if unknown:
        warnings.warn(
            f"{pairs}: of {many(len(asked), 'pair')} asked for, {unknown:,} with a node that "
            f"{network} does not have (known = false): their probability is its share of friends, "
            f"{model.prior_:.3f}",
            stacklevel=1,
        )
    atomic_write(out, found.csv(spreadsheet_safe=spreadsheet_safe).encode())
    friends = int((found.sign > 0).sum())
    document = {
        "out": str(out),
        "dataset": model.network_.name,
        "pairs": len(asked),
        "positive": friends,
        "negative": len(asked) - friends,
        "unknown_nodes": unknown,
        "prior": model.prior_,
        "threshold": model.threshold_,
        "cleanup": dict(model.network_.cleanup),
    }
    words = (
        f"{out}: {many(friends, 'friend')} and {many(len(asked) - friends, 'enemy')} predicted "
        f"(a friend from probability {model.threshold_:.3f} on)"
    )
    session.result(document, lambda console: show_line(console, words, model.network_.cleanup))


@command("force")
def law(
    session: Session,
    run: Learned,
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Also draw it: .png, .svg or .pdf.")
    ] = None,
) -> None:
    """Show the learned force of friend, enemy and unknown: table, formula, plot."""
    from forcelaw import signed
    from forcelaw.cli._signed_formulas import kept_formulas, read_formulas
    from forcelaw.cli._signed_work import force_curve
    from forcelaw.report.signed_text import show_force
    from forcelaw.storage import plain

    if plot is not None:
        session.refuse_overwrite(plot)
        session.check_ending(plot, ".png", ".svg", ".pdf")
    start(session, run, None, alone=True)
    learned = signed.learned(run)
    curve = plain(force_curve(learned))
    found = read_formulas(session, learned) if run == DEFAULT else kept_formulas(session, run)
    if plot is not None:
        from forcelaw.report.drawing import draw_force

        draw_force(curve, found["formulas"], plot)
        session.note(f"{plot} written")
    springs = None if learned.springs is None else learned.springs.to_json()
    document = {"distance": curve["x"], **curve["series"], **found, "springs": springs}
    session.result(document, lambda console: show_force(console, curve, document))


@command("seed", "force")
def split(
    session: Session,
    source: Source,
    *,
    protocol: Annotated[Protocol, typer.Option("--protocol", help="How test edges are chosen.")],
    test: Annotated[float, typer.Option("--test", help="Share of the test part.")] = 0.2,
    validation: Annotated[
        float, typer.Option("--validation", help="Share of a validation part.")
    ] = 0.0,
    scale: Scale = None,
    undirected: Undirected = False,
    bipartite: Bipartite = False,
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.")],
) -> None:
    """Write train.csv, test.csv and maybe validation.csv, to be shared."""
    from forcelaw import signed
    from forcelaw.cli._sources import Reading, named_as_given, signed_network
    from forcelaw.files import many
    from forcelaw.report.signed_text import show_line

    session.refuse_folder(out)
    reading = Reading(scale, undirected, bipartite)
    network = signed_network(source, reading, note=session.note)
    with named_as_given(network, source):
        parts = signed.split(
            network, protocol.value, seed=session.seed or 0, test=test, validation=validation
        )
    signed.save_split(parts, out, force=session.force)
    held = 0 if parts.validation is None else len(parts.validation)
    document = {
        "out": str(out),
        "dataset": network.name,
        "protocol": protocol.value,
        "seed": parts.seed,
        "train": parts.train.n_edges,
        "validation": held,
        "test": len(parts.test),
        "reverse_share": parts.reverse_share,
        "cleanup": dict(parts.train.cleanup),
    }
    words = f"{out}: {many(parts.train.n_edges, 'edge')} to train on, "
    words += f"{held:,} to validate on, {document['test']:,} to test on"
    session.result(document, lambda console: show_line(console, words, parts.train.cleanup))


def start(session: Session, run: str, source: str | None, *, alone: bool = False) -> None:
    """Starts JAX as the run did, before anything is loaded.

    **Arguments:** `alone` whether the law is of use without a network.

    **Raises** `InputError` if there is no finished fit in `run`, or if nothing says which network
    to work on.
    """
    from forcelaw.storage import RunStatus, read_run

    if run == DEFAULT:
        if source is None and not alone:
            raise InputError(
                f"{DEFAULT}: found no SOURCE, expected the network to work on: the law that ships "
                "with forcelaw has none of its own; add a file or a dataset's name"
            )
        session.start_jax(32)
        return
    opened = read_run(run)
    if opened.config.get("command") != "signed fit":
        found = opened.config.get("command", "another run")
        raise InputError(f"{run}: found a run of {found!r}, expected one of 'signed fit'")
    if opened.status is not RunStatus.FINISHED:
        raise InputError(f"{run}: the fit is unfinished; give its command again to finish it")
    session.start_jax(opened.config.get("precision", 32))


def _kept_apart(run: str) -> bool:
    """Whether the run's network keeps two kinds of nodes apart."""
    from forcelaw.storage import read_run

    return run != DEFAULT and bool(read_run(run).config.get("bipartite"))
