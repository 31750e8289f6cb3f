"""Named settings of the spring embedding."""

from __future__ import annotations

import dataclasses
import math
from typing import Literal

from jaxtyping import PRNGKeyArray

from forcelaw.documents import JsonObject, ParsedObject
from forcelaw.errors import InvalidSetting, suggest
from forcelaw.laws import AttributeSpring, Law, NeuralSpring, Spring
from forcelaw.signed.settings import ModelChoices
from forcelaw.training import Stage


def per_unit_time(damping: float, dt: float) -> float:
    """The drag rate that shrinks velocities over `dt` by the factor `1 - damping`."""
    return -math.log1p(-damping) / dt


@dataclasses.dataclass(frozen=True, kw_only=True)
class Preset(ModelChoices):
    """Everything that is chosen before the data is read.

    **Arguments:** those of `ModelChoices`; `stages` of the training, one epoch being one pass over
    the folds.
    """

    stages: tuple[Stage, ...]

    def settings(self) -> JsonObject:
        """What JSON can hold; see `from_settings`."""
        return dataclasses.asdict(self)

    @classmethod
    def from_settings(cls, settings: ParsedObject) -> Preset:
        """The preset that `settings` wrote."""
        stages = tuple(Stage(**stage) for stage in settings["stages"])
        # Settings written before there were others had random starts, and one choice of folds.
        return cls(**{"start": "random", "choices": 1, **settings, "stages": stages})

    @property
    def capacity(self) -> int:
        """The most steps of any stage."""
        return max(stage.steps for stage in self.stages)

    def make_law(self, features: int, *, key: PRNGKeyArray) -> Law:
        """The untrained law; `features` is the number of edge features."""
        if self.law == "Spring":
            return Spring()
        if self.law == "NeuralSpring":
            return NeuralSpring(key=key)
        return AttributeSpring(features, hidden=self.hidden, key=key)


def reference_stages(learning_rate: float) -> tuple[Stage, ...]:
    """The reference implementation's stages: smaller steps, less damping, longer motion.

    Its damping is a share of the velocity lost per step; here it is the rate of the same decay
    over that step. Its 220 epochs are one update each; here ten folds make ten updates an epoch.
    No preset uses it: forces trained for shorter motion than they are used for end worse than
    forces trained for that motion alone (benchmarks/ablations/schedules.py).
    """
    epochs = (5, 4, 3, 2, 2, 2, 4)
    steps = (50, 60, 70, 80, 100, 150, 200)
    lengths = (0.01, 0.01, 0.005, 0.005, 0.005, 0.002, 0.002)
    dampings = (0.2, 0.1, 0.05, 0.05, 0.03, 0.03, 0.03)
    return tuple(
        Stage(count, number, dt, per_unit_time(damping, dt), learning_rate)
        for count, number, dt, damping in zip(epochs, steps, lengths, dampings, strict=True)
    )


def _origin(law: Literal["Spring", "NeuralSpring"], learning_rate: float) -> Preset:
    """The published setting: 300 updates, one for each of ten folds an epoch."""
    return Preset(
        law=law,
        stages=(Stage(30, 120, 0.01, per_unit_time(0.05, 0.01), learning_rate),),
        steps=120,
        dt=0.01,
        damping=per_unit_time(0.05, 0.01),
        objective="squared-error",
        features=False,
        decoder_hidden=0,
        start="random",
        # A rate that falls ends nearer to the minimum; benchmarks/ablations/schedules.py.
        schedule="cosine",
    )


PRESETS: dict[str, Preset] = {
    "default": Preset(
        law="AttributeSpring",
        # Faster, forces of small networks learn their noise; benchmarks/signed/springs.py.
        stages=(Stage(12, 20, 0.06, 1.7, 0.01),),
        steps=20,
        dt=0.06,
        damping=1.7,
        schedule="cosine",
        trainings=8,
        # All pairs of bitcoin-otc; benchmarks/speed/signed_at_scale.py.
        training_pairs=60_000,
    ),
    "spr": _origin("Spring", 0.09),
    # From the reference's .09 not every start settles; benchmarks/ablations/schedules.py.
    "spr-nn": _origin("NeuralSpring", 0.03),
}
"""By name; `spr` and `spr-nn` are the reference implementation's two laws."""


def get_preset(name: str) -> Preset:
    """The preset of that name.

    **Raises** `InputError` that suggests the nearest name.
    """
    if name not in PRESETS:
        raise InvalidSetting(f"preset: found {name!r}; {suggest(name, PRESETS)}")
    return PRESETS[name]


def preset_name(settings: Preset) -> str | Preset:
    """The name of the preset with these settings; where there is none, the settings."""
    return next((name for name, preset in PRESETS.items() if preset == settings), settings)
