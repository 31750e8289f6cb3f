"""Factions of a signed network: friends within, enemies between, and how many there are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from forcelaw.errors import InvalidSetting, check_type
from forcelaw.signed.frustration_index import CoupledGraph
from forcelaw.signed.grouping.belief import Beliefs, evidence_of_one, settle
from forcelaw.signed.grouping.potts import anneal_groups, descend_groups
from forcelaw.signed.grouping.result import Factions
from forcelaw.signed.grouping.settings import GROUPING_SETTINGS, GroupingSettings
from forcelaw.signed.network import SignedNetwork, check_edges, check_network
from forcelaw.signed.settings import SignedSettings
from forcelaw.storage.settings import check_arguments
from forcelaw.training.reporting import SILENT, Reporter


class _Tried(NamedTuple):
    """One number of factions."""

    groups: int
    evidence: float
    probability: Float[np.ndarray, "node group"]


def factions(
    network: SignedNetwork,
    k: int | None = None,
    *,
    seed: int = 0,
    settings: GroupingSettings = GROUPING_SETTINGS,
    reporter: Reporter = SILENT,
) -> Factions:
    """Groups of the nodes that contradict few signs, as many as the signs give evidence for.

    For every number of groups annealing finds groups of little frustration. From these on
    beliefs about each node are passed along the edges until they settle, with what groups of that
    number explain of the signs; noise that annealing has taken for groups goes in this. The number
    of most evidence is taken, every node goes to its most probable group, and nodes move on as long
    as fewer signs are contradicted. Directions do not count.

    **Arguments:** `k` the number of factions, by default found.

    **Raises** `NotEnoughData` for a network without edges, `InvalidSetting` for a number of
    factions that it cannot have.
    """
    check_network("factions", network)
    check_arguments(SignedSettings, seed=seed)
    check_edges(network)
    pairs = network.pairs()
    if k is not None:
        _check_number(network, pairs, k, settings)
    graph = CoupledGraph.of(pairs)
    random = np.random.default_rng(seed)
    if k is None:
        best, evidence = _find_number(pairs, graph, random, settings, reporter)
    else:
        best = _try(pairs, graph, k, random, settings)
        evidence = {k: best.evidence}
    group = descend_groups(graph, best.probability.argmax(axis=1), best.groups)
    if k is not None:
        group = _fill(graph, group, k)
    return Factions.of(network, pairs, group, best.probability, evidence)


def _find_number(
    pairs: SignedNetwork,
    graph: CoupledGraph,
    random: np.random.Generator,
    settings: GroupingSettings,
    reporter: Reporter,
) -> tuple[_Tried, dict[int, float]]:
    """The number of groups of most evidence, and the evidence of each that was tried."""
    best = _one(pairs)
    evidence = {1: best.evidence}
    most = min(settings.most, pairs.n_nodes)
    with reporter.progress("factions") as progress:
        for groups in range(2, most + 1):
            tried = _try(pairs, graph, groups, random, settings)
            evidence[groups] = tried.evidence
            if tried.evidence > best.evidence:
                best = tried
            progress.update(groups, most, best=best.groups)
            if groups >= max(best.groups, 2) + settings.patience:
                break
    return best, evidence


def _try(
    pairs: SignedNetwork,
    graph: CoupledGraph,
    groups: int,
    random: np.random.Generator,
    settings: GroupingSettings,
) -> _Tried:
    """Groups of that number by annealing, then by belief."""
    if groups == 1:
        return _one(pairs)
    visits = settings.work / (2 * pairs.n_edges * groups)
    sweeps = int(min(max(visits, settings.fewest_sweeps), settings.sweeps))
    replicas = int(min(max(visits / sweeps, 1), settings.replicas))
    found = anneal_groups(graph, groups, replicas=replicas, sweeps=sweeps, random=random)
    beliefs: Beliefs = settle(pairs, found[0], groups, settings)
    return _Tried(groups, beliefs.evidence, beliefs.probability)


def _one(pairs: SignedNetwork) -> _Tried:
    return _Tried(1, evidence_of_one(pairs), np.ones((pairs.n_nodes, 1), np.float32))


def _fill(
    graph: CoupledGraph, group: Int[np.ndarray, " node"], groups: int
) -> Int[np.ndarray, " node"]:
    """The groups with none empty: nodes that cost least go there, one by one."""
    group = group.copy()
    first, second = graph.ends.T
    for empty in np.flatnonzero(np.bincount(group, minlength=groups) == 0):
        inner = np.where(group[first] == group[second], graph.weight, 0.0)
        cost = np.bincount(first, inner, graph.nodes) + np.bincount(second, inner, graph.nodes)
        # The last node of a group stays.
        cost[np.bincount(group, minlength=groups)[group] == 1] = np.inf
        group[cost.argmin()] = empty
    return group


def _check_number(
    network: SignedNetwork, pairs: SignedNetwork, k: int, settings: GroupingSettings
) -> None:
    """**Raises** `InvalidSetting`: no whole number, or not so many nodes or so much memory."""
    check_type("k", k, int, np.integer, then="give the number of factions")
    if isinstance(k, bool) or not 1 <= k <= network.n_nodes:
        raise InvalidSetting(
            f"k: found {k}, expected 1 to {network.n_nodes:,}, the nodes of {network.name}; "
            "change it"
        )
    most = settings.entries // (2 * pairs.n_edges + settings.replicas * pairs.n_nodes)
    if k > max(most, 2):
        raise InvalidSetting(
            f"k: found {k:,}, expected {max(most, 2):,} at most in a network of this size; "
            "change it"
        )
