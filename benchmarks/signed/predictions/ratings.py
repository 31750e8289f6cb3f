"""Ratings of held-back edges with 90 % intervals, beside what predicts them elsewhere.

    FORCELAW_DATA=folder python -m benchmarks run signed/predictions/ratings [--seeds K]

The same splits for all: `forcelaw` is `signed ratings`; fairness and goodness of Kumar et al. (ICDM
2016); matrix factorisation with biases, rank and ridge chosen on hidden training ratings; the mean.
Their intervals are as wide everywhere, the conformal quantile of errors on hidden training ratings.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, table
from benchmarks.networks import network
from forcelaw import signed
from forcelaw.signed.ratings import METRICS, NAMES

NETWORKS = ("bitcoin-alpha", "bitcoin-otc")
PROTOCOLS = ("directed", "temporal")
SHOWN = {
    "rmse": "RMSE",
    "mae": "MAE",
    "pearson": "Pearson",
    "coverage": "coverage",
    "coverage_negative": "of negative ones",
    "width": "width",
}
SMOKE = ["--networks", "rated-80", "--protocols", "directed", "--seeds", "1"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--networks", nargs="*", default=list(NETWORKS))
    parser.add_argument("--protocols", nargs="*", default=list(PROTOCOLS))
    parser.add_argument("--seeds", type=int, default=3)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for name in options.networks:
        for protocol in options.protocols:
            # A forecast holds back the same edges whatever the seed, which is then the forest's.
            yield Case({"network": name, "protocol": protocol, "seeds": options.seeds})


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """The scores of all methods, split by split."""
    name = case.arguments["network"]
    given = rated(int(name[6:])) if name.startswith("rated-") else network(name)
    found = signed.evaluate_ratings(
        given, case.arguments["protocol"], seeds=case.arguments["seeds"]
    )
    return dict(found.to_json())


def rated(nodes: int) -> signed.SignedNetwork:
    """A synthetic network whose ratings are what a node deserves, and a little of chance."""
    random = np.random.default_rng(0)
    ends = random.integers(0, nodes, (12 * nodes, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    given = np.clip(np.rint(4 * random.normal(size=nodes)[ends[:, 1]] + 2), -10, 10)
    rating = np.where(given == 0, 1, given)
    return signed.SignedNetwork.from_edges(
        [str(i) for i in ends[:, 0]], [str(i) for i in ends[:, 1]], rating, directed=True
    )


def figures(records: Sequence[Record]) -> dict[str, str]:
    """A row for each network, protocol and method; means over the seeds."""
    rows = []
    found: dict[str, str] = {}
    for record in records:
        network, protocol = record.arguments["network"], record.arguments["protocol"]
        for key, name in NAMES.items():
            scores = {metric: _shown(record.figures[key][metric]) for metric in METRICS}
            rows.append((network, protocol, name, *scores.values()))
            found |= {
                f"{network}-{protocol}-{key}-{metric}": text.partition(" ")[0]
                for metric, text in scores.items()
            }
    head = f"network | protocol | method | {' | '.join(SHOWN[metric] for metric in METRICS)}"
    return {"table": table(head, rows), **found}


def _shown(score: dict[str, Any]) -> str:
    values = [value for value in score["values"] if value is not None]
    if not values:
        return "-"
    spread = f" ± {np.std(values):.3f}" if np.ptp(values) > 1e-6 else ""
    return f"{np.mean(values):.3f}{spread}"
