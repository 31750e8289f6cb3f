"""What the forces are trained for: the hidden signs, and nothing else."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int, PRNGKeyArray

from forcelaw.laws import Law
from forcelaw.training import StageValues

from ._decoder import Decoder, Standard, distances, geometry
from ._simulation import simulate, start_positions
from ._views import Views

THRESHOLD = 2.5
"""Distance at which the origin's objective takes friend and enemy for equally likely."""
TYPICAL = 0.2
"""Distances are of the order of 5."""


class Forces(eqx.Module):
    """What is trained through time: the law, and the decoder that its objective needs."""

    law: Law
    decoder: Decoder | None
    standard: Standard


class Task(eqx.Module):
    """The data of the training: views of the training network and fixed choices."""

    views: Views
    dim: int = eqx.field(static=True)
    capacity: int = eqx.field(static=True)
    directed: bool = eqx.field(static=True)


def fold_batches(task: Task, key: PRNGKeyArray) -> Int[Array, " fold"]:
    """One epoch: every fold is hidden once, in random order."""
    return jax.random.permutation(key, task.views.folds)


def fold_loss(
    forces: Forces, task: Task, fold: Int[Array, ""], stage: StageValues, key: PRNGKeyArray
) -> tuple[Float[Array, ""], Float[Array, ""], dict[str, Float[Array, ""]]]:
    """Loss of the signs that one view hides, from a fresh random start; classes weigh the same."""
    graph = task.views.graph
    view, hidden = task.views.fold(fold)
    position = simulate(
        forces.law,
        graph,
        view,
        start_positions(graph.nodes, task.dim, key=key),
        steps=stage.steps,
        dt=stage.dt,
        damping=stage.damping,
        capacity=task.capacity,
    )
    if forces.decoder is None:
        guess = jax.nn.sigmoid(THRESHOLD - distances(position, hidden.ends))
        losses = (guess - hidden.positive) ** 2
        correct = (guess > 0.5) == (hidden.positive > 0.5)
    else:
        placed = geometry(position, graph.node_mask, hidden.ends, directed=task.directed)
        known = forces.standard(hidden.feature)
        log_odds = forces.decoder(jnp.concatenate([TYPICAL * placed, known], axis=1))
        losses = cross_entropy(log_odds, hidden.positive)
        correct = (log_odds > 0) == (hidden.positive > 0.5)
    weight = jnp.sum(hidden.weight)
    mean = jnp.sum(hidden.weight * losses) / weight
    return (
        mean,
        weight,
        {"balanced_accuracy": jnp.sum(jnp.where(correct, hidden.weight, 0)) / weight},
    )


def cross_entropy(
    log_odds: Float[Array, "*batch pair"], positive: Float[Array, "*one pair"]
) -> Float[Array, "*batch pair"]:
    """Minus the log-likelihood of each sign; finite for every finite log-odds."""
    return jax.nn.softplus(log_odds) - positive * log_odds
