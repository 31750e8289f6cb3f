"""Accelerations of laws at snapshots, and what they miss."""

from __future__ import annotations

import equinox as eqx
import jax
import numpy as np
from jaxtyping import Array, Float

from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Expression, Formula, Law, State
from forcelaw.particles.equations.snapshots import Design

_PAIRS = 1 << 14
"""Of a block in which a law is evaluated."""


def relative_error(law: Law, design: Design) -> float:
    """The mean error of the accelerations' components over its length plus a typical one.

    In the weak form likewise, of the equations that are used.
    """
    error = np.abs(acceleration_errors(law, design)) * design.relative_weight[..., None]
    return float(np.mean(error[design.weight > 0]))


def snapshot_errors(law: Law, design: Design) -> Float[np.ndarray, " row"]:
    """The mean relative error of the accelerations at every snapshot."""
    return np.mean(
        np.abs(acceleration_errors(law, design)) * design.relative_weight[..., None], axis=(1, 2)
    )


def weighted_error(law: Law, design: Design) -> float:
    """The mean error by which laws are compared: relative, or in units of the noise."""
    if design.weak is None:
        return relative_error(law, design)
    weight = design.weight
    return float(
        np.mean((np.abs(acceleration_errors(law, design)) * weight[..., None])[weight > 0])
    )


def acceleration_errors(law: Law, design: Design) -> Float[np.ndarray, "row body dim"]:
    """What a law predicts minus what was measured."""
    known = isinstance(law, Formula)
    predicted = formula_acceleration(law, design) if known else law_acceleration(law, design)
    return design.observe(predicted) - design.acceleration


def formula_acceleration(formula: Formula, design: Design) -> Float[np.ndarray, "sample body dim"]:
    """Accelerations of a formula in double precision, whatever the precision of the process."""
    total = design.net_force(pair_value(formula.pair, design)) / design.mass[..., None]
    return total + one_body_acceleration(formula, design) if formula.one_body else total


def one_body_acceleration(formula: Formula, design: Design) -> Float[np.ndarray, "sample body dim"]:
    """What the one-body force of a formula does; 0 where it is not a number."""
    force = np.zeros_like(design.position)
    for axis in range(force.shape[2] if formula.one_body else 0):
        part = formula.one_body[axis if len(formula.one_body) > 1 else 0]
        force[..., axis] = part.at(design.one_body_variables(axis))
    return np.nan_to_num(force) / design.mass[..., None]


def pair_value(pair: Expression, design: Design) -> Float[np.ndarray, "sample edge"]:
    """The scalar force of every edge; 0 where it is not a number."""
    return np.nan_to_num(pair.at(design.variables()))


def law_acceleration(law: Law, design: Design) -> Float[np.ndarray, "sample body dim"]:
    """Accelerations of any law, in the precision of the process.

    In blocks of one shape: one program for designs of any size, which holds the hundreds of bytes
    that a network needs for every pair of few pairs at a time.
    """
    found = np.empty((len(design.position), *design.bodies.position.shape[1:]))
    done = 0
    for block in design.blocks_of_states(_PAIRS):
        part = np.asarray(_accelerations(law, design.graph, *block))[: len(found) - done]
        found[done : done + len(part)] = part
        done += len(part)
    return found[:, : design.position.shape[1]]


@eqx.filter_jit
def _accelerations(
    law: Law, graph: Graph, states: State, attributes: Attributes
) -> Float[Array, "sample body dim"]:
    return jax.vmap(lambda state, own: law(graph, state, own))(states, attributes)
