"""Settings of a run on a signed network: what is read, what is held back, what is trained how."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from forcelaw.storage.settings import Count, NotNegative, Positive, Rate, Settings

Protocol = Literal["pairs", "directed", "temporal"]
"""How edges are held back for testing."""
PRESET_NAMES = ("default", "spr", "spr-nn")
"""Of `PRESETS`."""
DIM = 64
"""Dimensions of the space in which nodes move, unless others are asked for."""
SEEDS = 3
"""Splits of an evaluation, unless others are asked for."""
TEST = 0.2
"""Share of edges that are held back for testing, unless another is asked for."""
Share = Annotated[float, Field(ge=0, lt=1)]
"""A part of a whole that leaves some."""


class ReadingSettings(Settings):
    """How a file of signed edges is to be read, as a run keeps it."""

    scale: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    undirected: bool = False
    bipartite: bool = False


class StageSettings(Settings):
    """One stage of the training."""

    epochs: Count
    steps: Count
    dt: Positive
    damping: Rate
    learning_rate: Positive


class ModelSettings(Settings):
    """What a preset chooses; every part can be set."""

    law: Literal["Spring", "NeuralSpring", "AttributeSpring"]
    objective: Literal["log-loss", "squared-error"]
    hidden: Count
    folds: Annotated[int, Field(ge=2)]
    steps: Count
    dt: Positive
    damping: Rate
    features: bool
    decoder_hidden: NotNegative
    starts: Count
    # Settings written before there were others had random starts.
    # "camps" is a word of the format: it starts nodes near their factions.
    start: Literal["camps", "random"] = "random"
    schedule: Literal["constant", "cosine"]
    # Settings written before there were several are of one.
    trainings: Count = 1
    choices: Count = 1
    stages: Annotated[list[StageSettings], Field(min_length=1)]


class SignedSettings(ReadingSettings):
    """Everything that decides what is learned from which signs."""

    source: str
    content_hash: str
    preset: str = "default"
    dim: Annotated[int, Field(ge=1, le=4096)] = DIM
    seed: NotNegative = 0
    precision: Literal[32, 64] = 32
    protocol: Literal[Protocol, "given"] | None = None
    transductive: bool = False
    validation: Share = 0.0
    seeds: Count = 1
    memory: str | None = None
    start_from: str | None = None
    model: ModelSettings
