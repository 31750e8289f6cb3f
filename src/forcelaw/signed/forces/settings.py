"""Numbers that decide how forces are trained and judged, beside those of a `Preset`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from forcelaw.storage.settings import Count, Positive, Settings


class TrainingSettings(Settings):
    """Of `Attempts` and `plan_training`."""

    attempts: Count = 3
    """Trainings of one fit, at most, where the forces learn nothing."""
    parts: Annotated[int, Field(ge=2)] = 10
    """Of the signs, one of which is kept out of each training and judges it."""
    significance: Positive = 0.002
    """Chance that positions which tell nothing pass for learned, each time they are judged."""
    small_share: Positive = 0.1
    """Of the free memory: what needs less is not planned, which would cost two compilations."""
    nodes_per_part: Count = 16
    """Nodes of a subgraph batch, at least: of smaller ones the halos are most of the work."""
    numbers_per_edge: Count = 200
    """Numbers that one step holds for an edge, roughly; counts in the first guess of the memory."""


TRAINING_SETTINGS = TrainingSettings()
"""Those of every fit."""
