"""How far the probabilities of two seeds lie apart on small networks, and the deviation beside it.

    FORCELAW_DATA=folder python -m benchmarks run signed/seed_variance [--seeds 3]

Fits the default preset on all edges with each seed, and asks about 2,000 random pairs and all
edges. For each network the largest difference and the 99 and 95 % quantiles over pairs, each the
worst of any two seeds, and the median of `SpringEmbedding.deviation`.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, table
from forcelaw import signed

SMOKE = ["--networks", "2 groups", "--seeds", "2"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--networks", nargs="+", help="default: all")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for name in options.networks or NETWORKS:
        yield Case({"network": name, "seeds": options.seeds})


def users_and_items() -> signed.SignedNetwork:
    """Users of two factions, and the items that each likes and dislikes."""
    random = np.random.default_rng(0)
    faction = random.integers(0, 2, 160)
    rows = np.unique(random.integers(0, 80, (1000, 2)), axis=0)
    agree = faction[rows[:, 0]] == faction[80 + rows[:, 1]]
    sign = np.where(agree ^ (random.random(len(rows)) < 0.1), 1, -1)
    return signed.SignedNetwork.from_edges(
        rows[:, 0], rows[:, 1], sign, directed=False, bipartite=True, name="users and items"
    )


def groups(nodes: int, factions: int) -> signed.SignedNetwork:
    """A block model without directions."""
    network = signed.synthetic(nodes, factions=factions, noise=0.1, seed=1)
    return signed.SignedNetwork.from_edges(
        [network.names[i] for i in network.source],
        [network.names[i] for i in network.target],
        network.sign,
        directed=False,
        name=f"{factions} groups",
    )


NETWORKS: dict[str, Callable[[], signed.SignedNetwork]] = {
    "tribes": lambda: signed.dataset("tribes"),
    "users and items": users_and_items,
    "2 groups": lambda: groups(40, 2),
    "3 groups": lambda: groups(300, 3),
}


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Differences of the probabilities of any two seeds."""
    network = NETWORKS[case.arguments["network"]]()
    seeds = case.arguments["seeds"]
    random = np.random.default_rng(0).integers(0, network.n_nodes, (2000, 2))
    pairs = np.concatenate([random[random[:, 0] != random[:, 1]], np.asarray(network.edges)])
    asked, found, deviation = signed.NodeIndices(pairs), [], []
    began = time.process_time()
    for seed in range(seeds):
        model = signed.SpringEmbedding(seed=seed).fit(network)
        found.append(model.predict_proba(asked)[:, 1])
        deviation.append(np.median(model.deviation(asked)))
    spent = (time.process_time() - began) / seeds
    apart = [np.abs(one - other) for one, other in itertools.combinations(found, 2)]
    worst = [max(float(np.quantile(each, share)) for each in apart) for share in (1.0, 0.99, 0.95)]
    return {
        "nodes": network.n_nodes,
        "edges": network.n_edges,
        "largest": worst[0],
        "99 %": worst[1],
        "95 %": worst[2],
        "deviation": float(np.mean(deviation)),
        "processor": spent,
    }


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a network."""
    keys = ("largest", "99 %", "95 %", "deviation")
    rows = []
    for record in records:
        found = record.figures
        sizes = record.arguments["network"], found["nodes"], found["edges"]
        rows.append((*sizes, *(f"{found[k]:.3f}" for k in keys), f"{found['processor']:.0f}"))
    head = f"network | nodes | edges | {' | '.join(keys)} | processor s a fit"
    return {"table": table(head, rows)}
