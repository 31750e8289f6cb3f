"""What training on recordings minimises."""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int, PRNGKeyArray

from forcelaw.graph import safe_norm
from forcelaw.laws import Law, Messages, inertia
from forcelaw.laws.state import Attributes
from forcelaw.particles.learning.batches import draw_rows
from forcelaw.particles.networks.arrays import Entries, Windows
from forcelaw.particles.networks.evaluation import Explained, explain
from forcelaw.particles.networks.settings import NetworkSettings
from forcelaw.training import StageValues


class Learned(NamedTuple):
    """What a training reads, on the device."""

    train: Windows
    validation: Windows
    entries: Entries


class Draw(eqx.Module):
    """The stretches of an epoch's batches."""

    size: int = eqx.field(static=True)
    updates: int = eqx.field(static=True)

    def __call__(self, data: Learned, key: PRNGKeyArray) -> Int[Array, "batch row"]:
        """Rows of the training part."""
        rows = data.train.valid.shape[0]
        return draw_rows(rows, key, batches=self.updates, size=self.size)


class Loss(eqx.Module):
    """The mean error of changes, and the penalty of messages beside it.

    Errors count by `sqrt(e^2 + s^2) - s`, whatever the change (Charbonnier): chance that is alike
    in all directions bends no mean, and neither do close encounters.
    """

    typical: Float[Array, ""]
    """Size of a change."""
    settings: NetworkSettings = eqx.field(static=True)
    mutual: bool = eqx.field(static=True)

    def __call__(
        self,
        law: Law,
        data: Learned,
        rows: Int[Array, " batch"],
        stage: StageValues,
        key: PRNGKeyArray,
    ) -> tuple[Float[Array, ""], Float[Array, ""], dict[str, Float[Array, ""]]]:
        """See `training.train`."""
        del stage
        windows = data.train.take(rows)
        drawn = key if law.penalty == "kl" else None
        found = explain(law, windows, data.entries, mutual=self.mutual, key=drawn)
        terms = {"error": self.error(found.predicted, windows)}
        total = terms["error"]
        if found.messages is not None and law.penalty != "none":
            terms["messages"] = self._penalty(law, found, found.messages, windows)
            weight = 1.0 if law.penalty == "kl" else self.settings.learning.penalty
            total = total + weight * terms["messages"]
        return total, jnp.sum(windows.valid).astype(total.dtype), terms

    def error(
        self, predicted: Float[Array, "window time dim"], windows: Windows
    ) -> Float[Array, ""]:
        """Of the changes that are known, in typical ones."""
        left = jnp.where(windows.valid[..., None], predicted - windows.target, 0)
        floor = self.settings.floor
        square = jnp.sum((left / self.typical) ** 2, axis=-1)
        return _mean(jnp.sqrt(square + floor**2) - floor, windows.valid)

    def _penalty(
        self, law: Law, found: Explained, messages: Messages, windows: Windows
    ) -> Float[Array, ""]:
        near = windows.near.reshape(-1)
        mean = messages.mean[: len(near)]
        if law.penalty == "kl" and messages.log_variance is not None:
            log = messages.log_variance[: len(near)]
            return _mean(jnp.mean(mean**2 + jnp.exp(log) - log - 1, axis=1) / 2, near)
        # Relative to the net force, so that a close encounter is not the cheaper to miss.
        count, times, slots = windows.near.shape
        own = {name: value[: count * times] for name, value in found.stars.attributes.items()}
        mass = inertia(Attributes(own), count * times).reshape(count, times)
        net = mass * safe_norm(windows.target) / messages.force
        size = jnp.sum(jnp.abs(mean), axis=1).reshape(count, times, slots)
        relative = size / (net + self.settings.learning.floor)[..., None]
        return _mean(relative, windows.near & windows.valid[..., None])


class Validation(eqx.Module):
    """The error on the validation part."""

    loss: Loss
    count: int = eqx.field(static=True)

    def __call__(self, law: Law, data: Learned, stage: StageValues) -> dict[str, Float[Array, ""]]:
        """Of at most `count` stretches."""
        del stage
        rows = data.validation.valid.shape[0]
        chosen = jnp.linspace(0, rows - 1, min(rows, self.count)).astype(jnp.int32)
        windows = data.validation.take(chosen)
        found = explain(law, windows, data.entries, mutual=self.loss.mutual)
        return {"validation": self.loss.error(found.predicted, windows)}


def _mean(values: Float[Array, "..."], kept: Bool[Array, "..."]) -> Float[Array, ""]:
    """Of those that are kept."""
    total = jnp.sum(jnp.where(kept, values, 0))
    return total / jnp.maximum(jnp.sum(kept), 1).astype(total.dtype)


@eqx.filter_jit
def predict_changes(
    law: Law, windows: Windows, entries: Entries, mutual: bool
) -> Float[Array, "window time dim"]:
    """What a law says of changes, compiled."""
    return explain(law, windows, entries, mutual=mutual).predicted
