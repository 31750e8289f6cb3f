"""From a law and a view of the network to positions."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int, PRNGKeyArray

from forcelaw.graph import Graph
from forcelaw.laws import Law, SpringLaw, State
from forcelaw.motion import SemiImplicitEuler, Shards, advance, advance_sharded

from ._views import View


def start_positions(nodes: int, dim: int, *, key: PRNGKeyArray) -> Float[Array, "node dim"]:
    """Uniform in [-1, 1]; a node's start does not depend on how many nodes follow it."""
    return jax.random.uniform(key, (nodes, dim), minval=-1.0, maxval=1.0)


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
    how: dict[str, Any] = {
        "steps": steps,
        "dt": dt,
        "damping": damping,
        "integrator": SemiImplicitEuler(),
        "capacity": capacity,
        "segments": segments,
    }
    if shards is not None:
        local = shards.attributes(attributes)
        return advance_sharded(law, shards, state, local, **how).position
    moving = law.bind(graph, attributes) if isinstance(law, SpringLaw) else law
    return advance(moving, graph, state, attributes, **how).position
