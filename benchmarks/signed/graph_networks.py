"""Training time and AUC of graph networks beside forcelaw, on the same split.

    FORCELAW_DATA=folder python -m benchmarks run signed/graph_networks --peers PYTHON

SGCN, SDGNN and SiGAT come from torch-geometric-signed-directed (`pip install '.[bench]'`, or any
PYTHON that has it), with the package's default sizes and its own evaluation: Adam, rate 0.01,
weight decay 1e-3, then logistic regression on both ends' embeddings. Every model trains for
`--epochs` or `--seconds`, whichever ends first; none of them is tuned, and no epoch is chosen.
Ours are the default preset and the feature baseline. Protocol `pairs`, training part alone.
"""

# Of the extra `bench`.
# pyright: reportMissingImports=false

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, call, table
from benchmarks.networks import network

NAME = "signed/graph_networks"
OURS, PEERS = ("baseline", "forcelaw"), ("SGCN", "SDGNN", "SiGAT")
SMOKE = ["--dataset", "synthetic-40", "--methods", "baseline"]


def peer(name: str, path: str, seed: int, epochs: int, seconds: float) -> dict[str, Any]:
    """One of the package's models, in this process."""
    import torch
    from torch_geometric_signed_directed.nn import signed
    from torch_geometric_signed_directed.utils.signed import (
        link_sign_prediction_logistic_function as judge,
    )

    data = np.load(path)
    torch.manual_seed(seed)
    began = time.perf_counter()
    model = getattr(signed, name)(int(data["nodes"]), torch.from_numpy(data["train"]))
    if name == "SiGAT":
        # A motif that does not occur comes as a list without its axis of two ends.
        model.edge_lists = [edges.reshape(2, -1) for edges in model.edge_lists]
    prepared = time.perf_counter() - began
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=1e-3)
    began, done = time.perf_counter(), 0
    while done < epochs and time.perf_counter() - began < seconds:
        optimizer.zero_grad()
        model.loss().backward()
        optimizer.step()
        done += 1
    spent = time.perf_counter() - began
    with torch.no_grad():
        embedded = model().numpy()
    train, test = data["train"], data["test"]
    scores = judge(embedded, train[:, :2], train[:, 2], test[:, :2], test[:, 2])
    return {
        "epochs": done,
        "preparation": prepared,
        "training": spent,
        "auc": scores[-1],
        "f1_macro": scores[2],
    }


def own(name: str, train: Any, test: Any, seed: int) -> dict[str, Any]:
    """One of our methods, in this process."""
    from forcelaw import signed
    from forcelaw.signed.decoder import scores

    began = time.perf_counter()
    if name == "baseline":
        model = signed.FeatureBaseline(reverse_sign=train.directed, seed=seed).fit(train)
    else:
        model = signed.SpringEmbedding(64, seed=seed).fit(train)
    spent = time.perf_counter() - began
    found = scores(test.sign, model.predict_proba(test.pairs)[:, 1], model.threshold_)
    return {"training": spent, "auc": found["auc"], "f1_macro": found["f1_macro"]}


def sizes(parser: argparse.ArgumentParser) -> None:
    """The options without `--peers`."""
    parser.add_argument("--dataset", default="bitcoin-alpha")
    parser.add_argument("--methods", nargs="+", choices=OURS + PEERS)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--peers", help="a Python with torch-geometric-signed-directed")
    sizes(parser)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    limits = {"epochs": options.epochs, "seconds": options.seconds}
    for seed in range(options.seeds):
        for method in options.methods or [*(PEERS if options.peers else ()), *OURS]:
            asked = limits if method in PEERS else {}
            yield Case({"dataset": options.dataset, "method": method, **asked}, seed)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """One method on one split."""
    from forcelaw import signed

    given, seed = case.arguments, case.seed
    assert seed is not None
    parts = signed.split(network(given["dataset"]), "pairs", seed=seed)
    train, test = parts.train, parts.test
    if given["method"] in OURS:
        return own(given["method"], train, test, seed)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "split.npz")
        known = np.column_stack([train.source, train.target, train.sign])
        held = np.column_stack([test.pairs, test.sign])
        np.savez(path, train=known.astype(int), test=held.astype(int), nodes=train.n_nodes)
        limits = given["epochs"], given["seconds"]
        return call(NAME, "peer", given["method"], path, seed, *limits, python=options.peers)


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a method and split."""
    rows = [
        (
            record.arguments["method"],
            record.seed,
            record.figures.get("epochs", "-"),
            f"{record.figures['training']:.1f}",
            f"{record.figures['auc']:.3f}",
            f"{record.figures['f1_macro']:.3f}",
        )
        for record in records
    ]
    return {"table": table("method | seed | epochs | training s | AUC | macro-F1", rows)}
