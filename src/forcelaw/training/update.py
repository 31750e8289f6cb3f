"""One epoch of training as one compiled scan: gradients, accumulation, skipped updates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Bool, Float, Int, PRNGKeyArray

from forcelaw.device_arrays import to_device
from forcelaw.training.available_memory import release_memory
from forcelaw.training.schedules import Schedule
from forcelaw.training.stage import StageValues

Loss = Callable[..., tuple[Float[Array, ""], Float[Array, ""], dict[str, Float[Array, ""]]]]
"""`loss(model, data, batch, stage, key) -> (mean loss, weight of the batch, metrics)`."""
Batches = Callable[[Any, PRNGKeyArray], Any]
"""`batches(data, key) ->` a pytree whose arrays lead with the axis `[batch, ...]`."""


class TrainingState(eqx.Module):
    """Everything that an update changes; what a checkpoint must hold."""

    model: Any
    optimizer: optax.OptState
    updates: Int[Array, ""]
    skipped: Int[Array, ""]
    consecutive: Int[Array, ""]
    """Updates skipped in a row, up to now."""
    first_bad: Int[Array, "2"]
    """Update and array (by position in the model) of the first skipped update, or -1."""


def start(model: Any, optimizer: optax.GradientTransformation) -> TrainingState:
    """The progress of a training that has not begun."""
    zero = to_device(0, np.int32)
    state = _first_state(optimizer.init, eqx.filter(model, eqx.is_inexact_array))
    return TrainingState(model, state, zero, zero, zero, to_device([-1, -1], np.int32))


@eqx.filter_jit
def _first_state(init: Callable[[Any], optax.OptState], parameters: Any) -> optax.OptState:
    """What an optimizer knows at first: one program for all arrays."""
    return init(parameters)


@eqx.filter_jit
def run_epoch(
    progress: TrainingState,
    data: Any,
    stage: StageValues,
    learning_rate: Float[Array, ""],
    total_updates: Float[Array, ""],
    key: PRNGKeyArray,
    *,
    loss: Loss,
    batches: Batches,
    optimizer: optax.GradientTransformation,
    schedule: Schedule,
    accumulate: int,
) -> tuple[TrainingState, dict[str, Float[Array, ""]]]:
    """One compiled epoch: the progress after it, and the means of its metrics by batch weight.

    The gradient of an update is the mean of its `accumulate` batches by weight, so unequal
    batches add up to the whole loss. The compiled epoch is kept for as long as the process lives
    and used again by every training with the same functions and shapes.
    """
    order_key, update_key = jax.random.split(key)
    grouped = jax.tree.map(
        lambda leaf: leaf.reshape(-1, accumulate, *leaf.shape[1:]), batches(data, order_key)
    )
    count = jax.tree.leaves(grouped)[0].shape[0]
    dynamic, static = eqx.partition(progress, eqx.is_array)

    def step(dynamic, part):
        batch, key = part
        progress = eqx.combine(dynamic, static)
        (slope, metrics), weight = _mean_gradient(
            loss, progress.model, data, batch, stage, key, accumulate
        )
        share = progress.updates.astype(total_updates.dtype) / jnp.maximum(total_updates, 1)
        rate = learning_rate * schedule(share)
        moved, outcome = _update(progress, slope, metrics, weight, optimizer, rate)
        return eqx.filter(moved, eqx.is_array), outcome

    keys = jax.random.split(update_key, count)
    dynamic, (metrics, weight, is_bad) = jax.lax.scan(step, dynamic, (grouped, keys))
    return eqx.combine(dynamic, static), _means(metrics, weight, is_bad)


def compile_epoch(*arguments: Any, **functions: Any) -> Any:
    """`run_epoch` compiled for such arguments; calls of it then compile nothing more.

    The memory that the compiler took is given back before anything runs: the peaks of the two do
    not add up.
    """
    lower: Any = getattr(run_epoch, "lower")  # noqa: B009
    compiled = lower(*arguments, **functions).compile()
    release_memory()
    return compiled


def _mean_gradient(loss, model, data, batch, stage, key, accumulate):
    """Gradient and metrics of one update, averaged by weight, and their total weight."""
    parameters, fixed = eqx.partition(model, eqx.is_inexact_array)

    def weighted(batch, key):
        def of(parameters):
            value, weight, metrics = loss(eqx.combine(parameters, fixed), data, batch, stage, key)
            return value, (weight, metrics)

        (value, (weight, metrics)), slope = jax.value_and_grad(of, has_aux=True)(parameters)
        return _scale((slope, {"loss": value, **metrics}), weight), weight

    parts = (batch, jax.random.split(key, accumulate))
    if accumulate == 1:
        total, weight = weighted(*jax.tree.map(lambda leaf: leaf[0], parts))
    else:
        shapes = jax.eval_shape(weighted, *jax.tree.map(lambda leaf: leaf[0], parts))
        zeros = jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), shapes)
        add = lambda sums, part: (jax.tree.map(jnp.add, sums, weighted(*part)), None)  # noqa: E731
        total, weight = jax.lax.scan(add, zeros, parts)[0]
    return _scale(total, 1 / jnp.where(weight > 0, weight, 1)), weight


def _update(progress: TrainingState, slope, metrics, weight, optimizer, rate):
    """One step of the optimizer, not taken where anything is not finite."""
    parameters, fixed = eqx.partition(progress.model, eqx.is_inexact_array)
    # Optax raises float decays to integer counts, which strict promotion forbids.
    with jax.numpy_dtype_promotion("standard"):
        change, state = optimizer.update(slope, progress.optimizer, parameters)
    change = jax.tree.map(lambda leaf: -rate.astype(leaf.dtype) * leaf, change)
    moved = eqx.apply_updates(parameters, change)

    bad = jnp.stack([_not_finite(leaf) for leaf in jax.tree.leaves((slope, moved))])
    is_bad = jnp.any(bad) | ~jnp.isfinite(metrics["loss"])
    keep = lambda new, old: jax.tree.map(lambda n, o: jnp.where(is_bad, o, n), new, old)  # noqa: E731
    # Gradients come first, then the moved parameters, in the same order.
    position = jnp.argmax(bad).astype(jnp.int32) % max(len(jax.tree.leaves(slope)), 1)
    first = is_bad & (progress.consecutive == 0)
    after = TrainingState(
        model=eqx.combine(keep(moved, parameters), fixed),
        optimizer=keep(state, progress.optimizer),
        updates=progress.updates + 1,
        skipped=progress.skipped + is_bad.astype(jnp.int32),
        consecutive=jnp.where(is_bad, progress.consecutive + 1, 0),
        first_bad=jnp.where(first, jnp.stack([progress.updates, position]), progress.first_bad),
    )
    return after, (jax.tree.map(lambda leaf: jnp.where(is_bad, 0, leaf), metrics), weight, is_bad)


def _means(
    metrics: dict[str, Float[Array, " update"]],
    weight: Float[Array, " update"],
    is_bad: Bool[Array, " update"],
) -> dict[str, Float[Array, ""]]:
    """Weighted means over the updates that counted; NaN if there was none."""
    weight = jnp.where(is_bad, 0, weight)
    return {name: jnp.sum(weight * value) / jnp.sum(weight) for name, value in metrics.items()}


def _scale(tree: Any, by: Float[Array, ""]) -> Any:
    return jax.tree.map(lambda leaf: leaf * by.astype(leaf.dtype), tree)


def _not_finite(leaf: Array) -> Bool[Array, ""]:
    return ~jnp.all(jnp.isfinite(leaf))
