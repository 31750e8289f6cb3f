"""One command's dealings with its user: results to stdout, everything else to stderr."""

from __future__ import annotations

import dataclasses
import json as json_module
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forcelaw.cli.streams import PlainConsole, can_say, visible
from forcelaw.errors import InputError
from forcelaw.signed.settings import ReadingSettings

if TYPE_CHECKING:
    from rich.console import Console

    from forcelaw.storage import Run
    from forcelaw.storage.given_settings import Given
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

    def given(self, application: str, options: Mapping[str, Any]) -> Given:
        """The settings that the user asked for: of --config, of these options and of --set."""
        from forcelaw.storage.given_settings import Given

        options = {"seed": self.seed, "precision": self.precision, **options}
        return Given(
            file=self.config, application=application, options=options, assignments=self.set
        )

    def reading(
        self, scale: Sequence[float] | None, *, undirected: bool, bipartite: bool
    ) -> ReadingSettings:
        """How a file is to be read: these options, or where there are none --set and --config.

        **Raises** `InputError`: they are of the wrong kind.
        """
        options = {
            "scale": None if scale is None else list(scale),
            "undirected": undirected or None,
            "bipartite": bipartite or None,
        }
        return self.given("signed", options).part(ReadingSettings)

    def check(self) -> None:
        """Checks the options.

        **Raises** `InputError`: a precision or seed that there is not.
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
        if self.quiet:
            from forcelaw.training.reporting import NoProgress

            yield NoProgress()
        elif self.err.is_terminal:
            with TerminalProgress(self.err, title) as progress:
                yield progress
        else:
            yield TextProgress(self.note, title)

    def start_jax(self, precision: int) -> None:
        """Imports JAX with the given precision; to be called before anything computes."""
        from forcelaw.compilation_cache import use_compilation_cache

        use_compilation_cache()
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

    def check_run(self, run: Run) -> None:
        """As `note_status`; also makes sure that the report of what is to be done can be kept.

        **Raises** `InputError`: it cannot.
        """
        from forcelaw.report import check_report

        self.note_status(run)
        if run.status.value != "finished":
            check_report(run.folder)


def _console(file: Any) -> Console:
    console = PlainConsole(file=file)
    # Piped, a line is as long as it is: wrapping would break it for grep and for people.
    return console if console.is_terminal else PlainConsole(file=file, width=10_000, no_color=True)


@contextmanager
def together(
    session: Session, coordinator: str | None, processes: int | None, process: int | None
) -> Iterator[Session]:
    """The session of one of `processes` processes; all but the first are silent.

    Without any of the three options, the session as it is.

    **Raises** `InputError`: some of the options without the others, or wrong ones; `ProcessError`:
    another process has ended.
    """
    given = {"--coordinator": coordinator, "--processes": processes, "--process": process}
    missing = [name for name, value in given.items() if value is None]
    if len(missing) == len(given):
        yield session
        return
    if coordinator is None or processes is None or process is None:
        raise InputError(
            f"{next(name for name in given if name not in missing)}: found without "
            f"{' and '.join(missing)}, expected all of {', '.join(given)}; add what is missing"
        )
    from forcelaw.training import join_processes

    with join_processes(coordinator, processes, process):
        if process > 0:
            warnings.simplefilter("ignore")
            session = dataclasses.replace(session, quiet=True)
        yield session


class TextProgress:
    """A plain line at the start, then about every ten seconds: logs and pipes."""

    def __init__(self, write: Callable[[str], None], title: str, every: float = 10.0) -> None:
        self._write, self._title, self._every = write, title, every
        self._last = time.monotonic()
        write(f"{title} ...")

    def update(self, done: float | int, total: float | int, **values: float | int) -> None:
        """See `Progress.update`."""
        now = time.monotonic()
        if now - self._last >= self._every or done >= total:
            self._last = now
            self._write(f"{self._title}: {100 * done / max(total, 1):.0f} % {_format(values)}")


class TerminalProgress:
    """A bar that lives in the last line of a terminal and leaves nothing behind."""

    def __init__(self, console: Console, title: str) -> None:
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        self._bar = Bar(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("[dim]{task.fields[values]}"),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task(visible(title), total=None, values="")

    def __enter__(self) -> TerminalProgress:
        self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._bar.stop()

    def update(self, done: float | int, total: float | int, **values: float | int) -> None:
        """See `Progress.update`."""
        self._bar.update(self._task, completed=done, total=total, values=_format(values))


def _format(values: dict[str, float]) -> str:
    return "  ".join(f"{name.replace('_', ' ')} {value:.4g}" for name, value in values.items())
