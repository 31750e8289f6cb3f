"""Sums of pair forces without a table of edges, over tiles that stay in the processor's cache."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from forcelaw.graph import NeighbourList, Space
from forcelaw.laws import Attributes, Law, PairEnds

RECEIVERS, SENDERS = 128, 32
"""Of a tile: so many that XLA unrolls one into vector instructions, and its arrays stay in the
first cache. Measured by `benchmarks/speed/many_bodies`."""
Components = list[Float[Array, "..."]]


def pulled_by_all(
    law: Law, space: Space, position: Float[Array, "body dim"], attributes: Attributes
) -> Float[Array, "body dim"]:
    """The sum of all pair forces on every body, tile by tile."""
    bodies, dim = position.shape
    lanes = min(RECEIVERS, bodies)
    blocks = -(-bodies // lanes)
    # What is repeated at the end is computed twice and dropped.
    receivers = jnp.minimum(jnp.arange(blocks * lanes), bodies - 1).reshape(blocks, lanes)
    whole = bodies // SENDERS
    senders = jnp.arange(whole * SENDERS).reshape(whole, SENDERS)
    rest = jnp.arange(whole * SENDERS, bodies)

    def tile(receiver: Int[Array, " lane"], sender: Int[Array, " row"]) -> Float[Array, "dim lane"]:
        ends = PairEnds(
            attributes.node,
            lambda value: value[receiver][None, :],
            lambda value: value[sender][:, None],
            {},
        )
        apart = space.nearest(
            [
                position[sender, axis][:, None] - position[receiver, axis][None]
                for axis in range(dim)
            ]
        )
        return jnp.stack([jnp.sum(part, axis=0) for part in _forces(law, apart, ends)])

    def block(receiver: Int[Array, " lane"]) -> Float[Array, "dim lane"]:
        add = jax.checkpoint(lambda total, sender: (total + tile(receiver, sender), None))
        start = jnp.zeros((dim, lanes), position.dtype)
        total = jax.lax.scan(add, start, senders)[0] if whole else start
        return total + tile(receiver, rest) if rest.size else total

    pulled = jax.lax.map(block, receivers)
    return jnp.moveaxis(pulled, 1, 2).reshape(blocks * lanes, dim)[:bodies]


def pulled_by_neighbours(
    law: Law,
    neighbours: NeighbourList,
    position: Float[Array, "body dim"],
    attributes: Attributes,
) -> Float[Array, "body dim"]:
    """The sum of the pair forces of neighbours within the cutoff, block by block of bodies."""
    bodies, dim = position.shape
    lanes = min(RECEIVERS, bodies)
    blocks = -(-bodies // lanes)
    receivers = jnp.minimum(jnp.arange(blocks * lanes), bodies - 1).reshape(blocks, lanes)

    def block(receiver: Int[Array, " lane"]) -> Float[Array, "lane dim"]:
        sender = neighbours.neighbour[receiver]
        ends = PairEnds(
            attributes.node,
            lambda value: value[receiver][:, None],
            lambda value: value[sender],
            {},
        )
        difference = position[sender] - position[receiver][:, None]
        apart = neighbours.space.nearest([difference[..., axis] for axis in range(dim)])
        forces = _forces(law, apart, ends, neighbours.cutoff)
        return jnp.stack([jnp.sum(part, axis=1) for part in forces], axis=1)

    pulled = jax.lax.map(block, receivers)
    return pulled.reshape(blocks * lanes, dim)[:bodies]


def _forces(law: Law, apart: Components, ends: PairEnds, cutoff: float = math.inf) -> Components:
    """The components of the force on the receivers of pairs that are so far apart."""
    squared = sum(part * part for part in apart)
    near = squared > 0
    if math.isfinite(cutoff):
        near &= squared < cutoff**2
    # A square root of 0 has no slope; beyond the cutoff any distance does.
    length = jnp.where(near, jnp.sqrt(jnp.where(near, squared, 1)), 1)
    weight = jnp.where(near, law.pair_weight(length, ends), 0)
    return [weight * part for part in apart]
