"""Node values at both ends of every edge, and the sum of messages at the receivers.

The three are linear and each other's adjoints, so each derivative rule is one of the others:
neither direction needs an unsorted scatter. On a complete graph they are copies and sums of
reshaped arrays, whose code does not grow with the number of nodes.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from forcelaw.graph import native_kernels
from forcelaw.graph.padded_graph import Graph


def at_senders(
    graph: Graph, values: Float[Array, "node *feature"]
) -> Float[Array, "edge *feature"]:
    """The value of every edge's sender."""
    if graph.complete:
        # Repeated and cut into rows of one more than there are nodes, row r starts with node r.
        nodes, rest = values.shape[0], values.shape[1:]
        rows = jnp.tile(values, (nodes + 1, *[1] * len(rest))).reshape(nodes, nodes + 1, *rest)
        return rows[:, 1:nodes].reshape(graph.edges, *rest)
    return _gather(graph.sender, graph.transpose, graph.sender_offsets, values)


def at_receivers(
    graph: Graph, values: Float[Array, "node *feature"]
) -> Float[Array, "edge *feature"]:
    """The value of every edge's receiver."""
    if graph.complete:
        nodes = values.shape[0]
        wide = jnp.broadcast_to(values[:, None], (nodes, nodes - 1, *values.shape[1:]))
        return wide.reshape(graph.edges, *values.shape[1:])
    return _gather(graph.receiver, None, graph.offsets, values)


def sum_messages(
    graph: Graph, messages: Float[Array, "edge *feature"]
) -> Float[Array, "node *feature"]:
    """For every node the sum of the messages that it receives; padding edges add nothing."""
    if graph.complete:
        shape = (graph.nodes, graph.nodes - 1, *messages.shape[1:])
        return jnp.sum(messages.reshape(shape), axis=1)
    mask = graph.edge_mask.reshape(-1, *[1] * (messages.ndim - 1))
    messages = jnp.where(mask, messages, jnp.zeros((), messages.dtype))
    return _sorted_sum(graph.receiver, graph.offsets, messages)


# `order` sorts the edges by the index gathered with (None: already sorted).
@jax.custom_vjp
def _gather(index, order, offsets, values):
    return values[index]


def _gather_forward(index, order, offsets, values):
    return values[index], (index, order, offsets)


def _gather_backward(residual, cotangent):
    index, order, offsets = residual
    if order is not None:
        index, cotangent = index[order], cotangent[order]
    return _zero(index), _zero(order), _zero(offsets), _sorted_sum(index, offsets, cotangent)


_gather.defvjp(_gather_forward, _gather_backward)


@jax.custom_vjp
def _sorted_sum(index, offsets, messages):
    return native_kernels.on_cpu(native_sorted_sum, plain_sorted_sum, index, offsets, messages)


def native_sorted_sum(index, offsets, messages):
    return native_kernels.sum_rows(offsets, messages)


def plain_sorted_sum(index, offsets, messages):
    return jax.ops.segment_sum(
        messages, index, num_segments=offsets.shape[0] - 1, indices_are_sorted=True
    )


def _sorted_sum_forward(index, offsets, messages):
    return _sorted_sum(index, offsets, messages), (index, offsets)


def _sorted_sum_backward(residual, cotangent):
    index, offsets = residual
    return _zero(index), _zero(offsets), _gather(index, None, offsets, cotangent)


_sorted_sum.defvjp(_sorted_sum_forward, _sorted_sum_backward)


def _zero(index):
    """The cotangent of an integer argument."""
    return None if index is None else np.zeros(index.shape, jax.dtypes.float0)


__all__ = ["at_receivers", "at_senders", "sum_messages"]
