"""What the forces are trained for: that hidden signs can be told from where the ends come to lie.

Features have no part in it: beside them the little that distances add would be all that forces
learn, and nodes would come to lie nearly anywhere.
"""

from __future__ import annotations

import dataclasses
import math

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int, PRNGKeyArray

from forcelaw.graph import Graph
from forcelaw.laws import Law
from forcelaw.motion import Shards
from forcelaw.signed.decoder.geometry_decoder import GEOMETRY, Decoder, distances, geometry
from forcelaw.signed.forces.presets import Preset
from forcelaw.signed.forces.settings import FORCE_SETTINGS, ForceSettings
from forcelaw.signed.forces.simulation import random_start, simulate
from forcelaw.signed.forces.views import HiddenPairs, View, Views
from forcelaw.signed.settings import StartKind
from forcelaw.training import StageValues

LossValue = tuple[Float[Array, ""], Float[Array, ""], dict[str, Float[Array, ""]]]
"""What `forcelaw.training.train` asks of a loss: mean, weight, metrics."""

GUESS = {"log-loss": math.log(2), "squared-error": 0.25}
"""Loss of each objective for forces that tell nothing."""


class Forces(eqx.Module):
    """What is trained through time: the law, and the decoder of places that its objective needs."""

    law: Law
    decoder: Decoder | None


@dataclasses.dataclass(frozen=True)
class Choices:
    """What is fixed when a training is compiled."""

    dim: int
    capacity: int
    """The most steps of a simulation."""
    directed: bool
    start: StartKind
    segments: int | None = None
    """States of a simulation kept for its gradient, see `advance`."""
    settings: ForceSettings = FORCE_SETTINGS


class Task(eqx.Module):
    """The data of the training: views of the training network."""

    views: Views
    choices: Choices = eqx.field(static=True)
    shards: Shards | None = None
    """The views' graph divided over several devices."""


def untrained_forces(views: Views, preset: Preset, *, key: PRNGKeyArray) -> Forces:
    """The law, and the decoder of places trained along with it where the objective has one."""
    law_key, decoder_key = jax.random.split(key)
    law: Law = preset.make_law(views.view.edge.shape[-1], key=law_key)
    if preset.objective == "squared-error":
        return Forces(law, None)
    return Forces(law, Decoder(GEOMETRY, preset.decoder_hidden, key=decoder_key))


def fold_batches(task: Task, key: PRNGKeyArray) -> Int[Array, " fold"]:
    """One epoch: every fold is hidden once, in random order."""
    return jax.random.permutation(key, task.views.folds)


def fold_loss(
    forces: Forces, task: Task, fold: Int[Array, ""], stage: StageValues, key: PRNGKeyArray
) -> LossValue:
    """Loss of the signs that one view hides, from a fresh start; classes weigh the same."""
    graph = task.views.graph
    view, hidden = task.views.fold(fold)
    choices = task.choices
    start = random_start(graph.nodes, choices.dim, choices.start, choices.settings, key=key)
    return hidden_loss(forces, choices, graph, view, hidden, start.at(view), stage, task.shards)


def hidden_loss(
    forces: Forces,
    choices: Choices,
    graph: Graph,
    view: View,
    hidden: HiddenPairs,
    start: Float[Array, "node dim"],
    stage: StageValues,
    shards: Shards | None = None,
) -> LossValue:
    """Mean loss of hidden pairs, their total weight, and the balanced accuracy."""
    position = simulate(
        forces.law,
        graph,
        view,
        start,
        steps=stage.steps,
        dt=stage.dt,
        damping=stage.damping,
        capacity=choices.capacity,
        segments=choices.segments,
        shards=shards,
    )
    settings = choices.settings.objective
    if forces.decoder is None:
        guess = jax.nn.sigmoid(settings.threshold - distances(position, hidden.ends))
        losses = (guess - hidden.positive) ** 2
        correct = (guess > 0.5) == (hidden.positive > 0.5)
    else:
        placed = geometry(position, graph.node_mask, hidden.ends, directed=choices.directed)
        log_odds = forces.decoder(settings.geometry_scale * placed)
        losses = cross_entropy(log_odds, hidden.positive)
        correct = (log_odds > 0) == (hidden.positive > 0.5)
    weight = jnp.sum(hidden.weight)
    # A subgraph may own none of the hidden pairs.
    total = jnp.where(weight > 0, weight, 1)
    mean = jnp.sum(hidden.weight * losses) / total
    accuracy = jnp.sum(jnp.where(correct, hidden.weight, 0)) / total
    return mean, weight, {"balanced_accuracy": accuracy}


def cross_entropy(
    log_odds: Float[Array, "*batch pair"], positive: Float[Array, "*one pair"]
) -> Float[Array, "*batch pair"]:
    """Minus the log-likelihood of each sign; finite for every finite log-odds."""
    return jax.nn.softplus(log_odds) - positive * log_odds
