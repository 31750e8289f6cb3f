"""What every assignment must cost: unbalanced cycles, each of which contradicts some sign.

Give every unbalanced cycle a share such that the shares of the cycles through an edge sum to no
more than its weight: the sum of all shares is a lower bound of the cost. The largest such bound is
a linear program; its dual asks for a length of every edge such that no unbalanced cycle is shorter
than 1. It is solved with some of the cycles, and those that turn out too short join (Grötschel &
Nemhauser, A polynomial algorithm for the max-cut problem on graphs without long odd cycles,
Mathematical Programming 29, 1984). On social networks the bound mostly is the frustration itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from jaxtyping import Float, Int
from scipy import optimize, sparse

from forcelaw.signed.frustration_index.coupled_graph import CoupledGraph
from forcelaw.signed.frustration_index.settings import FrustrationSettings
from forcelaw.signed.frustration_index.short_packing import pack_short_cycles


class FindCycles(Protocol):
    """Finds cycles of one kind, each of which contradicts some sign."""

    def __call__(
        self,
        graph: CoupledGraph,
        length: Float[np.ndarray, " edge"],
        *,
        shorter: float,
        most: int,
        random: np.random.Generator,
    ) -> list[Int[np.ndarray, " member"]]:
        """The edges of cycles that are shorter than asked; empty only where there are none."""
        ...


class Packing(NamedTuple):
    """A lower bound of the cost, and cycles that prove it, or one near it."""

    bound: float
    cycles: tuple[Int[np.ndarray, " member"], ...]
    """Edges of unbalanced cycles."""


class _Solved(NamedTuple):
    bound: float
    length: Float[np.ndarray, " edge"]
    slack: Float[np.ndarray, " cycle"]


def pack_cycles(
    graph: CoupledGraph,
    find: FindCycles,
    *,
    enough: float,
    until: float,
    random: np.random.Generator,
    settings: FrustrationSettings,
    told: Callable[[float], None],
) -> Packing:
    """The best bound that is found in the time.

    **Arguments:** `find` what finds cycles; `enough` is a bound that needs no improvement; `until`
    on the clock `time.monotonic`; `told` of every better bound.
    """
    best = pack_greedily(graph, find, until, random, settings)
    told(best.bound)
    cycles, bound = list(best.cycles), best.bound
    while bound < enough and cycles and time.monotonic() < until:
        solved = _solve(graph, cycles, until - time.monotonic())
        if solved is None:
            break
        if solved.bound > bound:
            bound = solved.bound
            told(bound)
        if bound >= enough:
            break
        new = find(
            graph,
            solved.length,
            shorter=1 - settings.shorter,
            most=settings.cycles_a_round,
            random=random,
        )
        if not new:
            break
        cycles = [c for c, s in zip(cycles, solved.slack, strict=True) if s <= settings.slack]
        cycles += new
    return Packing(bound, tuple(cycles))


def pack_greedily(
    graph: CoupledGraph,
    find: FindCycles,
    until: float,
    random: np.random.Generator,
    settings: FrustrationSettings,
) -> Packing:
    """Cycles, short ones first, each with all the weight that its edges have left."""
    bound, kept, left = pack_short_cycles(graph, until, settings.widest)
    while True:
        found = find(
            graph,
            np.where(left > 0, 0.0, 2.0),
            shorter=1.0,
            most=settings.cycles_a_round,
            random=random,
        )
        found.sort(key=len)
        gained = 0.0
        for cycle in found:
            share = float(left[cycle].min())
            if share > 0:
                left[cycle] -= share
                gained += share
                kept.append(cycle)
        bound += gained
        if not gained or time.monotonic() >= until:
            return Packing(bound, tuple(kept))


def _solve(graph: CoupledGraph, cycles: Sequence[np.ndarray], seconds: float) -> _Solved | None:
    """Lengths that make every cycle at least 1 long; None if there was no time for them.

    The bound is what the shares of the cycles sum to after all have been made so small that they
    keep to the weights, whatever the solver's tolerances.
    """
    counts = [len(cycle) for cycle in cycles]
    used, column = np.unique(np.concatenate(cycles), return_inverse=True)
    row = np.repeat(np.arange(len(cycles)), counts)
    shape = (len(cycles), len(used))
    through = sparse.csr_array((np.ones(len(row)), (row, column)), shape=shape)
    weight = np.abs(graph.weight[used])
    solution = optimize.linprog(
        weight,
        A_ub=-through,
        b_ub=-np.ones(len(cycles)),
        bounds=(0, None),
        method="highs-ds",
        options={"time_limit": max(seconds, 0.1)},
    )
    if solution.status != 0:
        return None
    share = np.maximum(-solution.ineqlin.marginals, 0.0)
    load = (through.T @ share) / weight
    length = np.zeros(len(graph.weight))
    length[used] = solution.x
    bound = float(share.sum() / max(1.0, load.max()))
    return _Solved(bound, length, through @ solution.x - 1)
