"""The graph network of free messages: edge perceptron, sum at the receiver, node perceptron."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from forcelaw.errors import InputError, suggest
from forcelaw.graph import Graph, sum_messages
from forcelaw.laws._expression import Expression
from forcelaw.laws._law import Law
from forcelaw.laws._perceptron import Perceptron, on_edges
from forcelaw.laws._radial import Reading
from forcelaw.laws._scale import Scale, columns
from forcelaw.laws._state import Attributes, State
from forcelaw.laws._written import WrittenMessage, written

REGULARISERS = ("none", "l1", "kl", "bottleneck")


class Messages(NamedTuple):
    """What the edges carry in one pass."""

    mean: Float[Array, "edge message"]
    log_variance: Float[Array, "edge message"] | None
    """Only of a network regularised by `kl`."""


class MessageNetwork(Law):
    """Message `edge(receiver, sender)`, summed at the receiver; acceleration `node(receiver, sum)`.

    Both perceptrons read position, velocity and attributes of their nodes, so nothing about space
    is built in; train with random translations. `regularise` says how messages are kept few:
    `l1` and `none` only differ in the objective, `bottleneck` has as many components as space
    has dimensions, `kl` gives every component a mean and a log-variance and draws from that
    normal distribution where a key is given, which only training does.

    Cranmer et al., Discovering Symbolic Models from Deep Learning with Inductive Biases,
    NeurIPS 2020, arXiv 2006.11287.
    """

    edge: Perceptron | WrittenMessage
    node: Perceptron
    scale: Scale
    dim: int = eqx.field(static=True)
    names: tuple[str, ...] = eqx.field(static=True)
    """The attributes read, in this order."""
    regularise: str = eqx.field(static=True)

    def __init__(
        self,
        dim: int,
        names: Sequence[str] = (),
        *,
        key: PRNGKeyArray,
        regularise: str = "l1",
        message: int | None = None,
        hidden: Sequence[int] = (300, 300, 300),
        activation: str = "relu",
        formula: str | Expression | None = None,
        scale: Scale | None = None,
    ) -> None:
        """See the class; `message` components (default 100; `kl` 200; `bottleneck` always `dim`).

        `formula` in `r`, `m_i`, `m_j`, ... takes the place of the edge perceptron: the message is
        a linear image of that force, `dim` components unless `message` says otherwise, and
        `regularise` is `none`.

        **Raises** `InputError` for an unknown `regularise`.
        """
        if regularise not in REGULARISERS:
            raise InputError(
                f"regularise: found {regularise!r}, expected a known one; "
                f"{suggest(regularise, REGULARISERS)}"
            )
        if formula is not None:
            regularise, message = "none", message or dim
        elif regularise == "bottleneck":
            message = dim
        elif message is None:
            message = 200 if regularise == "kl" else 100
        features = 2 * dim + len(names)
        edge_key, node_key = jax.random.split(key)
        outputs = 2 * message if regularise == "kl" else message
        if formula is not None:
            self.edge = WrittenMessage(written(formula), jnp.eye(dim, message), jnp.zeros(message))
        else:
            self.edge = Perceptron(
                [2 * features, *hidden, outputs], key=edge_key, activation=activation
            )
        self.node = Perceptron(
            [features + message, *hidden, dim], key=node_key, activation=activation
        )
        self.scale = Scale.unit(len(names)) if scale is None else scale
        self.dim, self.names, self.regularise = dim, tuple(names), regularise

    def features(self, state: State, attributes: Attributes) -> Float[Array, "node feature"]:
        """Position, velocity and attributes of every node in typical units."""
        scale = self.scale.fixed()
        nodes = state.position.shape[0]
        named = columns(self.names, attributes.node, nodes)
        return jnp.concatenate(
            [
                state.position / scale.length,
                state.velocity / scale.speed,
                (named - scale.center[None, :]) / scale.spread[None, :],
            ],
            axis=1,
        )

    def messages(self, graph: Graph, features: Float[Array, "node feature"]) -> Messages:
        """The message of every edge from `features` of the nodes."""
        if isinstance(self.edge, WrittenMessage):
            reading = Reading(self.scale, self.names, (False,) * len(self.names))
            return Messages(self.edge(graph, reading, features), None)
        outputs = on_edges(self.edge, graph, features)
        if self.regularise != "kl":
            return Messages(outputs, None)
        mean, log_variance = jnp.split(outputs, 2, axis=1)
        return Messages(mean, log_variance)

    def with_formula(
        self,
        formula: str | Expression,
        turn: Float[Array, "dim message"],
        offset: Float[Array, " message"],
    ) -> MessageNetwork:
        """The same network with the image of a written force in place of the edge perceptron.

        `(force direction) @ turn + offset`, in units of the typical acceleration, is what the node
        perceptron, which stays as it was trained, gets in place of each message.
        """
        settings: dict[str, Any] = {**self.settings(), "formula": formula}
        bare = MessageNetwork(**settings, scale=self.scale, key=jax.random.key(0))
        edge = WrittenMessage(written(formula), turn, offset)
        return eqx.tree_at(lambda law: (law.edge, law.node), bare, (edge, self.node))

    def predict(
        self,
        graph: Graph,
        state: State,
        attributes: Attributes,
        *,
        key: PRNGKeyArray | None = None,
    ) -> tuple[Float[Array, "node dim"], Messages]:
        """Accelerations, and the messages that made them, in one pass.

        With a `key` a network regularised by `kl` draws its messages; without one it uses their
        means.
        """
        features = self.features(state, attributes)
        messages = self.messages(graph, features)
        carried = messages.mean
        if messages.log_variance is not None and key is not None:
            noise = jax.random.normal(key, carried.shape, carried.dtype)
            carried = carried + jnp.exp(messages.log_variance / 2) * noise
        total = sum_messages(graph, carried)
        outputs = self.node(jnp.concatenate([features, total], axis=1))
        return self.scale.fixed().acceleration * outputs, messages

    def __call__(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, "node dim"]:
        """See `Law`."""
        return self.predict(graph, state, attributes)[0]

    def settings(self) -> dict[str, Any]:
        """See `Law.settings`."""
        return {
            "dim": self.dim,
            "names": list(self.names),
            "regularise": self.regularise,
            "message": self.node.sizes[0] - 2 * self.dim - len(self.names),
            "hidden": self.node.sizes[1:-1],
            "activation": self.node.activation,
            **(self.edge.scalar.settings() if isinstance(self.edge, WrittenMessage) else {}),
        }

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> MessageNetwork:
        """See `Law.from_settings`."""
        return cls(**settings, key=jax.random.key(0))
