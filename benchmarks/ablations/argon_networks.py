"""How much of the force between atoms of argon the messages of a trained network carry.

    python -m benchmarks run ablations/argon_networks                     # hours of one core
    python -m benchmarks run ablations/argon_networks --models message --seeds 0

108 atoms in a periodic box, of which a network is told nothing but where they are (or how fast,
too). It trains with its default settings and schedule; nothing of it is chosen by the true force.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from benchmarks.harness import Case, Record, table
from benchmarks.particles.worlds import argon, positions_only
from forcelaw.particles import fit
from forcelaw.training import Stage

SMOKE = ["--models", "pair", "--epochs", "1", "--snapshots", "20", "--seeds", "0"]
TRUTH = "24/r**7 - 48/r**13"
MODELS = ("message", "pair", "hamiltonian")
GIVEN = ("positions", "velocities too")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument("--given", nargs="+", choices=GIVEN, default=list(GIVEN))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--snapshots", type=int, default=300)
    parser.add_argument("--epochs", type=int, help="in place of the default schedule")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    more = {} if options.epochs is None else {"epochs": options.epochs}
    for seed in options.seeds:
        for model in options.models:
            for given in options.given:
                told = {"model": model, "given": given, "snapshots": options.snapshots}
                yield Case({**told, **more}, seed)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Scores of a network on the atoms that it was trained on, and what the training took.

    The seed is that of the atoms and of the network.
    """
    told, seed = case.arguments, case.seed or 0
    atoms = argon(seed=seed, snapshots=told["snapshots"], settle=1000).recordings
    data = positions_only(atoms) if told["given"] == "positions" else atoms
    stages = (Stage(epochs=told["epochs"], learning_rate=3e-3),) if "epochs" in told else None
    clock, processor = time.perf_counter(), time.process_time()
    found = fit(data, model=told["model"], order="second", stages=stages, seed=seed)
    return {
        "r2": found.message_r2(data, TRUTH),
        "explained": found.explained,
        "validation": min(epoch.metrics["validation"] for epoch in found.history),
        "epochs": len(found.history),
        "clock": round(time.perf_counter() - clock, 1),
        "cpu": round(time.process_time() - processor, 1),
    }


def figures(records: Sequence[Record]) -> dict[str, str]:
    groups: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        if "epochs" not in record.arguments:
            key = record.arguments["model"], record.arguments["given"]
            groups.setdefault(key, []).append(record)
    rows = [
        _row(model, given, groups[model, given])
        for given in GIVEN
        for model in MODELS
        if (model, given) in groups
    ]
    head = "given | network | R² of messages | least | held-out R² | CPU seconds | seeds"
    return {"table": table(head, rows)}


def _row(model: str, given: str, records: Sequence[Record]) -> list[object]:
    found = [record.figures for record in records]
    return [
        given,
        model,
        f"{median(f['r2'] for f in found):.4f}",
        f"{min(f['r2'] for f in found):.4f}",
        f"{median(f['explained'] for f in found):.4f}",
        f"{median(f['cpu'] for f in found):.0f}",
        len(found),
    ]
