"""Ways to evaluate a small network along every edge of a rollout, and to accumulate its gradient.

    python -m benchmarks run speed/edge_network [--edges 43000] [--steps 20] [--rounds 7]

The network is SPR-NN's: seven hidden units of the distance for each of three relations, all that
does not depend on the distance worked out before the first step. Every step sees other distances;
the gradient is taken of all parameters through the scan. Figures are medians of *processor* time
(all threads, so that other programs on the machine weigh less), in nanoseconds an edge and step.

- `edge arrays`: each edge holds its relation's weights, `[hidden, edge]`, features first.
- `edges first`: the same as `[edge, hidden]`.
- `all branches`: three networks for every edge, the relation picks one.
- `one-hot`: weights stay `[relation, hidden]` and are spread by a matrix product in every step.
- `own rule`: as `edge arrays`; the backward rule keeps nothing and sums weights' cotangents
  over the edges of each relation at once, so that only `still` is accumulated for each edge.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.harness import Case, Record, table

HIDDEN, RELATIONS = 7, 3
SMOKE = ["--edges", "50", "--steps", "2", "--rounds", "1"]
Weights = dict[str, jax.Array]


def edge_arrays(weights: Weights, relation: jax.Array) -> Callable[[jax.Array], jax.Array]:
    slope, outer = weights["slope"].T @ relation, weights["outer"].T @ relation

    def force(length: jax.Array) -> jax.Array:
        hidden = jnp.tanh(weights["still"] + slope * length[None, :])
        return jnp.sum(outer * hidden, axis=0)

    return force


def edges_first(weights: Weights, relation: jax.Array) -> Callable[[jax.Array], jax.Array]:
    slope, outer = relation.T @ weights["slope"], relation.T @ weights["outer"]
    still = weights["still"].T

    def force(length: jax.Array) -> jax.Array:
        return jnp.sum(outer * jnp.tanh(still + slope * length[:, None]), axis=1)

    return force


def all_branches(weights: Weights, relation: jax.Array) -> Callable[[jax.Array], jax.Array]:
    def force(length: jax.Array) -> jax.Array:
        inner = weights["still"][None] + weights["slope"][:, :, None] * length[None, None, :]
        every = jnp.sum(weights["outer"][:, :, None] * jnp.tanh(inner), axis=1)
        return jnp.sum(relation * every, axis=0)

    return force


def one_hot(weights: Weights, relation: jax.Array) -> Callable[[jax.Array], jax.Array]:
    def force(length: jax.Array) -> jax.Array:
        slope, outer = weights["slope"].T @ relation, weights["outer"].T @ relation
        return jnp.sum(outer * jnp.tanh(weights["still"] + slope * length[None, :]), axis=0)

    return force


def own_rule(weights: Weights, relation: jax.Array) -> Callable[[jax.Array], jax.Array]:
    constant = jax.lax.stop_gradient
    slope, outer = constant(weights["slope"].T @ relation), constant(weights["outer"].T @ relation)

    def force(length: jax.Array) -> jax.Array:
        return _network(weights, relation, slope, outer, length)

    return force


@jax.custom_vjp
def _network(weights, relation, slope, outer, length):
    hidden = jnp.tanh(weights["still"] + slope * length[None, :])
    return jnp.sum(outer * hidden, axis=0)


def _network_forward(*arguments):
    return _network(*arguments), arguments


def _network_backward(arguments, cotangent):
    weights, relation, slope, outer, length = arguments
    hidden = jnp.tanh(weights["still"] + slope * length[None, :])
    inner = cotangent[None, :] * outer * (1 - hidden * hidden)
    gradient = {
        "still": inner,
        "slope": relation @ (inner * length[None, :]).T,
        "outer": relation @ (cotangent[None, :] * hidden).T,
    }
    zero = jnp.zeros_like
    return gradient, zero(relation), zero(slope), zero(outer), jnp.sum(inner * slope, axis=0)


_network.defvjp(_network_forward, _network_backward)

WAYS = {
    "edge arrays": edge_arrays,
    "edges first": edges_first,
    "all branches": all_branches,
    "one-hot": one_hot,
    "own rule": own_rule,
}


def rollout(way: Callable[..., Any], steps: int) -> Callable[..., jax.Array]:
    def run(weights: Weights, relation: jax.Array, length: jax.Array) -> jax.Array:
        force = way(weights, relation)

        @jax.checkpoint
        def step(length: jax.Array, _: None) -> tuple[jax.Array, None]:
            return length + 0.01 * force(length), None

        return jnp.sum(jax.lax.scan(step, length, None, length=steps)[0] ** 2)

    return run


def processor_seconds(function: Callable[..., Any], arguments: tuple[Any, ...]) -> float:
    start = time.process_time()
    jax.block_until_ready(function(*arguments))
    return time.process_time() - start


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--edges", type=int, default=43_000)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=7)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    yield Case({"edges": options.edges, "steps": options.steps, "rounds": options.rounds}, 0)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Nanoseconds of every way, forward and with the gradient."""
    edges, steps = case.arguments["edges"], case.arguments["steps"]
    rng = np.random.default_rng(case.seed)
    kind = rng.choice(RELATIONS, edges, p=[0.7, 0.1, 0.2])
    relation = jnp.asarray(kind == np.arange(RELATIONS)[:, None], jnp.float32)
    weights = {
        "still": jnp.asarray(rng.normal(size=(HIDDEN, edges)), jnp.float32),
        "slope": jnp.asarray(rng.normal(size=(RELATIONS, HIDDEN)), jnp.float32),
        "outer": jnp.asarray(rng.normal(size=(RELATIONS, HIDDEN)), jnp.float32),
    }
    arguments = (weights, relation, jnp.asarray(rng.uniform(0, 9, edges), jnp.float32))
    programs = {}
    for name, way in WAYS.items():
        run = rollout(way, steps)
        programs[name] = jax.jit(run), jax.jit(jax.grad(run))
    expected = programs["edge arrays"][1](*arguments)
    for forward, backward in programs.values():
        jax.block_until_ready(forward(*arguments))
        for key, value in backward(*arguments).items():
            scale = float(jnp.max(jnp.abs(expected[key])))
            np.testing.assert_allclose(value, expected[key], rtol=0, atol=1e-4 * scale)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    for _ in range(case.arguments["rounds"]):
        for name, pair in programs.items():
            forward, backward = (processor_seconds(program, arguments) for program in pair)
            times[name].append((forward, backward))
    unit = edges * steps / 1e9
    medians = {
        name: [statistics.median(side) / unit for side in zip(*pairs, strict=True)]
        for name, pairs in times.items()
    }
    return {name: {"forward": one, "gradient": both} for name, (one, both) in medians.items()}


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a way."""
    rows = [
        (record.arguments["edges"], way, f"{found['forward']:.1f}", f"{found['gradient']:.1f}")
        for record in records
        for way, found in record.figures.items()
    ]
    return {"table": table("edges | way | forward, ns | with gradient, ns", rows)}
