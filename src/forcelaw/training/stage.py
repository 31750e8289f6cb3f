"""A schedule of training is a list of stages."""

from __future__ import annotations

import dataclasses
import math

import equinox as eqx
import numpy as np
from jaxtyping import Array, Float, Int

from forcelaw.device_arrays import to_device


@dataclasses.dataclass(frozen=True)
class Stage:
    """One entry of a training schedule.

    **Arguments:** `epochs` passes over the data; `steps` of length `dt` (time) that a rollout
    takes, with `damping` per unit of time, for laws that are trained through time;
    `learning_rate` of the optimizer. None of them recompiles anything.

    **Raises** `ValueError` for a value that is negative or not finite.
    """

    epochs: int
    steps: int = 0
    dt: float = 0.0
    damping: float = 0.0
    learning_rate: float = 1e-3

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(
                    f"stage: {field.name} is {value}, expected a finite number of at least 0"
                )


class StageValues(eqx.Module):
    """What a loss sees of its stage, as traced scalars."""

    steps: Int[Array, ""]
    dt: Float[Array, ""]
    damping: Float[Array, ""]

    @classmethod
    def of(cls, stage: Stage) -> StageValues:
        """The traced values of a stage, in the default precision."""
        return cls(
            to_device(stage.steps, np.int32),
            to_device(stage.dt),
            to_device(stage.damping),
        )
