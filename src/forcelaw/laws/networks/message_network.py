"""The graph network of free messages: edge perceptron, sum at the receiver, acceleration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from forcelaw.documents import JsonObject, ParsedObject
from forcelaw.errors import InvalidSetting, suggest
from forcelaw.files import many
from forcelaw.graph import Graph, at_receivers, at_senders, safe_norm, sum_messages
from forcelaw.laws.expression import Expression
from forcelaw.laws.law import Law, Messages
from forcelaw.laws.networks.inserted_formula import WrittenMessage, insert_scalar
from forcelaw.laws.networks.perceptron import Perceptron, on_edges
from forcelaw.laws.networks.radial_functions import NEAREST, Reading, described_inputs
from forcelaw.laws.networks.row_products import rows_product
from forcelaw.laws.scale import Scale, columns, inertia
from forcelaw.laws.state import Attributes, State
from forcelaw.laws.units import Units
from forcelaw.numerics import least_squares

REGULARISERS = ("none", "l1", "kl", "bottleneck")


class MessageNetwork(Law):
    """Messages `edge(receiver, sender)`; acceleration `(sum of messages @ turn + node) / mass`.

    The network of Cranmer et al., Discovering Symbolic Models from Deep Learning with Inductive
    Biases, NeurIPS 2020, arXiv 2006.11287, with changes without which its messages are no forces
    where forces span decades:

    - The edge perceptron reads where the sender is as seen from the receiver (direction and
      distance) and both velocities and attributes, so that translations hold by construction.
    - Its messages are multiplied by learned powers of the distance and of positive attributes,
      which carry the decades.
    - The sum is mapped linearly, and divided by the mass of the receiver. The node perceptron
      reads velocity and attributes of the receiver alone, and adds what needs no partner. A
      perceptron of the sum would let messages be any code of the force, and the cheapest code
      under `l1` is not the force.

    `regularise` says how messages are kept few: `l1` and `none` only differ in the objective,
    `bottleneck` has as many components as space has dimensions, `kl` gives every component a mean
    and a log-variance and draws from that normal distribution where a key is given, which only
    training does.
    """

    edge: Perceptron | WrittenMessage
    powers: Float[Array, " power"]
    """Of the distance, the receiver's attributes and the sender's."""
    turn: Float[Array, "message dim"]
    node: Perceptron
    reading: Reading
    dim: int = eqx.field(static=True)
    regularise: str = eqx.field(static=True)

    def __init__(
        self,
        dim: int,
        names: Sequence[str] = (),
        *,
        key: PRNGKeyArray,
        logarithmic: Sequence[bool] | None = None,
        regularise: str = "l1",
        message: int | None = None,
        hidden: Sequence[int] = (64, 64, 64),
        activation: str = "silu",
        formula: str | Expression | None = None,
        scale: Scale | None = None,
    ) -> None:
        """See the class; `message` components (default 100; `kl` 200; `bottleneck` always `dim`).

        `names` are the attributes read, `logarithmic` which of them are positive and read by their
        logarithm (default: `mass`). `formula` in `r`, `m_i`, `m_j`, ... takes the place of the edge
        perceptron: the message is a linear image of that force, `dim` components unless `message`
        says otherwise, and `regularise` is `none`.

        **Raises** `InputError` for an unknown `regularise`.
        """
        if regularise not in REGULARISERS:
            raise InvalidSetting(
                f"regularise: found {regularise!r}, expected a known one; "
                f"{suggest(regularise, REGULARISERS)}"
            )
        if formula is not None:
            regularise, message = "none", message or dim
        elif regularise == "bottleneck":
            message = dim
        elif message is None:
            message = 200 if regularise == "kl" else 100
        self.reading = Reading.of(names, logarithmic, scale)
        features = dim + len(names)
        edge_key, node_key, turn_key = jax.random.split(key, 3)
        outputs = 2 * message if regularise == "kl" else message
        if formula is not None:
            self.edge = WrittenMessage(
                insert_scalar(formula), jnp.eye(dim, message), jnp.zeros(message)
            )
        else:
            self.edge = Perceptron(
                [2 * features + dim + 2, *hidden, outputs], key=edge_key, activation=activation
            )
        self.powers = jnp.zeros(1 + 2 * len(names))
        self.node = Perceptron([features, *hidden, dim], key=node_key, activation=activation)
        # Whatever the number of messages: with weak columns their penalty is too high, and they die
        # out before they have learned anything.
        self.turn = 0.3 * jax.random.normal(turn_key, (message, dim))
        self.dim, self.regularise = dim, regularise

    @property
    def names(self) -> tuple[str, ...]:
        """The attributes read, in this order."""
        return self.reading.names

    def described(self) -> list[str]:
        """See `Law.described`."""
        edge = self.edge.scalar if isinstance(self.edge, WrittenMessage) else self.edge
        kept = [] if self.regularise == "none" else [self.regularise]
        messages = many(self.turn.shape[0], "component")
        return [
            *described_inputs(self.dim, self.names),
            edge.described,
            f"messages of {messages}",
            *kept,
        ]

    @property
    def penalty(self) -> Literal["none", "l1", "kl"]:
        """See `Law.penalty`; a bottleneck needs none."""
        return "l1" if self.regularise == "l1" else "kl" if self.regularise == "kl" else "none"

    def messages(self, graph: Graph, state: State, attributes: Attributes) -> Messages:
        """The message of every edge."""
        values = columns(self.names, attributes.node, state.position.shape[0])
        length, direction = _lines(graph, state.position)
        if isinstance(self.edge, WrittenMessage):
            ends = at_receivers(graph, values), at_senders(graph, values)
            mean = self.edge(self.reading, length, direction, *ends)
            return Messages(mean, None, self._force)
        near = jnp.maximum(length / self.reading.scale.fixed().length, NEAREST)
        log_r = jnp.log(near)[:, None]
        between = jnp.concatenate([direction, log_r, jnp.log1p(near)[:, None]], axis=1)
        outputs = on_edges(self.edge, graph, self._features(state, values), between)
        log = jnp.asarray(self.reading.logarithmic, outputs.dtype)[None, :]
        positive = self.reading.features(values) * log
        ends = at_receivers(graph, positive), at_senders(graph, positive)
        # An exponent's error is the relative error of the message.
        logs = jnp.concatenate([log_r, *ends], axis=1)
        decades = rows_product(logs, self.powers[:, None], exact=True)
        if self.regularise != "kl":
            return Messages(outputs * jnp.exp(decades), None, self._force)
        mean, log_variance = jnp.split(outputs, 2, axis=1)
        return Messages(mean * jnp.exp(decades), log_variance, self._force)

    def with_pair(
        self,
        pair: Expression,
        *,
        messages: Float[np.ndarray, "row message"],
        force: Float[np.ndarray, "row dim"],
    ) -> MessageNetwork:
        """See `Law.with_pair`: the linear image of the force that is nearest to the messages.

        What is made of the messages' sum stays as it was trained.
        """
        forces = np.asarray(force, np.float64) / float(self._force)
        # Close encounters are few and large: without weights they would be all that is fitted.
        weight = 1 / (1 + np.linalg.norm(forces, axis=1, keepdims=True))
        inputs = np.concatenate([forces, np.ones((len(forces), 1))], axis=1)
        image, _ = least_squares(weight * inputs, weight * np.asarray(messages))
        settings: ParsedObject = {**self.settings(), "formula": pair}
        bare = MessageNetwork(**settings, scale=self.reading.scale, key=jax.random.key(0))
        turn, offset = jnp.asarray(image[:-1], float), jnp.asarray(image[-1], float)
        edge = WrittenMessage(insert_scalar(pair), turn, offset)
        return eqx.tree_at(
            lambda law: (law.edge, law.node, law.turn), bare, (edge, self.node, self.turn)
        )

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
        nodes = state.position.shape[0]
        messages = self.messages(graph, state, attributes)
        carried = messages.mean
        if messages.log_variance is not None and key is not None:
            noise = jax.random.normal(key, carried.shape, carried.dtype)
            carried = carried + jnp.exp(messages.log_variance / 2) * noise
        total = sum_messages(graph, carried)
        features = self._features(state, columns(self.names, attributes.node, nodes))
        force = rows_product(total, self.turn, exact=True) + self.node(features)
        return self._force * force / inertia(attributes, nodes), messages

    def __call__(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, "node dim"]:
        """See `Law`."""
        return self.predict(graph, state, attributes)[0]

    def rescaled(self, units: Units) -> MessageNetwork:
        """See `Law.rescaled`: learned sizes are measured anew, and so is a written force."""
        if units.same:
            return self
        law = eqx.tree_at(lambda law: law.reading, self, self.reading.rescaled(units))
        if isinstance(self.edge, WrittenMessage):
            scalar = self.edge.scalar.rescaled(units, units.force)
            law = eqx.tree_at(lambda law: law.edge.scalar, law, scalar)
        return law

    def settings(self) -> JsonObject:
        """See `Law.settings`."""
        return {
            "dim": self.dim,
            "names": list(self.names),
            "logarithmic": list(self.reading.logarithmic),
            "regularise": self.regularise,
            "message": self.turn.shape[0],
            "hidden": self.node.sizes[1:-1],
            "activation": self.node.activation,
            **(self.edge.scalar.settings() if isinstance(self.edge, WrittenMessage) else {}),
        }

    @property
    def _force(self) -> Float[Array, ""]:
        """The force that is of the size of a message of one."""
        return self.reading.scale.fixed().acceleration

    @classmethod
    def from_settings(cls, settings: ParsedObject) -> MessageNetwork:
        """See `Law.from_settings`."""
        return cls(**settings, key=jax.random.key(0))

    def _features(
        self, state: State, values: Float[Array, "node attribute"]
    ) -> Float[Array, "node feature"]:
        """Velocity and attributes of every node in typical units."""
        speed = self.reading.scale.fixed().speed
        return jnp.concatenate([state.velocity / speed, self.reading.features(values)], axis=1)


def _lines(
    graph: Graph, position: Float[Array, "node dim"]
) -> tuple[Float[Array, " edge"], Float[Array, "edge dim"]]:
    """Length and unit vector from receiver to sender; both zero for bodies at one place."""
    difference = at_senders(graph, position) - at_receivers(graph, position)
    length = safe_norm(difference)
    return length, difference / jnp.where(length > 0, length, 1)[:, None]
