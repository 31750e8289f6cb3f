"""Scores on made-up networks of many kinds, beside features alone and the baseline.

    python benchmarks/signed/synthetic.py [KIND ...]

What a public network is like is a matter of chance; here it is known what there is to find. Each
kind is drawn once and split with the seeds 0, 1, 2. Writes `results/signed/synthetic.md`,
a row of which is kept until the same kind is asked for again.
"""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Callable
from pathlib import Path

import numpy as np

from forcelaw import signed

RESULTS = Path(__file__).parents[1] / "results" / "signed" / "synthetic.md"
SEEDS = 3
HEAD = """# Link signs of made-up networks

AUC / macro-F1 on held-back edges, mean over three splits of one network of each kind; *gain* of
forcelaw over logistic regression in AUC, mean ± standard error of the paired differences.

    python benchmarks/signed/synthetic.py
"""
COLUMNS = "| kind | edges | protocol | forcelaw | features alone | logistic regression | gain |"

Made = tuple[np.ndarray, np.ndarray]
"""Edges, and a sign or rating for each."""


def some_pairs(random: np.random.Generator, nodes: int, edges: int, weight=None) -> np.ndarray:
    """Different unordered pairs of nodes, drawn by their weights."""
    share = None if weight is None else weight / weight.sum()
    ends = random.choice(nodes, size=(20 * edges, 2), p=share)
    ends = np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1)
    _, first = np.unique(ends, axis=0, return_index=True)
    return random.permutation(ends[np.sort(first)[:edges]])


def turned(random: np.random.Generator, sign: np.ndarray, noise: float) -> np.ndarray:
    """Signs of which a share is wrong."""
    return np.where(random.random(len(sign)) < noise, -sign, sign)


def camps(nodes: int, edges: int, number: int, noise: float, power: float = 0.0) -> Callable:
    """Friends within a camp and enemies between; `power` of the hubs."""

    def make(random: np.random.Generator) -> Made:
        weight = (np.arange(nodes) + 1.0) ** -power
        ends, camp = some_pairs(random, nodes, edges, weight), random.integers(number, size=nodes)
        return ends, turned(random, np.where(np.equal(*camp[ends].T), 1, -1), noise)

    return make


def few_enemies(random: np.random.Generator) -> Made:
    """Three in a hundred; some nodes are disliked by many."""
    ends, disliked = some_pairs(random, 1500, 9000), random.beta(0.3, 8, size=1500)
    chance = 1 - (1 - disliked[ends]).prod(axis=1)
    return ends, np.where(random.random(9000) < 0.03 * chance / chance.mean(), -1, 1)


def tastes(random: np.random.Generator) -> Made:
    """People and things: a thing is liked for its two traits, by those whose traits they are."""
    key = random.choice(500 * 200, size=8000, replace=False)
    people, things = key // 200, 500 + key % 200
    trait, quality = random.normal(size=(700, 2)), random.normal(size=700)
    liking = 2 * (trait[people] * trait[things]).sum(axis=1) + quality[things] + 0.5
    friend = random.random(8000) < 1 / (1 + np.exp(-liking))
    return np.stack([people, things], axis=1), np.where(friend, 1, -1)


def ratings(random: np.random.Generator) -> Made:
    """From -10 to 10, by the quality of the rated and the kindness of who rates."""
    ends = random.permuted(some_pairs(random, 800, 8000), axis=1)
    quality, kindness = random.normal(size=(2, 800))
    rating = 3 + 3 * quality[ends[:, 1]] + kindness[ends[:, 0]] + 2 * random.normal(size=8000)
    rating = np.clip(np.round(rating), -10, 10)
    return ends, np.where(rating == 0, 1, rating)


def status(random: np.random.Generator) -> Made:
    """Who looks up says yes."""
    ends = random.permuted(some_pairs(random, 500, 5000), axis=1)
    rank = random.normal(size=500)
    rise = rank[ends[:, 1]] - rank[ends[:, 0]]
    return ends, np.where(random.random(5000) < 1 / (1 + np.exp(-2.5 * rise)), 1, -1)


def nothing(random: np.random.Generator) -> Made:
    """Signs by the coin."""
    return some_pairs(random, 300, 2000), np.where(random.random(2000) < 0.6, 1, -1)


KINDS: dict[str, tuple[str, Callable[[np.random.Generator], Made]]] = {
    "two camps, 10 % noise": ("pairs", camps(400, 3000, 2, 0.1)),
    "four camps, 10 % noise": ("pairs", camps(600, 6000, 4, 0.1)),
    "two camps with hubs, 20 % noise": ("pairs", camps(3000, 12000, 2, 0.2, power=0.9)),
    "two camps, everybody knows everybody": ("pairs", camps(30, 435, 2, 0.1)),
    "two camps, 200 edges": ("pairs", camps(60, 200, 2, 0.1)),
    "tastes, bipartite": ("pairs", tastes),
    "3 % enemies": ("pairs", few_enemies),
    "ratings": ("directed", ratings),
    "status": ("directed", status),
    "nothing to find": ("pairs", nothing),
}


def main() -> None:
    """Evaluates and writes the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("kinds", nargs="*", default=list(KINDS), metavar="KIND")
    kept = RESULTS.read_text().splitlines() if RESULTS.exists() else []
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in kept if line[:2] == "| "}
    for kind in parser.parse_args().kinds:
        protocol, make = KINDS[kind]
        ends, value = make(np.random.default_rng(1))
        names = ends.astype(str)
        network = signed.SignedNetwork.from_edges(
            names[:, 0], names[:, 1], value.astype(float), name=kind
        )
        found = signed.evaluate(network, protocol, seeds=SEEDS)
        cells = [
            f"{found[method]['auc']['mean']:.3f} / {found[method]['f1_macro']['mean']:.3f}"
            for method in ("forcelaw", "features", "baseline")
        ]
        gain = found["difference"]["auc"]
        error = gain["std"] / SEEDS**0.5
        cells = [
            kind,
            f"{found['edges']:,}",
            protocol,
            *cells,
            f"{gain['mean']:+.3f} ± {error:.3f}",
        ]
        rows[kind] = f"| {' | '.join(cells)} |"
        print(rows[kind], flush=True)
        lines = [HEAD, f"{datetime.date.today().isoformat()}.", "", COLUMNS, "|---" * 7 + "|"]
        RESULTS.write_text("\n".join([*lines, *(rows[k] for k in KINDS if k in rows)]) + "\n")


if __name__ == "__main__":
    main()
