"""One command's dealings with its user: results to stdout, everything else to stderr."""

from __future__ import annotations

import json as json_module
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forcelaw.cli._streams import can_say, visible
from forcelaw.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from forcelaw.cli._settings import Given
    from forcelaw.storage import Run
    from forcelaw.training.reporting import Progress


@dataclass(frozen=True)
class Session:
    """The common options of one command, and its output.

    `seed` and `precision` are None where the user gave none: settings decide.
    """

    seed: int | None = None
    precision: int | None = None
    config: Path | None = None
    set: Sequence[str] | None = None
    force: bool = False
    json: bool = False
    quiet: bool = False
    debug: bool = False
    started: float = field(default_factory=time.perf_counter)

    def given(self, application: str, options: Mapping[str, Any]) -> Given:
        """The settings that the user asked for: of --config, of these options and of --set."""
        from forcelaw.cli._settings import Given

        return Given(
            file=self.config, application=application, options=options, assignments=self.set
        )

    def check(self) -> None:
        """Checks the options.

        Raises:
            InputError: a precision or seed that there is not.
        """
        if self.precision not in (None, 32, 64):
            raise InputError(f"--precision: found {self.precision}, expected 32 or 64")
        if self.seed is not None and self.seed < 0:
            raise InputError(f"--seed: found {self.seed}, expected 0 or more")

    @property
    def out(self) -> Console:
        """Where results go. Piped, its lines are as long as they are."""
        return _console(sys.stdout)

    @property
    def err(self) -> Console:
        """Where progress and logs go."""
        return _console(sys.stderr)

    def note(self, text: str) -> None:
        """One line of log."""
        if not self.quiet:
            self.err.print(text, soft_wrap=True)

    def result(
        self, document: Mapping[str, Any], show: Callable[[Console], None] | None = None
    ) -> None:
        """Prints the command's result: the document with --json, otherwise what `show` prints."""
        if self.json:
            text = json_module.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
            if not can_say(text):
                text = json_module.dumps(document, indent=2, allow_nan=False)
            # JSON writes the other controls out by itself.
            sys.stdout.write(visible(text, "\\u{:04x}") + "\n")
        elif show is not None:
            show(self.out)
        sys.stdout.flush()

    @contextmanager
    def progress(self, title: str) -> Iterator[Progress]:
        """Shows how far a long task has come: a bar in a terminal, seldom lines elsewhere."""
        from forcelaw.cli._progress import TerminalProgress, TextProgress
        from forcelaw.training.reporting import NoProgress

        if self.quiet:
            yield NoProgress()
        elif self.err.is_terminal:
            with TerminalProgress(self.err, title) as progress:
                yield progress
        else:
            yield TextProgress(self.note, title)

    def start_jax(self, precision: int) -> None:
        """Imports JAX with the given precision; to be called before anything computes."""
        import jax

        jax.config.update("jax_enable_x64", precision == 64)

    def note_status(self, run: Run) -> None:
        """Says whether a run is taken up again or was finished before, and what was damaged."""
        for note in run.notes:
            self.note(f"warning: {note}")
        if run.status.value == "finished":
            self.note(f"{run.folder}: finished before, shown again (--force starts anew)")
        elif run.status.value == "unfinished":
            self.note(f"{run.folder}: unfinished, goes on")

    def refuse_overwrite(self, path: Path) -> None:
        """Makes sure that a file may be written.

        Raises:
            InputError: it exists and --force was not given, or its folder is missing, or nothing
                can be written there.
        """
        if path.is_dir():
            raise InputError(f"{path}: found a folder, expected a file name; add one to --out")
        if path.exists() and not self.force:
            raise InputError(f"{path}: exists already; choose another --out or add --force")
        if not path.absolute().parent.is_dir():
            raise InputError(
                f"{path}: found no folder {path.parent}, expected an existing one; create it first"
            )
        _check_writable(path, path.absolute().parent)

    def refuse_folder(self, path: Path) -> None:
        """Makes sure that a folder may be made, its parents as well.

        Raises:
            InputError: it exists and --force was not given, or nothing can be written there.
        """
        if path.exists() and not self.force:
            raise InputError(f"{path}: exists already; choose another --out or add --force")
        existing = next(parent for parent in path.absolute().parents if parent.exists())
        _check_writable(path, existing)

    def check_ending(self, path: Path, *endings: str) -> None:
        """Makes sure that a file's ending says a format that can be written.

        Raises:
            InputError: it does not.
        """
        if path.suffix.lower() not in endings:
            raise InputError(
                f"{path}: found ending {path.suffix!r}, expected {' or '.join(endings)}; change it"
            )


def _check_writable(path: Path, folder: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(
            f"{path}: found that nothing can be written there ({error.strerror}), expected a "
            "place for the output; choose another --out"
        ) from None


def _console(file: Any) -> Console:
    from forcelaw.cli._console import PlainConsole

    console = PlainConsole(file=file)
    # Piped, a line is as long as it is: wrapping would break it for grep and for people.
    return console if console.is_terminal else PlainConsole(file=file, width=10_000, no_color=True)
