"""Settings of a run on a signed network: what is read, what is held back, what is trained how."""

from __future__ import annotations

from dataclasses import dataclass
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
LEVEL = 0.9
"""Share of ratings that intervals hold, unless another is asked for: one in ten lies outside."""
SECONDS = 60.0
"""For the proof of a frustration index, unless others are asked for."""
LESS_LIKELY = 0.5
"""Probability of a sign below which its edge is a suspect, unless another is asked for."""
StartKind = Literal["camps", "random"]
"""Of simulations: where `community_positions` puts the nodes, nearly, or anywhere; words of a
format."""
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


@dataclass(frozen=True, kw_only=True)
class ModelChoices:
    """What a `Preset` chooses beside the stages of its training, with the bounds of each."""

    law: Literal["Spring", "NeuralSpring", "AttributeSpring"]
    """By class name."""
    objective: Literal["log-loss", "squared-error"] = "log-loss"
    """Of the forces: the reference implementation's squared error of the sigmoid of 2.5 minus the
    distance, or the log-loss of a decoder of `geometry` trained along."""
    hidden: Count = 8
    """Units of the law's networks."""
    folds: Annotated[int, Field(ge=2)] = 10
    """Of training signs, hidden in turn."""
    steps: Count
    """Of the simulations that the decoder is fitted on and that place the nodes."""
    dt: Positive
    """Length of such a step, in time."""
    damping: Rate
    """Of these simulations, per unit time."""
    features: bool = True
    """Whether the final decoder sees structural features beside the geometry."""
    decoder_hidden: NotNegative = 32
    """Units of the decoder that is trained along."""
    starts: Count = 1
    """Simulations from different starts whose geometry is averaged."""
    start: StartKind = "camps"
    """Anywhere, or near the factions that the visible signs show, see `community_positions`."""
    schedule: Literal["constant", "cosine"] = "constant"
    """Multiplies the learning rate."""
    trainings: Count = 1
    """Of the forces of a small network, at most, from the same untrained forces whatever the seed,
    whose laws are averaged."""
    choices: Count = 16
    """Of folds of a small network, at most, whose decoders are averaged."""
    training_pairs: Count | None = None
    """Pairs of a larger network that forces are trained on, at most, see `training_part`; None for
    all."""


# All settings are frozen, which a checker of types cannot tell from their configuration.
class ModelSettings(Settings, ModelChoices):  # pyright: ignore[reportGeneralTypeIssues]
    """The same and the stages, as a run keeps them; every part can be set."""

    # Settings written before there were others had random starts, and were of one of either.
    start: StartKind = "random"
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
