"""Several groups that contradict few signs: many assignments cooled at once, node by node."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from forcelaw.signed.frustration_index import CoupledGraph, colour_classes


def anneal_groups(
    graph: CoupledGraph,
    groups: int,
    *,
    replicas: int,
    sweeps: int,
    random: np.random.Generator,
) -> Int[np.ndarray, "replica node"]:
    """Groups from 0 of every replica, the best first; no move of a single node would improve any.

    As `anneal`, with a group in place of a side: an edge within a group counts its weight, one
    between groups nothing.
    """
    single = sparse.csr_array(graph.matrix(), dtype=np.float32)
    rows = [(nodes, sparse.csr_array(single[nodes])) for nodes in colour_classes(single)]
    member = np.zeros((graph.nodes, replicas, groups), np.float32)
    _join(member, np.arange(graph.nodes), random.integers(groups, size=(graph.nodes, replicas)))
    hottest = float(np.sqrt((single.data**2).sum() / graph.nodes)) / 2
    for temperature in np.linspace(hottest, 0.0, sweeps, endpoint=False):
        for nodes, part in rows:
            pull = _pull(part, member) / np.float32(temperature)
            drawn = random.random(pull.shape, np.float32)
            noise = -np.log(-np.log(np.maximum(drawn, np.float32(1e-30))))
            _join(member, nodes, (pull + noise).argmax(axis=2))
    _descend(rows, member)
    found = member.argmax(axis=2).T
    first, second = graph.ends.T
    gain = [float(graph.weight[group[first] == group[second]].sum()) for group in found]
    return found[np.argsort(gain, kind="stable")[::-1]]


def descend_groups(
    graph: CoupledGraph, group: Int[np.ndarray, " node"], groups: int
) -> Int[np.ndarray, " node"]:
    """The groups after every node has moved to where its edges want it, till none moves."""
    single = sparse.csr_array(graph.matrix(), dtype=np.float32)
    rows = [(nodes, sparse.csr_array(single[nodes])) for nodes in colour_classes(single)]
    member = np.zeros((graph.nodes, 1, groups), np.float32)
    _join(member, np.arange(graph.nodes), group[:, None])
    _descend(rows, member)
    return member[:, 0].argmax(axis=1)


def _pull(
    part: sparse.csr_array, member: Float[np.ndarray, "node replica group"]
) -> Float[np.ndarray, "row replica group"]:
    flat = member.reshape(len(member), -1)
    return (part @ flat).reshape(-1, *member.shape[1:])


def _join(
    member: Float[np.ndarray, "node replica group"],
    nodes: Int[np.ndarray, " row"],
    group: Int[np.ndarray, "row replica"],
) -> None:
    """Moves nodes, in place."""
    member[nodes] = 0
    member[nodes[:, None], np.arange(group.shape[1])[None, :], group] = 1


def _descend(
    rows: list[tuple[Int[np.ndarray, " row"], sparse.csr_array]],
    member: Float[np.ndarray, "node replica group"],
) -> None:
    """Moves nodes, in place, as long as that lowers the cost."""
    moved = True
    while moved:
        moved = False
        for nodes, part in rows:
            pull = _pull(part, member)
            now = (pull * member[nodes]).sum(axis=2)
            if (pull.max(axis=2) > now).any():
                moved = True
                best = np.where(
                    pull.max(axis=2) > now, pull.argmax(axis=2), member[nodes].argmax(axis=2)
                )
                _join(member, nodes, best)
