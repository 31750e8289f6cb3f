"""Sums of pair forces without a table of edges, tile by tile of receivers and senders."""

from __future__ import annotations

import dataclasses
import math

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from forcelaw.graph import NeighbourList, Space
from forcelaw.laws import Attributes, Law, PairEnds

Components = list[Float[Array, "..."]]


@dataclasses.dataclass(frozen=True)
class Tiles:
    """How many pairs are computed at a time; sums in another order differ by rounding alone."""

    receivers: int
    senders: int
    rows: int
    """Receivers of a block of neighbour lists, with all their neighbours."""


CPU_TILES = Tiles(receivers=128, senders=32, rows=128)
"""Few enough that the arrays of a tile stay in a processor's cache, enough to fill its vectors."""
ACCELERATOR_TILES = Tiles(receivers=8192, senders=256, rows=32768)
"""Tiles come one after the other, each as programs of their own: millions of pairs keep thousands
of lanes busy for longer than it takes to start them, and need some ten megabytes an array."""
STEP = 128
"""Receivers of a tile are a multiple of it, where there are so many bodies."""


def tiles_for(backend: str) -> Tiles:
    """The tiles of a platform as `jax.default_backend` names it."""
    return CPU_TILES if backend == "cpu" else ACCELERATOR_TILES


def pulled_by_all(
    law: Law,
    space: Space,
    position: Float[Array, "body dim"],
    attributes: Attributes,
    tiles: Tiles | None = None,
) -> Float[Array, "body dim"]:
    """The sum of all pair forces on every body, tile by tile; by default the platform's tiles."""
    tiles = tiles_for(jax.default_backend()) if tiles is None else tiles
    bodies, dim = position.shape
    receivers = _blocks(bodies, tiles.receivers)
    blocks, lanes = receivers.shape
    whole = bodies // tiles.senders
    senders = jnp.arange(whole * tiles.senders).reshape(whole, tiles.senders)
    rest = jnp.arange(whole * tiles.senders, bodies)

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
    tiles: Tiles | None = None,
) -> Float[Array, "body dim"]:
    """The sum of the pair forces of neighbours within the cutoff, block by block of bodies."""
    tiles = tiles_for(jax.default_backend()) if tiles is None else tiles
    bodies, dim = position.shape
    receivers = _blocks(bodies, tiles.rows)
    blocks, lanes = receivers.shape

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


def _blocks(bodies: int, most: int) -> Int[Array, "block lane"]:
    """All bodies in blocks of about the same number, at most `most`.

    What is repeated at the end is computed twice and dropped.
    """
    share = -(-bodies // -(-bodies // most))
    lanes = min(most, bodies, -(-share // STEP) * STEP)
    blocks = -(-bodies // lanes)
    return jnp.minimum(jnp.arange(blocks * lanes), bodies - 1).reshape(blocks, lanes)


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
