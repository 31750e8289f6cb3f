"""The training loop: stages of compiled epochs, validation, checkpoints, exact resume."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, SupportsFloat

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, PRNGKeyArray

from forcelaw.device_arrays import to_device
from forcelaw.training.checkpoint import Checkpoint, Epoch, broadcast_checkpoint, restore, save
from forcelaw.training.divergence import last_good, rate_factor, roll_back
from forcelaw.training.schedules import Schedule, constant
from forcelaw.training.shared_training import is_first, replicate_beside
from forcelaw.training.stage import Stage, StageValues
from forcelaw.training.update import Batches, Loss, TrainingState, compile_epoch, run_epoch, start

Validate = Callable[[Any, Any, StageValues], dict[str, Float[Array, ""]]]
PATIENCE = 10
"""Updates in a row that may be skipped because they are not finite."""
CHECKPOINT_SECONDS = 20.0
ADAM = optax.scale_by_adam()
"""One object, so that all trainings with it share their compiled epochs."""


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
      uninterrupted run (on a GPU, whose sums come in any order, only with
      `XLA_FLAGS=--xla_gpu_deterministic_ops=true`). An interrupt saves before it is raised. Of
      several processes, which must all name a folder, the first alone reads and writes it.

    A training whose updates are not finite `PATIENCE` times in a row goes back to its last good
    epoch and on with a smaller step, as often as `_divergence.RETRIES`; a warning tells.

    **Raises** `TrainingError` when that does not help; `InputError` if the checkpoint in `folder`
    belongs to another training; `ValueError` if `accumulate` does not divide the batches.
    """
    optimizer = ADAM if optimizer is None else optimizer
    data = jax.tree.map(lambda leaf: jnp.asarray(leaf) if eqx.is_array(leaf) else leaf, data)
    total = sum(stage.epochs for stage in stages)
    updates = _updates(batches, data, key, accumulate)
    total_updates = to_device(total * updates)

    path = None if folder is None else Path(folder) / "checkpoints" / "latest.safetensors"
    schedule_of = [dataclasses.asdict(stage) for stage in stages]
    first = now = Checkpoint(start(model, optimizer), model, to_device(np.inf))
    if path is not None:
        now = broadcast_checkpoint(
            restore(path, now, schedule_of) if is_first() and path.is_file() else now
        )
        path = path if is_first() else None
    first, now = replicate_beside(first, data), replicate_beside(now, data)
    saved = time.monotonic()
    functions = {
        "loss": loss,
        "batches": batches,
        "optimizer": optimizer,
        "schedule": schedule,
        "accumulate": accumulate,
    }

    def arguments(stage: Stage, epoch: int) -> tuple[Any, ...]:
        rate = to_device(stage.learning_rate * rate_factor(now.rollbacks))
        now_key = jax.random.fold_in(key, epoch)
        return now.progress, data, StageValues.of(stage), rate, total_updates, now_key

    plan = _plan(stages)
    if len(now.history) < total:
        compile_epoch(*arguments(*plan[len(now.history)][1:]), **functions)
    # What was saved is good; only that is saved.
    good = now
    try:
        while len(now.history) < total:
            index, stage, epoch = plan[len(now.history)]
            values, before = StageValues.of(stage), now
            progress, metrics = run_epoch(*arguments(stage, epoch), **functions)
            if validate is not None:
                metrics = {**metrics, **_validate(validate, progress.model, data, values)}
            now = _next(now, progress, jax.device_get(metrics), index, epoch, total, keep_best)
            diverged = int(progress.consecutive) >= min(PATIENCE, total * updates)
            if not diverged:
                good = now if epoch == total else last_good(now, before, good, updates)
            if report is not None:
                report(now.history[-1])
            if diverged:
                now = good = roll_back(now, good, first, stage)
            if path is not None and time.monotonic() - saved > CHECKPOINT_SECONDS:
                save(path, good, schedule_of)
                saved = time.monotonic()
    finally:
        if path is not None and good.history:
            save(path, good, schedule_of)
    best = now.progress.model if keep_best is None else now.best
    return Trained(now.progress.model, best, now.history)


def _updates(batches: Batches, data: Any, key: PRNGKeyArray, accumulate: int) -> int:
    """Updates in an epoch."""
    cut = jax.tree.leaves(eqx.filter_eval_shape(batches, data, key))
    if not cut or cut[0].shape[0] == 0:
        raise ValueError("`batches` gives no batch; expected arrays that lead with a batch axis")
    if accumulate < 1 or cut[0].shape[0] % accumulate:
        raise ValueError(
            f"accumulate is {accumulate}, expected a divisor of the {cut[0].shape[0]} batches"
        )
    return cut[0].shape[0] // accumulate


@eqx.filter_jit
def _validate(validate: Validate, model: Any, data: Any, stage: StageValues) -> Any:
    return validate(model, data, stage)


def _plan(stages: Sequence[Stage]) -> list[tuple[int, Stage, int]]:
    """(stage index, stage, epoch through all stages) for every epoch."""
    flat = [(i, stage) for i, stage in enumerate(stages) for _ in range(stage.epochs)]
    return [(i, stage, epoch) for epoch, (i, stage) in enumerate(flat, start=1)]


def _next(
    now: Checkpoint,
    progress: TrainingState,
    metrics: Mapping[str, SupportsFloat],
    stage: int,
    epoch: int,
    total: int,
    keep_best: str | None,
) -> Checkpoint:
    plain = {name: float(value) for name, value in metrics.items()}
    plain |= {"skipped": float(progress.skipped), "rollbacks": float(now.rollbacks)}
    best, best_value = now.best, now.best_value
    if keep_best is not None:
        if keep_best not in plain:
            raise ValueError(f"keep_best is {keep_best!r}, expected one of {sorted(plain)}")
        if plain[keep_best] < float(best_value):
            best, best_value = progress.model, to_device(plain[keep_best])
    entry = Epoch(stage, epoch, total, plain)
    history = (*now.history, entry)
    return Checkpoint(progress, best, best_value, history, now.rollbacks, now.rolled_to)
