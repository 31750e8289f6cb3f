"""Seconds and memory of one training update of SPR-NN, 64 dimensions, 120 steps.

    FORCELAW_DATA=folder python -m benchmarks run speed/spring_network_step
        [--datasets bitcoin-alpha bitcoin-otc] [--preset spr-nn] [--updates 5] [--segments N]

The reference implementation calls one such update, a simulation of the whole training graph and
its gradient, an epoch. Figures are the best and the median seconds of an update after compilation,
by the clock and of processors, and the peak of the process's memory above what it held after its
imports, everything included. Each dataset is measured in a process of its own.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.harness import Case, Record, call, table
from benchmarks.networks import network

REFERENCE = {"bitcoin-alpha": 7.8, "bitcoin-otc": 11.0}
"""Seconds an epoch of the reference implementation on two processors, in float64 as it requires."""


SMOKE = ["--datasets", "synthetic-40", "--updates", "1", "--steps", "2"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--datasets", nargs="+", default=list(REFERENCE))
    parser.add_argument("--preset", default="spr-nn")
    parser.add_argument("--updates", type=int, default=5)
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--segments", type=int, help="states kept of a rollout, default sqrt")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    sizes = {"steps": options.steps, "updates": options.updates, "segments": options.segments}
    for name in options.datasets:
        yield Case({"dataset": name, "preset": options.preset, **sizes}, 0)


def measure(case: Case, options: argparse.Namespace) -> dict[str, float]:
    """One dataset in a process of its own."""
    return call("speed/spring_network_step", "update", case.arguments)


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a dataset and number of states."""
    rows = []
    for record in records:
        name, found = record.arguments["dataset"], record.figures
        clocks = (f"{found[key]:.3f}" for key in ("best", "median", "processor"))
        faster = f"{REFERENCE[name] / found['best']:.0f}" if name in REFERENCE else ""
        kept = record.arguments["segments"] or "sqrt"
        rows.append((name, kept, *clocks, faster, f"{found['memory']:.0f}"))
    head = (
        "network | states kept | s (best) | s (median) | processor s "
        "| times as fast as the reference implementation | MB above the imports"
    )
    return {"table": table(head, rows)}


def update(given: dict[str, Any]) -> dict[str, float]:
    """One dataset in this process."""
    import jax
    import jax.numpy as jnp

    from forcelaw import signed
    from forcelaw.signed.forces import Choices, make_views
    from forcelaw.signed.forces.objective import Task, fold_loss, untrained_forces
    from forcelaw.training import Stage, peak_memory_mb, train

    jax.block_until_ready(jnp.zeros(()) + 1)
    held = peak_memory_mb()
    preset = signed.PRESETS[given["preset"]]
    parts = signed.split(network(given["dataset"]), "pairs", seed=0)
    views = make_views(parts.train, folds=2, seed=0)
    steps = given["steps"]
    task = Task(views, Choices(64, steps, parts.train.directed, "camps", given["segments"]))
    moments = []

    def note(_) -> None:
        times = os.times()
        moments.append((time.perf_counter(), times.user + times.system))

    train(
        untrained_forces(views, preset, key=jax.random.key(0)),
        fold_loss,
        task,
        batches=lambda task, key: jnp.zeros(1, jnp.int32),
        stages=[Stage(given["updates"] + 1, steps, 0.01, preset.damping, 0.01)],
        key=jax.random.key(1),
        report=note,
    )
    peak = peak_memory_mb()
    assert held is not None and peak is not None
    pairs = list(itertools.pairwise(moments))
    wall = [after[0] - before[0] for before, after in pairs]
    return {
        "edges": int(views.graph.edge_mask.sum()),
        "best": min(wall),
        "median": statistics.median(wall),
        "processor": min(after[1] - before[1] for before, after in pairs),
        "memory": peak - held,
    }
