"""Training on signs of which a fifth is wrong: how far macro-F1 on right test signs falls.

    FORCELAW_DATA=folder python -m benchmarks run signed/label_noise [--networks ...] [--seeds K]

Protocol pairs. `features` is the decoder of forcelaw without its forces, `right_signs` the method
for training signs of which some are wrong.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, table
from benchmarks.networks import flip_signs, network
from forcelaw import signed

NETWORKS = ("bitcoin-alpha", "congress")
METHODS = {
    "baseline": "feature baseline",
    "features": "forcelaw without forces",
    "right_signs": "forcelaw, right signs",
}
SMOKE = ["--networks", "synthetic-60", "--seeds", "1"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--networks", nargs="*", default=list(NETWORKS))
    parser.add_argument("--flipped", type=float, default=0.2)
    parser.add_argument("--seeds", type=int, default=2)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for name in options.networks:
        for seed in range(options.seeds):
            yield Case({"network": name, "flipped": options.flipped}, seed)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Macro-F1 and AUC of every method, trained on right signs and on flipped ones."""
    seed = case.seed or 0
    parts = signed.split(network(case.arguments["network"]), "pairs", seed=seed)
    flipped, _ = flip_signs(parts.train, case.arguments["flipped"], seed)
    return {
        "right": scores_of(parts.train, parts.test, seed),
        "flipped": scores_of(flipped, parts.test, seed),
    }


def scores_of(
    train: signed.SignedNetwork, test: signed.SignedPairs, seed: int
) -> dict[str, dict[str, float]]:
    """Of every method on the test pairs."""
    models = {
        "baseline": signed.FeatureBaseline(reverse_sign=train.directed, seed=seed).fit(train),
        "features": signed.FeaturesAlone(seed=seed).fit(train),
        "right_signs": signed.RightSigns(seed=seed).fit(train),
    }
    found = {}
    for name, model in models.items():
        probability = model.predict_proba(test.pairs)[:, 1]
        scored = signed.scores(test.sign, probability, model.threshold_)
        found[name] = {key: float(scored[key]) for key in ("f1_macro", "auc")}
    return found


def figures(records: Sequence[Record]) -> dict[str, str]:
    """A row for each network and method: means over the seeds."""
    names = dict.fromkeys(record.arguments["network"] for record in records)
    rows, single = [], {}
    for name in names:
        group = [record.figures for record in records if record.arguments["network"] == name]
        falls = {}
        for method, words in METHODS.items():
            right, flipped = (
                float(np.mean([found[kind][method]["f1_macro"] for found in group]))
                for kind in ("right", "flipped")
            )
            falls[method] = right - flipped
            single[f"{name}.{method}"] = f"{falls[method]:.3f}"
            share = falls[method] / falls["baseline"] if falls["baseline"] > 0 else float("nan")
            numbers = (f"{value:.3f}" for value in (right, flipped, falls[method]))
            rows.append((name, words, str(len(group)), *numbers, f"{share:.2f}"))
        single[f"{name}.share"] = f"{falls['right_signs'] / falls['baseline']:.2f}"
    head = "network | method | seeds | right signs | a fifth flipped | fall | of the baseline's"
    return {"table": table(head, rows), **single}
