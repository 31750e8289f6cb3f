"""What a trained law says about the forces between two bodies."""

from __future__ import annotations

import equinox as eqx
import jax
import numpy as np
from jaxtyping import Array, Float

from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Formula, Law, Messages, State, inertia
from forcelaw.numerics import least_squares, solve_normal_equations
from forcelaw.particles.equations import Design
from forcelaw.particles.learning.settings import LEARNING, LearningSettings
from forcelaw.particles.preparation import median_size

_PAIRS = 1 << 12
"""Of two bodies each, in a block in which forces are evaluated."""


def edge_messages(law: Law, design: Design) -> Float[np.ndarray, "sample edge message"]:
    """What travels along every edge: messages of a network, or the force vectors of another law."""
    # Law's own `predict` knows of no messages: nothing need be compiled to see that.
    silent = type(law).predict is Law.predict
    sent = None if silent else _sent(law, design.graph, *design.states())
    return edge_forces(law, design) if sent is None else np.asarray(sent.mean, np.float64)


def edge_forces(law: Law, design: Design) -> Float[np.ndarray, "sample edge dim"]:
    """The force on every receiver from its sender, were the two alone.

    What the receiver feels without the other, too, is taken off: any law has such forces.
    """
    ends = np.stack([design.receiver, design.sender], axis=1)
    samples, edges, dim = design.direction.shape
    sender = design.length[..., None] * design.direction
    position = np.stack([np.zeros_like(sender), sender], axis=2).reshape(-1, 2, dim)
    bodies = design.bodies
    velocity = bodies.velocity[:, ends].reshape(-1, 2, dim)
    known = {name: value[:, ends].reshape(-1, 2) for name, value in bodies.attributes.items()}
    two = Design.build(position, velocity, 0 * position, known, Graph.complete_graph(2))
    apart = Graph.from_edges([], nodes=2)
    # Networks hold hundreds of bytes for every pair; one shape is one program.
    parts = [
        np.asarray(_first_force(law, two.graph, apart, *block), np.float64)
        for block in two.blocks_of_states(_PAIRS)
    ]
    return np.concatenate(parts)[: len(position)].reshape(samples, edges, dim)


def scalar_force(law: Law, design: Design) -> Float[np.ndarray, "sample edge"]:
    """The force of every edge along the line between the bodies, attraction positive.

    A constant vector in all of them, which what acts on bodies alone takes back, is left out: what
    lies across the lines tells it, where forces are central.
    """
    direction = design.direction.reshape(-1, design.direction.shape[-1])
    force = edge_forces(law, design).reshape(direction.shape)
    size = np.linalg.norm(force, axis=1)
    # Strong forces have large errors across the line, too.
    weight = 1 / (size + median_size(size)) ** 2
    across = np.eye(direction.shape[1]) - direction[:, :, None] * direction[:, None, :]
    total = np.einsum("s,sde->de", weight, across)
    constant = solve_normal_equations(total, np.einsum("s,sde,se->d", weight, across, force))
    return np.sum((force - constant) * direction, axis=1).reshape(design.length.shape)


@eqx.filter_jit
def _sent(law: Law, graph: Graph, states: State, attributes: Attributes) -> Messages | None:
    return jax.vmap(lambda state, own: law.predict(graph, state, own)[1])(states, attributes)


@eqx.filter_jit
def _first_force(
    law: Law, two: Graph, apart: Graph, states: State, attributes: Attributes
) -> Float[Array, "pair dim"]:
    """The force on the first of two bodies from the second."""

    def one(state: State, attributes: Attributes) -> Float[Array, " dim"]:
        together, alone = (law(graph, state, attributes) for graph in (two, apart))
        return (inertia(attributes, 2) * (together - alone))[0]

    return jax.vmap(one)(states, attributes)


def strongest(
    messages: Float[np.ndarray, "sample edge message"], count: int
) -> Float[np.ndarray, "sample edge kept"]:
    """The `count` components of largest variance."""
    spread = np.var(messages.reshape(-1, messages.shape[-1]), axis=0)
    return messages[..., np.sort(np.argsort(spread)[::-1][:count])]


def explained(
    messages: Float[np.ndarray, "row message"],
    vectors: Float[np.ndarray, "row dim"],
    *,
    trim: float = 0.0,
) -> float:
    """R squared of the best affine map from vectors to messages, mean over message components.

    **Arguments:** `trim` leaves out the rows with this share of largest and as many of smallest
    residuals' vectors by length: one close encounter can rule the plain number.

    Cranmer et al. 2020, section 4.1.
    """
    size = np.linalg.norm(vectors, axis=1)
    if trim:
        low, high = np.quantile(size, [trim, 1 - trim])
        kept = (size >= low) & (size <= high)
        messages, vectors = messages[kept], vectors[kept]
    design = np.concatenate([vectors, np.ones((len(vectors), 1))], axis=1)
    left = np.sum(least_squares(design, messages)[1] ** 2, axis=0)
    total = np.sum((messages - messages.mean(axis=0)) ** 2, axis=0)
    return float(np.mean(1 - left / np.where(total > 0, total, 1)))


def message_r2(
    law: Law, design: Design, truth: Formula | None, *, settings: LearningSettings = LEARNING
) -> dict[str, float | None]:
    """`force` and `acceleration`, plain and `_trimmed`: the strongest messages against the truth.

    Acceleration is what the edge's force does to its receiver: networks often send that. All are
    None where the truth is unknown.
    """
    names = ("force", "acceleration")
    if truth is None:
        return {f"{name}{tail}": None for name in names for tail in ("", "_trimmed")}
    dim = design.position.shape[2]
    messages = strongest(edge_messages(law, design), dim).reshape(-1, dim)
    scalar = truth.pair.at(design.variables())
    force = scalar[..., None] * design.direction
    over_mass = force / design.mass[:, design.receiver][..., None]
    found: dict[str, float | None] = {}
    for name, vectors in zip(names, (force, over_mass), strict=True):
        rows = vectors.reshape(-1, dim)
        found[name] = explained(messages, rows)
        found[f"{name}_trimmed"] = explained(messages, rows, trim=settings.tails)
    return found
