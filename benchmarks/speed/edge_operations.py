"""Edge operations against plain JAX (gather, norm, scatter-add), on one machine, interleaved.

    python benchmarks/speed/edge_operations.py [--graph otc|large|all] [--rounds 15]

`otc` is Bitcoin OTC with both directions of every pair (soc-sign-bitcoinotc.csv.gz in the folder
FORCELAW_DATA), `large` a random graph of 130,000 nodes and 1.7 million directed edges. Rows are
64-dimensional, float32. Every round times both variants; printed are plain JAX : forcelaw, medians
over rounds in nanoseconds an edge, and the median of the ratios within a round, in wall time and
in processor time of all threads (which other programs on the machine disturb less).
"""

from __future__ import annotations

import argparse
import gzip
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from forcelaw.graph import Graph, edge_lengths, edge_sum
from forcelaw.graph._native import native_available

DIM = 64


def otc() -> Graph:
    folder = os.environ.get("FORCELAW_DATA")
    if folder is None:
        raise SystemExit("set FORCELAW_DATA to the folder that holds soc-sign-bitcoinotc.csv.gz")
    with gzip.open(Path(folder) / "soc-sign-bitcoinotc.csv.gz", "rt") as file:
        rows = np.loadtxt(file, delimiter=",", usecols=(0, 1), dtype=np.int64)
    return both_directions(np.unique(rows, return_inverse=True)[1].reshape(-1, 2))


def large() -> Graph:
    rng = np.random.default_rng(0)
    nodes, pairs = 130_000, 870_000
    weight = rng.pareto(1.5, nodes) + 1
    ends = rng.choice(nodes, (pairs, 2), p=weight / weight.sum())
    return both_directions(ends)


def both_directions(pairs: np.ndarray) -> Graph:
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    edges = np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
    return Graph.from_edges(edges, nodes=int(edges.max()) + 1)


def plain_lengths(graph: Graph, x: jax.Array) -> jax.Array:
    return jnp.linalg.norm(x[graph.sender] - x[graph.receiver], axis=1)


def plain_sum(graph: Graph, weight: jax.Array, x: jax.Array) -> jax.Array:
    messages = weight[:, None] * (x[graph.sender] - x[graph.receiver])
    return jnp.zeros_like(x).at[graph.receiver].add(messages)


def plain_force(graph: Graph, x: jax.Array) -> jax.Array:
    apart = x[graph.sender] - x[graph.receiver]
    length = jnp.linalg.norm(apart, axis=1)
    messages = ((length - 1) / length)[:, None] * apart
    return jnp.zeros_like(x).at[graph.receiver].add(messages)


def plain_force_in_two(graph: Graph, x: jax.Array) -> jax.Array:
    """XLA fuses `plain_force` into a scatter that works every norm out again; two programs do not.

    No choice inside a scan or under a gradient, but the best that plain JAX can do.
    """
    length = _plain_lengths(graph, x)
    return _plain_sum(graph, (length - 1) / length, x)


_plain_lengths, _plain_sum = jax.jit(plain_lengths), jax.jit(plain_sum)


def force(graph: Graph, x: jax.Array) -> jax.Array:
    length = edge_lengths(graph, x)
    return edge_sum(graph, (length - 1) / length, x)


def with_gradient(function: Callable[..., jax.Array]) -> Callable[..., Any]:
    def value(graph: Graph, x: jax.Array) -> jax.Array:
        return jnp.vdot(jax.lax.stop_gradient(x), function(graph, x))

    return jax.value_and_grad(value, argnums=1)


def seconds(
    function: Callable[..., Any], arguments: tuple[Any, ...], repeats: int
) -> tuple[float, float]:
    """Wall time, and processor time of all threads; the first run, not timed, fills the caches."""
    result = jax.block_until_ready(function(*arguments))
    wall, processor = time.perf_counter(), time.process_time()
    for _ in range(repeats):
        result = function(*arguments)
    jax.block_until_ready(result)
    return (
        (time.perf_counter() - wall) / repeats,
        (time.process_time() - processor) / repeats,
    )


def compare(name: str, graph: Graph, rounds: int, repeats: int) -> dict[str, tuple[float, ...]]:
    """Of every case plain and our nanoseconds an edge by the clock, and their ratio."""
    rng = np.random.default_rng(1)
    x = jnp.asarray(rng.uniform(-1, 1, (graph.nodes, DIM)), jnp.float32)
    weight = jnp.asarray(rng.normal(size=graph.edges), jnp.float32)
    cases = {
        "lengths": (plain_lengths, edge_lengths, (graph, x)),
        "sum": (plain_sum, edge_sum, (graph, weight, x)),
        "force": (plain_force, force, (graph, x)),
        "force, two programs": (plain_force_in_two, force, (graph, x)),
        "force and gradient": (with_gradient(plain_force), with_gradient(force), (graph, x)),
    }
    print(f"{name}: {graph.nodes} nodes, {graph.edges} directed edges, {DIM} dimensions")
    found = {}
    for case, (reference, operation, arguments) in cases.items():
        plain = reference if reference is plain_force_in_two else jax.jit(reference)
        ours = jax.jit(operation)
        for one, other in zip(
            jax.tree.leaves(plain(*arguments)), jax.tree.leaves(ours(*arguments)), strict=True
        ):
            np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-3)
        rounds_of = [
            (seconds(plain, arguments, repeats), seconds(ours, arguments, repeats))
            for _ in range(rounds)
        ]
        parts = []
        for clock, unit in enumerate(("wall", "processor")):
            pairs = [(before[clock], after[clock]) for before, after in rounds_of]
            before, after = (
                statistics.median(side) / graph.edges * 1e9 for side in zip(*pairs, strict=True)
            )
            ratio = statistics.median(b / a for b, a in pairs)
            if unit == "wall":
                found[case] = before, after, ratio
            parts.append(f"{unit} {before:6.1f} : {after:5.1f} = {ratio:4.1f}")
        print(f"  {case:20s} {'   '.join(parts)}", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--graph", choices=["otc", "large", "all"], default="all")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    print(
        f"jax {jax.__version__}, {os.cpu_count()} processors, compiled loops {native_available()}"
    )
    if options.graph in ("otc", "all"):
        compare("bitcoin-otc", otc(), options.rounds, 5)
    if options.graph in ("large", "all"):
        compare("large", large(), max(3, options.rounds // 3), 2)


if __name__ == "__main__":
    main()
