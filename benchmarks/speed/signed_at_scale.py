"""Processor time and memory of fits on the largest networks, phase by phase.

    FORCELAW_DATA=folder python -m benchmarks run speed/signed_at_scale

A network of its own process each: `slashdot`, 80 % of its pairs learned from and the rest
predicted, and `made up`, of the size of Epinions, with hubs and two factions, all learned from.
First the default fit, then a million random pairs predicted by it, then what it is compared with
where there is a test part: the same decoder without forces, logistic regression, eigenvectors.
`AUC` are those of the test part, of the prediction and of the distance alone. The peak is that of
the whole process while the phase runs, with all that it held before.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, call, table
from benchmarks.speed.scaling import pairs
from forcelaw import signed

EPINIONS = (132_000, 840_000)
"""Nodes and pairs of the network that is made up."""
SMOKE = ["--networks", "made up", "--size", "300", "900", "--asked", "50"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--networks", nargs="+", default=["slashdot", "made up"])
    parser.add_argument("--size", nargs=2, type=int, default=EPINIONS, metavar=("NODES", "PAIRS"))
    parser.add_argument("--asked", type=int, default=1_000_000, help="pairs to predict")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for name in options.networks:
        size = list(options.size) if name == "made up" else None
        yield Case({"network": name, "size": size, "asked": options.asked}, 0)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """One network in a process of its own."""
    chosen = case.arguments
    return call(
        "speed/signed_at_scale",
        "fit",
        chosen["network"],
        chosen["size"],
        chosen["asked"],
        case.seed,
    )


def fit(name: str, size: Sequence[int] | None, asked: int, seed: int) -> dict[str, Any]:
    """The phases of one fit in this process, and what came of it."""
    phases = Phases()
    network = signed.dataset(name) if size is None else made_up(*size)
    parts = None if size is not None else signed.split(network, "pairs", seed=seed)
    train = network if parts is None else parts.train
    phases.end("read")
    model = signed.SpringEmbedding(seed=seed)
    views = model.views_of(train)
    phases.end("features")
    model.fit(train, views=views)
    phases.end("forces and decoder")
    random = np.random.default_rng(seed).integers(0, train.n_nodes, (asked, 2))
    random[:, 1] += random[:, 0] == random[:, 1]
    model.predict_proba(signed.NodeIndices(random % train.n_nodes))
    phases.end("prediction")
    found: dict[str, Any] = {
        "nodes": train.n_nodes,
        "pairs": train.n_edges,
        "springs": model.springs_.auc if model.springs_ else None,
    }
    if parts is not None:
        test = parts.test
        alone = signed.FeaturesAlone(seed=seed).fit(train, views=views)
        phases.end("features alone")
        del views
        baseline = signed.FeatureBaseline(seed=seed).fit(train)
        baseline.predict_proba(test.pairs)
        phases.end("baseline")
        signed.SpectralBaseline(seed=seed).fit(train).predict_proba(test.pairs)
        phases.end("spectral")
        for method, fitted in (("fit", model), ("features alone", alone)):
            found[method] = signed.scores(
                test.sign, fitted.predict_proba(test.pairs)[:, 1], fitted.threshold_
            )
        ends = np.asarray(test.pairs)
        apart = np.linalg.norm(np.subtract(*model.positions_[ends.T]), axis=1)
        found["distance"] = signed.scores(test.sign, np.exp(-apart), 0.5)["auc"]
    return found | {"phases": phases.found}


def made_up(nodes: int, count: int) -> signed.SignedNetwork:
    """About so many pairs with hubs, friends within two factions, a tenth of the signs flipped."""
    ends = pairs(nodes, count, "hubs")
    random = np.random.default_rng(2)
    faction = random.integers(0, 2, nodes)
    agree = faction[ends[:, 0]] == faction[ends[:, 1]]
    sign = np.where(agree ^ (random.random(len(ends)) < 0.1), 1, -1)
    return signed.SignedNetwork.from_edges(ends[:, 0], ends[:, 1], sign, directed=False)


class Phases:
    """Processor seconds and peak memory, one phase after the other."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, float]] = {}
        self.began = time.process_time()

    def end(self, name: str) -> None:
        """Ends the phase that began with the one before."""
        now = time.process_time()
        status = Path("/proc/self/status").read_text()
        peak = re.search(r"VmHWM:\s+(\d+)", status)
        assert peak is not None
        self.found[name] = {
            "processor s": round(now - self.began, 1), "peak MB": round(int(peak[1]) * 1024 / 1e6)
        }  # fmt: skip
        print(name, self.found[name], file=sys.stderr, flush=True)
        # The kernel's peak so far; start it anew.
        Path("/proc/self/clear_refs").write_text("5")
        self.began = now


def figures(records: Sequence[Record]) -> dict[str, str]:
    """A table of phases, one of what came of them, and the sums that are quoted."""
    phases = list(dict.fromkeys(phase for r in records for phase in r.figures["phases"]))
    rows, scored, found = [], [], {}
    for record in records:
        measured, name = record.figures["phases"], record.arguments["network"]
        total = sum(phase["processor s"] for phase in measured.values())
        peak = max(phase["peak MB"] for phase in measured.values())
        cells = [
            f"{measured[phase]['processor s']:.0f} s, {measured[phase]['peak MB']} MB"
            if phase in measured else ""
            for phase in phases
        ]  # fmt: skip
        rows.append((name, f"{record.figures['pairs']:,}", *cells, f"{total:.0f} s, {peak} MB"))
        key = name.replace(" ", "-")
        found |= {f"{key}.seconds": f"{total:.0f}", f"{key}.gb": f"{peak / 1e3:.1f}"}
        if "fit" in record.figures:
            each = (record.figures[method] for method in ("fit", "features alone"))
            cells = [f"{one['auc']:.4f} / {one['f1_macro']:.4f}" for one in each]
            distance = record.figures["distance"]
            scored.append((name, *cells, f"{distance:.3f}", f"{record.figures['springs']:.3f}"))
    head = f"network | pairs | {' | '.join(phases)} | all"
    scores = "network | fit, AUC / macro-F1 | features alone | AUC of the distance | kept out"
    return found | {"table": table(head, rows), "scores": table(scores, scored)}
