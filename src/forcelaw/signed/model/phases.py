"""Seconds by phase."""

from __future__ import annotations

import time


class Clock:
    """What has passed since the last lap, by the name of the phase."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, phase: str) -> None:
        """Ends a phase."""
        now = time.perf_counter()
        self.seconds[phase] = now - self._last
        self._last = now
