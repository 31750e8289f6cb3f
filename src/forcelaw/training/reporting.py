"""Whom a long task tells how far it has come."""

from __future__ import annotations

import abc


class Progress(abc.ABC):
    """Told by a long task how far it has come."""

    @abc.abstractmethod
    def update(self, done: float, total: float, **values: float) -> None:
        """`done` of `total` is behind us; `values` (a loss, say) are worth showing."""


class NoProgress(Progress):
    """Shows nothing: `--quiet`."""

    def update(self, done: float, total: float, **values: float) -> None:
        """See `Progress.update`."""
