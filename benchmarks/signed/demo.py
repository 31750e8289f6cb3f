"""What `forcelaw demo` reaches on its synthetic network, beside the baseline.

    python -m benchmarks run signed/demo

The network of two factions, the split (protocol `pairs`) and the fit are those of the demo.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.harness import Case, Record, table
from forcelaw import signed

SMOKE = ["--nodes", "40", "--dim", "2"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--nodes", type=int, default=150)
    parser.add_argument("--dim", type=int, default=16)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    yield Case({"nodes": options.nodes, "dim": options.dim}, 0)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Scores of the springs and of the baseline on the held-back pairs."""
    seed = case.seed or 0
    network = signed.synthetic(case.arguments["nodes"], seed=seed)
    train, test = signed.split(network, "pairs", seed=seed)
    models = {
        "forcelaw": signed.SpringEmbedding(case.arguments["dim"], seed=seed).fit(train),
        "baseline": signed.FeatureBaseline(reverse_sign=train.directed, seed=seed).fit(train),
    }
    found = {}
    for name, model in models.items():
        probability = model.predict_proba(test.pairs)[:, 1]
        scores = signed.scores(test.sign, probability, model.threshold_)
        found[name] = {key: scores[key] for key in ("auc", "f1_macro")}
    return found


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a method, and each AUC."""
    rows = [
        (record.arguments["nodes"], method, f"{found['auc']:.3f}", f"{found['f1_macro']:.3f}")
        for record in records
        for method, found in record.figures.items()
    ]
    last = records[-1].figures if records else {}
    singles = {f"{name}.auc": f"{found['auc']:.3f}".lstrip("0") for name, found in last.items()}
    return {"table": table("nodes | method | AUC | macro-F1", rows), **singles}
