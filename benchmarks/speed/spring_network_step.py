"""Seconds and memory of one training update of the origin's model: SPR-NN, 64 dims, 120 steps.

    FORCELAW_DATA=folder python benchmarks/speed/spring_network_step.py
        [--datasets bitcoin-alpha bitcoin-otc] [--preset spr-nn] [--updates 5] [--segments N]

The origin calls one such update, a simulation of the whole training graph and its gradient, an
epoch. Prints the best and the median wall and processor seconds of an update after compilation,
and the peak of the process's memory above what it held after its imports, everything included:
data, features, compiler. Each dataset is measured in a process of its own.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import time

ORIGIN = {"bitcoin-alpha": 7.8, "bitcoin-otc": 11.0}
"""Seconds an epoch of the origin on two processors, in float64 as it requires."""


def main() -> None:
    """Prints one line a dataset."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--datasets", nargs="+", default=list(ORIGIN))
    parser.add_argument("--preset", default="spr-nn")
    parser.add_argument("--updates", type=int, default=5)
    parser.add_argument("--segments", type=int, help="states kept of a rollout, default sqrt")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options, options.one)))
        return
    print("dataset          edges  wall s (best, median)  processor s  origin s / best  MB above")
    for name in options.datasets:
        command = [sys.executable, __file__, *sys.argv[1:], "--one", name]
        found = json.loads(subprocess.check_output(command, text=True).splitlines()[-1])
        faster = ORIGIN.get(name, float("nan")) / found["best"]
        print(
            f"{name:<15}{found['edges']:>7}{found['best']:>12.3f}{found['median']:>11.3f}"
            f"{found['processor']:>13.3f}{faster:>17.1f}{found['memory']:>11.0f}",
            flush=True,
        )


def measure(options: argparse.Namespace, name: str) -> dict[str, float]:
    """One dataset in this process."""
    import jax
    import jax.numpy as jnp

    from forcelaw import signed
    from forcelaw.signed.forces import Choices, make_views
    from forcelaw.signed.forces.objective import Task, fold_loss, untrained_forces
    from forcelaw.training import Stage, peak_memory_mb, train

    jax.block_until_ready(jnp.zeros(()) + 1)
    held = peak_memory_mb()
    preset = signed.PRESETS[options.preset]
    parts = signed.split(signed.dataset(name), "pairs", seed=0)
    views = make_views(parts.train, folds=2, seed=0)
    task = Task(views, Choices(64, 120, parts.train.directed, "camps", options.segments))
    moments = []

    def note(_) -> None:
        times = os.times()
        moments.append((time.perf_counter(), times.user + times.system))

    train(
        untrained_forces(views, preset, key=jax.random.key(0)),
        fold_loss,
        task,
        batches=lambda task, key: jnp.zeros(1, jnp.int32),
        stages=[Stage(options.updates + 1, 120, 0.01, preset.damping, 0.01)],
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


if __name__ == "__main__":
    main()
