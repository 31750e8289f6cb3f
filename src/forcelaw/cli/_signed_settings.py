"""Settings of `forcelaw signed fit` and `evaluate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from forcelaw.cli._session import Session
from forcelaw.cli._settings import Settings
from forcelaw.cli._sources import ReadingSettings

if TYPE_CHECKING:
    from forcelaw.signed import Preset, SignedNetwork, Split

Protocol = Literal["pairs", "directed", "temporal", "given"]
Count = Annotated[int, Field(ge=1)]
NotNegative = Annotated[int, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Rate = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, lt=1)]


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
    dim: Annotated[int, Field(ge=1, le=4096)] = 64
    seed: NotNegative = 0
    precision: Literal[32, 64] = 32
    protocol: Protocol | None = None
    transductive: bool = False
    validation: Share = 0.0
    seeds: Count = 1
    memory: str | None = None
    start_from: str | None = None
    model: ModelSettings

    def make_preset(self) -> str | Preset:
        """The preset's name, or the preset with what was set differently."""
        from forcelaw.signed import PRESETS, Preset

        values = self.model.model_dump()
        return (
            self.preset if values == _plain(PRESETS[self.preset]) else Preset.from_settings(values)
        )


def signed_settings(
    session: Session,
    network: SignedNetwork,
    options: dict[str, Any],
    *,
    parts: Split | None = None,
    folder: str = "",
) -> SignedSettings:
    """The settings of a command: the preset's, then the file's, the options', and --set's.

    **Arguments:** `parts` the split that was read from `folder`, whose protocol is not to choose.
    """
    from forcelaw.cli._sources import folder_hash
    from forcelaw.errors import InputError, suggest
    from forcelaw.signed import PRESETS

    options = {"seed": session.seed, "precision": session.precision, **options}
    given = session.given("signed", options)
    preset = given.get("preset", "default")
    if preset not in PRESETS:
        raise InputError(
            f"{given.place('preset')}: found {preset!r}, expected {', '.join(PRESETS)}; "
            f"{suggest(str(preset), PRESETS)}"
        )
    facts = {"source": network.name, "content_hash": network.content_hash}
    defaults: dict[str, Any] = {"model": _plain(PRESETS[preset])}
    if parts is not None:
        held = {"protocol": parts.protocol, "transductive": parts.transductive, "validation": 0.0}
        # The settings of an earlier run on these parts say what the parts say.
        chosen = next((n for n, own in held.items() if given.get(n, own) not in (own, None)), "")
        if chosen:
            raise InputError(
                f"{given.place(chosen)}: found it beside the parts in {folder}, expected none: "
                "what is held back is given; leave it out"
            )
        facts["content_hash"] = folder_hash(folder)
        defaults |= {"protocol": parts.protocol, "transductive": parts.transductive}
    return given.resolve(SignedSettings, defaults, facts)


def _plain(preset: Preset) -> dict[str, Any]:
    settings = preset.settings()
    return {**settings, "stages": [dict(stage) for stage in settings["stages"]]}
