"""Settings of a run on bodies: where the motion comes from, what learns from it and how."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from forcelaw.documents import ParsedObject
from forcelaw.errors import InputError
from forcelaw.storage import RunStatus, read_run
from forcelaw.storage.settings import Count, NotNegative, Positive, Rate, Settings, validated

Model = Literal["message", "pair", "hamiltonian"]
"""What is learned."""
Regularise = Literal["l1", "kl", "bottleneck", "none"]
"""How a message network keeps its messages few."""
Target = Literal["acceleration", "next_state", "trajectory"]
"""What a law is trained to predict."""
Search = Literal["operon", "library", "pysr"]
"""What proposes formulas."""
OrderName = Literal["first", "second", "auto"]
"""Whether a law says velocities or accelerations."""
Which = Literal["formula", "network", "curve"]
"""Which law of a run is simulated."""

MOST_DIMENSIONS = 3
"""Dimensions of the space that bodies move in."""


class SimulationSettings(Settings):
    """How a built-in law is simulated."""

    dim: Annotated[int, Field(ge=1, le=MOST_DIMENSIONS)] = 2
    bodies: Annotated[int, Field(ge=2)] = 4
    trajectories: Count = 1000
    steps: Count = 100
    dt: Positive | None = None
    noise: Rate = 0.0
    softening: Rate = 0.0


SIMULATION = SimulationSettings()
"""What `particles.simulate` and the command line simulate unless told otherwise."""


class StageSettings(Settings):
    """One stage of the training."""

    epochs: Count
    learning_rate: Positive


class ParticlesSettings(Settings):
    """Everything that decides what is learned from which motion."""

    source: str
    content_hash: str = ""
    simulation: SimulationSettings | None = None
    box: Annotated[list[Positive], Field(min_length=1, max_length=MOST_DIMENSIONS)] | None = None
    species: str | None = None
    topology: str | None = None
    order: OrderName = "auto"
    cutoff: Positive | None = None
    model: Model = "pair"
    regularise: Regularise = "l1"
    target: Target | None = None
    batch: Count
    stages: Annotated[list[StageSettings], Field(min_length=1)]
    network: ParsedObject = Field(default_factory=dict)
    seed: NotNegative = 0
    precision: Literal[32, 64] = 32


def settings_of_run(folder: Path) -> ParticlesSettings:
    """The settings of a finished run that has learned a law.

    **Raises** `InputError` where `folder` holds none.
    """
    run = read_run(folder)
    command = str(run.config.get("command", ""))
    if command not in ("particles fit", "particles discover"):
        raise InputError(
            f"{folder}: found a run of {command or 'something else'!r}, expected one of "
            "'particles fit' or 'particles discover'; give another folder"
        )
    if run.status is not RunStatus.FINISHED:
        raise InputError(f"{folder}: the run is unfinished; give its command again to finish it")
    values = {key: value for key, value in run.config.items() if key != "command"}
    return validated(ParticlesSettings, values, lambda path: f"{folder / 'config.yaml'}: {path}")
