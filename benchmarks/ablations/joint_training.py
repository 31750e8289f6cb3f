"""Forces trained with a decoder that sees features beside the distances, as they once were.

For comparison: the package trains them on where the nodes come to lie alone.
"""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp

from forcelaw.laws import Law
from forcelaw.signed.decoder.geometry_decoder import GEOMETRY, Decoder, Standard, geometry
from forcelaw.signed.forces import FORCE_SETTINGS, Preset
from forcelaw.signed.forces.memory_plan import clipped_adam
from forcelaw.signed.forces.objective import Task, cross_entropy, fold_batches
from forcelaw.signed.forces.simulation import random_start, simulate
from forcelaw.training import StageValues, cosine, train


def trained_beside(
    law: Law, preset: Preset, task: Task, decoder_key: jax.Array, train_key: jax.Array
) -> Law:
    """The law, trained with the features of the task's hidden pairs in view."""
    hidden = task.views.hidden
    feature = hidden.feature.reshape(-1, hidden.feature.shape[-1])
    decoder = Decoder(GEOMETRY + feature.shape[1], preset.decoder_hidden, key=decoder_key)
    found = train(
        Beside(law, decoder, Standard.of(feature, hidden.weight.reshape(-1))),
        beside_loss,
        task,
        batches=fold_batches,
        stages=preset.stages,
        key=train_key,
        schedule=cosine,
        optimizer=clipped_adam(FORCE_SETTINGS.training.largest_gradient),
        keep_best="loss",
    )
    return found.best.law


class Beside(eqx.Module):
    """A law, and a decoder that sees features beside the distances."""

    law: Law
    decoder: Decoder
    standard: Standard


def beside_loss(
    forces: Beside, task: Task, fold: jax.Array, stage: StageValues, key: jax.Array
) -> tuple[jax.Array, jax.Array, dict[str, jax.Array]]:
    """As `fold_loss`, of that decoder."""
    graph = task.views.graph
    view, hidden = task.views.fold(fold)
    position = simulate(
        forces.law,
        graph,
        view,
        random_start(graph.nodes, task.choices.dim, task.choices.start, key=key).at(view),
        steps=stage.steps,
        dt=stage.dt,
        damping=stage.damping,
        capacity=task.choices.capacity,
    )
    placed = geometry(position, graph.node_mask, hidden.ends, directed=False)
    seen = jnp.concatenate(
        [FORCE_SETTINGS.objective.geometry_scale * placed, forces.standard(hidden.feature)], axis=1
    )
    losses = cross_entropy(forces.decoder(seen), hidden.positive)
    weight = jnp.sum(hidden.weight)
    return jnp.sum(hidden.weight * losses) / weight, weight, {}
