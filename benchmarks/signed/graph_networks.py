"""Training time and AUC of graph networks beside forcelaw, on the same split.

    FORCELAW_DATA=folder python benchmarks/signed/graph_networks.py --peers PYTHON

SGCN, SDGNN and SiGAT come from torch-geometric-signed-directed (`pip install '.[bench]'`, or any
PYTHON that has it), with the package's default sizes and its own evaluation: Adam, rate 0.01,
weight decay 1e-3, then logistic regression on both ends' embeddings. Every model trains for
`--epochs` or `--seconds`, whichever ends first; none of them is tuned, and no epoch is chosen.
Ours are the default preset and the feature baseline. Protocol `pairs`, training part alone.
Prints one JSON document a method and split.
"""

# Of the extra `bench`.
# pyright: reportMissingImports=false

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

OURS, PEERS = ("baseline", "forcelaw"), ("SGCN", "SDGNN", "SiGAT")


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
    row = {"method": name, "seed": seed, "epochs": done, "preparation": prepared}
    return row | {"training": spent, "auc": scores[-1], "f1_macro": scores[2]}


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
    row = {"method": name, "seed": seed, "training": spent}
    return row | {"auc": found["auc"], "f1_macro": found["f1_macro"]}


def compare(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Every method on every split, one after another."""
    from forcelaw import signed

    rows = []
    network = signed.dataset(options.dataset)
    for seed in range(options.seeds):
        parts = signed.split(network, "pairs", seed=seed)
        train, test = parts.train, parts.test
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "split.npz")
            known = np.column_stack([train.source, train.target, train.sign])
            held = np.column_stack([test.pairs, test.sign])
            np.savez(path, train=known.astype(int), test=held.astype(int), nodes=train.n_nodes)
            for name in PEERS if options.peers else ():
                limits = [str(seed), str(options.epochs), str(options.seconds)]
                command = [options.peers, __file__, "--one", name, path, *limits]
                output = subprocess.check_output(command, text=True)
                rows.append(json.loads(output.splitlines()[-1]))
                print(json.dumps(rows[-1]), flush=True)
        for name in OURS:
            rows.append(own(name, train, test, seed))
            print(json.dumps(rows[-1]), flush=True)
    return rows


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options that `compare` reads, without `--peers`."""
    parser.add_argument("--dataset", default="bitcoin-alpha")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peers", help="a Python with torch-geometric-signed-directed")
    parser.add_argument("--one", nargs=5, help=argparse.SUPPRESS)
    arguments(parser)
    options = parser.parse_args()
    if options.one:
        name, path, seed, epochs, seconds = options.one
        print(json.dumps(peer(name, path, int(seed), int(epochs), float(seconds))))
        return
    compare(options)


if __name__ == "__main__":
    main()
