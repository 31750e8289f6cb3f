"""Edges as rows: counted, chosen, and which of them hang together, directions ignored."""

from __future__ import annotations

import abc
from typing import Any, Self

import numpy as np
from jaxtyping import Bool, Int
from scipy import sparse

from forcelaw.errors import InvalidSetting
from forcelaw.signed.network.node_indices import NodeIndices


class EdgeRows(abc.ABC):
    """What follows from the ends of edges alone.

    For scikit-learn the edges are the samples: `shape` says how many there are, and `network[rows]`
    is the network of the same nodes with these edges, in this order.
    """

    names: tuple[str, ...]
    source: Int[np.ndarray, " edge"]
    target: Int[np.ndarray, " edge"]
    directed: bool
    __iter__ = None
    """There is no loop over edges: `edges`, `named_pairs` and `to_pandas` list them."""

    @abc.abstractmethod
    def subset(self, mask: Any) -> Self:
        """The same nodes with the chosen edges."""

    def __getitem__(self, rows: Any) -> Self:
        """The same nodes with the edges of a mask, of indices in any order, or of a slice.

        **Raises** `InvalidSetting`: a single row, or an edge twice.
        """
        if isinstance(rows, tuple) and len(rows) == 2 and rows[1] is Ellipsis:
            rows = rows[0]
        chosen = np.arange(self.n_edges)[rows]
        if np.ndim(chosen) != 1 or len(np.unique(chosen)) != len(chosen):
            found = "one row" if np.ndim(chosen) == 0 else "rows twice, or a table of them"
            raise InvalidSetting(
                f"found {found}, expected a mask, a slice or indices of different edges; a network "
                "has every edge once"
            )
        return self.subset(chosen)

    @property
    def shape(self) -> tuple[int, int]:
        """The number of edges, and 2 for their ends."""
        return self.n_edges, 2

    @property
    def n_nodes(self) -> int:
        """How many nodes there are, those without edges as well."""
        return len(self.names)

    @property
    def n_edges(self) -> int:
        """How many edges there are, pairs of unknown sign not counted."""
        return len(self.source)

    @property
    def edges(self) -> NodeIndices:
        """Source and target of every edge `[edge, 2]`, int32."""
        return NodeIndices(np.stack([self.source, self.target], axis=1))

    @property
    def named_pairs(self) -> list[tuple[str, str]]:
        """Source and target of every edge by name."""
        ends = zip(self.source.tolist(), self.target.tolist(), strict=True)
        return [(self.names[u], self.names[v]) for u, v in ends]

    @property
    def degree(self) -> Int[np.ndarray, " node"]:
        """Edges that touch a node, in either direction; pairs of unknown sign not counted."""
        ends = np.concatenate([self.source, self.target])
        return np.bincount(ends, minlength=self.n_nodes)

    @property
    def out_degree(self) -> Int[np.ndarray, " node"]:
        """Edges that leave a node; in an undirected network the degree."""
        ends = np.bincount(self.source, minlength=self.n_nodes)
        return ends if self.directed else self.degree

    @property
    def in_degree(self) -> Int[np.ndarray, " node"]:
        """Edges that arrive at a node; in an undirected network the degree."""
        ends = np.bincount(self.target, minlength=self.n_nodes)
        return ends if self.directed else self.degree


def in_largest_component(edges: Int[np.ndarray, "edge 2"], nodes: int) -> Bool[np.ndarray, " node"]:
    """Which of the `nodes` are in the largest weakly connected component.

    The one with the lowest index where several are as large.
    """
    ones = np.ones(len(edges), np.int8)
    adjacency = sparse.coo_array((ones, (edges[:, 0], edges[:, 1])), shape=(nodes, nodes))
    _, label = sparse.csgraph.connected_components(adjacency, directed=False)
    return label == np.bincount(label).argmax()
