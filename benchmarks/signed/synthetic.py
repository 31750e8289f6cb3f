"""Scores on synthetic networks of many kinds, beside features alone and the baseline.

    python -m benchmarks run signed/synthetic [KIND ...]

What a public network is like is a matter of chance; here it is known what there is to find. Each
kind is drawn once and split with the seeds 0, 1, 2.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, table
from forcelaw import signed
from forcelaw.documents import ParsedObject

METHODS = ("forcelaw", "features", "baseline")
SMOKE = ["random signs", "--splits", "1"]

Made = tuple[np.ndarray, np.ndarray]
"""Edges, and a sign or rating for each."""


def some_pairs(random: np.random.Generator, nodes: int, edges: int, weight=None) -> np.ndarray:
    """Different unordered pairs of nodes, drawn by their weights."""
    share = None if weight is None else weight / weight.sum()
    ends = random.choice(nodes, size=(20 * edges, 2), p=share)
    ends = np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1)
    _, first = np.unique(ends, axis=0, return_index=True)
    return random.permutation(ends[np.sort(first)[:edges]])


def flipped(random: np.random.Generator, sign: np.ndarray, noise: float) -> np.ndarray:
    """Signs of which a share is flipped."""
    return np.where(random.random(len(sign)) < noise, -sign, sign)


def factions(nodes: int, edges: int, number: int, noise: float, power: float = 0.0) -> Callable:
    """Friends within a faction and enemies between; `power` of the hubs."""

    def make(random: np.random.Generator) -> Made:
        weight = (np.arange(nodes) + 1.0) ** -power
        ends, faction = (
            some_pairs(random, nodes, edges, weight),
            random.integers(number, size=nodes),
        )
        return ends, flipped(random, np.where(np.equal(*faction[ends].T), 1, -1), noise)

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


def random_signs(random: np.random.Generator) -> Made:
    """Independent signs: nothing to learn."""
    return some_pairs(random, 300, 2000), np.where(random.random(2000) < 0.6, 1, -1)


KINDS: dict[str, tuple[str, Callable[[np.random.Generator], Made]]] = {
    "two factions, 10 % noise": ("pairs", factions(400, 3000, 2, 0.1)),
    "four factions, 10 % noise": ("pairs", factions(600, 6000, 4, 0.1)),
    "two factions with hubs, 20 % noise": ("pairs", factions(3000, 12000, 2, 0.2, power=0.9)),
    "two factions, complete graph": ("pairs", factions(30, 435, 2, 0.1)),
    "two factions, 200 edges": ("pairs", factions(60, 200, 2, 0.1)),
    "tastes, bipartite": ("pairs", tastes),
    "3 % enemies": ("pairs", few_enemies),
    "ratings": ("directed", ratings),
    "status": ("directed", status),
    "random signs": ("pairs", random_signs),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kinds", nargs="*", default=list(KINDS), metavar="KIND")
    parser.add_argument("--splits", type=int, default=3)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for kind in options.kinds:
        yield Case({"kind": kind, "splits": options.splits}, 1)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Scores of one kind."""
    kind, splits = case.arguments["kind"], case.arguments["splits"]
    protocol, make = KINDS[kind]
    ends, value = make(np.random.default_rng(case.seed))
    names = ends.astype(str)
    network = signed.SignedNetwork.from_edges(
        names[:, 0], names[:, 1], value.astype(float), name=kind
    )
    found: ParsedObject = signed.evaluate(network, protocol, seeds=splits).to_json()
    scores = {
        method: {score: found[method][score]["mean"] for score in ("auc", "f1_macro")}
        for method in METHODS
    }
    gain = found["difference"]["auc"]
    error = None if gain["std"] is None else gain["std"] / splits**0.5
    return {"edges": found["edges"], **scores, "gain": gain["mean"], "gain error": error}


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a kind, and the largest gain."""
    rows = []
    for record in sorted(records, key=lambda r: list(KINDS).index(r.arguments["kind"])):
        kind, found = record.arguments["kind"], record.figures
        scores = (
            f"{found[method]['auc']:.3f} / {found[method]['f1_macro']:.3f}" for method in METHODS
        )
        error = found["gain error"]
        gain = f"{found['gain']:+.3f}" + ("" if error is None else f" ± {error:.3f}")
        rows.append((kind, f"{found['edges']:,}", KINDS[kind][0], *scores, gain))
    head = "kind | edges | protocol | forcelaw | features alone | logistic regression | gain"
    most = max((record.figures["gain"] for record in records), default=0.0)
    return {
        "table": table(head, rows),
        "most": f"{most:.2f}".lstrip("0"),
        "kinds": str(len(records)),
    }
