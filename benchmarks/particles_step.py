"""Training step of the reference message network: factorised first layer against plain edges.

    python benchmarks/particles_step.py [--bodies 4 8] [--batch 64] [--repeats 30]

Both do the same arithmetic otherwise: edge perceptron 300-300-300 with messages of 100, node
perceptron 300-300-300, L1 of the messages, Adam. Runs are interleaved and medians are printed, so
that other load on the machine meets both alike. PyTorch Geometric takes 21.5 ms (4 bodies) and
59 ms (8 bodies) for the same step on two cores.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax

from forcelaw.graph import Graph
from forcelaw.laws import Attributes, MessageNetwork, State
from forcelaw.particles._objectives import (
    Example,
    Objective,
    acceleration,
    l1,
    loss,
    mean_absolute,
)

REFERENCE_MS = {4: 21.5, 8: 59.0}
"""PyTorch Geometric, messages computed once, two cores."""


def examples(bodies: int, batch: int) -> Example:
    keys = jax.random.split(jax.random.key(0), 4)
    shape = (batch, bodies, 2)
    position, velocity, target = (jax.random.normal(key, shape) for key in keys[:3])
    attributes = {
        "mass": jnp.exp(jax.random.normal(keys[3], shape[:2])),
        "charge": jnp.ones(shape[:2]),
    }
    later = State(position[:, None][:, :0], velocity[:, None][:, :0])
    state = State(position, velocity)
    return Example(state, target, Attributes(attributes), later, jnp.ones(batch))


def plain_loss(law: MessageNetwork, graph: Graph, batch: Example) -> Any:
    """Every edge's features gathered and concatenated, as graph packages do; a scatter-add."""

    def one(example: Example) -> Any:
        features = law.features(example.state, example.attributes)
        ends = [features[graph.receiver], features[graph.sender]]
        messages = law.edge(jnp.concatenate(ends, axis=1))
        total = jax.ops.segment_sum(messages, graph.receiver, num_segments=graph.nodes)
        predicted = law.node(jnp.concatenate([features, total], axis=1))
        error = jnp.mean(jnp.abs(predicted - example.acceleration))
        return error + 1e-2 * jnp.mean(jnp.abs(messages))

    return jnp.mean(jax.vmap(one)(batch))


def our_loss(law: MessageNetwork, graph: Graph, batch: Example) -> Any:
    objective = Objective(acceleration, {"error": (1.0, mean_absolute), "messages": (1e-2, l1)})
    return loss(objective, law, graph, batch)[0]


def stepper(function: Callable[..., Any], graph: Graph) -> Callable[..., Any]:
    optimizer = optax.adam(1e-3)

    @eqx.filter_jit(donate="all-except-first")
    def step(batch: Example, law: MessageNetwork, state: Any) -> Any:
        slope = eqx.filter_grad(lambda law: function(law, graph, batch))(law)
        updates, state = optimizer.update(slope, state)
        return eqx.apply_updates(law, updates), state

    return step


def measure(bodies: int, batch: int, repeats: int) -> dict[str, float]:
    graph, data = Graph.complete_graph(bodies), examples(bodies, batch)
    runs = {}
    for name, function in (("factorised", our_loss), ("plain", plain_loss)):
        law = MessageNetwork(2, ("mass", "charge"), key=jax.random.key(1))
        law = jax.tree.map(lambda leaf: leaf.copy() if eqx.is_array(leaf) else leaf, law)
        state = optax.adam(1e-3).init(eqx.filter(law, eqx.is_inexact_array))
        runs[name] = [stepper(function, graph), law, state, []]
    for turn in range(repeats + 3):
        for run in runs.values():
            started = time.perf_counter()
            run[1], run[2] = jax.block_until_ready(run[0](data, run[1], run[2]))
            if turn >= 3:
                run[3].append(1e3 * (time.perf_counter() - started))
    medians = {name: float(np.median(run[3])) for name, run in runs.items()}
    best = {f"{name}_best": float(np.min(run[3])) for name, run in runs.items()}
    reference = REFERENCE_MS.get(bodies)
    share = {} if reference is None else {"share_of_reference": medians["factorised"] / reference}
    return {"bodies": bodies, "batch": batch, **medians, **best, **share}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bodies", type=int, nargs="+", default=[4, 8])
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--repeats", type=int, default=30)
    arguments = parser.parse_args()
    for bodies in arguments.bodies:
        print(json.dumps(measure(bodies, arguments.batch, arguments.repeats)))


if __name__ == "__main__":
    main()
