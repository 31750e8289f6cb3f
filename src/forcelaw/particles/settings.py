"""Settings of a run on bodies: where the motion comes from, what learns from it and how."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, model_serializer

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
InferName = Literal["edges", "mass", "charge", "kinds"]
"""What is hidden and looked for: who acts on whom, or a property of bodies."""
NoiseName = Literal["none", "measurement", "langevin", "auto"]
"""What of motion is no law: nothing, errors of positions, chance that moves bodies, or found."""
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


def _read_lengths(given: Any) -> Any:
    """`10,10` as a list; what is no text stays."""
    if not isinstance(given, str):
        return given
    try:
        return [float(part) for part in given.split(",")]
    except ValueError:
        raise ValueError(
            "expected lengths with commas between them, such as 10,10; separate them so"
        ) from None


def _read_distance(given: Any) -> Any:
    """`auto` as None, a number as it is written; what is no text stays."""
    if not isinstance(given, str):
        return given
    try:
        return None if given == "auto" else float(given)
    except ValueError:
        raise ValueError("expected a positive distance, or auto; give one of them") from None


Lengths = Annotated[list[Positive], Field(min_length=1, max_length=MOST_DIMENSIONS)]
"""Of a periodic box."""


_LATER = ("also", "box", "species", "topology", "order", "cutoff", "infer", "noise")
"""Settings that the first releases did not have."""


class ParticlesSettings(Settings):
    """Everything that decides what is learned from which motion."""

    source: str
    also: list[str] = Field(default_factory=list)
    """Further files of the same data set."""
    content_hash: str = ""
    simulation: SimulationSettings | None = None
    box: Annotated[Lengths | None, BeforeValidator(_read_lengths)] = None
    species: str | None = None
    topology: str | None = None
    order: OrderName = "auto"
    cutoff: Annotated[Positive | None, BeforeValidator(_read_distance)] = None
    infer: InferName | None = None
    noise: NoiseName = "auto"
    model: Model = "pair"
    regularise: Regularise = "l1"
    target: Target | None = None
    batch: Count
    stages: Annotated[list[StageSettings], Field(min_length=1)]
    network: ParsedObject = Field(default_factory=dict)
    seed: NotNegative = 0
    precision: Literal[32, 64] = 32

    @property
    def named(self) -> str:
        """The source in words."""
        more = len(self.also)
        return f"{self.source} and {more} more file{'s' * (more > 1)}" if more else self.source

    @model_serializer(mode="wrap")
    def without_later_defaults(self, write: Callable[[Any], ParsedObject]) -> ParsedObject:
        """As earlier versions wrote them where nothing else is asked: they find their runs."""
        fields = type(self).model_fields
        defaults = {name: fields[name].get_default(call_default_factory=True) for name in _LATER}
        written: ParsedObject = write(self)
        return {
            name: value
            for name, value in written.items()
            if name not in defaults or value != defaults[name]
        }


def infer_of(of_bodies: str | None, edges: bool) -> str | None:
    """What is looked for beside the law; one thing at a time."""
    if edges and of_bodies:
        raise InputError("--infer-edges: found beside --infer, expected one of them; choose one")
    return "edges" if edges else of_bodies


def noise_of(text: str | None) -> tuple[float | None, str | None]:
    """The relative noise of a simulation, or what of recorded motion is no law."""
    if text is None or text in get_args(NoiseName):
        return None, text
    try:
        return float(text), None
    except ValueError:
        names = ", ".join(get_args(NoiseName))
        raise InputError(
            f"--noise: found {text!r}, expected {names}, or a number; choose one"
        ) from None


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
