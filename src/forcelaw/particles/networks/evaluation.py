"""A law on bodies and their neighbours: one graph of stars, in which nobody else is near.

Every neighbour of every body is a node of its own, at its nearest image as seen from that body,
which stands at the origin: so any law acts in any box, and what is masked is not there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, PRNGKeyArray

from forcelaw.graph import Graph
from forcelaw.laws import Attributes, HamiltonianNetwork, Law, Messages, State
from forcelaw.laws.networks.kind_embedding import network_of
from forcelaw.particles.networks.arrays import Entries, Numbers, Windows


class Stars(NamedTuple):
    """Bodies, each with its neighbours."""

    difference: Float[Array, "body slot dim"]
    """From the body to each neighbour."""
    near: Bool[Array, "body slot"]
    """Which slots hold a neighbour."""
    velocity: Float[Array, "node dim"]
    """Of all bodies, then of all neighbours, body by body."""
    attributes: dict[str, Float[Array, " node"]]
    """Likewise."""


def is_mutual(law: Law) -> bool:
    """Whether a law acts on symmetric graphs alone."""
    return isinstance(network_of(law), HamiltonianNetwork)


@lru_cache(maxsize=64)
def star_graph(bodies: int, slots: int, mutual: bool) -> Graph:
    """Neighbours send to their body; where `mutual`, it sends to them, too."""
    body = np.repeat(np.arange(bodies), slots)
    neighbour = bodies + np.arange(bodies * slots)
    edges = np.stack([neighbour, body], axis=1)
    if mutual:
        edges = np.concatenate([edges, edges[:, ::-1]])
    with jax.ensure_compile_time_eval():
        return Graph.from_edges(edges, nodes=bodies * (1 + slots))


def evaluate(
    law: Law, stars: Stars, *, mutual: bool, key: PRNGKeyArray | None = None
) -> tuple[Float[Array, "body dim"], Messages | None]:
    """What the law says of every body, and the messages, those of the bodies' neighbours first.

    **Arguments:** `mutual` for laws that act on symmetric graphs alone.
    """
    bodies, slots, dim = stars.difference.shape
    graph = star_graph(bodies, slots, mutual)
    near = stars.near.reshape(-1)
    graph = eqx.tree_at(
        lambda g: g.edge_mask, graph, jnp.concatenate([near, near]) if mutual else near
    )
    here = jnp.zeros((bodies, dim), stars.difference.dtype)
    position = jnp.concatenate([here, stars.difference.reshape(-1, dim)])
    state = State(position, stars.velocity)
    value, messages = law.predict(graph, state, Attributes(stars.attributes), key=key)
    return value[:bodies], messages


class Explained(NamedTuple):
    """What a law says of the changes in some stretches."""

    predicted: Float[Array, "window time dim"]
    """Means of the law over the snapshots that each change is a mean over."""
    messages: Messages | None
    stars: Stars


def explain(
    law: Law,
    windows: Windows,
    entries: Entries,
    *,
    mutual: bool,
    key: PRNGKeyArray | None = None,
) -> Explained:
    """The changes that a law predicts."""
    count, times, slots, dim = windows.difference.shape
    node = jnp.concatenate([windows.receiver.reshape(-1), windows.sender.reshape(-1)])
    stars = Stars(
        windows.difference.reshape(-1, slots, dim),
        windows.near.reshape(-1, slots),
        entries.velocity[node],
        {name: value[node] for name, value in entries.attributes.items()},
    )
    value, messages = evaluate(law, stars, mutual=mutual, key=key)
    return Explained(
        weighted_means(value.reshape(count, times, dim), windows.weights), messages, stars
    )


def weighted_means(
    value: Float[Numbers, "window time dim"], weights: Float[Numbers, "window time 5"]
) -> Float[Array, "window time dim"]:
    """Weighted sums over five snapshots around each."""
    around, times = weights.shape[-1] // 2, value.shape[1]
    padded = jnp.pad(value, ((0, 0), (around, around), (0, 0)))
    # Where a weight is zero there may be nothing that could be evaluated.
    parts = [
        jnp.where(weights[..., k, None] != 0, weights[..., k, None] * padded[:, k : k + times], 0)
        for k in range(2 * around + 1)
    ]
    return jnp.sum(jnp.stack(parts), axis=0)
