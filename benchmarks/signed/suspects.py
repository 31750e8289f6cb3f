"""Wrong signs that were planted, found again: precision and AUC of methods on the same networks.

    FORCELAW_DATA=folder python -m benchmarks run signed/suspects [--networks ...] [--seeds K]

A share of the signs, with their ratings, is flipped. Methods rank all edges, the most suspicious
first. `precision` is the share of flipped ones among the first as many as were flipped. forcelaw
places nodes by a law that was learned on a synthetic network, so that it has seen no sign of the
others; decoders are fitted on the flipped network, as `signed suspects` does.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, table
from benchmarks.networks import flip_signs, network
from forcelaw import signed
from forcelaw.signed.suspicion.hidden_log_odds import hidden_probability

NETWORKS = ("tribes", "congress", "bitcoin-alpha", "bitcoin-otc")
SHARES = (0.05, 0.1, 0.2)
METHODS = {
    "forcelaw": "forcelaw",
    "baseline": "feature baseline",
    "rev2": "REV2-like",
    "fairness_goodness": "fairness and goodness",
}
SMOKE = ["--networks", "synthetic-40", "--seeds", "1", "--shares", "0.1"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--networks", nargs="*", default=list(NETWORKS))
    parser.add_argument("--shares", nargs="*", type=float, default=list(SHARES))
    parser.add_argument("--seeds", type=int, default=2)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for name in options.networks:
        for share in options.shares:
            for seed in range(options.seeds):
                yield Case({"network": name, "flipped": share}, seed)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """AUC and precision of every method."""
    from sklearn.metrics import roc_auc_score

    seed = case.seed or 0
    given, wrong = flip_signs(network(case.arguments["network"]), case.arguments["flipped"], seed)
    positive = hidden_probability(learned_law(), given, seed=seed).probability
    ranked = {
        "forcelaw": -np.where(given.sign > 0, positive, 1 - positive),
        "baseline": -by_baseline(given, seed),
        "rev2": -reliability_of_ratings(given),
        "fairness_goodness": -deserved_agreement(given),
    }
    count = int(wrong.sum())
    found: dict[str, Any] = {"edges": given.n_edges, "flipped": count}
    for name, score in ranked.items():
        first = np.argsort(-score, kind="stable")[:count]
        found[name] = {
            "auc": float(roc_auc_score(wrong, score)),
            "precision": float(wrong[first].mean()),
        }
    return found


@functools.cache
def learned_law() -> signed.Learned:
    """Of one training on a synthetic network of three factions."""
    preset = dataclasses.replace(signed.PRESETS["default"], trainings=1, choices=1)
    given = signed.synthetic(100, factions=3, degree=16.0, seed=0)
    return signed.SpringEmbedding(preset=preset, seed=0).fit(given).learned_


def by_baseline(given: signed.SignedNetwork, seed: int) -> np.ndarray:
    """The probability of every sign as it is, in a cross-validation of the feature baseline.

    Its features leave a pair's own edge out; the regression sees other folds.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    values = signed.pair_features(
        given, np.asarray(given.edges), reverse_sign=given.directed
    ).values
    rarest = int(min((given.sign > 0).sum(), (given.sign < 0).sum()))
    parts = StratifiedKFold if rarest >= 5 else KFold
    model: Any = make_pipeline(StandardScaler(), LogisticRegression(solver="newton-cholesky"))
    folds = parts(5, shuffle=True, random_state=seed)
    found = cross_val_predict(model, values, given.sign, cv=folds, method="predict_proba")
    probability = np.asarray(found)[:, 1]
    return np.where(given.sign > 0, probability, 1 - probability)


def ends_and_signs(given: signed.SignedNetwork) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of every rating; an undirected edge is one of either end."""
    source, target, sign = given.source, given.target, given.sign.astype(float)
    if given.directed:
        return source, target, sign
    return np.append(source, target), np.append(target, source), np.tile(sign, 2)


def by_edge(given: signed.SignedNetwork, values: np.ndarray) -> np.ndarray:
    """The mean of the ratings of an edge."""
    return values if given.directed else values.reshape(2, -1).mean(axis=0)


def reliability_of_ratings(given: signed.SignedNetwork, rounds: int = 50) -> np.ndarray:
    """Reliability of every rating: REV2 (Kumar et al., WSDM 2018) without times, priors of 1.

    Fairness of raters, goodness of the rated and reliability of ratings at their fixed point.
    """
    source, target, sign = ends_and_signs(given)
    n = given.n_nodes
    gives, gets = (np.bincount(side, minlength=n) for side in (source, target))
    fairness, reliability = np.ones(n), np.ones(len(sign))
    for _ in range(rounds):
        goodness = (np.bincount(target, reliability * sign, n) + sign.mean()) / (gets + 1)
        agrees = 1 - np.abs(sign - goodness[target]) / 2
        reliability = (fairness[source] + agrees) / 2
        fairness = (np.bincount(source, reliability, n) + reliability.mean()) / (gives + 1)
    return by_edge(given, reliability)


def deserved_agreement(given: signed.SignedNetwork, rounds: int = 50) -> np.ndarray:
    """How far every sign agrees with what its target deserves by the ratings of all others.

    Fairness and goodness of Kumar et al. (ICDM 2016), each smoothed by one rating of the mean.
    """
    source, target, sign = ends_and_signs(given)
    n, mean = given.n_nodes, sign.mean()
    gives, gets = (np.bincount(side, minlength=n) for side in (source, target))
    fairness, total = np.ones(n), np.zeros(n)
    for _ in range(rounds):
        total = np.bincount(target, fairness[source] * sign, n) + mean
        goodness = total / (gets + 1)
        missed = np.bincount(source, np.abs(sign - goodness[target]) / 2, n)
        fairness = 1 - (missed + 0.1) / (gives + 1)
    others = (total[target] - fairness[source] * sign) / gets[target]
    return by_edge(given, sign * fairness[source] * others)


def figures(records: Sequence[Record]) -> dict[str, str]:
    """A row for each network and share: mean over the seeds, precision / AUC."""
    kinds: dict[tuple[str, float], list[Record]] = {}
    for record in records:
        kinds.setdefault((record.arguments["network"], record.arguments["flipped"]), []).append(
            record
        )
    rows, first = [], 0
    for (name, share), group in kinds.items():
        means = {
            method: [
                float(np.mean([record.figures[method][key] for record in group]))
                for key in ("precision", "auc")
            ]
            for method in METHODS
        }
        first += all(means["forcelaw"][1] >= each[1] for each in means.values())
        shown = (f"{precision:.2f} / {auc:.3f}" for precision, auc in means.values())
        edges = group[0].figures["edges"]
        rows.append((name, f"{edges:,}", f"{share:.0%}", str(len(group)), *shown))
    head = f"network | edges | flipped | seeds | {' | '.join(METHODS.values())}"
    return {"table": table(head, rows), "first": str(first), "all": str(len(kinds))}
