"""Whether any assignment costs less than the best one found: asked of HiGHS as an integer program.

Sides are binary variables and every edge has one for being contradicted, bounded from below by the
sides of its ends (Aref & Neal, Detecting coalitions by optimally partitioning signed networks of
political collaboration, Scientific Reports 10, 2020; their XOR model). Unbalanced cycles of the
linear program join as cuts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Int
from scipy import optimize, sparse

from forcelaw.signed.frustration_index.coupled_graph import CoupledGraph


class Answer(NamedTuple):
    """What the integer program tells."""

    bound: float
    """No assignment costs less than this, or than what was asked about."""
    side: Int[np.ndarray, " node"] | None
    """An assignment that costs less than what was asked about, if one was found."""


def improve_or_prove(
    graph: CoupledGraph,
    cycles: Sequence[Int[np.ndarray, " member"]],
    *,
    below: float,
    seconds: float,
) -> Answer:
    """Looks for an assignment whose cost is `below` at most, for some seconds."""
    nodes, edges = graph.nodes, len(graph.weight)
    one, other = graph.ends.T
    friend = np.sign(graph.weight)
    size = np.abs(graph.weight)
    number = np.arange(edges)
    # contradicted >= side_i - friend * side_j, and the same the other way round.
    rows = np.tile(np.concatenate([number, number + edges]), 3)
    columns = np.concatenate([nodes + number] * 2 + [one, one, other, other])
    values = np.concatenate([np.ones(2 * edges), -np.ones(edges), np.ones(edges), friend, -friend])
    links = sparse.csr_array((values, (rows, columns)), shape=(2 * edges, nodes + edges))
    foes = friend < 0
    # Stubs of SciPy know numbers as bounds alone, not arrays.
    at_least: Any = np.concatenate([np.where(foes, -1.0, 0.0), np.where(foes, 1.0, 0.0)])
    constraints = [optimize.LinearConstraint(links, at_least, np.inf)]
    if cycles:
        row = np.repeat(np.arange(len(cycles)), [len(cycle) for cycle in cycles])
        entries = (np.ones(len(row)), (row, nodes + np.concatenate(cycles)))
        through = sparse.csr_array(entries, shape=(len(cycles), nodes + edges))
        constraints.append(optimize.LinearConstraint(through, 1.0, np.inf))
    cost = np.concatenate([np.zeros(nodes), size])
    constraints.append(optimize.LinearConstraint(cost[None, :], -np.inf, below))
    upper: Any = np.ones(nodes + edges)
    # Both sides exchanged cost the same: the node of most edges stays.
    upper[np.bincount(graph.ends.ravel(), minlength=nodes).argmax()] = 0.0
    solution = optimize.milp(
        cost,
        integrality=np.concatenate([np.ones(nodes), np.zeros(edges)]),
        bounds=optimize.Bounds(0, upper),
        constraints=constraints,
        options={"time_limit": max(seconds, 0.1), "mip_rel_gap": 0.0},
    )
    if solution.status == 2:
        return Answer(np.inf, None)
    bound = solution.mip_dual_bound
    side = None if solution.x is None else np.where(solution.x[:nodes] > 0.5, -1, 1)
    return Answer(-np.inf if bound is None else float(bound), side)
