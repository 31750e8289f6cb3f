"""Cost of a simulation against edges, dimensions and steps, up to 1 M nodes and 10 M edges.

    python -m benchmarks run speed/scaling [--draw]

Springs between friends, enemies and strangers (`Spring`) move the nodes of random signed graphs
with hubs, float32. Every point is a process of its own, so that its peak memory is its own; its
time is the best of three runs after compilation. `gather` is the time that bare NumPy takes to
fetch one row of the positions for every edge in the same order: what memory alone costs. In the
graph called `near` every node's partners lie within 20,000 places, so that their positions stay
in the cache whatever the graph's size.
`--draw` makes docs/pictures/scaling.svg of the records (needs matplotlib).
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, call, read, table

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "scaling.svg"
LARGE, HUGE = (130_000, 850_000), (1_000_000, 5_000_000)
POINTS = {
    "edges": [
        *((nodes, 5 * nodes, 64, 20, "hubs") for nodes in (10_000, 30_000, 100_000, 300_000)),
        (*LARGE, 64, 20, "hubs"),
        (*HUGE, 64, 20, "hubs"),
        (*LARGE, 64, 20, "near"),
        (*HUGE, 64, 20, "near"),
    ],
    "dimensions": [(*LARGE, dim, 20, "hubs") for dim in (8, 16, 32, 64, 96, 128)],
    "steps": [(*LARGE, 64, steps, "hubs") for steps in (5, 10, 20, 40)],
}
SMOKE = ["--points", '[[30, 90, 2, 2, "hubs"]]']
POINT = ("nodes", "edges", "dimensions", "steps", "partners")
COLUMNS = (*POINT, "seconds", "processor", "ns an edge and step", "gather ns", "peak MB")


def pairs(nodes: int, count: int, partners: str) -> np.ndarray:
    """About `count` different unordered pairs, `[pair, 2]`."""
    random = np.random.default_rng(0)
    count = int(1.02 * count)
    if partners == "near":
        first = random.integers(nodes, size=count)
        second = (first + random.integers(1, 20_000, size=count)) % nodes
    else:
        weight = random.pareto(1.5, nodes) + 1
        share = np.cumsum(weight) / weight.sum()
        first, second = np.minimum(np.searchsorted(share, random.random((2, count))), nodes - 1)
    low, high = np.minimum(first, second), np.maximum(first, second)
    key = np.unique((low * nodes + high)[low != high])
    return np.stack([key // nodes, key % nodes], axis=1)


def point(nodes: int, count: int, dim: int, steps: int, partners: str) -> dict[str, Any]:
    """One point in this process."""
    import jax
    import jax.numpy as jnp

    from forcelaw.graph import Graph
    from forcelaw.laws import Attributes, Spring, State
    from forcelaw.motion import SemiImplicitEuler, advance

    both = pairs(nodes, count, partners)
    graph = Graph.from_edges(np.concatenate([both, both[:, ::-1]]), nodes=nodes)
    del both
    random = np.random.default_rng(1)
    kind = random.choice(3, graph.edges, p=[0.7, 0.2, 0.1]).astype(np.int8)
    names = ("friend", "enemy", "unknown")
    attributes = Attributes(
        {"centrality": jnp.zeros(nodes)},
        {name: jnp.asarray(kind == k, jnp.float32) for k, name in enumerate(names)},
    )
    position = jnp.asarray(random.uniform(-1, 1, (nodes, dim)).astype(np.float32))
    gather = gather_seconds(np.asarray(position), np.asarray(graph.sender))

    @jax.jit
    def simulate(graph: Graph, attributes: Attributes, position: jax.Array) -> jax.Array:
        return advance(
            Spring().bind(graph, attributes),
            graph,
            State(position, jnp.zeros_like(position)),
            attributes,
            steps=steps,
            dt=0.01,
            damping=5.0,
            integrator=SemiImplicitEuler(),
        ).position

    moved = simulate(graph, attributes, position).block_until_ready()
    if not bool(jnp.all(jnp.isfinite(moved))):
        raise SystemExit("found positions that are not finite")
    del moved
    times = []
    for _ in range(3):
        wall, processor = time.perf_counter(), time.process_time()
        simulate(graph, attributes, position).block_until_ready()
        times.append((time.perf_counter() - wall, time.process_time() - processor))
    seconds, processor = min(times)
    values = (nodes, graph.edges, dim, steps, partners, round(seconds, 3), round(processor, 3))
    each = 1e9 * seconds / graph.edges / steps
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    bare = round(1e9 * gather / graph.edges, 1)
    return dict(zip(COLUMNS, (*values, round(each, 1), bare, round(peak)), strict=True))


def gather_seconds(rows: np.ndarray, index: np.ndarray) -> float:
    """Time to fetch the rows `index`, a part at a time into one small buffer."""
    size = 1024
    buffer = np.empty((size, rows.shape[1]), rows.dtype)
    began = time.perf_counter()
    for start in range(0, len(index) - size + 1, size):
        rows.take(index[start : start + size], axis=0, out=buffer, mode="clip")
    return time.perf_counter() - began


def draw(found: dict[str, list[dict[str, Any]]], path: Path) -> None:
    """Seconds against each of them."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "forcelaw"
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(10, 3), constrained_layout=True)
    for axis, (name, points) in zip(axes, found.items(), strict=True):
        rows = sorted((row for row in points if row["partners"] == "hubs"), key=lambda r: r[name])
        x = np.array([row[name] for row in rows], float)
        y = np.array([row["seconds"] for row in rows])
        axis.plot(x, y, "o", color="tab:blue", label="measured")
        slope = np.exp(np.mean(np.log(y / x)))
        axis.plot(x, slope * x, color="tab:gray", linewidth=1, label="proportional")
        axis.set(xlabel=f"{name}" + (" (directed)" if name == "edges" else ""), ylabel="seconds")
        if name == "edges":
            axis.set(xscale="log", yscale="log")
            axis.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--points", type=json.loads, help="other points, against edges; JSON")
    parser.add_argument("--draw", action="store_true", help="draw the records")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for against, points in ({"edges": options.points} if options.points else POINTS).items():
        for one in points:
            yield Case({"against": against, "point": list(one)}, 0)
    if options.draw:
        draw(series(read("speed/scaling")), PICTURE)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """One point in a process of its own."""
    return call("speed/scaling", "point", *case.arguments["point"])


def series(records: Sequence[Record]) -> dict[str, list[dict[str, Any]]]:
    """The points against each of them."""
    return {
        against: [r.figures for r in records if r.arguments["against"] == against]
        for against in POINTS
    }


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One table each, and what a step on the largest graph costs."""
    found = series(records)
    tables = {
        against: table(" | ".join(COLUMNS), ([row[c] for c in COLUMNS] for row in rows))
        for against, rows in found.items()
    }
    largest = max(found["edges"], key=lambda row: row["edges"] * (row["partners"] == "hubs"))
    step = largest["seconds"] / largest["steps"]
    return tables | {"step": f"{step:.1g}", "peak": f"{largest['peak MB'] / 1e3:.1f}"}
