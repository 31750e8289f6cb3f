"""Do springs learn, whatever the seed? AUC of the distance beside a spectral embedding's.

    FORCELAW_DATA=folder python -m benchmarks run signed/springs [FAMILY ...]

Every network is split (20 % of the pairs held back), small ones three times, and the forces of the
default preset are trained on the rest from five seeds. Nothing but the distance of the two ends
judges them; the held-back pairs of all splits are ranked together.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, table
from benchmarks.signed.springs_alone import springs_alone
from forcelaw import signed
from forcelaw.signed.decoder import area_under_curve

SMOKE = ["monks", "--networks", "18 monks, 1", "--seeds", "1"]
SEEDS = 5
DIRECTIONS = (1, 2, 3, 4, 6, 8)
CLOSE, GOOD = 0.03, 0.9
SMALL, SPLITS = 1000, 3
"""Edges below which there are so many splits: an AUC of few pairs moves by chance alone."""
Network = tuple[str, Callable[[], signed.SignedNetwork]]
"""Its family, and how to come by it."""


def networks() -> dict[str, Network]:
    """The networks by name, small ones first; those of one shape share their compilation."""
    found: dict[str, Network] = {}
    for name in ("tribes", "congress"):
        found[name] = "public", lambda name=name: signed.dataset(name)
    for number in range(3):
        found[f"18 monks, {number + 1}"] = "monks", lambda number=number: monks(number)
    for family, nodes, degree, factions, noises in (
        ("small", 100, 12, (2, 3, 4), (0.05, 0.15, 0.25)),
        ("medium", 300, 20, (2, 3, 4, 6, 8), (0.05, 0.15, 0.25)),
        ("sparse", 300, 6, (2, 3), (0.05, 0.15)),
        ("large", 1000, 20, (3, 8), (0.05, 0.25)),
        ("large sparse", 1000, 8, (2, 3), (0.05, 0.15)),
        ("largest", 3000, 12, (2, 4), (0.05, 0.25)),
    ):
        for k in factions:
            for noise in noises:
                name = f"{nodes} nodes, {k} factions, degree {degree}, {noise:.0%} noise"
                choice = (nodes, k, degree, noise)
                found[name] = family, lambda choice=choice: blocks(*choice)
    for k in (2, 3):
        for noise in (0.05, 0.15):
            name = f"120 users, 60 items, {k} tastes, {noise:.0%} noise"
            found[name] = "bipartite", lambda k=k, noise=noise: tastes(k, noise)
    return found


def blocks(nodes: int, factions: int, degree: float, noise: float) -> signed.SignedNetwork:
    """Factions of one size without hubs, edges anywhere."""
    return signed.synthetic(nodes, degree=degree, factions=factions, noise=noise, hubs=0.0, seed=7)


def monks(number: int) -> signed.SignedNetwork:
    """Eighteen people in factions of 7, 7 and 4; two thirds of the pairs have a sign."""
    random = np.random.default_rng(number)
    faction = random.permutation(np.repeat([0, 1, 2], [7, 7, 4]))
    pairs = np.stack(np.triu_indices(18, 1), axis=1)
    return network(random.permutation(pairs)[:100], faction, 0.1, random, ("", ""))


def tastes(factions: int, noise: float) -> signed.SignedNetwork:
    """Users like items of their own taste; each says what it thinks of ten of them."""
    random = np.random.default_rng(factions)
    faction = random.integers(factions, size=120), random.integers(factions, size=60)
    pairs = np.stack([np.repeat(np.arange(120), 60), np.tile(np.arange(60), 120)], axis=1)
    return network(random.permutation(pairs)[:1200], faction, noise, random, ("u", "i"))


def network(pairs, faction, noise, random, prefix) -> signed.SignedNetwork:
    """Friends within a faction and enemies between, a share of the signs flipped."""
    first, second = faction if isinstance(faction, tuple) else (faction, faction)
    sign = np.where(first[pairs[:, 0]] == second[pairs[:, 1]], 1.0, -1.0)
    sign = np.where(random.random(len(sign)) < noise, -sign, sign)
    source, target = ([f"{p}{i}" for i in ends] for p, ends in zip(prefix, pairs.T, strict=True))
    return signed.SignedNetwork.from_edges(source, target, sign, directed=False, name="synthetic")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("families", nargs="*", metavar="FAMILY")
    parser.add_argument("--networks", nargs="+", help="of the families; default: all")
    parser.add_argument("--seeds", type=int, default=SEEDS)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for name, (family, _) in networks().items():
        if options.families and family not in options.families:
            continue
        if options.networks is None or name in options.networks:
            yield Case({"family": family, "network": name, "seeds": options.seeds})


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Fits of every seed on every split."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "the springs have learned nothing")
        return judged(networks()[case.arguments["network"]][1](), case.arguments["seeds"])


def judged(network: signed.SignedNetwork, seeds: int) -> dict[str, Any]:
    """Scores of one network."""
    count = SPLITS if network.n_edges < SMALL else 1
    splits = [signed.split(network, "pairs", seed=number) for number in range(count)]
    began, ours, learned = time.process_time(), [], []
    for seed in range(seeds):
        found = [springs_alone(parts.train, seed) for parts in splits]
        ours.append(distance_auc(splits, [position for position, _ in found]))
        learned += [springs.learned for _, springs in found]
    parts = splits[0]
    return {
        "nodes": parts.train.n_nodes,
        "edges": parts.train.n_edges + len(parts.test),
        "spectral": max(spectral(splits)),
        "auc": ours,
        "learned": learned,
        "seconds": (time.process_time() - began) / len(learned),
    }


def spectral(splits: list[signed.Split]) -> Iterator[float]:
    """AUC of the distance in each spectral embedding."""
    places = [spectral_places(parts.train.pairs()) for parts in splits]
    for position in zip(*places, strict=True):
        yield distance_auc(splits, position)


def spectral_places(train: signed.SignedNetwork) -> list[np.ndarray]:
    """Where each spectral embedding puts the nodes."""
    nodes, degree = train.n_nodes, np.maximum(train.degree, 1).astype(float)
    matrix = np.zeros((nodes, nodes))
    matrix[train.source, train.target] = train.sign
    matrix += matrix.T
    found = []
    for shift, rows in ((degree.mean(), np.ones(nodes)), (0.0, 1 / np.sqrt(degree))):
        scale = 1 / np.sqrt(degree + shift)
        size, vector = np.linalg.eigh(matrix * np.outer(scale, scale))
        vector = rows[:, None] * vector[:, np.argsort(-size)]
        found += [vector[:, :count] for count in DIRECTIONS]
    return found


def distance_auc(splits: list[signed.Split], positions: Sequence[np.ndarray]) -> float:
    """Chance that a held-back friend is nearer than a held-back enemy, all splits together."""
    friend, distance = [], []
    for parts, position in zip(splits, positions, strict=True):
        first, second = position[parts.test.pairs].transpose(1, 0, 2)
        friend.append(parts.test.sign > 0)
        distance.append(np.linalg.norm(first - second, axis=1))
    return area_under_curve(np.concatenate(friend), -np.concatenate(distance))


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a network; how many seeds are close; the median AUC of single networks."""
    order = list(networks())
    done = sorted(records, key=lambda record: order.index(record.arguments["network"]))
    rows, medians, near, all_seeds, reached, good = [], {}, 0, 0, 0, 0
    for record in done:
        name, found = record.arguments["network"], record.figures
        auc = np.array(found["auc"])
        close = int((auc >= auc.max() - CLOSE).sum())
        near, all_seeds = near + close, all_seeds + auc.size
        if found["spectral"] >= GOOD:
            reached, good = reached + int((auc >= GOOD).sum()), good + auc.size
        scores = (found["spectral"], auc.min(), np.median(auc), auc.max())
        shown = [f"{score:.3f}" for score in scores]
        learned = f"{sum(found['learned'])}/{len(found['learned'])}"
        counts = f"{close}/{auc.size}", learned, f"{found['seconds']:.0f}"
        rows.append((name, f"{found['edges']:,}", *shown, *counts))
        medians[f"{name}.median"] = f"{np.median(auc):.2f}".removeprefix("0")
    head = (
        "network | edges | spectral | worst seed | median | best seed | close | learned "
        "| processor s a fit"
    )
    return {
        "table": table(head, rows),
        "close": f"{near} of {all_seeds}",
        "good": f"{reached} of {good}",
        "done": str(len(done)),
        "all": str(len(order)),
        **medians,
    }
