"""`forcelaw signed`: forces between nodes, learned, scored and shown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forcelaw.cli import signed_answers, signed_files, signed_groups
from forcelaw.cli.command import SETTINGS, command, new_app
from forcelaw.cli.options import (
    Asked,
    Coordinator,
    Devices,
    Learned,
    Parts,
    Preset,
    Process,
    Processes,
    Space,
    StartFrom,
    Transductive,
    protocol_option,
)
from forcelaw.cli.session import Session, together
from forcelaw.documents import ParsedObject
from forcelaw.errors import InputError
from forcelaw.signed.settings import SEEDS, ReadingSettings

app = new_app("Signed networks: learn the social forces, embed the nodes, predict link signs.")


@app.command("fit")
@command(*SETTINGS, "force")
def fit(
    session: Session,
    source: Asked = None,
    out: Annotated[Path, typer.Option("--out", help="Folder of the run.")] = Path("run"),
    preset: Preset = None,
    dim: Space = None,
    protocol: Annotated[
        str | None, protocol_option("Hold back a test part and score it; else learn from all.")
    ] = None,
    validation: Annotated[
        float | None,
        typer.Option("--validation", metavar="SHARE", help="Hold back a validation part too."),
    ] = None,
    transductive: Transductive = None,
    start_from: StartFrom = None,
    *,
    reading: ReadingSettings,
    memory: Annotated[
        str | None,
        typer.Option("--memory", help="Budget such as 4GB; in subgraph batches where need be."),
    ] = None,
    devices: Devices = None,
    coordinator: Coordinator = None,
    processes: Processes = None,
    process: Process = None,
) -> None:
    """Train the spring law and the decoder on a signed network."""
    from forcelaw.cli.sources import (
        ask_source,
        named_as_given,
        signed_settings,
        signed_source,
    )
    from forcelaw.report import keep_report, read_back, without_curves
    from forcelaw.report.signed_text import show_fit
    from forcelaw.signed.evaluation.runs import fit_together, held_back

    source = ask_source() if source is None else source
    network, given = signed_source(session, source, reading)
    options = {"preset": preset, "dim": dim, "protocol": protocol, "transductive": transductive}
    options |= {"validation": validation, "start_from": start_from, "memory": memory}
    options |= reading.model_dump()
    settings = signed_settings(session, network, options, parts=given, folder=source)
    session.start_jax(settings.precision)
    with together(session, coordinator, processes, process) as own:
        with named_as_given(network, source):
            # Before --force deletes an earlier run.
            parts = held_back(settings, network, given)
        document = fit_together(
            settings,
            network,
            parts,
            out,
            devices,
            check=read_back,
            opened=own.check_run,
            force=session.force,
            reporter=own,
        )
    if document is not None:
        keep_report(out, session.note)
        shown = without_curves(document)
        session.result(shown, lambda console: show_fit(console, document, out))


@app.command("evaluate")
@command("precision", "config", "set", "force")
def evaluate(
    session: Session,
    source: Parts,
    protocol: Annotated[
        str | None, protocol_option("How test edges are chosen; a folder has chosen them.")
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Number of splits.")] = SEEDS,
    preset: Preset = None,
    dim: Space = None,
    transductive: Transductive = None,
    *,
    reading: ReadingSettings,
    out: Annotated[Path | None, typer.Option("--out", help="Also keep results and report.")] = None,
) -> None:
    """Score this method, the shipped law and two baselines on the same splits."""
    from forcelaw import signed
    from forcelaw.cli.sources import (
        named_as_given,
        signed_settings,
        signed_source,
    )
    from forcelaw.report import keep_report, read_back, without_curves
    from forcelaw.report.signed_text import show_evaluation
    from forcelaw.signed.evaluation.runs import configuration, evaluate_run
    from forcelaw.storage import carry_out

    # Before anything is downloaded.
    if protocol is None and not Path(source).is_dir():
        raise InputError(
            "--protocol: found none, expected pairs, directed or temporal; name one, or give a "
            "folder with train.csv and test.csv"
        )
    network, given = signed_source(session, source, reading)
    options = {"preset": preset, "dim": dim, "protocol": protocol, "transductive": transductive}
    options |= {"seeds": seeds, **reading.model_dump()}
    settings = signed_settings(session, network, options, parts=given, folder=source)
    if settings.seed:
        raise InputError(
            f"seed: found {settings.seed}, expected none: evaluate uses the seeds 0 to K - 1; "
            "leave it out and choose their number by --seeds K"
        )
    if given is None and settings.protocol is not None:
        with named_as_given(network, source):
            # Before --force deletes an earlier run.
            signed.split(network, settings.protocol, transductive=settings.transductive)
    session.start_jax(settings.precision)

    def work(run: object = None) -> ParsedObject:
        return evaluate_run(settings, network, given, pictures=run is not None, reporter=session)

    if out is None:
        document = work()
    else:
        config = configuration("signed evaluate", settings)
        checks = {"check": read_back, "opened": session.check_run, "force": session.force}
        document = carry_out(out, config, work, **checks)
        keep_report(out, session.note)
    session.result(without_curves(document), lambda console: show_evaluation(console, document))


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
    from forcelaw.report.drawing import draw_force
    from forcelaw.report.signed_text import show_force
    from forcelaw.signed.evaluation.curves import force_curve
    from forcelaw.signed.evaluation.finished_fits import precision_of
    from forcelaw.storage import check_file, plain

    if plot is not None:
        check_file(plot, ".png", ".svg", ".pdf", force=session.force)
    session.start_jax(precision_of(run, None, alone=True))
    learned = signed.load_learned_model(run)
    force = force_curve(learned)
    curve = force.to_json()
    found = _formulas(session, run)
    if plot is not None:
        draw_force(curve, found["formulas"], plot)
        session.note(f"{plot} written")
    springs = None if learned.springs is None else learned.springs.to_json()
    document = {"distance": curve["x"], **plain(force.series), **found, "springs": springs}
    session.result(document, lambda console: show_force(console, curve, document))


def _formulas(session: Session, run: str) -> ParsedObject:
    """The formulas of the forces: read off once, and kept in the results of their run."""
    from forcelaw import signed
    from forcelaw.report import keep_report, kept_formulas, read_back
    from forcelaw.signed.evaluation.finished_fits import DEFAULT, read_formulas
    from forcelaw.storage import open_run, read_run

    if run == DEFAULT:
        return read_formulas(signed.load_learned_model(run), reporter=session).to_json()
    with open_run(run, read_run(run).config) as opened:
        found = kept_formulas(opened)
        if found is None:
            learned = signed.load_learned_model(run)
            found = read_formulas(learned, reporter=session).to_json()
            if opened.writable:
                opened.finish({**(read_back(opened) or {}), **found})
    keep_report(Path(run), session.note)
    return found


app.command("embed")(signed_files.embed)
app.command("predict")(signed_files.predict)
app.command("explain")(signed_answers.explain)
app.command("suspects")(signed_answers.suspects)
app.command("ratings")(signed_answers.ratings)
app.command("law")(law)
app.command("layout")(signed_files.layout)
app.command("split")(signed_files.split)
app.command("balance")(signed_groups.balance)
app.command("factions")(signed_groups.factions)
