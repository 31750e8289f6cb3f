"""The fewest signs that any number of groups contradicts, between bounds."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from forcelaw.errors import InvalidSetting
from forcelaw.files import many
from forcelaw.signed.frustration_index import (
    FRUSTRATION_SETTINGS,
    Bounds,
    CoupledGraph,
    clusters,
    pack_cycles,
)
from forcelaw.signed.grouping.one_enemy_cycles import short_one_enemy_cycles
from forcelaw.signed.grouping.potts import anneal_groups
from forcelaw.signed.grouping.settings import GROUPING_SETTINGS, GroupingSettings
from forcelaw.signed.network import SignedNetwork, check_network
from forcelaw.signed.settings import SECONDS, SignedSettings
from forcelaw.storage import ParsedObject
from forcelaw.storage.settings import check_arguments
from forcelaw.training.reporting import SILENT, Reporter


@dataclass(frozen=True, eq=False, repr=False)
class GeneralisedFrustration(Bounds):
    """The fewest signs that groups contradict, however many there are.

    **Attributes:**

    - `lower`: no groups contradict fewer.
    - `upper`: those in `group` contradict so many.
    - `group`: of every node, from 0 `[node]`.
    """

    group: Int[np.ndarray, " node"]

    @property
    def groups(self) -> int:
        """How many groups contradict so few signs."""
        return len(np.unique(self.group))

    def to_json(self) -> ParsedObject:
        """`lower`, `upper`, `exact` and `groups`."""
        return {**super().to_json(), "groups": self.groups}

    def __repr__(self) -> str:
        return f"<GeneralisedFrustration {self}, {many(self.groups, 'group')}>"


def generalised_frustration(
    network: SignedNetwork,
    *,
    seconds: float = SECONDS,
    seed: int = 0,
    settings: GroupingSettings = GROUPING_SETTINGS,
    reporter: Reporter = SILENT,
) -> GeneralisedFrustration:
    """The line index of generalised balance (Doreian & Mrvar, Social Networks 18(2), 1996).

    Groups are found by annealing. The bound is the linear program over cycles with exactly one
    negative edge, each of which any groups contradict.

    **Arguments:** `seconds` for the bound; directions do not count.

    **Raises** `InvalidSetting`: seconds below 0.
    """
    check_network("generalised_frustration", network)
    check_arguments(SignedSettings, seed=seed)
    if not seconds >= 0:
        raise InvalidSetting(f"seconds: found {seconds}, expected 0 or more; change it")
    pairs = network.pairs()
    together = clusters(pairs)
    if together is not None:
        return GeneralisedFrustration(0, 0, together)
    until = time.monotonic() + seconds
    random = np.random.default_rng(seed)
    graph = CoupledGraph.of(pairs)
    tried = [
        _annealed(graph, groups, settings.work, settings.sweeps, random, settings)
        for groups in settings.generalised
    ]
    best = min(tried, key=lambda group: contradicted_by_groups(graph, group))
    upper = round(contradicted_by_groups(graph, best))
    rounding = FRUSTRATION_SETTINGS.rounding
    with reporter.progress("generalised frustration") as progress:
        packing = pack_cycles(
            graph,
            short_one_enemy_cycles,
            enough=upper - 1 + 2 * rounding,
            until=until,
            random=random,
            settings=FRUSTRATION_SETTINGS,
            told=lambda bound: progress.update(bound, upper, lower=bound, upper=upper),
        )
    return GeneralisedFrustration(min(math.ceil(packing.bound - rounding), upper), upper, best)


def quick_generalised_frustration(
    graph: CoupledGraph,
    *,
    random: np.random.Generator,
    settings: GroupingSettings = GROUPING_SETTINGS,
) -> int:
    """What groups of a short search contradict, to compare networks with each other."""
    work, sweeps = settings.short_work, settings.short_sweeps
    group = _annealed(graph, settings.short_groups, work, sweeps, random, settings)
    return round(contradicted_by_groups(graph, group))


def contradicted_by_groups(graph: CoupledGraph, group: Int[np.ndarray, " node"]) -> float:
    """The weight of friends apart and enemies together."""
    inside = group[graph.ends[:, 0]] == group[graph.ends[:, 1]]
    return float(np.abs(graph.weight)[inside != (graph.weight > 0)].sum())


def _annealed(
    graph: CoupledGraph,
    groups: int,
    work: float,
    sweeps: int,
    random: np.random.Generator,
    settings: GroupingSettings,
) -> Int[np.ndarray, " node"]:
    """The best of several assignments that are cooled together."""
    affordable = int(work / (2 * len(graph.weight) * groups * sweeps))
    replicas = min(max(affordable, 1), settings.replicas)
    return anneal_groups(graph, groups, replicas=replicas, sweeps=sweeps, random=random)[0]
