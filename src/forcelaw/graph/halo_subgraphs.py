"""A partitioned graph as subgraphs of one shape, each with a halo of its neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Int, Num

from forcelaw.graph.padded_graph import Graph, padded_size


class Subgraphs(eqx.Module):
    """The parts of a graph, padded to one shape and stacked on a leading axis.

    A part holds its *core*, the nodes assigned to it, and its *halo*, the nodes within `halo`
    edges of the core, with every edge that has an end within `halo - 1` edges of the core: an
    edge that the partition cuts is in both parts. Every node is core of exactly one part; every
    edge is owned by the part of its receiver, every pair by the part of its first end. A part
    gives the core, after `k` steps of one acceleration each, exactly the states of the whole
    graph while `k <= halo`, and the owned pairs while `k < halo`. Later steps see a halo that
    moves under a share of its forces.

    Nodes and edges keep their order, so that sums are taken in the same order as before.
    """

    graph: Graph
    """Arrays `[part, ...]`; `row` is the edge of the whole graph, -1 for padding."""
    node: Int[Array, "*part node"]
    """Node of the whole graph that each node stands for, ascending; -1 for padding."""
    core: Bool[Array, "*part node"]

    @property
    def parts(self) -> int:
        """Number of parts (static); of the stacked subgraphs, not of one `part`."""
        return self.node.shape[0]

    def part(self, index: Int[Array, ""] | int) -> Subgraphs:
        """One part alone, without the leading axis; `index` may be traced."""
        return jax.tree.map(lambda leaf: leaf[index], self)

    def at_nodes(
        self, values: Num[Array, "whole *feature"], fill: float | int = 0
    ) -> Num[Array, "*part node *feature"]:
        """The values that nodes have in the whole graph; `fill` for padding."""
        return _take(values, self.node, fill)

    def at_edges(
        self, values: Num[Array, "whole *feature"], fill: float | int = 0
    ) -> Num[Array, "*part edge *feature"]:
        """The values that edges have in the whole graph, in its order; `fill` for padding."""
        return _take(values, self.graph.row, fill)

    @property
    def owned_edges(self) -> Bool[Array, "*part edge"]:
        """The edges whose receiver is in the core: every real edge in one part exactly."""
        core = jnp.take_along_axis(self.core, self.graph.receiver, axis=-1)
        return core & self.graph.edge_mask

    def owned_pairs(
        self, pairs: Int[np.ndarray, "pair 2"]
    ) -> tuple[Int[np.ndarray, " pair"], Int[np.ndarray, "pair 2"]]:
        """The part that owns each pair of nodes of the whole graph, and its ends there.

        **Raises** `ValueError` naming the first pair that its part does not hold both ends of:
        only pairs within `halo` edges of each other are sure to be held.
        """
        node, core = np.asarray(self.node), np.asarray(self.core)
        whole = int(node.max()) + 1
        if pairs.size and not 0 <= pairs.min() <= pairs.max() < whole:
            raise ValueError(
                f"pairs have nodes {pairs.min()} to {pairs.max()}, known: 0 to {whole - 1}"
            )
        owner = np.empty(whole, np.int64)
        owner[node[core]] = np.nonzero(core)[0]
        part = owner[pairs[:, 0]]
        at_part, at_local = np.nonzero(node >= 0)
        known = at_part * whole + node[at_part, at_local]
        wanted = part[:, None] * whole + pairs
        place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        missing = np.flatnonzero((known[place] != wanted).any(axis=1))
        if missing.size:
            first = missing[0]
            raise ValueError(
                f"pair {tuple(pairs[first].tolist())} is too far apart: part {part[first]}, which "
                "owns it, does not hold its second end; take a deeper halo"
            )
        return part, at_local[place]


def subgraphs(graph: Graph, assignment: Int[np.ndarray, " node"], *, halo: int = 1) -> Subgraphs:
    """The parts of `graph` with their halos, at one shape of bucketed size.

    **Arguments:** `assignment [node]` the part of every node, as `partition` gives it (padding
    nodes, negative, belong to none); `halo` the number of edges between core and the farthest
    nodes that come along.

    **Raises** `ValueError` for an assignment that does not fit the graph.
    """
    if halo < 1:
        raise ValueError(f"halo is {halo}, expected at least 1: an edge needs both its ends")
    if len(assignment) != graph.nodes or (assignment[np.asarray(graph.node_mask)] < 0).any():
        raise ValueError(f"assignment must name a part for each of the {graph.nodes} nodes")
    sender, receiver = np.asarray(graph.sender), np.asarray(graph.receiver)
    edge = np.flatnonzero(np.asarray(graph.edge_mask))
    # The edges of a complete graph are in another order.
    edge = edge[np.lexsort((sender[edge], receiver[edge]))]
    sender, receiver = sender[edge], receiver[edge]
    cores = [assignment == part for part in range(int(assignment.max()) + 1)]
    found = [_with_halo(core, sender, receiver, halo) for core in cores]
    # One more node than needed, for padding edges to hang on.
    nodes = padded_size(max(int(inside.sum()) for inside, _ in found) + 1)
    edges = padded_size(max(int(kept.sum()) for _, kept in found))
    return _stack(
        [
            _local(
                graph.symmetric,
                core,
                inside,
                edge[kept],
                sender[kept],
                receiver[kept],
                nodes,
                edges,
            )
            for core, (inside, kept) in zip(cores, found, strict=True)
        ]
    )


def rows_of_parts(
    part: Int[np.ndarray, " row"], parts: int, *, size: int | None = None
) -> Int[np.ndarray, "part size"]:
    """The rows of every part, padded with -1 to `size` or else to the longest."""
    order = np.argsort(part, kind="stable")
    number = np.bincount(part, minlength=parts)
    size = max(int(number.max(initial=0)), 1) if size is None else size
    rows = np.full((parts, size), -1)
    place = np.arange(len(part)) - np.repeat(np.cumsum(number) - number, number)
    rows[part[order], place] = order
    return rows


# Compiled as one: eagerly, every shape would leave half a dozen small programs behind.
@jax.jit
def _take(values, index, fill):
    here = index >= 0
    taken = values[jnp.maximum(index, 0)]
    here = here.reshape(*here.shape, *[1] * (taken.ndim - here.ndim))
    return jnp.where(here, taken, jnp.asarray(fill, taken.dtype))


def _with_halo(
    core: np.ndarray, sender: np.ndarray, receiver: np.ndarray, halo: int
) -> tuple[np.ndarray, np.ndarray]:
    """Masks of the nodes and edges of the part with that core."""
    inside, kept = core.copy(), np.zeros(len(sender), bool)
    for _ in range(halo):
        kept = inside[sender] | inside[receiver]
        inside[sender[kept]] = True
        inside[receiver[kept]] = True
    return inside, kept


def _local(
    symmetric: bool,
    core: np.ndarray,
    inside: np.ndarray,
    row: np.ndarray,
    sender: np.ndarray,
    receiver: np.ndarray,
    nodes: int,
    edges: int,
) -> Subgraphs:
    """One part in its own numbers."""
    node = np.flatnonzero(inside)
    number = np.empty(len(inside), np.int64)
    number[node] = np.arange(len(node))
    sender, receiver = (
        np.pad(number[end], (0, edges - len(row)), constant_values=nodes - 1)
        for end in (sender, receiver)
    )
    transpose = np.lexsort((receiver, sender))
    every = np.arange(nodes + 1)
    integer = lambda values: jnp.asarray(values, jnp.int32)  # noqa: E731
    graph = Graph(
        sender=integer(sender),
        receiver=integer(receiver),
        offsets=integer(np.searchsorted(receiver, every)),
        transpose=integer(transpose),
        sender_offsets=integer(np.searchsorted(sender[transpose], every)),
        row=integer(np.pad(row, (0, edges - len(row)), constant_values=-1)),
        node_mask=jnp.asarray(every[:-1] < len(node)),
        edge_mask=jnp.asarray(np.arange(edges) < len(row)),
        symmetric=symmetric,
        complete=False,
    )
    padding = nodes - len(node)
    return Subgraphs(
        graph,
        integer(np.pad(node, (0, padding), constant_values=-1)),
        jnp.asarray(np.pad(core[node], (0, padding))),
    )


def _stack(parts: Sequence[Subgraphs]) -> Subgraphs:
    return jax.tree.map(lambda *leaves: jnp.asarray(np.stack(leaves)), *parts)
