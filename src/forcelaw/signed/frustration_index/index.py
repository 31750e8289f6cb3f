"""The frustration index: how few signs two groups must contradict, proven or between bounds."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int

from forcelaw.errors import InvalidSetting
from forcelaw.signed.frustration_index.annealing import anneal
from forcelaw.signed.frustration_index.bounds import Bounds
from forcelaw.signed.frustration_index.branch_and_bound import improve_or_prove
from forcelaw.signed.frustration_index.coupled_graph import CoupledGraph
from forcelaw.signed.frustration_index.cycle_packing import pack_cycles
from forcelaw.signed.frustration_index.reduction import Reduction, reduce_graph
from forcelaw.signed.frustration_index.settings import FRUSTRATION_SETTINGS, FrustrationSettings
from forcelaw.signed.frustration_index.strict_balance import balanced_sides
from forcelaw.signed.frustration_index.violated_cycles import short_unbalanced_cycles
from forcelaw.signed.network import SignedNetwork, check_network
from forcelaw.signed.settings import SECONDS, SignedSettings
from forcelaw.storage.settings import check_arguments
from forcelaw.training.reporting import SILENT, Progress, Reporter


@dataclass(frozen=True, eq=False, repr=False)
class Frustration(Bounds):
    """The fewest signs that any two groups contradict: friends apart, enemies together.

    **Attributes:**

    - `lower`: no two groups contradict fewer.
    - `upper`: the groups in `side` contradict so many.
    - `side`: +1 or -1 of every node `[node]`.
    """

    side: Int[np.ndarray, " node"]

    def __repr__(self) -> str:
        return f"<Frustration {self}>"


def frustration(
    network: SignedNetwork,
    *,
    seconds: float = SECONDS,
    seed: int = 0,
    settings: FrustrationSettings = FRUSTRATION_SETTINGS,
    reporter: Reporter = SILENT,
) -> Frustration:
    """The frustration index of the unordered pairs (Harary, Behavioral Science 4(4), 1959).

    Nodes whose group follows from those of others go first, groups are then searched for by
    annealing, and a linear program over unbalanced cycles bounds from below what any groups must
    contradict. Where that leaves a gap, branch and bound goes on as long as there is time.

    **Arguments:** `seconds` for the proof; the search for groups is finished in any case.

    **Raises** `InvalidSetting`: seconds below 0.
    """
    check_network("frustration", network)
    check_arguments(SignedSettings, seed=seed)
    if not seconds >= 0:
        raise InvalidSetting(f"seconds: found {seconds}, expected 0 or more; change it")
    until = time.monotonic() + seconds
    random = np.random.default_rng(seed)
    balanced = balanced_sides(network.pairs())
    if balanced is not None:
        return Frustration(0, 0, balanced)
    graph = CoupledGraph.of(network)
    reduction = reduce_graph(graph)
    side = _search(reduction.graph, settings.work, settings.sweeps, random, settings)
    with reporter.progress("frustration") as progress:
        lower, side = _prove(reduction, side, until, random, settings, progress)
    full = reduction.restore(side)
    return Frustration(lower, round(graph.cost(full)), full)


def quick_frustration(
    graph: CoupledGraph,
    *,
    random: np.random.Generator,
    settings: FrustrationSettings = FRUSTRATION_SETTINGS,
) -> int:
    """What the best groups of a short search contradict, to compare networks with each other."""
    reduction = reduce_graph(graph)
    side = _search(reduction.graph, settings.short_work, settings.short_sweeps, random, settings)
    return round(reduction.graph.cost(side) + reduction.constant)


def contradicted(
    network: SignedNetwork, side: Int[np.ndarray, " node"]
) -> Bool[np.ndarray, " edge"]:
    """Which edges run against the groups: friends apart or enemies together."""
    return side[network.source] * side[network.target] * network.sign < 0


def _search(
    graph: CoupledGraph,
    work: float,
    sweeps: int,
    random: np.random.Generator,
    settings: FrustrationSettings,
) -> Int[np.ndarray, " node"]:
    """The best assignment of several that are cooled together."""
    affordable = int(work / (2 * max(len(graph.weight), 1) * sweeps))
    replicas = min(max(affordable, settings.fewest_replicas), settings.replicas)
    return anneal(graph, replicas=replicas, sweeps=sweeps, random=random)[0]


def _prove(
    reduction: Reduction,
    side: Int[np.ndarray, " kept"],
    until: float,
    random: np.random.Generator,
    settings: FrustrationSettings,
    progress: Progress,
) -> tuple[int, Int[np.ndarray, " kept"]]:
    """A lower bound of all groups, in whole signs, and an assignment as good or better."""
    graph, constant = reduction.graph, reduction.constant
    least = math.ceil(constant - settings.rounding)
    upper = round(graph.cost(side) + constant)
    if upper == least:
        return upper, side

    def whole(bound: float) -> int:
        return math.ceil(min(max(constant + bound - settings.rounding, least), upper))

    # With few negative edges cycles are found in fewer steps; which are unbalanced is the same.
    ends = side[graph.ends]
    switched = graph._replace(weight=graph.weight * ends.prod(axis=1))
    packing = pack_cycles(
        switched,
        short_unbalanced_cycles,
        enough=upper - constant - 1 + 2 * settings.rounding,
        until=until,
        random=random,
        settings=settings,
        told=lambda bound: progress.update(whole(bound), upper, lower=whole(bound), upper=upper),
    )
    lower = whole(packing.bound)
    while lower < upper and graph.nodes <= settings.proof_nodes and time.monotonic() < until:
        answer = improve_or_prove(
            graph,
            packing.cycles,
            below=upper - constant - 1 + settings.rounding,
            seconds=until - time.monotonic(),
        )
        lower = whole(max(packing.bound, answer.bound))
        if answer.side is None:
            break
        side = answer.side
        upper = round(graph.cost(side) + constant)
        lower = whole(max(packing.bound, answer.bound))
    return lower, side
