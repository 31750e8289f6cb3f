"""Edge operations against plain JAX (gather, norm, scatter-add), on one machine, interleaved.

    python -m benchmarks run speed/edge_operations [--graph bitcoin-otc] [--rounds 15]

`bitcoin-otc` has both directions of every pair (soc-sign-bitcoinotc.csv.gz in the folder
FORCELAW_DATA); the other is a random graph of 130,000 nodes and 1.7 million directed edges. Rows
are 64-dimensional, float32. Every round times both variants; figures are those of plain JAX and of
forcelaw, medians over rounds in nanoseconds an edge, and the median of the ratios within a round,
in wall time and in processor time of all threads (which other programs on the machine disturb
less).
"""

from __future__ import annotations

import argparse
import gzip
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.harness import Case, Record, table
from forcelaw.graph import Graph, edge_lengths, edge_sum, native_available

DIM = 64
SMOKE = ["--graph", "tiny", "--rounds", "1"]


def otc() -> Graph:
    folder = os.environ.get("FORCELAW_DATA")
    if folder is None:
        raise SystemExit("set FORCELAW_DATA to the folder that holds soc-sign-bitcoinotc.csv.gz")
    with gzip.open(Path(folder) / "soc-sign-bitcoinotc.csv.gz", "rt") as file:
        rows = np.loadtxt(file, delimiter=",", usecols=(0, 1), dtype=np.int64)
    return both_directions(np.unique(rows, return_inverse=True)[1].reshape(-1, 2))


def random_graph(nodes: int, pairs: int) -> Graph:
    rng = np.random.default_rng(0)
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


def compare(graph: Graph, rounds: int, repeats: int) -> dict[str, dict[str, list[float]]]:
    """Of every case plain and our nanoseconds an edge, and their ratio, by each clock."""
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
        found[case] = {}
        for clock, unit in enumerate(("wall", "processor")):
            pairs = [(before[clock], after[clock]) for before, after in rounds_of]
            before, after = (
                statistics.median(side) / graph.edges * 1e9 for side in zip(*pairs, strict=True)
            )
            ratio = statistics.median(b / a for b, a in pairs)
            found[case][unit] = [before, after, ratio]
    return found


GRAPHS: dict[str, tuple[Callable[[], Graph], int]] = {
    "bitcoin-otc": (otc, 5),
    "130,000 nodes": (lambda: random_graph(130_000, 870_000), 2),
    "tiny": (lambda: random_graph(50, 200), 1),
}
"""How to make each, and how many repetitions a round has."""
LEFT_OUT = "tiny"


def arguments(parser: argparse.ArgumentParser) -> None:
    usual = [name for name in GRAPHS if name != LEFT_OUT]
    parser.add_argument("--graph", nargs="+", choices=list(GRAPHS), default=usual)
    parser.add_argument("--rounds", type=int, default=9)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for graph in options.graph:
        yield Case({"graph": graph, "dim": DIM, "rounds": options.rounds})


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Every operation of one graph."""
    make, repeats = GRAPHS[case.arguments["graph"]]
    graph = make()
    return {
        "edges": graph.edges,
        "compiled loops": native_available(),
        "operations": compare(graph, case.arguments["rounds"], repeats),
    }


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row an operation and graph."""
    rows = []
    for record in records:
        for operation, clocks in record.figures["operations"].items():
            plain, ours, ratio = (f"{value:.1f}" for value in clocks["wall"])
            rows.append((record.arguments["graph"], operation, plain, ours, ratio))
    return {"table": table("graph | operation | plain JAX, ns | forcelaw, ns | ratio", rows)}
