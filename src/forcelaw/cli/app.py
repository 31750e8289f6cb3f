"""The tree of commands, `demo` and `report` among them, and what is said of wrong usage."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from forcelaw import __version__
from forcelaw.cli import datasets, particles, signed
from forcelaw.cli.command import command, new_app, write_error
from forcelaw.cli.examples import show_examples
from forcelaw.cli.options import Plots
from forcelaw.cli.session import Session
from forcelaw.cli.sources import particles_settings, signed_settings
from forcelaw.cli.streams import prepare_streams
from forcelaw.clock import Clock
from forcelaw.documents import ParsedObject

if TYPE_CHECKING:
    from rich.console import Console

    from forcelaw.storage import Run

# The base of all errors of usage; typer does not export it.
UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[1])

# Small enough for two cores to be done in a minute or two, large enough to be convincing.
_SIMULATION = {"dim": 2, "bodies": 4, "trajectories": 100, "steps": 50}
_NODES = 150

app = new_app(
    "Learns the force law that acts along the edges of a graph, simulates it, and reads it off "
    "as a formula."
)
app.add_typer(particles.app, name="particles")
app.add_typer(signed.app, name="signed")
app.add_typer(datasets.app, name="datasets")


@app.command("demo")
@command("seed", "force")
def demo(
    session: Session,
    out: Annotated[Path, typer.Option("--out", help="Folder for both runs and the report.")] = Path(
        "forcelaw-demo"
    ),
) -> None:
    """Both applications on built-in input, no download: two force laws, and report.html."""
    from forcelaw.report import report, without_curves
    from forcelaw.report.particles_text import show_formula
    from forcelaw.report.signed_text import show_network, show_scores, show_springs

    clock = Clock()
    session.start_jax(32)
    bodies = _learn_springs(session, out / "particles")
    network = _learn_trust(session, out / "signed")
    path = report(out)
    seconds = clock.total
    document = {
        "particles": without_curves(bodies),
        "signed": without_curves(network),
        "report": str(path),
        "seconds": seconds,
    }

    def show(console: Console) -> None:
        console.print("Particles: the law behind simulated springs", style="bold")
        show_formula(console, bodies)
        console.print("\nSigned network: who will trust whom", style="bold")
        show_network(console, network)
        show_scores(console, network)
        show_springs(console, network)
        console.print(f"\n{path} ({seconds:.0f} s)", soft_wrap=True)

    session.result(document, show)


def _learn_springs(session: Session, folder: Path) -> ParsedObject:
    from forcelaw.particles.runs import discover_run

    settings = particles_settings(session, "spring", {}, _SIMULATION)
    config = {"command": "particles discover", **settings.model_dump()}
    return _run(session, folder, config, lambda run: discover_run(settings, run, reporter=session))


def _learn_trust(session: Session, folder: Path) -> ParsedObject:
    from forcelaw.signed import synthetic
    from forcelaw.signed.evaluation.runs import configuration, fit_run, held_back

    network = synthetic(_NODES, seed=session.seed or 0)
    settings = signed_settings(session, network, {"protocol": "pairs", "dim": 16})
    config = configuration("signed fit", settings)
    parts = held_back(settings, network)
    return _run(
        session,
        folder,
        config,
        lambda run: fit_run(settings, network, parts, run, reporter=session).to_json(),
    )


def _run(
    session: Session, folder: Path, config: ParsedObject, work: Callable[[Run], ParsedObject]
) -> ParsedObject:
    from forcelaw.report import read_back
    from forcelaw.storage import carry_out

    return carry_out(
        folder, config, work, check=read_back, force=session.force, opened=session.note_status
    )


@app.command("report")
@command()
def report(
    session: Session,
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    plots: Plots = None,
) -> None:
    """Write report.html into the run's folder: one file that works offline."""
    from forcelaw.report import report as write_report
    from forcelaw.report import write_plots

    path = write_report(run)
    drawn = [] if plots is None else write_plots(run, plots)
    session.result(
        {"report": str(path), "plots": [str(one) for one in drawn]},
        lambda console: console.print("\n".join(map(str, (path, *drawn))), soft_wrap=True),
    )


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"forcelaw {__version__}\n")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """What every command shares."""


show_examples(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs `forcelaw` with the given arguments, by default those of the process, and exits.

    **Raises** `SystemExit`: always; code 0 done, 1 failed, 2 wrong usage or input, 130 interrupted.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    prepare_streams()
    try:
        code = app(args=given, prog_name="forcelaw", standalone_mode=False)
    except UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            error.show()
        else:
            write_error(_usage_message(error), 2, as_json="--json" in given)
        code = 2
    except typer.Abort:
        write_error("interrupted", 130, as_json="--json" in given)
        code = 130
    if code == 130 and arguments is None:
        # XLA's threads may still compute: an orderly shutdown would pull Python away under them,
        # and end in a segmentation fault. Everything on disk is whole.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(130)
    sys.exit(code if isinstance(code, int) else 0)


def _usage_message(error: typer.BadParameter) -> str:
    """What was found, what was expected, and where to read more."""
    from forcelaw.storage.settings import expected

    command = error.ctx.command_path if error.ctx is not None else "forcelaw"
    then = f"{command} --help shows how"
    parameter = getattr(error, "param", None)
    if parameter is not None and error.message:
        place = parameter.opts[-1] if parameter.opts[-1].startswith("-") else parameter.metavar
        text = f"{place}: {expected(' '.join(error.message.split())).rstrip('.')}"
        return text if ";" in text else f"{text}; {then}"
    text = " ".join(error.format_message().split()).rstrip(".")
    text = text[0].lower() + text[1:]
    return text if text.endswith("?") else f"{text}; {then}"
