"""How far the probabilities of two seeds lie apart on small networks, and the deviation beside it.

    FORCELAW_DATA=folder python benchmarks/signed/seed_variance.py [--seeds 3]

Fits the default preset on all edges with each seed, and asks about 2,000 random pairs and all
edges. For each network the largest difference and the 99 and 95 % quantiles over pairs, each the
worst of any two seeds, and the median of `SpringEmbedding.deviation`; in
`benchmarks/results/signed/seed_variance.md`.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from forcelaw import signed

RESULTS = Path(__file__).parents[1] / "results" / "signed"
HEAD = """# How far do two seeds lie apart?

The default preset is fitted to all edges from three seeds, and asked about 2,000 random pairs and
all edges. Differences of the probability, the worst of any two seeds: over all pairs, and below
which 99 and 95 % of the pairs stay. *Deviation*: the median of what stands beside a prediction.

    FORCELAW_DATA=folder python benchmarks/signed/seed_variance.py

| network | nodes | edges | largest | 99 % | 95 % | deviation | processor s a fit |
|---|---|---|---|---|---|---|---|"""


def networks() -> Iterator[signed.SignedNetwork]:
    """Tribes, users and items, and block models of two and three groups."""
    yield signed.dataset("tribes")
    random = np.random.default_rng(0)
    camp = random.integers(0, 2, 160)
    rows = np.unique(random.integers(0, 80, (1000, 2)), axis=0)
    agree = camp[rows[:, 0]] == camp[80 + rows[:, 1]]
    sign = np.where(agree ^ (random.random(len(rows)) < 0.1), 1, -1)
    yield signed.SignedNetwork.from_edges(
        rows[:, 0], rows[:, 1], sign, directed=False, bipartite=True, name="users and items"
    )
    for nodes, factions in ((40, 2), (300, 3)):
        network = signed.synthetic(nodes, factions=factions, noise=0.1, seed=1)
        yield signed.SignedNetwork.from_edges(
            [network.names[i] for i in network.source],
            [network.names[i] for i in network.target],
            network.sign,
            directed=False,
            name=f"{factions} groups",
        )


def main() -> None:
    """Writes one line a network."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    lines = [HEAD]
    for network in networks():
        lines.append(row(network, options.seeds))
        print(lines[-1], flush=True)
        (RESULTS / "seed_variance.md").write_text("\n".join(lines) + "\n")


def row(network: signed.SignedNetwork, seeds: int) -> str:
    """One line."""
    random = np.random.default_rng(0).integers(0, network.n_nodes, (2000, 2))
    pairs = np.concatenate([random[random[:, 0] != random[:, 1]], np.asarray(network.edges)])
    asked, said, sure, began = signed.NodeIndices(pairs), [], [], time.process_time()
    for seed in range(seeds):
        model = signed.SpringEmbedding(seed=seed).fit(network)
        said.append(model.predict_proba(asked)[:, 1])
        sure.append(np.median(model.deviation(asked)))
    spent = (time.process_time() - began) / seeds
    apart = [np.abs(one - other) for one, other in itertools.combinations(said, 2)]
    worst = [max(float(np.quantile(each, share)) for each in apart) for share in (1.0, 0.99, 0.95)]
    cells = (*(f"{value:.3f}" for value in worst), f"{np.mean(sure):.3f}", f"{spent:.0f}")
    return (
        " | ".join(["| " + network.name, str(network.n_nodes), str(network.n_edges), *cells]) + " |"
    )


if __name__ == "__main__":
    main()
