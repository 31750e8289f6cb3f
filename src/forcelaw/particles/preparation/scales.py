"""The scales that data have of their own, in which everything is computed.

In them numbers are of order one whatever the units of a file are, so that steps, tolerances and
single precision mean the same for atoms and for galaxies. They are powers of ten: what is round in
one system is round in the other.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int

from forcelaw.laws import Attributes, State, Units
from forcelaw.particles.data import Trajectories
from forcelaw.particles.data.initial_conditions import Initial
from forcelaw.particles.preparation.typical_sizes import median_size

_SNAPSHOTS = 200
"""Snapshots that the scales are of, by definition: other ones would be other units."""
_PAIRS = 5000
"""Pairs of each of them at most, likewise."""


def data_units(data: Trajectories) -> Units:
    """The decades of a typical distance, of a typical speed, and of every attribute.

    Speeds are those about the mean of all bodies, so that a boost changes nothing.
    """
    chosen = np.unique(np.linspace(0, data.n_trajectories - 1, 20).astype(int))
    frames = np.unique(np.linspace(0, data.n_times - 1, _SNAPSHOTS // 20).astype(int))
    position, velocity = (
        part[chosen][:, frames].reshape(-1, data.n_bodies, data.dim)
        for part in (data.position, data.velocity)
    )
    span = float(data.time[-1] - data.time[0])
    return _units(position, velocity, data.attributes, data.edges, span)


def initial_units(initial: Initial) -> Units:
    """The same of the states that rollouts start from."""
    state, graph = initial.state, initial.graph
    position, velocity = (
        np.asarray(part, np.float64).reshape(-1, *part.shape[-2:])[:_SNAPSHOTS]
        for part in (state.position, state.velocity)
    )
    real = np.asarray(graph.edge_mask)
    edges = np.stack([np.asarray(end)[real] for end in (graph.sender, graph.receiver)], axis=1)
    attributes = {n: np.asarray(v, np.float64) for n, v in initial.attributes.node.items()}
    return _units(position, velocity, attributes, edges, None)


def initial_in_units(initial: Initial, units: Units) -> Initial:
    """The same states, measured in these units."""
    if units.same:
        return initial
    own = {n: _over(v, units.attribute(n)) for n, v in initial.attributes.node.items()}
    state = state_in_units(initial.state, units)
    return Initial(state, Attributes(own, initial.attributes.edge), initial.graph)


def state_in_units(state: State, units: Units) -> State:
    """The same states, measured in these units."""
    return State(_over(state.position, units.length), _over(state.velocity, units.speed))


def _over(array, unit: float):
    # In double precision: a unit may be no number in single precision where the quotient is.
    return jnp.asarray(np.asarray(array, np.float64) / unit, array.dtype)


def _units(
    position: Float[np.ndarray, "sample body dim"],
    velocity: Float[np.ndarray, "sample body dim"],
    attributes: Mapping[str, Float[np.ndarray, "..."]],
    edges: Int[np.ndarray, "edge 2"] | None,
    span: float | None,
) -> Units:
    bodies = position.shape[1]
    if edges is None:
        edges = np.argwhere(~np.eye(bodies, dtype=bool))
    if len(edges) > _PAIRS:
        edges = edges[np.linspace(0, len(edges) - 1, _PAIRS).astype(int)]
    length = np.linalg.norm(position[:, edges[:, 0]] - position[:, edges[:, 1]], axis=-1)
    if not length.any():
        length = np.linalg.norm(position - position.mean(axis=(0, 1)), axis=-1)
    moved = velocity - velocity.mean(axis=1, keepdims=True)
    speeds = np.linalg.norm(moved, axis=-1)
    if not speeds.any():
        speeds = np.linalg.norm(velocity, axis=-1)
    time = median_size(length) / median_size(speeds) if speeds.any() else span or 1.0
    own = {name: _decade(value) for name, value in attributes.items()}
    return Units(_decade(length), _decade(np.array([time])), own)


def _decade(values: Float[np.ndarray, "..."]) -> float:
    """The power of ten that is nearest to the typical size; one where all are zero."""
    size = median_size(values) if values.any() else 1.0
    return float(f"1e{round(float(np.log10(size)))}")
