"""Whom a long task tells how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, runtime_checkable


@runtime_checkable
class Progress(Protocol):
    """Told by a long task how far it has come."""

    def update(self, done: float | int, total: float | int, **values: float | int) -> None:
        """`done` of `total` is behind us; `values` (a loss, say) are worth showing."""
        ...


@runtime_checkable
class Reporter(Protocol):
    """Told by a piece of work what it does."""

    def note(self, text: str) -> None:
        """One line of log."""
        ...

    def progress(self, title: str) -> AbstractContextManager[Progress]:
        """Whom the long task of that title tells, as long as it lasts."""
        ...


class NoProgress:
    """Shows nothing."""

    def update(self, done: float | int, total: float | int, **values: float | int) -> None:
        """See `Progress.update`."""


NO_PROGRESS = NoProgress()
"""Shows nothing: of whoever is not watched."""


def step_through(progress: Progress, count: int) -> Callable[[], None]:
    """A function to call after each of so many steps of about the same length."""
    numbers = iter(map(float, range(1, count + 1)))
    return lambda: progress.update(next(numbers, float(count)), float(count))


class Silent:
    """Says nothing."""

    def note(self, text: str) -> None:
        """See `Reporter.note`."""

    @contextmanager
    def progress(self, title: str) -> Iterator[Progress]:
        """See `Reporter.progress`."""
        yield NO_PROGRESS


SILENT = Silent()
"""Says nothing: for whoever is not asked."""
