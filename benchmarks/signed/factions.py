"""Factions beside other methods: adjusted Rand index with groups that are known.

    FORCELAW_DATA=folder python -m benchmarks run signed/factions [--networks ...] [--methods ...]
        [--draws 3]

Signed block models: NODES-SIZES-DEGREE-NOISE, such as 300-1:1:1-8-.05 of three equal groups, a node
in 8 pairs, one of twenty signs flipped; a pair is joined whatever its groups. SPONGE and the signed
Laplacian are told the number of groups, the others find it. `again` is the adjusted Rand index
between the groups of two seeds.
"""

# Of the extra `bench`.
# pyright: reportMissingImports=false

from __future__ import annotations

import argparse
import os
import statistics
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, table
from benchmarks.networks import network as public
from forcelaw import signed

NETWORKS = (
    "300-1:1:1-30-.05",
    "300-1:1:1-8-.05",
    "300-1:1:1-30-.25",
    "300-1:1-6-.2",
    "300-1:1-20-.3",
    "300-2:1-4-.1",
    "300-4:2:1-8-.1",
    "300-4:2:1-20-.2",
    "300-1:1:1:1-16-.1",
    "400-1:1:1:1:1-12-.05",
    "400-5:4:3:2:1-20-.1",
    "400-1:1:1:1:1:1:1:1-40-.1",
    "400-8:7:6:5:4:3:2:1-40-.1",
    "400-1:1:1:1:1:1:1:1-60-.2",
    "tribes",
    "congress",
)
LARGE = "100000-1:1:1:1:1-20-.1"
TRIBES = (2, 2, 1, 1, 3, 1, 1, 1, 3, 3, 1, 1, 3, 3, 2, 2)
"""Alliances of the tribes 1 to 16, as in signnet's documentation of `signed_blockmodel`."""
TOLD = ("sponge", "signed Laplacian")
SMOKE = ["--networks", "30-1:1-6-.1", "--methods", "forcelaw", "sponge", "--draws", "1"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--networks", nargs="*", default=[*NETWORKS, LARGE])
    parser.add_argument("--methods", nargs="*", default=list(METHODS))
    parser.add_argument("--draws", type=int, default=3)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for name in options.networks:
        for method in options.methods:
            if name == LARGE and method != "forcelaw":
                continue
            draws = options.draws if ":" in name and name != LARGE else 1
            for draw in range(draws):
                yield Case({"network": name, "method": method}, draw)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """How near the groups come to those that are known, and what they took."""
    from sklearn.metrics import adjusted_rand_score

    name, method = case.arguments["network"], case.arguments["method"]
    network, known = drawn(name, case.seed or 0)
    started = os.times()
    group = METHODS[method](network, int(known.max()) + 1, 0)
    ended = os.times()
    spent = ended.user + ended.system - started.user - started.system
    if name == LARGE:
        again = None
    else:
        again = adjusted_rand_score(group, METHODS[method](network, int(known.max()) + 1, 1))
    inside = group[network.source] == group[network.target]
    return {
        "rand": adjusted_rand_score(known, group),
        "groups": len(np.unique(group)),
        "frustration": int((inside != (network.sign > 0)).sum()),
        "again": again,
        "spent": spent,
        "elapsed": ended.elapsed - started.elapsed,
    }


def drawn(name: str, seed: int) -> tuple[signed.SignedNetwork, np.ndarray]:
    """A network of unordered pairs, and the groups of its nodes."""
    if ":" not in name:
        pairs = public(name).pairs()
        if name == "tribes":
            return pairs, np.array([TRIBES[int(node) - 1] - 1 for node in pairs.names])
        # Nobody wrote the parties down: the two groups that provably contradict fewest signs.
        side = signed.frustration(pairs).side
        return pairs, (side < 0).astype(int)
    nodes, sizes, degree, noise = name.split("-")
    count, share = int(nodes), np.array([float(size) for size in sizes.split(":")])
    random = np.random.default_rng(seed)
    quota = np.floor(np.cumsum(share) / share.sum() * count + 0.5).astype(int)
    group = random.permutation(np.repeat(np.arange(len(share)), np.diff([0, *quota])))
    wanted = int(count * float(degree) / 2)
    ends = np.sort(random.integers(count, size=(wanted * 3, 2)), axis=1)
    key = np.unique(ends[ends[:, 0] < ends[:, 1]] @ np.array([count, 1]))
    key = np.sort(random.permutation(key)[:wanted])
    first, second = key // count, key % count
    alike = group[first] == group[second]
    sign = np.where(alike ^ (random.random(len(key)) < float(noise)), 1, -1)
    made = signed.SignedNetwork(
        names=tuple(map(str, range(count))),
        source=first.astype(np.int32),
        target=second.astype(np.int32),
        sign=sign.astype(np.int8),
        directed=False,
        name=name,
    )
    return made, group


def ours(network: signed.SignedNetwork, groups: int, seed: int) -> np.ndarray:
    return signed.factions(network, seed=seed).group


def leiden(kind: str) -> Callable[[signed.SignedNetwork, int, int], np.ndarray]:
    """Leiden on a layer of friends and one of enemies that counts negatively."""

    def find(network: signed.SignedNetwork, groups: int, seed: int) -> np.ndarray:
        import igraph
        import leidenalg

        layers = [
            igraph.Graph(n=network.n_nodes, edges=network.edges[network.sign == sign].tolist())
            for sign in (1, -1)
        ]
        if kind == "modularity":
            parts = [leidenalg.ModularityVertexPartition(layer) for layer in layers]
        else:
            # Resolution 0: what is optimised is the frustration.
            parts = [leidenalg.CPMVertexPartition(g, resolution_parameter=0) for g in layers]
        optimiser = leidenalg.Optimiser()
        optimiser.set_rng_seed(seed)
        optimiser.optimise_partition_multiplex(parts, layer_weights=[1, -1], n_iterations=-1)
        return np.array(parts[0].membership)

    return find


def spinglass(network: signed.SignedNetwork, groups: int, seed: int) -> np.ndarray:
    """Of igraph, on the largest component, which it demands; other nodes each alone."""
    import random

    import igraph

    graph = igraph.Graph(n=network.n_nodes, edges=network.edges.tolist())
    graph.es["weight"] = network.sign.astype(float).tolist()
    inside = graph.connected_components().giant().vcount()
    largest = max(graph.connected_components(), key=len)
    assert len(largest) == inside
    random.seed(seed)
    igraph.set_random_number_generator(random)
    found = graph.induced_subgraph(largest).community_spinglass(
        weights="weight", spins=25, implementation="neg"
    )
    group = np.arange(network.n_nodes) + network.n_nodes
    group[largest] = found.membership
    return np.unique(group, return_inverse=True)[1]


def sponge(network: signed.SignedNetwork, groups: int, seed: int) -> np.ndarray:
    """Cucuringu, Davies, Glielmo & Tyagi, AISTATS 2019, with both parameters 1."""
    from scipy import linalg

    friends, enemies = (np.maximum(part, 0) for part in (dense(network), -dense(network)))
    friend_degree, enemy_degree = np.diag(friends.sum(1)), np.diag(enemies.sum(1))
    small = 1e-6 * np.eye(network.n_nodes)
    above = friend_degree - friends + enemy_degree + small
    below = enemy_degree - enemies + friend_degree + small
    return by_centres(linalg.eigh(above, below)[1][:, : max(groups - 1, 1)], groups, seed)


def laplacian(network: signed.SignedNetwork, groups: int, seed: int) -> np.ndarray:
    """The normalised signed Laplacian (Kunegis et al., SDM 2010)."""
    matrix = dense(network)
    scale = 1 / np.sqrt(np.maximum(np.abs(matrix).sum(1), 1))
    normal = np.eye(len(matrix)) - scale[:, None] * matrix * scale
    return by_centres(np.linalg.eigh(normal)[1][:, : max(groups - 1, 1)], groups, seed)


def dense(network: signed.SignedNetwork) -> np.ndarray:
    matrix = np.zeros((network.n_nodes, network.n_nodes))
    matrix[network.source, network.target] = network.sign
    return matrix + matrix.T


def by_centres(place: np.ndarray, groups: int, seed: int) -> np.ndarray:
    from sklearn.cluster import KMeans

    # The stubs know its default alone.
    again: Any = 10
    return KMeans(groups, n_init=again, random_state=seed).fit_predict(place)


METHODS: dict[str, Callable[[signed.SignedNetwork, int, int], np.ndarray]] = {
    "forcelaw": ours,
    "leiden, modularity": leiden("modularity"),
    "leiden, frustration": leiden("frustration"),
    "spinglass": spinglass,
    "sponge": sponge,
    "signed Laplacian": laplacian,
}


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a network, one column a method; the best of each row is bold."""
    names = list(dict.fromkeys(record.arguments["network"] for record in records))
    methods = [m for m in METHODS if any(r.arguments["method"] == m for r in records)]
    mean: dict[tuple[str, str], dict[str, float]] = {}
    for name in names:
        for method in methods:
            key = {"network": name, "method": method}
            found = [record.figures for record in records if record.arguments == key]
            for what in ("rand", "groups", "again", "spent", "elapsed"):
                values = [row[what] for row in found if row.get(what) is not None]
                if values:
                    mean.setdefault((name, method), {})[what] = statistics.mean(values)
    rows, first, compared = [], 0, 0
    for name in names:
        scores = {m: mean[name, m]["rand"] for m in methods if (name, m) in mean}
        best = max(scores.values())
        own = mean.get((name, "forcelaw"), {})
        if len(scores) > 1:
            compared += 1
            first += scores.get("forcelaw", 0.0) > best - LEVEL
        cells = [
            "" if m not in scores else mark(scores[m], scores[m] > best - 0.005) for m in methods
        ]
        again = f"{own['again']:.2f}" if "again" in own else ""
        rows.append((name, *cells, f"{own['groups']:.1f}", again, f"{own['spent']:.1f}"))
    tail = "groups found | again | processor s"
    head = f"network | {' | '.join(methods)} | {tail}"
    large = mean.get((LARGE, "forcelaw"), {})
    measured = {
        key: f"{large[what]:.0f}" if what in large else "not measured"
        for key, what in (("large", "spent"), ("large_elapsed", "elapsed"))
    }
    return {"table": table(head, rows), "first": str(first), "rows": str(compared), **measured}


LEVEL = 0.02
"""Methods whose adjusted Rand indices differ by less are level."""


def mark(value: float, bold: bool) -> str:
    text = f"{value:.2f}"
    return f"**{text}**" if bold else text
