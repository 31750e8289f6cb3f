"""One epoch of training as one compiled scan: gradients, accumulation, skipped updates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Bool, Float, Int, PRNGKeyArray

from forcelaw.training._schedules import Schedule
from forcelaw.training._stage import StageValues

Loss = Callable[..., tuple[Float[Array, ""], Float[Array, ""], dict[str, Float[Array, ""]]]]
"""`loss(model, data, batch, stage, key) -> (mean loss, weight of the batch, metrics)`."""
Batches = Callable[[Any, PRNGKeyArray], Any]
"""`batches(data, key) ->` a pytree whose arrays lead with the axis `[batch, ...]`."""


class Progress(eqx.Module):
    """Everything that an update changes; what a checkpoint must hold."""

    model: Any
    optimizer: optax.OptState
    updates: Int[Array, ""]
    skipped: Int[Array, ""]
    consecutive: Int[Array, ""]
    """Updates skipped in a row, up to now."""
    first_bad: Int[Array, "2"]
    """Update and array (by position in the model) of the first skipped update, or -1."""


def start(model: Any, optimizer: optax.GradientTransformation) -> Progress:
    """The progress of a training that has not begun."""
    zero = jnp.asarray(0, jnp.int32)
    state = optimizer.init(eqx.filter(model, eqx.is_inexact_array))
    return Progress(model, state, zero, zero, zero, jnp.full(2, -1, jnp.int32))


def epoch_function(
    loss: Loss,
    batches: Batches,
    optimizer: optax.GradientTransformation,
    schedule: Schedule,
    *,
    accumulate: int,
    total_updates: int,
) -> Callable[..., tuple[Progress, dict[str, Float[Array, ""]]]]:
    """The compiled epoch `(progress, data, stage, learning_rate, key) -> (progress, metrics)`.

    Metrics are means over the epoch by batch weight. The gradient of an update is the mean of
    its `accumulate` batches by weight, so unequal batches add up to the whole loss.
    """

    def gradient(parameters, fixed, data, batch, stage, key):
        def of(parameters):
            value, weight, metrics = loss(eqx.combine(parameters, fixed), data, batch, stage, key)
            return value, (weight, metrics)

        (value, (weight, metrics)), slope = jax.value_and_grad(of, has_aux=True)(parameters)
        return _scale((slope, {"loss": value, **metrics}), weight), weight

    def update(progress: Progress, data, batch, stage, learning_rate, key):
        parameters, fixed = eqx.partition(progress.model, eqx.is_inexact_array)
        keys = jax.random.split(key, accumulate)

        def add(total, part):
            batch, key = part
            return jax.tree.map(
                jnp.add, total, gradient(parameters, fixed, data, batch, stage, key)
            ), None

        first = jax.tree.map(lambda leaf: leaf[0], (batch, keys))
        total = gradient(parameters, fixed, data, first[0], stage, first[1])
        if accumulate > 1:
            rest = jax.tree.map(lambda leaf: leaf[1:], (batch, keys))
            total = jax.lax.scan(add, total, rest)[0]
        sums, weight = total
        slope, metrics = _scale(sums, 1 / jnp.where(weight > 0, weight, 1))

        share = progress.updates / jnp.asarray(max(total_updates, 1), progress.updates.dtype)
        rate = learning_rate * schedule(share.astype(learning_rate.dtype))
        # Optax raises float decays to integer counts, which strict promotion forbids.
        with jax.numpy_dtype_promotion("standard"):
            change, state = optimizer.update(slope, progress.optimizer, parameters)
        change = jax.tree.map(lambda leaf: -rate.astype(leaf.dtype) * leaf, change)
        moved = eqx.apply_updates(parameters, change)

        bad = jnp.stack([_not_finite(leaf) for leaf in jax.tree.leaves((slope, moved))])
        is_bad = jnp.any(bad) | ~jnp.isfinite(metrics["loss"])
        keep = lambda new, old: jax.tree.map(lambda n, o: jnp.where(is_bad, o, n), new, old)  # noqa: E731
        position = jnp.argmax(bad).astype(jnp.int32) % max(len(jax.tree.leaves(slope)), 1)
        here = jnp.stack([progress.updates, position])
        unseen = is_bad & (progress.consecutive == 0)
        return Progress(
            model=eqx.combine(keep(moved, parameters), fixed),
            optimizer=keep(state, progress.optimizer),
            updates=progress.updates + 1,
            skipped=progress.skipped + is_bad.astype(jnp.int32),
            consecutive=jnp.where(is_bad, progress.consecutive + 1, 0),
            first_bad=jnp.where(unseen, here, progress.first_bad),
        ), (jax.tree.map(lambda leaf: jnp.where(is_bad, 0, leaf), metrics), weight, is_bad)

    @eqx.filter_jit
    def epoch(progress: Progress, data, stage: StageValues, learning_rate, key):
        order_key, update_key = jax.random.split(key)
        grouped = jax.tree.map(
            lambda leaf: leaf.reshape(-1, accumulate, *leaf.shape[1:]), batches(data, order_key)
        )
        count = jax.tree.leaves(grouped)[0].shape[0]
        dynamic, static = eqx.partition(progress, eqx.is_array)

        def step(dynamic, part):
            batch, key = part
            moved, outcome = update(
                eqx.combine(dynamic, static), data, batch, stage, learning_rate, key
            )
            return eqx.filter(moved, eqx.is_array), outcome

        keys = jax.random.split(update_key, count)
        dynamic, (metrics, weight, is_bad) = jax.lax.scan(step, dynamic, (grouped, keys))
        return eqx.combine(dynamic, static), _means(metrics, weight, is_bad)

    return epoch


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
