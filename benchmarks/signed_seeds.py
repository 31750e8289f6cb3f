"""How far the probabilities of two seeds lie apart on small networks, and the deviation beside it.

    FORCELAW_DATA=folder python benchmarks/signed_seeds.py [--seeds 3]

Fits the default preset on all edges with each seed, and asks about 2,000 random pairs and all
edges. Prints for each network the largest difference and the 95 % quantile, over pairs, the worst
of any two seeds, and the median of `SpringEmbedding.deviation`.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator

import numpy as np

from forcelaw import signed


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
    """Prints one line a network."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    print("| network | nodes | edges | largest difference | 95 % quantile | deviation |")
    print("|---|---|---|---|---|---|")
    for network in networks():
        random = np.random.default_rng(0).integers(0, network.n_nodes, (2000, 2))
        pairs = np.concatenate([random[random[:, 0] != random[:, 1]], np.asarray(network.edges)])
        asked, said, sure = signed.NodeIndices(pairs), [], []
        for seed in range(options.seeds):
            model = signed.SpringEmbedding(seed=seed).fit(network)
            said.append(model.predict_proba(asked)[:, 1])
            sure.append(np.median(model.deviation(asked)))
        apart = [np.abs(one - other) for one, other in itertools.combinations(said, 2)]
        print(
            f"| {network.name} | {network.n_nodes} | {network.n_edges} | "
            f"{max(each.max() for each in apart):.3f} | "
            f"{max(np.quantile(each, 0.95) for each in apart):.3f} | {np.mean(sure):.3f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
