"""The training loop: stages of compiled epochs, validation, checkpoints, exact resume."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Float, PRNGKeyArray

from forcelaw.errors import InputError
from forcelaw.training._arrays import load_arrays, save_arrays
from forcelaw.training._schedules import Schedule, constant
from forcelaw.training._shared import as_first, beside, is_first
from forcelaw.training._stage import Stage, StageValues
from forcelaw.training._update import Batches, Loss, Progress, compile_epoch, run_epoch, start

Validate = Callable[[Any, Any, StageValues], dict[str, Float[Array, ""]]]
PATIENCE = 10
"""Updates in a row that may be skipped because they are not finite."""
CHECKPOINT_SECONDS = 20.0
ADAM = optax.scale_by_adam()
"""One object, so that all trainings with it share their compiled epochs."""


class TrainingError(RuntimeError):
    """Training cannot go on; the message names the update and the first offending array."""


@dataclasses.dataclass(frozen=True)
class Epoch:
    """What `report` is told, and `history` keeps, of every epoch."""

    stage: int
    epoch: int
    """Counted through all stages, from 1."""
    epochs: int
    """Of all stages together."""
    metrics: dict[str, float]
    """`loss`, the metrics of the loss, those of `validate`, and `skipped` updates so far."""


@dataclasses.dataclass(frozen=True)
class Trained:
    """The outcome of `train`."""

    model: Any
    """After the last epoch."""
    best: Any
    """At the lowest `keep_best`; the last model where none was named."""
    history: tuple[Epoch, ...]


def train(
    model: Any,
    loss: Loss,
    data: Any,
    *,
    batches: Batches,
    stages: Sequence[Stage],
    key: PRNGKeyArray,
    schedule: Schedule = constant,
    optimizer: optax.GradientTransformation | None = None,
    accumulate: int = 1,
    validate: Validate | None = None,
    keep_best: str | None = None,
    folder: str | Path | None = None,
    report: Callable[[Epoch], None] | None = None,
) -> Trained:
    """Fit the floating arrays of `model` to `data`.

    **Arguments:**

    - `loss(model, data, batch, stage, key)` returns the mean loss of a batch, the weight of that
      batch, and a dictionary of scalar metrics. `stage` holds `steps`, `dt` and `damping` as
      traced scalars, so a whole schedule compiles once.
    - `data` a pytree that is moved to the device once; `batches(data, key)` cuts an epoch into
      batches, as a pytree whose arrays lead with a batch axis. It runs inside the compiled epoch.
    - `optimizer` an Optax transformation *without* learning rate (default: Adam's scaling); the
      stage's learning rate times `schedule(progress)` scales its updates.
    - `accumulate` batches make one update; it must divide their number.
    - `validate(model, data, stage)` returns scalar metrics after every epoch; `keep_best` names
      the one whose minimum selects the `best` model.
    - `folder` keeps a checkpoint; the same call resumes from it and ends bit for bit like an
      uninterrupted run. An interrupt saves before it is raised. Of several processes, which must
      all name a folder, the first alone reads and writes it.

    **Raises** `TrainingError` when `PATIENCE` updates in a row are not finite; `InputError` if
    the checkpoint in `folder` belongs to another training; `ValueError` if `accumulate` does not
    divide the batches.
    """
    optimizer = ADAM if optimizer is None else optimizer
    data = jax.tree.map(lambda leaf: jnp.asarray(leaf) if eqx.is_array(leaf) else leaf, data)
    total = sum(stage.epochs for stage in stages)
    cut = jax.tree.leaves(eqx.filter_eval_shape(batches, data, key))
    if not cut or cut[0].shape[0] == 0:
        raise ValueError("`batches` gives no batch; expected arrays that lead with a batch axis")
    if accumulate < 1 or cut[0].shape[0] % accumulate:
        raise ValueError(
            f"accumulate is {accumulate}, expected a divisor of the {cut[0].shape[0]} batches"
        )
    total_updates = jnp.asarray(total * cut[0].shape[0] // accumulate, float)

    now = _Checkpoint(start(model, optimizer), model, jnp.asarray(jnp.inf), ())
    path = None if folder is None else Path(folder) / "checkpoints" / "latest.safetensors"
    schedule_of = [dataclasses.asdict(stage) for stage in stages]
    if path is not None:
        if is_first() and path.is_file():
            now = _restore(path, now, schedule_of)
        now = _as_first(now)
        path = path if is_first() else None
    now = beside(now, data)
    saved = time.monotonic()
    functions = {
        "loss": loss,
        "batches": batches,
        "optimizer": optimizer,
        "schedule": schedule,
        "accumulate": accumulate,
    }

    def arguments(stage: Stage, epoch: int) -> tuple[Any, ...]:
        rate, now_key = jnp.asarray(stage.learning_rate, float), jax.random.fold_in(key, epoch)
        return now.progress, data, StageValues.of(stage), rate, total_updates, now_key

    to_do = _plan(stages)[len(now.history) :]
    if to_do:
        compile_epoch(*arguments(*to_do[0][1:]), **functions)
    try:
        for index, stage, epoch in to_do:
            values = StageValues.of(stage)
            progress, metrics = run_epoch(*arguments(stage, epoch), **functions)
            if validate is not None:
                metrics = {**metrics, **_validate(validate, progress.model, data, values)}
            now = _next(now, progress, jax.device_get(metrics), index, epoch, total, keep_best)
            if report is not None:
                report(now.history[-1])
            _check(progress, model)
            if path is not None and time.monotonic() - saved > CHECKPOINT_SECONDS:
                _save(path, now, schedule_of)
                saved = time.monotonic()
    finally:
        if path is not None and now.history:
            _save(path, now, schedule_of)
    best = now.progress.model if keep_best is None else now.best
    return Trained(now.progress.model, best, now.history)


@eqx.filter_jit
def _validate(validate: Validate, model: Any, data: Any, stage: StageValues) -> Any:
    return validate(model, data, stage)


class _Checkpoint(eqx.Module):
    progress: Progress
    best: Any
    best_value: Float[Array, ""]
    history: tuple[Epoch, ...] = eqx.field(static=True)


def _plan(stages: Sequence[Stage]) -> list[tuple[int, Stage, int]]:
    """(stage index, stage, epoch through all stages) for every epoch."""
    flat = [(i, stage) for i, stage in enumerate(stages) for _ in range(stage.epochs)]
    return [(i, stage, epoch) for epoch, (i, stage) in enumerate(flat, start=1)]


def _next(
    now: _Checkpoint,
    progress: Progress,
    metrics: dict[str, Any],
    stage: int,
    epoch: int,
    total: int,
    keep_best: str | None,
) -> _Checkpoint:
    plain = {name: float(value) for name, value in metrics.items()}
    plain["skipped"] = float(progress.skipped)
    best, best_value = now.best, now.best_value
    if keep_best is not None:
        if keep_best not in plain:
            raise ValueError(f"keep_best is {keep_best!r}, expected one of {sorted(plain)}")
        if plain[keep_best] < float(best_value):
            best, best_value = progress.model, jnp.asarray(plain[keep_best], float)
    entry = Epoch(stage, epoch, total, plain)
    return _Checkpoint(progress, best, best_value, (*now.history, entry))


def _check(progress: Progress, model: Any) -> None:
    if int(progress.consecutive) < PATIENCE:
        return
    update, position = (int(value) for value in progress.first_bad)
    leaves = jax.tree_util.tree_flatten_with_path(eqx.filter(model, eqx.is_inexact_array))[0]
    name = jax.tree_util.keystr(leaves[position][0])
    raise TrainingError(
        f"{int(progress.consecutive)} updates in a row were not finite, the first at update "
        f"{update} in {name}; lower the learning rate or the time step of the stage"
    )


def _save(path: Path, now: _Checkpoint, stages: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    history = [dataclasses.asdict(entry) for entry in now.history]
    save_arrays(path, now, {"stages": stages, "history": history})


def _restore(path: Path, like: _Checkpoint, stages: list[dict[str, Any]]) -> _Checkpoint:
    now, document = load_arrays(path, like)
    if document["stages"] != stages:
        raise InputError(
            f"{path}: is the checkpoint of another schedule; give the same stages or another folder"
        )
    return _Checkpoint(now.progress, now.best, now.best_value, _history(document["history"]))


def _as_first(now: _Checkpoint) -> _Checkpoint:
    history = json.dumps([dataclasses.asdict(entry) for entry in now.history])
    (progress, best, value), told = as_first((now.progress, now.best, now.best_value), history)
    return _Checkpoint(progress, best, value, _history(json.loads(told)))


def _history(entries: list[dict[str, Any]]) -> tuple[Epoch, ...]:
    return tuple(Epoch(**entry) for entry in entries)
