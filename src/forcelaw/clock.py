"""How long things take: one clock for all that tells seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """Seconds of wall time since it was made, as a whole and by the name of a phase.

    **Attributes:** `seconds` of every phase that has ended.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._began = self._last = time.perf_counter()

    @property
    def total(self) -> float:
        """Seconds since the clock was made."""
        return time.perf_counter() - self._began

    def lap(self, phase: str) -> None:
        """Ends the phase that began with the clock or with the last lap."""
        self._last, began = time.perf_counter(), self._last
        self.add({phase: self._last - began})

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Adds the seconds of a block to a phase."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.add({name: time.perf_counter() - began})

    def add(self, seconds: dict[str, float]) -> None:
        """Adds seconds that were told elsewhere, by phase."""
        for phase, spent in seconds.items():
            self.seconds[phase] = self.seconds.get(phase, 0.0) + spent
