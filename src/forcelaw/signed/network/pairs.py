"""Pairs of nodes to predict: by name, or by index in `NodeIndices`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from jaxtyping import Int

from forcelaw.errors import InputError
from forcelaw.signed.network.network import SignedNetwork
from forcelaw.signed.network.node_indices import NodeIndices
from forcelaw.signed.network.node_names import node_name


def indices_of(network: SignedNetwork, pairs: Any) -> Int[np.ndarray, "pair 2"]:
    """Node indices of pairs, -1 where the network does not have the node.

    **Arguments:** `pairs`: `NodeIndices`; a network, whose edges are the pairs; or names, a row of
    source and target for each pair: tuples, lists, an array, or a data frame with the columns
    `source` and `target`, or of two columns. Whole numbers are names.

    **Raises** `InputError`: another shape, an index outside the network, or a number that cannot be
    a name.
    """
    if isinstance(pairs, SignedNetwork):
        pairs = pairs.edges if pairs.names == network.names else pairs.named_pairs
    if isinstance(pairs, NodeIndices):
        ends = np.asarray(NodeIndices(pairs))
        if ends.size and not 0 <= ends.min() <= ends.max() < network.n_nodes:
            wrong = ends.min() if ends.min() < 0 else ends.max()
            raise InputError(
                f"found the index {wrong}, expected 0 to {network.n_nodes - 1}; indices are "
                f"positions in the names of {network.name}"
            )
        return ends
    position = {name: i for i, name in enumerate(network.names)}
    rows = _rows(pairs)
    ends = np.full(rows.shape, -1, np.int64)
    for i, row in enumerate(rows.tolist()):
        for k, node in enumerate(row):
            ends[i, k] = position.get(node_name(node), -1)
            if ends[i, k] < 0 and not isinstance(node, str):
                _check_number(network, node)
    return ends


def names_of(network: SignedNetwork, pairs: Any) -> list[tuple[str, str]]:
    """The names of pairs that `indices_of` understands, known or not."""
    if isinstance(pairs, NodeIndices):
        return [(network.names[u], network.names[v]) for u, v in indices_of(network, pairs)]
    return pair_names(pairs)


def pair_names(pairs: Any) -> list[tuple[str, str]]:
    """The names of pairs as `indices_of` understands them, but for positions.

    **Raises** `InputError`: these are no pairs.
    """
    if isinstance(pairs, SignedNetwork):
        return pairs.named_pairs
    return [(node_name(u), node_name(v)) for u, v in _rows(pairs).tolist()]


def known_indices(network: SignedNetwork, pairs: Any) -> Int[np.ndarray, "pair 2"]:
    """`indices_of` pairs of nodes that the network has.

    **Raises** `InputError`: it has not.
    """
    ends = indices_of(network, pairs)
    if (ends < 0).any():
        row = int((ends < 0).any(axis=1).argmax())
        name = names_of(network, pairs)[row][int(ends[row, 0] >= 0)]
        raise InputError(
            f"pairs: row {row} has a node that {network.name} does not have, {name!r}, expected "
            "known nodes; remove it"
        )
    return ends


def known_signs(train: SignedNetwork, pairs: Int[np.ndarray, "pair 2"]) -> Int[np.ndarray, " pair"]:
    """The training sign of each pair, 0 where the pair is no training edge."""
    pairs = pairs.astype(np.int64)
    if not train.directed:
        pairs = np.sort(pairs, axis=1)
    if train.n_edges == 0:
        return np.zeros(len(pairs), np.int8)
    key = train.source.astype(np.int64) * train.n_nodes + train.target
    order = np.argsort(key)
    wanted = pairs[:, 0] * train.n_nodes + pairs[:, 1]
    place = np.minimum(np.searchsorted(key, wanted, sorter=order), len(key) - 1)
    edge = order[place]
    return np.where(key[edge] == wanted, train.sign[edge], 0).astype(np.int8)


def _rows(pairs: Any) -> np.ndarray:
    """Names by row and end, as they were given."""
    if hasattr(pairs, "columns"):
        titles = list(pairs.columns)
        if {"source", "target"} <= set(titles):
            titles = ["source", "target"]
        elif len(titles) != 2:
            raise InputError(
                f"found columns {', '.join(map(str, titles))}, expected source and target; rename "
                "them or choose two"
            )
        columns = [list(pairs[title]) for title in titles]
        rows = list(zip(*columns, strict=True))
    else:
        if not isinstance(pairs, Iterable):
            raise InputError(
                f"pairs: found an object of type {type(pairs).__name__!r}, expected rows of a "
                "source and a target; write one pair as [(source, target)]"
            )
        rows = pairs.tolist() if isinstance(pairs, np.ndarray) else list(pairs)
    sound = all(isinstance(row, (tuple, list, np.ndarray)) and len(row) == 2 for row in rows)
    if not sound:
        found = next(
            row for row in rows if not isinstance(row, (tuple, list, np.ndarray)) or len(row) != 2
        )
        raise InputError(
            f"pairs: found {found!r}, expected a source and a target; write one pair as "
            "[(source, target)]"
        )
    table = np.empty((len(rows), 2), object)
    for i, row in enumerate(rows):
        table[i, 0], table[i, 1] = row
    return table


def _check_number(network: SignedNetwork, node: Any) -> None:
    """A number that is no name of the network may be meant as an index: refused if it must be."""
    numbered = any(name.lstrip("-").isdigit() for name in network.names)
    if numbered and node >= 0:
        return
    raise InputError(
        f"pairs: found {node!r}, expected names of {network.name} such as {network.names[0]!r}; "
        "whole numbers are names, too: positions are given as forcelaw.signed.NodeIndices(pairs)"
    )
