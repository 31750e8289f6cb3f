"""The fixed topology along which messages travel."""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Int

from forcelaw.device_arrays import to_device
from forcelaw.files import many


class Graph(eqx.Module):
    """Which node sends to which, sorted by receiver; it never holds features.

    An edge carries a message *from sender to receiver*; messages are summed *at the receiver*.
    Build one with `Graph.from_edges` or `Graph.complete_graph`. Padding edges and nodes (masks
    False) let graphs of similar size share one compilation; a padding edge is a self-loop on the
    last, padding, node.
    """

    sender: Int[Array, " edge"]
    receiver: Int[Array, " edge"]
    offsets: Int[Array, " node_plus_one"]
    """Edges `offsets[n]` to `offsets[n + 1]` are those received by node `n`."""
    transpose: Int[Array, " edge"]
    """Edge positions sorted by sender (ties by receiver); the opposite edges where `symmetric`."""
    sender_offsets: Int[Array, " node_plus_one"]
    row: Int[Array, " edge"]
    """Row of the caller's edge list that each edge came from, -1 for padding."""
    node_mask: Bool[Array, " node"]
    edge_mask: Bool[Array, " edge"]
    symmetric: bool = eqx.field(static=True)
    """Every edge has its opposite exactly once."""
    complete: bool = eqx.field(static=True)
    """Every node receives from every other; dense arithmetic without gathers applies."""

    def __repr__(self) -> str:
        if not all(map(eqx.is_array_like, (self.node_mask, self.edge_mask))):
            return eqx.tree_pformat(self)  # inside of transformations it may be no graph
        kind = "complete" if self.complete else "symmetric" if self.symmetric else "directed"
        return f"Graph({many(self.nodes, 'node')}, {many(self.edges, 'edge')}, {kind})"

    @property
    def nodes(self) -> int:
        """Number of nodes, padding included (static)."""
        return self.node_mask.shape[0]

    @property
    def edges(self) -> int:
        """Number of edges, padding included (static)."""
        return self.edge_mask.shape[0]

    @property
    def reverse(self) -> Int[Array, " edge"]:
        """Index of the opposite edge of every edge.

        **Raises** `ValueError` if some edge has no opposite.
        """
        if not self.symmetric:
            raise ValueError(
                "this graph is not symmetric: some edge has no opposite, so `reverse` is undefined"
            )
        return self.transpose

    def transposed(self) -> Graph:
        """The graph with every edge turned round; edge `i` of it is edge `transpose[i]` here."""
        if self.symmetric:
            return self
        inverse = (
            jnp.zeros_like(self.transpose)
            .at[self.transpose]
            .set(jnp.arange(self.edges, dtype=self.transpose.dtype))
        )
        return Graph(
            sender=self.receiver[self.transpose],
            receiver=self.sender[self.transpose],
            offsets=self.sender_offsets,
            transpose=inverse,
            sender_offsets=self.offsets,
            row=self.row[self.transpose],
            node_mask=self.node_mask,
            edge_mask=self.edge_mask[self.transpose],
            symmetric=False,
            complete=False,
        )

    @classmethod
    def complete_graph(cls, nodes: int) -> Graph:
        """All ordered pairs of `nodes` nodes.

        The senders to `r` are `r + 1, r + 2, ...` modulo `nodes`; that order turns the gather at
        the senders into copies of blocks (see `at_senders`).
        """
        if nodes < 1:
            raise ValueError(f"a complete graph needs at least one node, found {nodes}")
        receiver = np.repeat(np.arange(nodes), nodes - 1)
        step = np.tile(np.arange(1, nodes), nodes)
        sender = (receiver + step) % nodes
        # The opposite of "r + k sends to r" is "s sends to r = s + (nodes - k)".
        opposite = sender * (nodes - 1) + (nodes - step - 1)
        offsets = np.arange(nodes + 1) * (nodes - 1)
        return cls(
            **_indices(sender, receiver, offsets, opposite, offsets, np.arange(len(sender))),
            node_mask=to_device(np.ones(nodes), bool),
            edge_mask=to_device(np.ones(len(sender)), bool),
            symmetric=True,
            complete=True,
        )

    @classmethod
    def from_edges(cls, edges: Any, *, nodes: int, bucket: bool = False) -> Graph:
        """A graph from rows (sender, receiver).

        **Arguments:** `edges [edge, 2]` integers in `[0, nodes)`, in any order; `nodes` their
        number; `bucket` pads both sizes up to the next of four steps an octave, so that graphs
        of similar size share one compilation.

        **Raises** `ValueError` naming the first row that is out of range.
        """
        edges = np.asarray(edges, dtype=np.int64).reshape(-1, 2)
        if nodes < 1:
            raise ValueError(f"a graph needs at least one node, found {nodes}")
        bad = np.flatnonzero(((edges < 0) | (edges >= nodes)).any(axis=1))
        if bad.size:
            raise ValueError(
                f"edge row {bad[0]} is {tuple(edges[bad[0]].tolist())}, expected nodes from 0 to "
                f"{nodes - 1}"
            )
        total_nodes = padded_size(nodes + 1) if bucket else nodes
        total_edges = padded_size(len(edges)) if bucket else len(edges)
        padding = total_edges - len(edges)
        sender = np.concatenate([edges[:, 0], np.full(padding, total_nodes - 1)])
        receiver = np.concatenate([edges[:, 1], np.full(padding, total_nodes - 1)])
        row = np.concatenate([np.arange(len(edges)), np.full(padding, -1)])
        order = np.lexsort((sender, receiver))
        sender, receiver, row = sender[order], receiver[order], row[order]
        transpose = np.lexsort((receiver, sender))
        nodes_range = np.arange(total_nodes + 1)
        symmetric = bool(
            np.array_equal(sender[transpose], receiver)
            and np.array_equal(receiver[transpose], sender)
            and not _repeats(sender[row >= 0], receiver[row >= 0])
        )
        return cls(
            **_indices(
                sender,
                receiver,
                np.searchsorted(receiver, nodes_range),
                transpose,
                np.searchsorted(sender[transpose], nodes_range),
                row,
            ),
            node_mask=to_device(np.arange(total_nodes) < nodes, bool),
            edge_mask=to_device(row >= 0, bool),
            symmetric=symmetric,
            complete=False,
        )


def _repeats(sender: np.ndarray, receiver: np.ndarray) -> bool:
    """Whether a (receiver, sender)-sorted list holds the same edge twice."""
    return bool(((sender[1:] == sender[:-1]) & (receiver[1:] == receiver[:-1])).any())


def padded_size(size: int) -> int:
    """The next size of four geometric steps an octave: at most 25 % of padding."""
    if size <= 8:
        return 8
    step = 1 << max((size - 1).bit_length() - 3, 0)
    return -(-size // step) * step


def _indices(
    sender: np.ndarray,
    receiver: np.ndarray,
    offsets: np.ndarray,
    transpose: np.ndarray,
    sender_offsets: np.ndarray,
    row: np.ndarray,
) -> dict[str, Array]:
    named = {
        "sender": sender,
        "receiver": receiver,
        "offsets": offsets,
        "transpose": transpose,
        "sender_offsets": sender_offsets,
        "row": row,
    }
    return {name: to_device(value, np.int32) for name, value in named.items()}
