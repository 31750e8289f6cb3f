"""The tree of commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from forcelaw import __version__
from forcelaw.cli import _datasets, _demo, _particles, _report, _signed
from forcelaw.cli._command import new_app, write_error
from forcelaw.cli._streams import prepare_streams
from forcelaw.cli._usage import UsageError, usage_message

app = new_app(
    "Learns the force law that acts along the edges of a graph, simulates it, and reads it off "
    "as a formula."
)
app.command("demo")(_demo.demo)
app.add_typer(_particles.app, name="particles")
app.add_typer(_signed.app, name="signed")
app.add_typer(_datasets.app, name="datasets")
app.command("report")(_report.report)


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
            write_error(usage_message(error), 2, as_json="--json" in given)
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
