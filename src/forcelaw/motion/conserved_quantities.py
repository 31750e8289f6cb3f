"""Energy and momentum of one state; `jax.vmap` takes them over snapshots and trajectories."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import jax.numpy as jnp
from jaxtyping import Array, Float

from forcelaw.graph import Graph, at_receivers, at_senders, edge_lengths
from forcelaw.laws import Attributes, State

PairPotential = Callable[
    [
        Float[Array, " edge"],
        Mapping[str, Float[Array, "edge *feature"]],
        Mapping[str, Float[Array, "edge *feature"]],
    ],
    Float[Array, " edge"],
]
"""Energy of a pair from its distance and the attributes of receiver and sender."""


def kinetic_energy(state: State, attributes: Attributes) -> Float[Array, ""]:
    """`sum_i m_i v_i^2 / 2`, in mass times length squared per time squared.

    Without the attribute `mass` every mass is one.
    """
    square = jnp.sum(state.velocity**2, axis=-1)
    return jnp.sum(_mass(state, attributes) * square) / 2


def potential_energy(
    graph: Graph, state: State, attributes: Attributes, pair: PairPotential
) -> Float[Array, ""]:
    """The sum of `pair` over all pairs: half of that over the directed edges.

    On a graph that is not symmetric a pair with one edge counts half. Padding edges count nothing.
    """
    length = edge_lengths(graph, state.position)
    at_ends = (
        {name: at_end(graph, value) for name, value in attributes.node.items()}
        for at_end in (at_receivers, at_senders)
    )
    energy = jnp.where(graph.edge_mask, pair(length, *at_ends), jnp.zeros_like(length))
    return jnp.sum(energy) / 2


def momentum(state: State, attributes: Attributes) -> Float[Array, " dim"]:
    """`sum_i m_i v_i`, in mass times length per time. Conserved where action equals reaction."""
    return jnp.sum(_mass(state, attributes)[:, None] * state.velocity, axis=0)


def angular_momentum(state: State, attributes: Attributes) -> Float[Array, "dim dim"]:
    """`sum_i m_i (x_i v_i^T - v_i x_i^T)` about the origin, antisymmetric, in any dimension.

    In three dimensions the axial vector is its entries `(1, 2), (2, 0), (0, 1)`, in two the
    number `(0, 1)`. Units: mass times length squared per time. Conserved by central forces.
    """
    weighted = _mass(state, attributes)[:, None] * state.position
    outer = weighted.T @ state.velocity
    return outer - outer.T


def _mass(state: State, attributes: Attributes) -> Float[Array, " node"]:
    mass = attributes.node.get("mass")
    return jnp.ones_like(state.position[:, 0]) if mass is None else mass
