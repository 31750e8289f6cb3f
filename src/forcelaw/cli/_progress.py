"""How far a long task has come, on stderr."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from forcelaw.cli._streams import visible
from forcelaw.training.reporting import Progress

if TYPE_CHECKING:
    from rich.console import Console


class TextProgress(Progress):
    """A plain line at the start, then about every ten seconds: logs and pipes."""

    def __init__(self, write: Callable[[str], None], title: str, every: float = 10.0) -> None:
        self._write, self._title, self._every = write, title, every
        self._last = time.monotonic()
        write(f"{title} ...")

    def update(self, done: float, total: float, **values: float) -> None:
        """See `Progress.update`."""
        now = time.monotonic()
        if now - self._last >= self._every or done >= total:
            self._last = now
            self._write(f"{self._title}: {100 * done / max(total, 1):.0f} % {_format(values)}")


class TerminalProgress(Progress):
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

    def update(self, done: float, total: float, **values: float) -> None:
        """See `Progress.update`."""
        self._bar.update(self._task, completed=done, total=total, values=_format(values))


def _format(values: dict[str, float]) -> str:
    return "  ".join(f"{name.replace('_', ' ')} {value:.4g}" for name, value in values.items())
