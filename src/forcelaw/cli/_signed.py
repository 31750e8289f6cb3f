"""`forcelaw signed`: signed networks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from forcelaw.cli import _signed_layout, _signed_use
from forcelaw.cli._command import SETTINGS, command, new_app
from forcelaw.cli._session import Session
from forcelaw.cli._signed_options import (
    Asked,
    Bipartite,
    Coordinator,
    Devices,
    Dim,
    Parts,
    Preset,
    Process,
    Processes,
    Protocol,
    Scale,
    StartFrom,
    Transductive,
    Undirected,
)
from forcelaw.errors import InputError

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
    validation: Annotated[
        float | None,
        typer.Option("--validation", metavar="SHARE", help="Hold back a validation part too."),
    ] = None,
    transductive: Transductive = None,
    start_from: StartFrom = None,
    scale: Scale = None,
    undirected: Undirected = False,
    bipartite: Bipartite = False,
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
    from forcelaw.cli._signed_work import fit_together, held_back
    from forcelaw.cli._sources import Reading, ask_source, named_as_given, signed_source
    from forcelaw.report.signed_text import show_fit

    source = ask_source() if source is None else source
    reading = Reading(scale, undirected, bipartite).or_as_set(session)
    network, given = signed_source(source, reading, note=session.note)
    options = {
        "preset": preset,
        "dim": dim,
        "protocol": None if protocol is None else protocol.value,
        "transductive": transductive,
        "validation": validation,
        "start_from": start_from,
        **reading.options(),
        "memory": memory,
    }
    settings = signed_settings(session, network, options, parts=given, folder=source)
    session.start_jax(settings.precision)
    with together(session, coordinator, processes, process) as own:
        with named_as_given(network, source):
            # Before --force deletes an earlier run.
            parts = held_back(settings, network, given)
        document = fit_together(own, settings, network, parts, out, devices)
    if document is None:
        return
    shown = {key: value for key, value in document.items() if key != "curves"}
    session.result(shown, lambda console: show_fit(console, document, out))


@app.command("evaluate")
@command("precision", "config", "set", "force")
def evaluate(
    session: Session,
    source: Parts,
    protocol: Annotated[
        Protocol | None,
        typer.Option("--protocol", help="How test edges are chosen; a folder has chosen them."),
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Number of splits.")] = 3,
    preset: Preset = None,
    dim: Dim = None,
    transductive: Transductive = None,
    scale: Scale = None,
    undirected: Undirected = False,
    bipartite: Bipartite = False,
    out: Annotated[Path | None, typer.Option("--out", help="Also keep results and report.")] = None,
) -> None:
    """Score this method, the feature and the spectral baseline on the same splits."""
    from forcelaw import signed
    from forcelaw.cli._runs import carry_out
    from forcelaw.cli._signed_settings import signed_settings
    from forcelaw.cli._signed_work import head
    from forcelaw.cli._sources import Reading, named_as_given, signed_source
    from forcelaw.report.signed_text import show_network, show_scores, show_springs
    from forcelaw.storage import plain

    # Before anything is downloaded.
    if protocol is None and not Path(source).is_dir():
        raise InputError(
            "--protocol: found none, expected pairs, directed or temporal; name one, or give a "
            "folder with train.csv and test.csv"
        )
    reading = Reading(scale, undirected, bipartite).or_as_set(session)
    network, given = signed_source(source, reading, note=session.note)
    options = {
        "preset": preset,
        "dim": dim,
        "protocol": None if protocol is None else protocol.value,
        "transductive": transductive,
        "seeds": seeds,
        **reading.options(),
    }
    settings = signed_settings(session, network, options, parts=given, folder=source)
    if settings.seed:
        raise InputError(
            f"seed: found {settings.seed}, expected none: evaluate uses the seeds 0 to K - 1; "
            "leave it out and choose their number by --seeds K"
        )
    if given is None and protocol is not None:
        with named_as_given(network, source):
            # Before --force deletes an earlier run.
            signed.split(network, protocol.value, transductive=settings.transductive)
    session.start_jax(settings.precision)
    config = {"command": "signed evaluate", **settings.model_dump()}

    def work(run: object = None) -> dict[str, Any]:
        with session.progress(f"evaluating {network.name}") as progress:
            scores = signed.evaluate(
                network if given is None else given,
                None if protocol is None else protocol.value,
                seeds=settings.seeds,
                preset=settings.make_preset(),
                dim=settings.dim,
                transductive=settings.transductive,
                report=lambda seed, epoch: progress.update(
                    seed + epoch.epoch / epoch.epochs, settings.seeds, **_loss(epoch.metrics)
                ),
            )
        found = plain({**head("signed evaluate", network, settings), **scores.to_json()})
        return {**found, "preset": settings.preset}

    document = work() if out is None else carry_out(session, out, config, work)

    def show(console: Any) -> None:
        show_network(console, document)
        show_scores(console, document)
        show_springs(console, document)

    session.result(document, show)


app.command("embed")(_signed_use.embed)
app.command("predict")(_signed_use.predict)
app.command("law")(_signed_use.law)
app.command("layout")(_signed_layout.layout)
app.command("split")(_signed_use.split)


def _loss(metrics: dict[str, float]) -> dict[str, float]:
    return {"loss": metrics["loss"]} if "loss" in metrics else {}
