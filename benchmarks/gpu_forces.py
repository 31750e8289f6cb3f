"""Edge operations and forces between many bodies on the default device: for `gpu.py`."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.speed import edge_operations as operations
from benchmarks.speed import many_bodies as peer
from forcelaw import Attributes, Formula, State
from forcelaw.graph import Graph, NeighbourList, edge_lengths, edge_sum
from forcelaw.motion import accelerations

DIM = 64


def traffic(nodes: int, edges: int) -> dict[str, int]:
    """The least bytes that each operation moves where no row is read from a cache."""
    rows, indices, row = edges * DIM * 4, 4 * (edges + nodes), nodes * DIM * 4
    lengths = rows + row + indices + 4 * edges
    total = rows + row + indices + 4 * edges + row
    # Back through both: a product with the gradient's rows, its spread, and one more sum, the two
    # of which read the weights of opposite edges and their places, too.
    backward = (lengths + row) + 2 * (total + 8 * edges)
    return {"lengths": lengths, "sum": total, "force and gradient": lengths + total + backward}


def along_edges(
    nodes: int, edges: int, *, repeats: int, copied: int, rounds: int
) -> dict[str, Any]:
    """Bytes a second of the edge operations, in plain JAX, too, and of a large copy.

    `copied` numbers; `repeats` of an operation in each of the rounds.
    """
    graph = random_graph(nodes, edges // 2)
    rng = np.random.default_rng(1)
    x = jnp.asarray(rng.uniform(-1, 1, (graph.nodes, DIM)), jnp.float32)
    weight = jnp.asarray(rng.normal(size=graph.edges), jnp.float32)
    runs: dict[str, tuple[Callable[..., Any], Callable[..., Any], tuple[Any, ...]]] = {
        "lengths": (edge_lengths, operations.plain_lengths, (graph, x)),
        "sum": (edge_sum, operations.plain_sum, (graph, weight, x)),
        "force and gradient": (
            operations.with_gradient(operations.force),
            operations.with_gradient(operations.plain_force),
            (graph, x),
        ),
    }

    def typical(function: Callable[..., Any], *operands: Any) -> float:
        compiled = jax.jit(function)
        times = [operations.seconds(compiled, operands, repeats)[0] for _ in range(rounds)]
        return statistics.median(times)

    large = jnp.ones(copied, jnp.float32)
    copy = large.nbytes * 2 / typical(jnp.negative, large)
    del large
    moved = traffic(graph.nodes, graph.edges)
    found = {
        name: {
            "bytes": moved[name],
            "forcelaw": moved[name] / typical(ours, *operands),
            "plain": moved[name] / typical(plain, *operands),
        }
        for name, (ours, plain, operands) in runs.items()
    }
    return {"edges": graph.edges, "copy": copy, "operations": found}


def random_graph(nodes: int, pairs: int) -> Graph:
    """Both directions of exactly so many different pairs, with hubs."""
    rng = np.random.default_rng(0)
    share = np.cumsum(rng.pareto(2.0, nodes) + 1)
    keys = np.zeros(0, np.int64)
    while len(keys) < pairs:
        # Sorted numbers are found faster.
        drawn = np.sort(rng.random((2, pairs + pairs // 20)) * share[-1], axis=1)
        ends = np.minimum(np.searchsorted(share, drawn), nodes - 1)
        low, high = np.sort([ends[0], rng.permutation(ends[1])], axis=0)
        keys = np.union1d(keys, (low * nodes + high)[low != high])
    excess = rng.choice(len(keys), len(keys) - pairs, replace=False)
    chosen = np.delete(keys, excess)
    both = np.stack([chosen // nodes, chosen % nodes], axis=1)
    return Graph.from_edges(np.concatenate([both, both[:, ::-1]]), nodes=nodes)


def between_bodies(reach: str, bodies: int, *, rounds: int) -> dict[str, Any]:
    """Seconds for the accelerations of many bodies, by `all` pairs or within a cutoff."""
    neighbours, within = None, {}
    rng = np.random.default_rng(0)
    if reach == "all":
        law, place = Formula.parse(peer.GRAVITY), rng.normal(size=(bodies, 3))
        pairs = bodies * (bodies - 1)
    else:
        law = Formula.parse(peer.LIQUID)
        place, box = peer.liquid(bodies)
        began = time.perf_counter()
        at = jnp.asarray(place)
        neighbours = NeighbourList.of(at, box, cutoff=peer.CUTOFF, skin=peer.SKIN)
        others = np.asarray(neighbours.neighbour) != np.arange(len(place))[:, None]
        pairs = int(others.sum())
        within = {"list on the host": time.perf_counter() - began}
    position = jnp.asarray(place, jnp.float32)
    mass = jnp.asarray(rng.uniform(0.5, 1.5, len(place)), jnp.float32)
    state = State(position, jnp.zeros_like(position))
    own = Attributes({"mass": mass})
    times = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        jax.block_until_ready(accelerations(law, state, own, neighbours=neighbours))
        times.append(time.perf_counter() - began)
    seconds = statistics.median(times[1:])
    return {"bodies": len(place), "seconds": seconds, "pairs a second": pairs / seconds, **within}
