"""Plan, estimate and measured peak of a training step of the neural springs.

    python benchmarks/speed/memory_plan.py [--dataset bitcoin-otc] [--dim 64] [--steps 120]
        [--budgets whole 600MB 550MB] [--halo 1]

For every budget a fresh process plans, compiles and runs one gradient step (a rollout in all
parts, the signs' squared error, the gradient), and prints what the plan foresaw beside what the
kernel saw: `VmHWM` is the peak of a process's life, so that one process measures one step.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, cast

COLUMNS = (
    ("budget", 9),
    ("segments", 9),
    ("parts", 6),
    ("compiled", 9),
    ("estimate MB", 12),
    ("measured MB", 12),
    ("ratio", 7),
    ("foreseen peak MB", 17),
    ("peak MB", 8),
    ("CPU s", 7),
    ("gradient off", 13),
)


def main() -> None:
    """Runs every budget in a process of its own and prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--dataset", default="bitcoin-otc")
    parser.add_argument("--dim", type=int, default=64)
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--halo", type=int, default=1)
    parser.add_argument("--budgets", nargs="+", default=["whole", "650MB", "550MB", "500MB"])
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options, options.one)))
        return
    print(f"{options.dataset}, {options.dim} dimensions, {options.steps} steps")
    print("".join(name.rjust(width) for name, width in COLUMNS))
    whole = None
    for budget in options.budgets:
        arguments = [sys.executable, __file__, *sys.argv[1:], "--one", budget]
        done = subprocess.run(arguments, capture_output=True, text=True, check=False)
        if done.returncode:
            print(budget.rjust(9), done.stderr.strip().splitlines()[-1])
            continue
        row = json.loads(done.stdout.splitlines()[-1])
        gradient = row.pop("gradient")
        whole = gradient if row["parts"] == 1 else whole
        if whole is not None:
            row["gradient off"] = f"{distance(gradient, whole):.1e}"
        print("".join(str(row.get(name, "")).rjust(width) for name, width in COLUMNS), flush=True)


def distance(one: list[float], other: list[float]) -> float:
    """The relative Euclidean distance of two gradients."""
    square = sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
    return (square / sum(b**2 for b in other)) ** 0.5


def measure(options: argparse.Namespace, budget: str) -> dict:
    """One plan, and one step that follows it."""
    import equinox as eqx
    import jax
    import jax.numpy as jnp
    import numpy as np

    from forcelaw.graph import partition, rows_of_parts, subgraphs
    from forcelaw.laws import Attributes, NeuralSpring, State
    from forcelaw.motion import SemiImplicitEuler, advance
    from forcelaw.signed import dataset
    from forcelaw.signed.forces import whole_view
    from forcelaw.training import memory_of, parse_memory, plan, release_memory

    network = dataset(options.dataset)
    graph, view = whole_view(network)
    whole = view.attributes(jnp.float32)
    law = NeuralSpring(key=jax.random.key(0))
    start = jax.random.uniform(jax.random.key(1), (graph.nodes, options.dim), minval=-1.0)
    pairs = network.pairs()
    positive = np.asarray(pairs.sign > 0, np.float32)

    def divided(parts: int):
        """What every part needs to know, stacked."""
        assignment = partition(graph, parts, seed=0)
        cut = subgraphs(graph, assignment, halo=options.halo)
        part, local = cut.owned_pairs(pairs.edges)
        rows = rows_of_parts(part, parts)
        attributes = Attributes(
            {name: cut.at_nodes(value) for name, value in whole.node.items()},
            {name: cut.at_edges(value) for name, value in whole.edge.items()},
        )
        weight = (rows >= 0) / len(positive)
        ends = jnp.asarray(local[rows], jnp.int32)
        signs = jnp.asarray(positive[rows]), jnp.asarray(weight, jnp.float32)
        return cut.graph, attributes, cut.at_nodes(start), ends, *signs

    def loss(law, segments, graph, attributes, start, ends, positive, weight):
        moved = advance(
            law.bind(graph, attributes),
            graph,
            State(start, jnp.zeros_like(start)),
            attributes,
            steps=options.steps,
            dt=0.01,
            damping=5.0,
            integrator=SemiImplicitEuler(),
            segments=segments,
        ).position
        square = jnp.sum((moved[ends[:, 0]] - moved[ends[:, 1]]) ** 2, axis=1)
        guess = jax.nn.sigmoid(2.5 - jnp.sqrt(square + 1e-6))
        return jnp.sum(weight * (guess - positive) ** 2)

    @eqx.filter_jit
    def gradient(law, segments, data):
        def add(total, part):
            slope = eqx.filter_grad(loss)(law, segments, *part)
            return jax.tree.map(jnp.add, total, slope), None

        nothing = jax.tree.map(jnp.zeros_like, eqx.filter(law, eqx.is_inexact_array))
        return jax.lax.scan(add, nothing, data)[0]

    def compile_for(segments: int, parts: int):
        compiled.append((segments, parts))
        return cast(Any, gradient).lower(law, segments, divided(parts))

    compiled: list[tuple[int, int]] = []
    chosen = plan(
        compile_for,
        steps=options.steps,
        budget=10**12 if budget == "whole" else parse_memory(budget),
        max_parts=64,
    )
    print(chosen, file=sys.stderr)

    data = jax.block_until_ready(divided(chosen.parts))
    step = cast(Any, gradient).lower(law, chosen.segments, data).compile()
    memory = memory_of(step)
    # As training does before its first step.
    release_memory()
    # The kernel's peak so far is the compiler's; start it anew.
    Path("/proc/self/clear_refs").write_text("5")
    before, cpu = resident("VmRSS"), time.process_time()
    slope = jax.block_until_ready(step(law, chosen.segments, data))
    peak = resident("VmHWM")
    # What the step was given lay there before.
    estimate = memory.bytes - memory.arguments
    return {
        "budget": budget,
        "segments": chosen.segments,
        "parts": chosen.parts,
        "compiled": len(compiled),
        "estimate MB": round(estimate / 1e6),
        "measured MB": round((peak - before) / 1e6),
        "ratio": round(estimate / (peak - before), 2),
        "foreseen peak MB": round((chosen.held + chosen.bytes) / 1e6),
        "peak MB": round(peak / 1e6),
        "CPU s": round(time.process_time() - cpu, 1),
        "gradient": np.concatenate([np.ravel(leaf) for leaf in jax.tree.leaves(slope)]).tolist(),
    }


def resident(name: str) -> int:
    """A line of this process's status, in bytes."""
    found = re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) * 1024


if __name__ == "__main__":
    main()
