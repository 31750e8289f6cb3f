"""Where a trained law puts the nodes, and what the decoder reads off there."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

from forcelaw.graph import Graph
from forcelaw.laws import Law
from forcelaw.motion import Shards
from forcelaw.signed.decoder.geometry_decoder import geometry
from forcelaw.signed.forces.presets import Preset
from forcelaw.signed.forces.settings import FORCE_SETTINGS, ForceSettings
from forcelaw.signed.forces.simulation import RandomKeys, Start, random_start, simulate
from forcelaw.signed.forces.views import View, Views


def draw_starts(
    nodes: int,
    dim: int,
    preset: Preset,
    settings: ForceSettings = FORCE_SETTINGS,
    *,
    seed: int,
    count: int | None = None,
) -> Start:
    """The starts that every view of a network shares; arrays lead with `start`.

    **Arguments:** `count` of them, by default as many as the preset has.
    """
    keys = jax.random.split(RandomKeys.of(seed).start, preset.starts if count is None else count)
    return jax.vmap(lambda key: random_start(nodes, dim, preset.start, settings, key=key))(keys)


@eqx.filter_jit
def place(
    law: Law,
    graph: Graph,
    view: View,
    start: Start,
    preset: Preset,
    shards: Shards | None = None,
) -> Float[Array, "start node dim"]:
    """Positions in one view after the preset's simulation, from each start.

    **Arguments:** `shards` the graph divided over several devices.
    """

    def one(start: Start) -> Float[Array, "node dim"]:
        return simulate(
            law,
            graph,
            view,
            start.at(view),
            steps=preset.steps,
            dt=preset.dt,
            damping=preset.damping,
            shards=shards,
        )

    return jax.lax.map(one, start)


@eqx.filter_jit
def place_folds(
    law: Law,
    views: Views,
    start: Start,
    preset: Preset,
    shards: Shards | None = None,
    *,
    directed: bool,
) -> Float[Array, "fold pair column"]:
    """What the decoder sees of the hidden pairs of every fold, fold by fold."""

    def one(fold: Int[Array, ""]) -> Float[Array, "pair column"]:
        view, hidden = views.fold(fold)
        position = place(law, views.graph, view, start, preset, shards)
        placed = mean_geometry(position, views.graph.node_mask, hidden.ends, directed=directed)
        return decoder_inputs(placed, hidden.feature, preset)

    return jax.lax.map(one, jnp.arange(views.folds))


def mean_geometry(
    position: Float[Array, "start node dim"],
    mask: Bool[Array, " node"],
    ends: Int[Array, "pair 2"],
    *,
    directed: bool,
) -> Float[Array, "pair 4"]:
    """`geometry` averaged over the starts."""
    each = jax.lax.map(lambda at: geometry(at, mask, ends, directed=directed), position)
    return jnp.mean(each, axis=0)


def decoder_inputs(
    placed: Float[Array, "pair 4"], feature: Float[Array, "pair feature"], preset: Preset
) -> Float[Array, "pair column"]:
    """The decoder's columns: the distance alone, or all of the geometry and the features."""
    if not preset.features:
        return placed[:, :1]
    return jnp.concatenate([placed, feature], axis=1)
