"""From a law and a view of the network to positions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, PRNGKeyArray

from forcelaw.graph import Graph
from forcelaw.laws import Law, State
from forcelaw.motion import SemiImplicitEuler, Shards, advance, advance_sharded
from forcelaw.signed.forces.settings import FORCE_SETTINGS, ForceSettings
from forcelaw.signed.forces.views import View
from forcelaw.signed.settings import StartKind


class RandomKeys(NamedTuple):
    """The keys of one seed, each of one random thing."""

    law: PRNGKeyArray
    """Of untrained forces."""
    training: PRNGKeyArray
    """Of the order of folds, and of starts while forces are trained."""
    start: PRNGKeyArray
    """Of the starts that a trained law places nodes from."""

    @classmethod
    def of(cls, seed: int, *, attempt: int = 0) -> RandomKeys:
        """**Arguments:** `attempt` the number of a repeated fit, each with keys of its own."""
        key = jax.random.key(seed)
        key = jax.random.fold_in(key, attempt) if attempt else key
        # Four, of which three are used: what a seed finds depends on their number.
        return cls(*jax.random.split(key, 4)[:3])


class Start(eqx.Module):
    """What is random in start positions, the same for every view of a network."""

    noise: Float[Array, "*start node dim"]
    turn: Float[Array, "*start direction dim"]
    """Into which direction of space each direction of the factions points."""

    def at(self, view: View) -> Float[Array, "node dim"]:
        """The start positions in one view, from the signs that it shows."""
        return self.noise + view.factions @ self.turn


def random_start(
    nodes: int,
    dim: int,
    kind: StartKind,
    settings: ForceSettings = FORCE_SETTINGS,
    *,
    key: PRNGKeyArray,
) -> Start:
    """Coordinates uniform in [-1, 1], or factions laid out at random and a share of that.

    A node's start does not depend on how many nodes follow it.
    """
    directions = settings.views.communities.directions
    noise = jax.random.uniform(key, (nodes, dim), minval=-1.0, maxval=1.0)
    if kind == "random":
        return Start(noise, jnp.zeros((directions, dim), noise.dtype))
    shown = min(directions, dim)
    turn, _ = jnp.linalg.qr(jax.random.normal(jax.random.fold_in(key, 1), (dim, shown)))
    # Directions at right angles keep all distances; a space of fewer shows the first of them.
    turn = jnp.pad(turn.T, ((0, directions - shown), (0, 0)))
    return Start(settings.start.blur * noise, settings.start.apart * math.sqrt(dim) * turn)


def simulate(
    law: Law,
    graph: Graph,
    view: View,
    start: Float[Array, "node dim"],
    *,
    steps: int | Int[Array, ""],
    dt: Float[Array, ""] | float,
    damping: Float[Array, ""] | float,
    capacity: int | None = None,
    segments: int | None = None,
    shards: Shards | None = None,
) -> Float[Array, "node dim"]:
    """Positions after `steps` steps of length `dt` from rest, `damping` per unit of time.

    Semi-implicit Euler, on all devices of `shards` together where the graph is divided. For
    `capacity` and `segments`, which decide the memory that gradients need, see
    `forcelaw.motion.advance`.
    """
    attributes = view.attributes(start.dtype)
    state = State(start, jnp.zeros_like(start))
    if shards is None:
        bound = law.bind(graph, attributes)
        move = partial(advance, bound, graph, state, attributes)
    else:
        move = partial(advance_sharded, law, shards, state, shards.attributes(attributes))
    moved = move(
        steps=steps,
        dt=dt,
        damping=damping,
        integrator=SemiImplicitEuler(),
        capacity=capacity,
        segments=segments,
    )
    return moved.position


def simulate_frames(
    law: Law,
    graph: Graph,
    view: View,
    start: Float[Array, "node dim"],
    *,
    after: Sequence[int],
    dt: float,
    damping: float,
) -> Float[np.ndarray, "frame node dim"]:
    """Positions on the way of `simulate`, after each of these numbers of steps, which grow."""
    attributes = view.attributes(start.dtype)
    bound, state = law.bind(graph, attributes), State(start, jnp.zeros_like(start))
    frames = []
    gaps = np.diff([0, *after])
    for steps in gaps.tolist():
        state = advance(
            bound,
            graph,
            state,
            attributes,
            steps=jnp.asarray(steps),
            dt=dt,
            damping=damping,
            integrator=SemiImplicitEuler(),
            capacity=int(gaps.max()),
        )
        frames.append(np.asarray(state.position))
    return np.stack(frames)
