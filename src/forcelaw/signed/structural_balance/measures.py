"""How balanced a network is, by every usual measure, each beside networks of shuffled signs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np
from jaxtyping import Int
from scipy import sparse

from forcelaw.signed.frustration_index import (
    CoupledGraph,
    balanced_sides,
    clusters,
    frustration,
    quick_frustration,
)
from forcelaw.signed.grouping import generalised_frustration, quick_generalised_frustration
from forcelaw.signed.network import SignedNetwork, check_edges, check_network
from forcelaw.signed.settings import SECONDS, SignedSettings
from forcelaw.signed.structural_balance.null_models import (
    Draw,
    Null,
    shuffled_signs,
    signs_by_node,
)
from forcelaw.signed.structural_balance.result import Balance, NullModel
from forcelaw.signed.structural_balance.settings import BALANCE_SETTINGS, BalanceSettings
from forcelaw.signed.structural_balance.triangles import (
    BALANCED,
    count_triangles,
    kinds,
    list_triangles,
)
from forcelaw.signed.structural_balance.walks import balance_of_walks
from forcelaw.storage.settings import check_arguments
from forcelaw.training.reporting import SILENT, Reporter

Measure = Callable[[Int[np.ndarray, " edge"]], dict[str, float]]
"""The numbers of a network with these signs."""


def balance(
    network: SignedNetwork,
    *,
    seconds: float = SECONDS,
    seed: int = 0,
    settings: BalanceSettings = BALANCE_SETTINGS,
    reporter: Reporter = SILENT,
) -> Balance:
    """Triangles, closed walks and frustration of a signed network, each beside chance.

    Directions count for triangles alone; of pairs joined in both directions one negative edge makes
    the pair negative.

    **Arguments:** `seconds` for the proof of the frustration index, see `frustration`, and so many
    again for that of generalised balance.

    **Raises** `NotEnoughData` for a network without edges.
    """
    check_network("balance", network)
    check_arguments(SignedSettings, seed=seed)
    check_edges(network)
    pairs = network.pairs()
    listed = list_triangles(pairs, settings)
    measure = _measure(pairs, listed, seed, settings)
    observed = measure(pairs.sign)
    models = {
        "shuffled": shuffled_signs(pairs),
        "by_node": signs_by_node(pairs, settings),
    }
    found = {
        name: _null(name, draw, measure, observed, seed, settings, reporter)
        for name, draw in models.items()
    }
    together = clusters(pairs)
    return Balance(
        dataset=network.name,
        nodes=network.n_nodes,
        edges=network.n_edges,
        pairs=pairs.n_edges,
        positive=pairs.positive_share,
        triangles=count_triangles(network, listed),
        walks=balance_of_walks(_matrix(pairs, pairs.sign), settings),
        frustration=frustration(pairs, seconds=seconds, seed=seed, reporter=reporter),
        generalised=generalised_frustration(pairs, seconds=seconds, seed=seed, reporter=reporter),
        balanced=balanced_sides(pairs) is not None,
        clusters=None if together is None else int(together.max()) + 1,
        shuffled=found["shuffled"],
        by_node=found["by_node"],
    )


def _matrix(pairs: SignedNetwork, sign: Int[np.ndarray, " edge"]) -> sparse.csr_array:
    return CoupledGraph(pairs.n_nodes, pairs.edges, sign.astype(np.float64)).matrix()


def _measure(
    pairs: SignedNetwork,
    listed: Int[np.ndarray, "triangle 3"],
    seed: int,
    settings: BalanceSettings,
) -> Measure:
    """What the network and those of shuffled signs are compared by, all found in the same way."""

    def measure(sign: Int[np.ndarray, " edge"]) -> dict[str, float]:
        counts = kinds(sign, listed)
        graph = CoupledGraph(pairs.n_nodes, pairs.edges.astype(np.int64), sign.astype(np.float64))
        return {
            "triangles": float(counts[list(BALANCED)].sum() / counts.sum()) if len(listed) else 1.0,
            "walks": balance_of_walks(graph.matrix(), settings).balance,
            "frustration": quick_frustration(graph, random=np.random.default_rng(seed)),
            "generalised": quick_generalised_frustration(graph, random=np.random.default_rng(seed)),
        }

    return measure


def _null(
    name: str,
    draw: Draw,
    measure: Measure,
    observed: Mapping[str, float],
    seed: int,
    settings: BalanceSettings,
    reporter: Reporter,
) -> NullModel:
    """The numbers of networks with drawn signs: as many as asked, fewer where they take long."""
    random = np.random.default_rng(seed)
    began, found = time.monotonic(), []
    with reporter.progress(f"signs {name.replace('_', ' ')}") as progress:
        while len(found) < settings.shuffles:
            late = time.monotonic() - began > settings.shuffle_seconds
            if late and len(found) >= settings.fewest_shuffles:
                break
            found.append(measure(draw(random)))
            progress.update(len(found), settings.shuffles)
    by_name = {
        name: Null.of(value, [row[name] for row in found]) for name, value in observed.items()
    }
    return NullModel(**by_name, networks=len(found))
