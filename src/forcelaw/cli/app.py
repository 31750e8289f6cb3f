"""The tree of commands, `report` among them, and what is said of wrong usage."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, cast

import typer

from forcelaw import __version__
from forcelaw.cli import datasets, demo, particles, signed
from forcelaw.cli.command import command, new_app, write_error
from forcelaw.cli.session import Session
from forcelaw.cli.streams import prepare_streams

# The base of all errors of usage; typer does not export it.
UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[1])

app = new_app(
    "Learns the force law that acts along the edges of a graph, simulates it, and reads it off "
    "as a formula."
)
app.command("demo")(demo.demo)
app.add_typer(particles.app, name="particles")
app.add_typer(signed.app, name="signed")
app.add_typer(datasets.app, name="datasets")


@app.command("report")
@command()
def report(
    session: Session,
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
) -> None:
    """Write report.html into the run's folder: one file that works offline."""
    from forcelaw.report import report as write_report

    path = write_report(run)
    session.result(
        {"report": str(path)},
        lambda console: console.print(str(path), soft_wrap=True),
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


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs `forcelaw` with the given arguments, by default those of the process, and exits.

    Raises:
        SystemExit: always; code 0 done, 1 failed, 2 wrong usage or input, 130 interrupted.
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
