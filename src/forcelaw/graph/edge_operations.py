"""The two edge operations of every radial force, with derivative rules made of themselves.

1. `edge_lengths` and, in its general form, `edge_dot`: a sampled dense-dense product.
2. `edge_sum`: a sparse-dense product.

A radial force `f(length) / length` along each edge costs one of each, and so does its gradient.
Both are compiled loops on CPUs (`native_kernels`) and plain JAX everywhere else.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from forcelaw.graph import native_kernels
from forcelaw.graph.messages import at_receivers, at_senders, sum_messages
from forcelaw.graph.norms import safe_norm
from forcelaw.graph.padded_graph import Graph


def edge_lengths(graph: Graph, position: Float[Array, "node dim"]) -> Float[Array, " edge"]:
    """`|x_sender - x_receiver|` for every edge; its gradient at zero length is zero, not NaN."""
    return _lengths(graph, position)


def edge_dot(
    graph: Graph, direction: Float[Array, "node dim"], position: Float[Array, "node dim"]
) -> Float[Array, " edge"]:
    """`direction_receiver . (x_sender - x_receiver)` for every edge, in units of their product."""
    return _dot(graph, direction, position)


def edge_sum(
    graph: Graph, weight: Float[Array, " edge"], position: Float[Array, "node dim"]
) -> Float[Array, "node dim"]:
    """For every receiver the sum of `weight_e (x_sender - x_receiver)`; padding adds nothing."""
    return _sum(graph, weight, position)


def _difference(graph, position):
    return at_senders(graph, position) - at_receivers(graph, position)


@jax.custom_vjp
def _lengths(graph, position):
    if graph.complete:
        return plain_lengths(graph, position)
    return native_kernels.on_cpu(native_lengths, plain_lengths, graph, position)


def plain_lengths(graph, position):
    """`edge_lengths` in JAX's own operations."""
    return safe_norm(_difference(graph, position))


def native_lengths(graph, position):
    """`edge_lengths` by the compiled kernel, on CPU."""
    return native_kernels.lengths(graph.offsets, graph.sender, position)


def _lengths_forward(graph, position):
    length = _lengths(graph, position)
    return length, (graph, position, length)


def _lengths_backward(residual, cotangent):
    graph, position, length = residual
    weight = jnp.where(length > 0, cotangent / jnp.where(length > 0, length, 1), 0)
    return None, -_sum_both_ends(graph, weight, position)


_lengths.defvjp(_lengths_forward, _lengths_backward)


def _sum_both_ends(graph, weight, position):
    """`edge_sum` over every edge and its opposite with the same weight."""
    turned = _turned(graph, weight)
    if graph.symmetric:
        return _sum(graph, weight + turned, position)
    return _sum(graph, weight, position) + _sum(graph.transposed(), turned, position)


@jax.custom_vjp
def _turned(graph, weight):
    """The weights in the order of the transposed graph's edges."""
    return weight.at[graph.transpose].get(mode="promise_in_bounds", unique_indices=True)


def _turned_forward(graph, weight):
    return _turned(graph, weight), graph


def _turned_backward(graph, cotangent):
    return None, _turned(graph.transposed(), cotangent)


_turned.defvjp(_turned_forward, _turned_backward)


@jax.custom_vjp
def _sum(graph, weight, position):
    if graph.complete:
        return plain_sum(graph, weight, position)
    return native_kernels.on_cpu(native_sum, plain_sum, graph, weight, position)


def plain_sum(graph, weight, position):
    """`weighted_sum` in JAX's own operations."""
    return sum_messages(graph, weight[:, None] * _difference(graph, position))


def native_sum(graph, weight, position):
    """`weighted_sum` by the compiled kernel, on CPU."""
    weight = jnp.where(graph.edge_mask, weight, 0)
    return native_kernels.weighted_sum(graph.offsets, graph.sender, weight, position)


def _sum_forward(graph, weight, position):
    return _sum(graph, weight, position), (graph, weight, position)


def _sum_backward(residual, cotangent):
    graph, weight, position = residual
    by_weight = jnp.where(graph.edge_mask, _dot(graph, cotangent, position), 0)
    return None, by_weight, _sum_adjoint(graph, weight, cotangent)


_sum.defvjp(_sum_forward, _sum_backward)


@jax.custom_vjp
def _sum_adjoint(graph, weight, cotangent):
    """The transpose of `edge_sum` in its position: senders gain what receivers lose."""
    if graph.complete or not graph.symmetric:
        return plain_adjoint(graph, weight, cotangent)
    return native_kernels.on_cpu(native_adjoint, plain_adjoint, graph, weight, cotangent)


def plain_adjoint(graph, weight, cotangent):
    """The derivative of `weighted_sum` in JAX's own operations."""
    turned = _turned(graph, weight)
    transposed = graph.transposed()
    excess = sum_messages(transposed, turned) - sum_messages(graph, weight)
    return _sum(transposed, turned, cotangent) + excess[:, None] * cotangent


def native_adjoint(graph, weight, cotangent):
    """The same by the compiled kernel, on CPU."""
    weight = jnp.where(graph.edge_mask, weight, 0)
    return native_kernels.gain(
        graph.offsets, graph.sender, _turned(graph, weight), weight, cotangent
    )


def _adjoint_forward(graph, weight, cotangent):
    return _sum_adjoint(graph, weight, cotangent), (graph, weight, cotangent)


def _adjoint_backward(residual, direction):
    graph, weight, cotangent = residual
    by_weight = jnp.where(graph.edge_mask, _dot(graph, cotangent, direction), 0)
    return None, by_weight, _sum(graph, weight, direction)


_sum_adjoint.defvjp(_adjoint_forward, _adjoint_backward)


@jax.custom_vjp
def _dot(graph, direction, position):
    if graph.complete:
        return plain_dot(graph, direction, position)
    return native_kernels.on_cpu(native_dot, plain_dot, graph, direction, position)


def plain_dot(graph, direction, position):
    """`edge_dot` in JAX's own operations."""
    return jnp.sum(at_receivers(graph, direction) * _difference(graph, position), axis=-1)


def native_dot(graph, direction, position):
    """`edge_dot` by the compiled kernel, on CPU."""
    return native_kernels.dot(graph.offsets, graph.sender, direction, position)


def _dot_forward(graph, direction, position):
    return _dot(graph, direction, position), (graph, direction, position)


def _dot_backward(residual, cotangent):
    graph, direction, position = residual
    by_direction = _sum(graph, cotangent, position)
    return None, by_direction, _sum_adjoint(graph, cotangent, direction)


_dot.defvjp(_dot_forward, _dot_backward)
