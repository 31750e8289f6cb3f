"""`forcelaw signed`: signed networks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forcelaw.cli._command import SETTINGS, command, new_app
from forcelaw.cli._session import Session
from forcelaw.cli._signed_options import (
    Asked,
    Coordinator,
    Devices,
    Dim,
    Preset,
    Process,
    Processes,
    Protocol,
    RunFolder,
    Source,
    Transductive,
)
from forcelaw.errors import InputError

if TYPE_CHECKING:
    from forcelaw.signed import SpringEmbedding

app = new_app("Signed networks: learn the social forces, embed the nodes, predict link signs.")


@app.command("fit")
@command(*SETTINGS, "force")
def fit(
    session: Session,
    source: Asked = None,
    out: Annotated[Path, typer.Option("--out", help="Folder of the run.")] = Path("run"),
    preset: Preset = None,
    dim: Dim = None,
    protocol: Annotated[
        Protocol | None,
        typer.Option("--protocol", help="Hold back a test part and score it; else learn from all."),
    ] = None,
    transductive: Transductive = None,
    memory: Annotated[
        str | None,
        typer.Option("--memory", help="Budget such as 4GB; trained in parts where need be."),
    ] = None,
    devices: Devices = None,
    coordinator: Coordinator = None,
    processes: Processes = None,
    process: Process = None,
) -> None:
    """Train the spring law and the decoder on a signed network."""
    from forcelaw.cli._processes import together
    from forcelaw.cli._signed_settings import signed_settings
    from forcelaw.cli._signed_show import show_fit
    from forcelaw.cli._signed_work import fit_together, held_back
    from forcelaw.cli._sources import ask_source, named_as_given, signed_network

    source = ask_source() if source is None else source
    network = signed_network(source)
    options = {
        "preset": preset,
        "dim": dim,
        "protocol": None if protocol is None else protocol.value,
        "transductive": transductive,
        "memory": memory,
    }
    settings = signed_settings(session, network, options)
    session.start_jax(settings.precision)
    with together(session, coordinator, processes, process) as own:
        with named_as_given(network, source):
            # Before --force deletes an earlier run.
            parts = held_back(settings, network)
        document = fit_together(own, settings, network, parts, out, devices)
    if document is None:
        return
    shown = {key: value for key, value in document.items() if key != "curves"}
    session.result(shown, lambda console: show_fit(console, document, out))


@app.command("evaluate")
@command("precision", "config", "set", "force")
def evaluate(
    session: Session,
    source: Source,
    protocol: Annotated[Protocol, typer.Option("--protocol", help="How test edges are chosen.")],
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Number of splits.")] = 3,
    preset: Preset = None,
    dim: Dim = None,
    transductive: Transductive = None,
    out: Annotated[Path | None, typer.Option("--out", help="Also keep results and report.")] = None,
) -> None:
    """Score this method and the feature baseline on the same splits."""
    from contextlib import nullcontext

    from forcelaw import signed
    from forcelaw.cli._document import plain
    from forcelaw.cli._signed_settings import signed_settings
    from forcelaw.cli._signed_show import show_network, show_scores
    from forcelaw.cli._signed_work import head
    from forcelaw.cli._sources import named_as_given, signed_network
    from forcelaw.report import report
    from forcelaw.training._run import open_run

    network = signed_network(source)
    options = {
        "preset": preset,
        "dim": dim,
        "protocol": protocol.value,
        "transductive": transductive,
        "seeds": seeds,
    }
    settings = signed_settings(session, network, options)
    if settings.seed:
        raise InputError(
            f"seed: found {settings.seed}, expected none: evaluate uses the seeds 0 to K - 1; "
            "leave it out and choose their number by --seeds K"
        )
    with named_as_given(network, source):
        # Before --force deletes an earlier run.
        signed.split(network, protocol.value, transductive=settings.transductive)
    session.start_jax(settings.precision)
    config = {"command": "signed evaluate", **settings.model_dump()}
    opened = nullcontext() if out is None else open_run(out, config, force=session.force)
    with opened as run, session.progress(f"evaluating {network.name}") as progress:
        document = None if run is None else run.results()
        if document is None:
            scores = signed.evaluate(
                network,
                protocol.value,
                seeds=settings.seeds,
                preset=settings.make_preset(),
                dim=settings.dim,
                transductive=settings.transductive,
                report=lambda seed, epoch: progress.update(
                    seed + epoch.epoch / epoch.epochs, settings.seeds, **_loss(epoch.metrics)
                ),
            )
            document = plain({**head("signed evaluate", network, settings), **scores})
            document["preset"] = settings.preset
            if run is not None:
                run.finish(document)
                report(run.folder)

    def show(console: Any) -> None:
        show_network(console, document)
        show_scores(console, document)

    session.result(document, show)


@app.command("embed")
@command("force")
def embed(
    session: Session,
    run: RunFolder,
    source: Annotated[
        str | None, typer.Argument(metavar="SOURCE", help="Another network to embed instead.")
    ] = None,
    *,
    devices: Devices = None,
    out: Annotated[Path, typer.Option("--out", help="A .npz or .csv file for the positions.")],
) -> None:
    """Write node positions; another SOURCE is placed by the learned law, without training."""
    from forcelaw.cli._positions import write_positions
    from forcelaw.cli._sources import signed_network

    session.refuse_overwrite(out)
    session.check_ending(out, ".npz", ".csv")
    model = _load(session, run)
    network = model.network_ if source is None else signed_network(source)
    position = model.transform(None if source is None else network, devices=devices)
    write_positions(out, network.names, position)
    document = {
        "out": str(out),
        "dataset": network.name,
        "nodes": len(network.names),
        "dim": int(position.shape[1]),
    }
    words = f"{out}: {document['nodes']:,} nodes in {document['dim']} dimensions"
    session.result(document, lambda console: _line(console, words))


@app.command("predict")
@command("force")
def predict(
    session: Session,
    run: RunFolder,
    pairs: Annotated[
        Path, typer.Argument(metavar="PAIRS", help="CSV file with columns source and target.")
    ],
    *,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse pairs with a node unknown to the run.")
    ] = False,
    out: Annotated[Path, typer.Option("--out", help="A .csv file for the predictions.")],
) -> None:
    """Predict the sign of each pair, with its probability."""
    import warnings

    from forcelaw import signed
    from forcelaw.training._atomic import atomic_write

    session.refuse_overwrite(out)
    asked = signed.read_pairs(pairs)
    alone = next((source for source, target in asked if source == target), None)
    if alone is not None:
        raise InputError(
            f"{pairs}: found the pair {alone},{alone}, expected two different nodes; remove it"
        )
    found = signed.predict(_load(session, run), asked)
    unknown = int((~found.known).sum())
    if unknown and strict:
        first = found.pairs[int((~found.known).argmax())]
        raise InputError(
            f"{pairs}: found {unknown} pairs with a node that {run} was not trained on, the first "
            f"{','.join(first)}, expected known nodes; remove them or leave --strict out"
        )
    if unknown:
        warnings.warn(
            f"{pairs}: {unknown} of {len(asked)} pairs have a node that the training network does "
            "not have; their probability is the share of friends in training",
            stacklevel=1,
        )
    atomic_write(out, found.csv().encode())
    friends = int((found.sign > 0).sum())
    document = {
        "out": str(out),
        "pairs": len(asked),
        "positive": friends,
        "negative": len(asked) - friends,
        "unknown_nodes": unknown,
    }
    words = f"{out}: {friends:,} friends and {len(asked) - friends:,} enemies predicted"
    session.result(document, lambda console: _line(console, words))


@app.command("law")
@command("force")
def law(
    session: Session,
    run: RunFolder,
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Also draw it: .png, .svg or .pdf.")
    ] = None,
) -> None:
    """Show the learned force of friend, enemy and unknown: table, formula, plot."""
    from forcelaw.cli._document import plain
    from forcelaw.cli._signed_show import show_force
    from forcelaw.cli._signed_work import force_curve, force_formulas

    if plot is not None:
        session.refuse_overwrite(plot)
        session.check_ending(plot, ".png", ".svg", ".pdf")
    curve = plain(force_curve(_load(session, run)))
    if plot is not None:
        from forcelaw.cli._force_plot import draw_force

        draw_force(curve, plot)
        session.note(f"{plot} written")
    formulas = force_formulas(session, curve, run)
    document = {"distance": curve["x"], **curve["series"], "formulas": formulas}
    session.result(document, lambda console: show_force(console, curve, formulas))


def _load(session: Session, run: Path) -> SpringEmbedding:
    from forcelaw import signed
    from forcelaw.training._run import RunStatus, read_run

    opened = read_run(run)
    if opened.config.get("command") != "signed fit":
        found = opened.config.get("command", "another run")
        raise InputError(f"{run}: found a run of {found!r}, expected one of 'signed fit'")
    if opened.status is not RunStatus.FINISHED:
        raise InputError(f"{run}: the fit is unfinished; give its command again to finish it")
    session.start_jax(opened.config.get("precision", 32))
    return signed.SpringEmbedding.load(run)


def _line(console: Any, words: str) -> None:
    console.print(words, markup=False, highlight=False, soft_wrap=True)


def _loss(metrics: dict[str, float]) -> dict[str, float]:
    return {"loss": metrics["loss"]} if "loss" in metrics else {}
