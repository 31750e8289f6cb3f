"""Whether a training that begins with the shipped law gets there sooner.

    FORCELAW_DATA=folder python -m benchmarks run ablations/warm_start [NETWORK ...]

On networks that the shipped law has not seen: validation AUC of the whole method, and of the
distance alone, after few epochs and after all, from random forces and from the shipped ones; mean
over splits (seeds 0, 1, 2).
"""

from __future__ import annotations

import argparse
import dataclasses
import os
from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.harness import Case, Record, table
from benchmarks.networks import network
from forcelaw import signed

EPOCHS = (1, 12)
STARTS = {"random": None, "shipped": "default"}
SMOKE = ["synthetic-40", "--splits", "1", "--epochs", "1", "--starts", "shipped"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("networks", nargs="*", default=["congress"])
    parser.add_argument("--epochs", nargs="+", type=int, default=EPOCHS)
    parser.add_argument("--starts", nargs="+", choices=STARTS, default=list(STARTS))
    parser.add_argument("--splits", type=int, default=3)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for name in options.networks:
        for epochs in options.epochs:
            for start in options.starts:
                asked = {"network": name, "epochs": epochs, "start": start}
                yield Case({**asked, "splits": options.splits})


def measure(case: Case, options: argparse.Namespace) -> dict[str, float]:
    """Mean scores over the splits, and processor seconds of a fit."""
    given = case.arguments
    whole, count = network(given["network"]), given["splits"]
    splits = [signed.split(whole, "pairs", seed=s, validation=0.1) for s in range(count)]
    begin = os.times()
    found = [scored(parts, given["epochs"], STARTS[given["start"]]) for parts in splits]
    end = os.times()
    spent = (end.user + end.system - begin.user - begin.system) / count
    auc, distance = np.mean(found, axis=0).tolist()
    return {"auc": auc, "distance": distance, "processor": spent}


def scored(parts: signed.Split, epochs: int, start: str | None) -> list[float]:
    """Validation AUC of the method and of the distance alone."""
    preset = signed.PRESETS["default"]
    stages = (dataclasses.replace(preset.stages[0], epochs=epochs),)
    preset = dataclasses.replace(preset, stages=stages)
    model = signed.SpringEmbedding(seed=0, preset=preset, start_from=start).fit(parts.train)
    held = parts.validation
    assert held is not None
    probability = model.predict_proba(held.pairs)[:, 1]
    ends = model.positions_[held.pairs]
    near = np.exp(-np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1))
    return [signed.scores(held.sign, p)["auc"] for p in (probability, near)]


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a training."""
    rows = []
    for record in records:
        given, found = record.arguments, record.figures
        scores = f"{found['auc']:.3f}", f"{found['distance']:.3f}", f"{found['processor']:.0f}"
        rows.append((given["network"], given["epochs"], given["start"], *scores))
    head = "network | epochs | forces at the start | AUC | AUC of distance alone | processor s"
    return {"table": table(head, rows)}
