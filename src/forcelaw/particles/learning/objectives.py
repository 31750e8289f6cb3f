"""What training minimises: a target, an error, and terms that keep messages few.

Everything here is a small pure function of *one* example, written without a batch axis; training
maps it over batches. An objective of your own is a function more:

    def too_fast(prediction):
        '''Punish predicted accelerations beyond 10.'''
        return jnp.mean(jax.nn.relu(jnp.abs(prediction.predicted) - 10.0))

    mine = Objective(acceleration, {
        "error": (1.0, mean_absolute),
        "messages": (1e-2, l1),
        "too_fast": (0.1, too_fast),
    })
    fit(data, model="message", objective=mine)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from forcelaw.device_arrays import to_device
from forcelaw.graph import Graph, at_receivers, safe_norm
from forcelaw.laws import Attributes, Law, Messages, State, inertia
from forcelaw.motion import RungeKutta4, rollout


class Example(eqx.Module):
    """One moment of one trajectory, and what followed; or a batch of them."""

    state: State
    acceleration: Float[Array, "*batch observed dim"]
    """Of the bodies that are looked at: all, or the first ones where receivers are sampled."""
    attributes: Attributes
    later: State
    """The next frames, `[*batch, frame, body, dim]`; none where the target does not look ahead."""
    dt: Float[Array, "*batch"]
    """Time between two frames."""


class Prediction(eqx.Module):
    """What a law says about an example, beside what happened."""

    predicted: Float[Array, "*frame body component"]
    true: Float[Array, "*frame body component"]
    messages: Messages | None
    """The messages that made the prediction, of laws that have some."""
    net_force: Float[Array, " edge"] | None = None
    """The true net force on the receiver of each message, in the unit of messages."""


Target = Callable[[Law, Graph, Example, PRNGKeyArray | None], Prediction]
"""Without a key nothing is drawn: messages are their means."""
Term = Callable[[Prediction], Float[Array, ""]]


def _copied(terms: Mapping[str, tuple[float, Term]]) -> dict[str, tuple[float, Term]]:
    """As a dictionary, whose parts JAX sees; other mappings are one thing to it."""
    return dict(terms)


class Objective(eqx.Module):
    """A target and the weighted terms that are summed; every term is reported under its name.

    Trainings with equal objectives share their programs: functions are equal where they are the
    same, and the arrays of a term that is an `eqx.Module` may differ.
    """

    target: Target
    terms: Mapping[str, tuple[float, Term]] = eqx.field(converter=_copied)
    frames: int = eqx.field(default=0, static=True)
    """How many later frames the target compares with."""


# Targets.


def acceleration(law: Law, graph: Graph, example: Example, key: PRNGKeyArray | None) -> Prediction:
    """The instantaneous acceleration of every body."""
    predicted, messages = law.predict(graph, example.state, example.attributes, key=key)
    true = example.acceleration
    net_force = _net_force(true, graph, example, messages)
    return Prediction(predicted[: len(true)], true, messages, net_force)


def next_state(law: Law, graph: Graph, example: Example, key: PRNGKeyArray | None) -> Prediction:
    """The change of position and velocity up to the next frame, a Taylor step of length `dt`.

    Both changes are divided by what one unit of acceleration causes, so that they weigh alike
    whatever `dt` is.
    """
    predicted, messages = law.predict(graph, example.state, example.attributes, key=key)
    before, after, dt = example.state, example.later, example.dt
    drift = after.position[0] - before.position - dt * before.velocity
    kick = after.velocity[0] - before.velocity
    observed = len(example.acceleration)
    true = jnp.concatenate([2 * drift / dt**2, kick / dt], axis=1)
    twice = jnp.concatenate([predicted, predicted], axis=1)
    return Prediction(
        twice[:observed], true[:observed], messages, _net_force(kick / dt, graph, example, messages)
    )


def trajectory(law: Law, graph: Graph, example: Example, key: PRNGKeyArray | None) -> Prediction:
    """Positions and velocities of all later frames, by a rollout; needs no acceleration."""
    frames = example.later.position.shape[0]
    moved = rollout(
        law,
        graph,
        example.state,
        example.attributes,
        steps=frames,
        dt=example.dt,
        integrator=RungeKutta4(),
    )
    predicted = jnp.concatenate([moved.position[1:], moved.velocity[1:]], axis=-1)
    true = jnp.concatenate([example.later.position, example.later.velocity], axis=-1)
    return Prediction(predicted, true, None)


# Errors.


def mean_absolute(prediction: Prediction) -> Float[Array, ""]:
    """The mean absolute error."""
    return jnp.mean(jnp.abs(prediction.predicted - prediction.true))


def mean_square(prediction: Prediction) -> Float[Array, ""]:
    """The mean squared error: ruled by close encounters where forces diverge."""
    return jnp.mean((prediction.predicted - prediction.true) ** 2)


def relative(floor: float) -> Term:
    """The length of the error over that of the truth plus `floor`, bodies weighing alike.

    Robust where accelerations have heavy tails: an encounter counts as much as a quiet moment.
    """
    return _Relative(to_device(floor))


class _Relative(eqx.Module):
    floor: Float[Array, ""]

    def __call__(self, prediction: Prediction) -> Float[Array, ""]:
        error = safe_norm(prediction.predicted - prediction.true)
        return jnp.mean(error / (safe_norm(prediction.true) + self.floor))


# Keeping messages few.


def l1(prediction: Prediction) -> Float[Array, ""]:
    """The mean absolute message component; Cranmer et al. 2020 weigh it 1e-2."""
    return jnp.mean(jnp.abs(_messages(prediction).mean))


def relative_l1(floor: float) -> Term:
    """The sum of absolute message components over the true force on the receiver plus `floor`.

    Where the error is relative, the penalty on a message has to be: a plain `l1` makes it cheaper
    to miss a close encounter than to send it.
    """
    return _RelativeL1(to_device(floor))


class _RelativeL1(eqx.Module):
    floor: Float[Array, ""]

    def __call__(self, prediction: Prediction) -> Float[Array, ""]:
        size = jnp.sum(jnp.abs(_messages(prediction).mean), axis=1)
        assert prediction.net_force is not None
        return jnp.mean(size / (prediction.net_force + self.floor))


def kl(prediction: Prediction) -> Float[Array, ""]:
    """Kullback-Leibler divergence of the drawn messages from N(0, 1), mean over components."""
    messages = _messages(prediction)
    if messages.log_variance is None:
        raise ValueError("kl needs messages with a variance: a network with regularise='kl'")
    variance = jnp.exp(messages.log_variance)
    return jnp.mean(messages.mean**2 + variance - messages.log_variance - 1) / 2


def loss(
    objective: Objective,
    law: Law,
    graph: Graph,
    examples: Example,
    key: PRNGKeyArray | None = None,
) -> tuple[Float[Array, ""], dict[str, Float[Array, ""]]]:
    """The objective's mean over a batch of examples, and every term's mean unweighted."""
    batch = examples.dt.shape[0]

    def one(example: Example, key: PRNGKeyArray | None) -> dict[str, Float[Array, ""]]:
        prediction = objective.target(law, graph, example, key)
        return {name: term(prediction) for name, (_, term) in objective.terms.items()}

    keys = None if key is None else jax.random.split(key, batch)
    values = jax.vmap(one)(examples, keys)
    means = {name: jnp.mean(value) for name, value in values.items()}
    total = sum(weight * means[name] for name, (weight, _) in objective.terms.items())
    return jnp.asarray(total), means


def _net_force(
    acceleration: Float[Array, "body dim"],
    graph: Graph,
    example: Example,
    messages: Messages | None,
) -> Float[Array, " edge"] | None:
    """The force that goes with the receiver's acceleration, in the unit of messages."""
    if messages is None:
        return None
    mass = inertia(example.attributes, graph.nodes)[:, 0]
    # Bodies that are not looked at receive nothing.
    size = jnp.pad(safe_norm(acceleration), (0, len(mass) - len(acceleration)))
    return at_receivers(graph, mass * size) / messages.force


def _messages(prediction: Prediction) -> Messages:
    if prediction.messages is None:
        raise ValueError("this term needs messages: a message network and not a rollout")
    return prediction.messages
