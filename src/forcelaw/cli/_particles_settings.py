"""Settings of `forcelaw particles`: where the motion comes from, what learns from it and how."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from forcelaw.cli._session import Session
from forcelaw.cli._settings import Settings
from forcelaw.cli._sources import file_hash, source_kind
from forcelaw.errors import InputError, suggest

if TYPE_CHECKING:
    from forcelaw.particles import Trajectories

Count = Annotated[int, Field(ge=1)]
NotNegative = Annotated[int, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Rate = Annotated[float, Field(ge=0)]
Model = Literal["message", "pair", "hamiltonian"]


class SimulationSettings(Settings):
    """How a built-in law is simulated; the defaults are those of `particles.simulate`."""

    dim: Count = 2
    bodies: Annotated[int, Field(ge=2)] = 4
    trajectories: Count = 1000
    steps: Count = 100
    dt: Positive | None = None
    noise: Rate = 0.0
    softening: Rate = 0.0


SIMULATION = SimulationSettings()
"""The defaults, for the options of every command."""


class StageSettings(Settings):
    """One stage of the training."""

    epochs: Count
    learning_rate: Positive


class ParticlesSettings(Settings):
    """Everything that decides what is learned from which motion."""

    source: str
    content_hash: str = ""
    simulation: SimulationSettings | None = None
    model: Model = "pair"
    regularise: Literal["l1", "kl", "bottleneck", "none"] = "l1"
    target: Literal["acceleration", "next_state", "trajectory"] | None = None
    batch: Count
    stages: Annotated[list[StageSettings], Field(min_length=1)]
    network: dict[str, Any] = Field(default_factory=dict)
    seed: NotNegative = 0
    precision: Literal[32, 64] = 32

    def data(self) -> Trajectories:
        """The motion to learn from, simulated or read.

        Raises:
            InputError: the file has changed since the settings were made.
        """
        from forcelaw import particles

        if self.simulation is not None:
            return particles.simulate(self.source, seed=self.seed, **self.simulation.model_dump())
        if self.source == "solar":
            return particles.weighed(particles.solar())
        if file_hash(self.source) != self.content_hash:
            raise InputError(f"{self.source}: has changed since the run began; restore it")
        return particles.read(self.source)

    def training(self) -> dict[str, Any]:
        """The arguments of `particles.fit` beside the data."""
        from forcelaw.training import Stage

        return {
            "model": self.model,
            "regularise": self.regularise,
            "target": self.target,
            "batch": self.batch,
            "stages": [Stage(**stage.model_dump()) for stage in self.stages],
            "seed": self.seed,
            **self.network,
        }


def particles_settings(
    session: Session, source: str, options: dict[str, Any], simulation: dict[str, Any]
) -> ParticlesSettings:
    """The settings of a command: defaults of source and model, then the user's.

    Raises:
        InputError: an unknown source or setting, or simulation options for what is not simulated.
    """
    from forcelaw.particles import LAWS
    from forcelaw.particles.learning import BATCH, STAGES, network_arguments

    kind = source_kind(source, [*LAWS, "solar"], "a built-in law")
    simulated = kind == "name" and source != "solar"
    wanted = [name for name, value in simulation.items() if value is not None]
    if wanted and not simulated:
        raise InputError(
            f"--{wanted[0]}: found it beside {source}, expected it only with a built-in law; "
            "leave it out"
        )
    options = {"seed": session.seed, "precision": session.precision, **options}
    options |= {f"simulation.{name}": value for name, value in simulation.items()}
    given = session.given("particles", options)
    if given.get("simulation", None) and not simulated:
        raise InputError(
            f"{given.place('simulation')}: found it beside {source}, expected it only with a "
            "built-in law; leave it out"
        )
    model = given.get("model", "pair")
    if model not in STAGES:
        raise InputError(
            f"{given.place('model')}: found {model!r}, expected {', '.join(STAGES)}; "
            f"{suggest(str(model), STAGES)}"
        )
    stages = [dataclasses.asdict(stage) for stage in STAGES[model]]
    defaults: dict[str, Any] = {
        "simulation": SimulationSettings().model_dump() if simulated else None,
        "batch": BATCH[model],
        "stages": [{key: stage[key] for key in StageSettings.model_fields} for stage in stages],
        # The Sun outweighs the Earth's pull on the Moon 300,000 times: float32 has no digits left.
        "precision": 64 if source == "solar" else 32,
    }
    facts = {"source": source, "content_hash": file_hash(source) if kind == "file" else ""}
    settings = given.resolve(ParticlesSettings, defaults, facts)
    network_arguments(
        settings.model, settings.network, place=lambda name: given.place(f"network.{name}")
    )
    return settings
