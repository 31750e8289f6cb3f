"""The multi-layer perceptron, and how one reads both ends of an edge without repeating work."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from functools import partial

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from forcelaw.errors import InvalidSetting, suggest
from forcelaw.graph import Graph, at_receivers, at_senders
from forcelaw.laws.networks.row_products import rows_product

ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "relu": jax.nn.relu,
    "silu": jax.nn.silu,
    "softplus": jax.nn.softplus,
    "tanh": jnp.tanh,
}


class Perceptron(eqx.Module):
    """Dense layers with one activation between them; acts on the last axis of any array."""

    weights: tuple[Float[Array, "_ _"], ...]
    """One `[in, out]` matrix a layer."""
    biases: tuple[Float[Array, " _"], ...]
    activation: str = eqx.field(static=True)

    def __init__(
        self, sizes: Sequence[int], *, key: PRNGKeyArray, activation: str = "relu"
    ) -> None:
        """Layers `sizes[0] -> sizes[1] -> ...`, all values uniform in `+-1 / sqrt(in)`.

        **Raises** `InputError` for an unknown activation.
        """
        if activation not in ACTIVATIONS:
            raise InvalidSetting(
                f"activation: found {activation!r}, expected a known one; "
                f"{suggest(activation, ACTIVATIONS)}"
            )
        self.weights, self.biases = _draw(key, tuple(sizes))
        self.activation = activation

    @property
    def sizes(self) -> list[int]:
        """Sizes of all layers, input first."""
        return [self.weights[0].shape[0], *(weight.shape[1] for weight in self.weights)]

    @property
    def described(self) -> str:
        """Sizes of all layers, and what is between them: `3-64-64-1 tanh`."""
        return f"{'-'.join(map(str, self.sizes))} {self.activation}"

    def __repr__(self) -> str:
        known = all(map(eqx.is_array, (*self.weights, *self.biases)))
        return f"Perceptron({self.described})" if known else eqx.tree_pformat(self)

    def __call__(self, inputs: Float[Array, "*batch _"]) -> Float[Array, "*batch _"]:
        """The outputs of the last layer, without an activation."""
        first = rows_product(inputs, self.weights[0])
        return self.after_first(first + _row(self.biases[0], inputs.ndim))

    def after_first(self, first: Float[Array, "*batch _"]) -> Float[Array, "*batch _"]:
        """The outputs, from what the first layer gives before its activation."""
        act = ACTIVATIONS[self.activation]
        value = first
        for weight, bias in zip(self.weights[1:], self.biases[1:], strict=True):
            value = rows_product(act(value), weight) + _row(bias, value.ndim)
        return value


def on_edges(
    perceptron: Perceptron,
    graph: Graph,
    features: Float[Array, "node feature"],
    between: Float[Array, "edge between"],
) -> Float[Array, "edge _"]:
    """`perceptron([receiver's features, sender's features, between])` for every edge.

    The first layer is linear, so it is applied to every node once for each role, and only its
    results travel to the edges.
    """
    size = features.shape[1]
    weight = perceptron.weights[0]
    as_receiver = rows_product(features, weight[:size]) + _row(perceptron.biases[0], 2)
    as_sender = rows_product(features, weight[size : 2 * size])
    own = rows_product(between, weight[2 * size :])
    first = at_receivers(graph, as_receiver) + at_senders(graph, as_sender) + own
    return perceptron.after_first(first)


def _row(bias: Float[Array, " out"], rank: int) -> Float[Array, "*one out"]:
    return bias.reshape(*[1] * (rank - 1), -1)


@partial(jax.jit, static_argnums=1)
def _draw(key: PRNGKeyArray, sizes: tuple[int, ...]) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    """Weights and biases: one program for all layers."""
    keys = jax.random.split(key, 2 * (len(sizes) - 1))
    pairs = list(enumerate(itertools.pairwise(sizes)))
    weights = tuple(_uniform(keys[2 * k], (size, out), size) for k, (size, out) in pairs)
    return weights, tuple(_uniform(keys[2 * k + 1], (out,), size) for k, (size, out) in pairs)


def _uniform(key: PRNGKeyArray, shape: tuple[int, ...], size: int) -> Array:
    bound = 1 / math.sqrt(size)
    return jax.random.uniform(key, shape, minval=-bound, maxval=bound)
