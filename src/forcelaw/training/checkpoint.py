"""What a training keeps on disk, so that it goes on exactly from there."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import equinox as eqx
from jaxtyping import Array, Float

from forcelaw.documents import JsonObject, ParsedObject, described
from forcelaw.errors import InputError
from forcelaw.storage.arrays import load_arrays, save_arrays
from forcelaw.training.shared_training import broadcast_from_first
from forcelaw.training.update import TrainingState


@dataclasses.dataclass(frozen=True)
class Epoch:
    """What `report` is told, and `history` keeps, of every epoch."""

    stage: int
    epoch: int
    """Counted through all stages, from 1."""
    epochs: int
    """Of all stages together."""
    metrics: dict[str, float]
    """`loss`, the metrics of the loss, those of `validate`, `skipped` updates so far, and
    `rollbacks` of the training so far."""


class Checkpoint(eqx.Module):
    """The state of a training after an epoch."""

    progress: TrainingState
    best: Any
    best_value: Float[Array, ""]
    history: tuple[Epoch, ...] = eqx.field(static=True, default=())
    rollbacks: int = eqx.field(static=True, default=0)
    rolled_to: int = eqx.field(static=True, default=-1)
    """Epochs that were left by the last rollback; -1 before any."""


def save(path: Path, now: Checkpoint, stages: Sequence[JsonObject]) -> None:
    """Write a checkpoint, all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    save_arrays(path, now, {"stages": list(stages), **_told(now)})


def restore(path: Path, like: Checkpoint, stages: Sequence[JsonObject]) -> Checkpoint:
    """The checkpoint in a file.

    **Raises** `InputError` if it is damaged or belongs to another training.
    """
    now, document = load_arrays(path, like)
    with described(path, "a checkpoint", "restore it, or remove it to train from the start"):
        if document["stages"] != list(stages):
            raise InputError(
                f"{path}: is the checkpoint of another schedule; give the same stages or another "
                "folder"
            )
        return _with(now, document)


def broadcast_checkpoint(now: Checkpoint) -> Checkpoint:
    """The checkpoint of the first of several processes."""
    arrays, told = broadcast_from_first(
        (now.progress, now.best, now.best_value), json.dumps(_told(now))
    )
    return _with(Checkpoint(*arrays), json.loads(told))


def _told(now: Checkpoint) -> JsonObject:
    """What is no array."""
    return {
        "history": [dataclasses.asdict(entry) for entry in now.history],
        "rollbacks": now.rollbacks,
        "rolled_to": now.rolled_to,
    }


def _with(now: Checkpoint, told: ParsedObject) -> Checkpoint:
    return Checkpoint(
        now.progress,
        now.best,
        now.best_value,
        tuple(Epoch(**entry) for entry in told["history"]),
        told.get("rollbacks", 0),
        told.get("rolled_to", -1),
    )
