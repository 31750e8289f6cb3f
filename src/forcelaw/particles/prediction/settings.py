"""What decides about worlds in which only the true law says what is right."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PredictionSettings:
    """What decides in this room."""

    bodies: int = 32
    """Bodies outside the training range, or twice those of the data where that is more."""
    worlds: int = 64
    """Snapshots outside the training range."""
    wider: float = 3.0
    """Factor by which positions spread, and positive attributes grow."""
    agrees: float = 0.3
    """Mean relative error of accelerations up to which data are those of the law that they name."""
    compared: int = 500
    """Snapshots by which that is told."""


PREDICTION = PredictionSettings()
"""What decides unless other settings are passed."""
