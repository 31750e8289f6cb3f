"""Cycles of three, four and five edges, one of them negative, packed one after the other.

Whoever closes a negative edge by a way of positive ones has a cycle that contradicts a sign. The
fewer edges a cycle takes, the more cycles there is room for: so all of three edges come first, then
those of four, then of five, and within these the negative edges of few neighbours.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from forcelaw.signed.frustration_index.coupled_graph import CoupledGraph

Near = list[dict[int, int]]
"""Of every node the neighbours by positive edges that have weight left, and these edges."""
LOOKS = 256
"""Negative edges between two looks at the clock."""


class ShortPacking(NamedTuple):
    """Cycles, and what they leave."""

    bound: float
    """The sum of their shares."""
    cycles: list[Int[np.ndarray, " member"]]
    left: Float[np.ndarray, " edge"]
    """Of every weight."""


def pack_short_cycles(graph: CoupledGraph, until: float, widest: int) -> ShortPacking:
    """Each cycle has all the weight that its edges have left.

    **Arguments:** `until` on the clock `time.monotonic`; `widest` how many nodes two steps from an
    end are looked at.
    """
    ends, left = graph.ends.tolist(), np.abs(graph.weight).tolist()
    near: Near = [{} for _ in range(graph.nodes)]
    for edge in np.flatnonzero(graph.weight > 0).tolist():
        one, other = ends[edge]
        near[one][other] = near[other][one] = edge
    closing = np.flatnonzero(graph.weight < 0).tolist()
    closing.sort(key=lambda edge: min(len(near[node]) for node in ends[edge]))
    bound, cycles = 0.0, []
    ways: tuple[Callable[[Near, int, int], list[int]], ...] = (
        _two_steps,
        _three_steps,
        lambda near, one, other: _four_steps(near, one, other, widest),
    )
    for way in ways:
        for number, edge in enumerate(closing):
            if number % LOOKS == 0 and time.monotonic() >= until:
                break
            one, other = sorted(ends[edge], key=lambda node: len(near[node]))
            while left[edge] > 0 and (steps := way(near, one, other)):
                share = min(left[edge], *(left[step] for step in steps))
                for step in (edge, *steps):
                    left[step] -= share
                for step in steps:
                    if left[step] <= 0:
                        first, second = ends[step]
                        del near[first][second], near[second][first]
                bound += share
                cycles.append(np.array([edge, *steps]))
    return ShortPacking(bound, cycles, np.maximum(left, 0.0))


def _two_steps(near: Near, one: int, other: int) -> list[int]:
    """The edges of a way between two nodes over a third, of few neighbours; empty without any."""
    common = near[one].keys() & near[other].keys()
    if not common:
        return []
    middle = min(common, key=lambda node: (len(near[node]), node))
    return [near[one][middle], near[other][middle]]


def _three_steps(near: Near, one: int, other: int) -> list[int]:
    """The same over two nodes."""
    for middle in sorted(near[one], key=lambda node: (len(near[node]), node)):
        common = (near[middle].keys() & near[other].keys()) - {one}
        if middle != other and common:
            last = min(common)
            return [near[one][middle], near[middle][last], near[other][last]]
    return []


def _four_steps(near: Near, one: int, other: int, widest: int) -> list[int]:
    """The same over three nodes, the middle one among so many two steps from the first."""
    reached: dict[int, int] = {}
    for first in near[one]:
        if first != other:
            for node in near[first]:
                if node not in (one, other):
                    reached.setdefault(node, first)
        if len(reached) > widest:
            break
    for last in near[other]:
        if last == one:
            continue
        for middle in near[last].keys() & reached.keys():
            first = reached[middle]
            if first != last:
                steps = [near[one][first], near[first][middle], near[middle][last]]
                return [*steps, near[other][last]]
    return []
