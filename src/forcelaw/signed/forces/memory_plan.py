"""How the forces are trained within a budget of memory: whole, or in subgraph batches."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jaxtyping import PRNGKeyArray

from forcelaw.motion import Shards
from forcelaw.signed.forces.devices import devices_in_process
from forcelaw.signed.forces.objective import Choices, Forces, Task, fold_batches, fold_loss
from forcelaw.signed.forces.presets import Preset
from forcelaw.signed.forces.settings import TrainingSettings
from forcelaw.signed.forces.subgraph_batches import (
    divide_into_subgraphs,
    subgraph_batches,
    subgraph_loss,
)
from forcelaw.signed.forces.views import Views
from forcelaw.training import (
    Epoch,
    MemoryPlan,
    StageValues,
    Trained,
    constant,
    cosine,
    free_memory,
    parse_memory,
    plan,
    train,
)
from forcelaw.training.shared_training import replicate_beside
from forcelaw.training.update import Batches, Loss, compile_epoch, start

SCHEDULES = {"constant": constant, "cosine": cosine}
"""Of learning rates, by their names in a `Preset`."""


@functools.cache
def clipped_adam(largest_gradient: float) -> optax.GradientTransformation:
    """Adam on gradients of that norm at most; the same object again, so nothing compiles twice."""
    return optax.chain(optax.clip_by_global_norm(largest_gradient), optax.scale_by_adam())


@dataclasses.dataclass(frozen=True)
class Training:
    """What `train` is to be given; `parts` batches make one update."""

    data: Any
    loss: Loss
    batches: Batches
    parts: int
    optimizer: optax.GradientTransformation
    plan: MemoryPlan | None = None

    def run(
        self,
        forces: Forces,
        preset: Preset,
        *,
        key: PRNGKeyArray,
        folder: str | Path | None = None,
        report: Callable[[Epoch], None] | None = None,
    ) -> Trained:
        """Trains the forces through the preset's stages.

        `best` is after the epoch whose hidden signs were predicted best: long schedules of large
        learning rates do not always end well.
        """
        return train(
            forces,
            self.loss,
            self.data,
            batches=self.batches,
            stages=preset.stages,
            key=key,
            schedule=SCHEDULES[preset.schedule],
            optimizer=self.optimizer,
            accumulate=self.parts,
            keep_best="loss",
            folder=folder,
            report=report,
        )

    def compiled(self, forces: Forces, preset: Preset) -> Any:
        """One compiled epoch, for the compiler's estimate of its memory."""
        number = jnp.asarray(1, float)
        return compile_epoch(
            replicate_beside(start(forces, self.optimizer), self.data),
            self.data,
            StageValues.of(preset.stages[0]),
            number,
            number,
            jax.random.key(0),
            loss=self.loss,
            batches=self.batches,
            optimizer=self.optimizer,
            schedule=SCHEDULES[preset.schedule],
            accumulate=self.parts,
        )


def plan_training(
    forces: Forces,
    views: Views,
    choices: Choices,
    preset: Preset,
    *,
    memory: str | int | None = None,
    note: Callable[[str], None] | None = None,
    seed: int = 0,
    shards: Shards | None = None,
) -> Training:
    """The fastest training that fits.

    **Arguments:** `memory` the budget of the process; without one, a network that is small
    beside the free memory is trained whole and every step of its simulations kept, and any other
    gets `forcelaw.training.default_budget`; `note` is told the plan in one line; `shards` the
    graph divided over several devices, which is then not cut into subgraphs.

    **Raises** `InputError` for a budget that nothing fits into.
    """
    if shards is not None:
        views = shards.replicate(views)

    def training(segments: int, parts: int) -> Training:
        now = dataclasses.replace(choices, segments=segments)
        return make_training(views, now, parts, seed, shards)

    settings, steps = choices.settings.training, choices.capacity
    if memory is None and (
        rough_need(views, choices, settings) < settings.small_share * free_memory()
    ):
        return training(steps, 1)
    found = plan(
        lambda segments, parts: training(segments, parts).compiled(forces, preset),
        steps=steps,
        budget=None if memory is None else parse_memory(memory),
        max_parts=1
        if shards
        else max(1, int(views.graph.node_mask.sum()) // settings.nodes_per_part),
        devices=devices_in_process(shards),
    )
    if note is not None:
        note(str(found))
    return dataclasses.replace(training(found.segments, found.parts), plan=found)


def make_training(
    views: Views, choices: Choices, parts: int, seed: int, shards: Shards | None = None
) -> Training:
    """Training on the whole views, or on `parts` subgraphs of them."""
    settings = choices.settings.training
    optimizer = clipped_adam(settings.largest_gradient)
    if parts == 1:
        return Training(Task(views, choices, shards), fold_loss, fold_batches, 1, optimizer)
    divided = divide_into_subgraphs(views, choices, parts, seed=seed, halo=settings.halo)
    return Training(divided, subgraph_loss, subgraph_batches, divided.cut.parts, optimizer)


def rough_need(views: Views, choices: Choices, settings: TrainingSettings) -> int:
    """The bytes of a gradient, roughly, with every step kept: the states, and one step's edges."""
    size = jnp.zeros(()).dtype.itemsize
    states = 2 * (choices.capacity + 8) * views.graph.nodes * choices.dim
    return size * (states + settings.numbers_per_edge * views.graph.edges)
