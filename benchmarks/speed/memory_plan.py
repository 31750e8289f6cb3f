"""Plan, estimate and measured peak of a training step of the neural springs.

    python -m benchmarks run speed/memory_plan [--dataset bitcoin-otc] [--dim 64] [--steps 120]
        [--budgets whole 600MB 550MB] [--halo 1]

For every budget a fresh process plans, compiles and runs one gradient step (a rollout in all
parts, the signs' squared error, the gradient), and tells what the plan foresaw beside what the
kernel saw: `VmHWM` is the peak of a process's life, so that one process measures one step.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

from benchmarks.harness import Case, Record, call, table
from benchmarks.networks import network

COLUMNS = (
    "segments",
    "parts",
    "estimate MB",
    "measured MB",
    "ratio",
    "foreseen peak MB",
    "peak MB",
)
SMOKE = ["--dataset", "synthetic-40", "--dim", "2", "--steps", "4", "--budgets", "whole"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dataset", default="bitcoin-otc")
    parser.add_argument("--dim", type=int, default=64)
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--halo", type=int, default=1)
    parser.add_argument("--budgets", nargs="+", default=["whole", "650MB", "550MB", "500MB"])


def cases(options: argparse.Namespace) -> Iterator[Case]:
    names = ("dataset", "dim", "steps", "halo", "budgets")
    yield Case({name: getattr(options, name) for name in names})


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Every budget in a process of its own; gradients are compared with that of the whole."""
    found: dict[str, Any] = {}
    whole = None
    for budget in case.arguments["budgets"]:
        try:
            row = call("speed/memory_plan", "step", case.arguments, budget)
        except subprocess.CalledProcessError:
            # Its last words are on the terminal: no plan fits such a budget.
            continue
        gradient = row.pop("gradient")
        whole = gradient if row["parts"] == 1 else whole
        if whole is not None:
            row["gradient off"] = distance(gradient, whole)
        found[budget] = row
    return {"budgets": found}


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a budget."""
    rows = [
        (record.arguments["dataset"], budget, *(found.get(name, "") for name in COLUMNS))
        for record in records
        for budget, found in record.figures["budgets"].items()
    ]
    return {"table": table(f"network | budget | {' | '.join(COLUMNS)}", rows)}


def distance(one: list[float], other: list[float]) -> float:
    """The relative Euclidean distance of two gradients."""
    square = sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
    return (square / sum(b**2 for b in other)) ** 0.5


def step(given: dict[str, Any], budget: str) -> dict[str, Any]:
    """One plan, and one step that follows it."""
    import equinox as eqx
    import jax
    import jax.numpy as jnp
    import numpy as np

    from forcelaw.graph import partition, rows_of_parts, subgraphs
    from forcelaw.laws import Attributes, NeuralSpring, State
    from forcelaw.motion import SemiImplicitEuler, advance
    from forcelaw.signed.forces import whole_view
    from forcelaw.training import memory_of, parse_memory, plan, release_memory

    signs = network(given["dataset"])
    graph, view = whole_view(signs)
    whole = view.attributes(jnp.float32)
    law = NeuralSpring(key=jax.random.key(0))
    start = jax.random.uniform(jax.random.key(1), (graph.nodes, given["dim"]), minval=-1.0)
    pairs = signs.pairs()
    positive = np.asarray(pairs.sign > 0, np.float32)

    def divided(parts: int):
        """What every part needs to know, stacked."""
        assignment = partition(graph, parts, seed=0)
        cut = subgraphs(graph, assignment, halo=given["halo"])
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
            steps=given["steps"],
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
        steps=given["steps"],
        budget=10**12 if budget == "whole" else parse_memory(budget),
        max_parts=64,
    )
    print(chosen, file=sys.stderr)

    data = jax.block_until_ready(divided(chosen.parts))
    update = cast(Any, gradient).lower(law, chosen.segments, data).compile()
    memory = memory_of(update)
    # As training does before its first step.
    release_memory()
    # The kernel's peak so far is the compiler's; start it anew.
    Path("/proc/self/clear_refs").write_text("5")
    before, cpu = resident("VmRSS"), time.process_time()
    slope = jax.block_until_ready(update(law, chosen.segments, data))
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
