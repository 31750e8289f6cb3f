"""What the messages of a trained network say about forces."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from forcelaw.laws import (
    Attributes,
    Formula,
    HamiltonianNetwork,
    Law,
    MessageNetwork,
    PairNetwork,
    State,
)
from forcelaw.particles._design import Design
from forcelaw.particles._normalise import typical

_TAILS = 0.01


def edge_messages(law: Law, design: Design) -> Float[np.ndarray, "sample edge message"]:
    """What travels along every edge: messages of a network, or the force vectors of a pair law."""
    if isinstance(law, PairNetwork | HamiltonianNetwork):
        return scalar_of_pair(law, design)[..., None] * design.direction
    if not isinstance(law, MessageNetwork):
        raise TypeError(f"{type(law).__name__} sends no messages")
    graph = design.graph

    @eqx.filter_jit
    def messages(law: MessageNetwork, states: State, attributes: Attributes):
        def one(state: State, attributes: Attributes):
            return law.messages(graph, state, attributes).mean

        return jax.vmap(one)(states, attributes)

    return np.asarray(messages(law, *design.states()), np.float64)


def scalar_force(law: Law, design: Design) -> Float[np.ndarray, "sample edge"]:
    """The learned scalar force of every edge, attraction positive."""
    if isinstance(law, PairNetwork | HamiltonianNetwork):
        return scalar_of_pair(law, design)
    if not isinstance(law, MessageNetwork):
        raise TypeError(f"{type(law).__name__} has learned no force between two bodies")
    return scalar_of_messages(law, design)


def scalar_of_pair(
    law: PairNetwork | HamiltonianNetwork, design: Design
) -> Float[np.ndarray, "sample edge"]:
    """The learned scalar force of every edge, attraction positive."""
    columns = [design.attributes[name] for name in law.names]
    values = np.zeros((*design.position.shape[:2], 0))
    if columns:
        values = np.stack(columns, axis=-1)
    ends = (values[:, design.receiver], values[:, design.sender])
    inputs = [jnp.asarray(part, float) for part in (design.length, *ends)]
    run = eqx.filter_jit(lambda law, *inputs: law.pair(*inputs))
    return np.asarray(run(law, *inputs), np.float64)


def scalar_of_messages(law: MessageNetwork, design: Design) -> Float[np.ndarray, "sample edge"]:
    """The force that each message exerts, along the line between the bodies, attraction positive.

    A constant vector in all messages, which the node perceptron takes back, is left out: what lies
    across the lines tells it, where forces are central.
    """
    unit = float(law.reading.scale.acceleration)
    direction = design.direction.reshape(-1, design.direction.shape[-1])
    force = unit * edge_messages(law, design) @ np.asarray(law.turn, np.float64)
    force = force.reshape(direction.shape)
    size = np.linalg.norm(force, axis=1)
    # Strong forces have large errors across the line, too.
    weight = 1 / (size + typical(size)) ** 2
    across = np.eye(direction.shape[1]) - direction[:, :, None] * direction[:, None, :]
    total = np.einsum("s,sde->de", weight, across)
    constant, *_ = np.linalg.lstsq(total, np.einsum("s,sde,se->d", weight, across, force))
    return np.sum((force - constant) * direction, axis=1).reshape(design.length.shape)


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
    design = design / (np.sqrt(np.mean(design**2, axis=0)) + 1e-300)
    fit, *_ = np.linalg.lstsq(design, messages, rcond=None)
    left = np.sum((messages - design @ fit) ** 2, axis=0)
    total = np.sum((messages - messages.mean(axis=0)) ** 2, axis=0)
    return float(np.mean(1 - left / np.where(total > 0, total, 1)))


def message_r2(law: Law, design: Design, truth: Formula | None) -> dict[str, float | None]:
    """`force` and `acceleration`, plain and `_trimmed`: the strongest messages against the truth.

    Acceleration is what the edge's force does to its receiver: networks often send that. All are
    None where the truth is unknown.
    """
    names = ("force", "acceleration")
    if truth is None:
        return {f"{name}{tail}": None for name in names for tail in ("", "_trimmed")}
    dim = design.position.shape[2]
    messages = strongest(edge_messages(law, design), dim).reshape(-1, dim)
    scalar = truth.pair.numpy()(np.asarray(truth.pair.numbers()), design.variables())
    force = scalar[..., None] * design.direction
    over_mass = force / design.mass[:, design.receiver][..., None]
    found: dict[str, float | None] = {}
    for name, vectors in zip(names, (force, over_mass), strict=True):
        rows = vectors.reshape(-1, dim)
        found[name] = explained(messages, rows)
        found[f"{name}_trimmed"] = explained(messages, rows, trim=_TAILS)
    return found
