"""Whether an accelerator computes what the CPU of the same machine computes, for `speed/gpu`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax

from benchmarks.speed.many_bodies import GRAVITY
from benchmarks.torch_steps import WEIGHT, numbers
from forcelaw import Attributes, Formula, State, signed
from forcelaw.graph import Graph, edge_dot, edge_lengths, edge_sum
from forcelaw.laws import MessageNetwork
from forcelaw.motion import accelerations, rollout
from forcelaw.particles import objectives
from forcelaw.signed.forces import Choices, make_views
from forcelaw.signed.forces.objective import Task, fold_batches, fold_loss, untrained_forces
from forcelaw.training import Stage, StageValues, constant
from forcelaw.training.update import run_epoch, start

Check = tuple[Callable[..., Any], tuple[Any, ...]]
"""A function of arrays, and what else is in its arguments, and the arguments."""
BAR = 1e-4
"""The largest difference, over the largest number of the array that it is in, in full precision.

On one CPU float32 and float64, native and plain loops, and inputs that differ by rounding end at
most 5e-6 apart; an accelerator adds its own roots and exponentials.
"""
RATE = 0.01


def difference(check: str, size: int) -> float:
    """The largest relative difference between the first accelerator and the CPU."""
    function, arguments = CHECKS[check](size)
    arrays, rest = eqx.partition(arguments, eqx.is_array)
    found = []
    for device in (jax.devices("cpu")[0], jax.devices()[0]):
        with jax.default_device(device):
            moved = eqx.combine(jax.device_put(arrays, device), rest)
            found.append(jax.tree.leaves(jax.device_get(function(*moved))))
    return max(map(relative, *found))


def relative(expected: np.ndarray, found: np.ndarray) -> float:
    """The largest difference over the largest number; infinite where one is no number."""
    if not (np.isfinite(expected).all() and np.isfinite(found).all()):
        return float("inf")
    scale = float(np.max(np.abs(expected), initial=0)) or 1.0
    return float(np.max(np.abs(np.asarray(found) - expected), initial=0)) / scale


def edges(size: int) -> Check:
    """The edge operations, their first derivatives, and second ones, on graphs of every kind."""
    rng = np.random.default_rng(0)
    one_way = rng.integers(0, size, (8 * size, 2))
    both = np.unique(np.concatenate([one_way, one_way[:, ::-1]]), axis=0)
    graphs = [
        Graph.from_edges(one_way, nodes=size),
        Graph.from_edges(both[both[:, 0] != both[:, 1]], nodes=size),
        Graph.complete_graph(min(size, 100)),
    ]

    def operations(graph: Graph, weight: Any, position: Any, direction: Any) -> list[Any]:
        return [
            edge_lengths(graph, position),
            edge_dot(graph, direction, position),
            edge_sum(graph, weight, position),
        ]

    @eqx.filter_jit
    def run(graph: Graph, *operands: Any) -> Any:
        def total(*operands: Any) -> Any:
            return sum(jnp.sum(jnp.sin(part)) for part in operations(graph, *operands))

        slopes = jax.grad(total, (0, 1, 2))

        def steepness(*operands: Any) -> Any:
            return sum(jnp.sum(part**2) for part in slopes(*operands))

        curved = jax.grad(steepness, (0, 1, 2))(*operands)
        return operations(graph, *operands), slopes(*operands), curved

    draw = lambda *shape: jnp.asarray(rng.normal(size=shape), jnp.float32)  # noqa: E731
    operands = [(g, draw(g.edges), draw(g.nodes, 64), draw(g.nodes, 64)) for g in graphs]
    return lambda *each: [run(*one) for one in each], tuple(operands)


def moved(size: int) -> Check:
    """A rollout on a complete graph, and the accelerations of many bodies by tiles."""
    rng = np.random.default_rng(0)
    draw = lambda *shape: jnp.asarray(rng.normal(size=shape), jnp.float32)  # noqa: E731
    own = Attributes({"mass": jnp.asarray(rng.uniform(0.5, 1.5, size), jnp.float32)})
    soft = Formula.parse("m_i*m_j/(r**2 + 0.1)")
    state = State(draw(size, 3), draw(size, 3))

    def run(graph: Graph, state: State, own: Attributes) -> Any:
        frames = rollout(soft, graph, state, own, steps=50, dt=0.002)
        return frames, accelerations(Formula.parse(GRAVITY), state, own)

    return run, (Graph.complete_graph(size), state, own)


def message_network(size: int) -> Check:
    """Two updates of a message network on so many examples."""
    given = {name: jnp.asarray(value) for name, value in numbers(5, size).items()}
    state = State(given["position"], given["velocity"])
    later = jax.tree.map(lambda leaf: leaf[:, None][:, :0], state)
    own = Attributes({"mass": given["mass"], "charge": given["charge"]})
    examples = objectives.Example(
        state, given["acceleration"], own, later, jnp.ones(size, jnp.float32)
    )
    terms = {"error": (1.0, objectives.mean_absolute), "messages": (WEIGHT, objectives.l1)}
    objective = objectives.Objective(objectives.acceleration, terms)
    graph = Graph.complete_graph(5)

    def loss(law: Any, data: Any, rows: Any, stage: Any, key: Any) -> Any:
        examples = jax.tree.map(lambda leaf: leaf[rows], data)
        value, parts = objectives.loss(objective, law, graph, examples, key)
        return value, jnp.ones_like(value), parts

    law = MessageNetwork(2, ("mass", "charge"), key=jax.random.key(1))
    return epoch(law, loss, examples, lambda data, key: jnp.arange(size).reshape(2, -1), Stage(1))


def springs(size: int) -> Check:
    """An epoch of the springs of a synthetic signed network of so many nodes."""
    views = make_views(signed.synthetic(size, degree=8.0, seed=0), folds=2, seed=0)
    task = Task(views, Choices(dim=8, capacity=20, directed=False, start="camps"))
    forces = untrained_forces(views, signed.PRESETS["default"], key=jax.random.key(0))
    return epoch(forces, fold_loss, task, fold_batches, Stage(1, 20, 0.06, 1.7))


def epoch(model: Any, loss: Any, data: Any, batches: Any, stage: Stage) -> Check:
    """Metrics and the sum of the gradients of an epoch."""
    # It keeps them as they are; of changed parameters little would be left but rounding.
    optimizer = optax.trace(decay=1.0)

    def run(progress: Any, *rest: Any) -> Any:
        done, metrics = run_epoch(
            progress,
            *rest,
            loss=loss,
            batches=batches,
            optimizer=optimizer,
            schedule=constant,
            accumulate=1,
        )
        return metrics, done.optimizer

    rate, updates = jnp.asarray(RATE, float), jnp.asarray(2.0)
    values = StageValues.of(stage)
    return run, (start(model, optimizer), data, values, rate, updates, jax.random.key(2))


CHECKS: dict[str, Callable[[int], Check]] = {
    "edges": edges,
    "rollout": moved,
    "message network": message_network,
    "springs": springs,
}
