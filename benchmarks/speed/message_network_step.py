"""Training step of the reference message network beside PyTorch Geometric's.

    python3.11 -m venv /tmp/peers
    /tmp/peers/bin/pip install torch==2.13.0 torch_geometric
    python -m benchmarks run speed/message_network_step --peers /tmp/peers/bin/python

The sizes of Cranmer et al. 2020 (arXiv 2006.11287): perceptrons 300-300-300, messages of 100,
2 dimensions, mean absolute error plus L1 of the messages, Adam, float32, batches of 64. Every
contender is a process of its own with its data ready; in every turn each runs alone for a few
steps, in an order that rotates, so that other load on the machine meets all alike. Times are
milliseconds a step, by the clock (`wall`) and of processors (`cpu`); shares are medians over turns
of the time over PyTorch Geometric's in the same turn. PyTorch's threads wait in busy loops, which
other load on the machine makes dozens of times slower: on a machine that is not idle set
OMP_WAIT_POLICY=passive, or compare one core with `taskset -c 0`.

- `forcelaw`: `MessageNetwork`, which reads directions and distances and whose node perceptron does
  not read the sum (see there); mean absolute error plus plain L1.
- `forcelaw-epoch`: the same network inside the compiled epoch of `forcelaw.train`, which also
  draws batches, schedules the rate and skips updates that are not finite.
- `forcelaw-208`, `forcelaw-64`: that epoch with narrower perceptrons, which is fewer operations.
- `plain`: `jax.vmap` of `@`, with every edge's features gathered and a scatter-add.
- `pyg`: the paper's network as PyTorch Geometric's `MessagePassing`, messages computed once.
- `torch`: the same in PyTorch alone, dense batched pairs, fused Adam.
"""

from __future__ import annotations

import argparse
import functools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, command_of, environment, table
from benchmarks.torch_steps import HIDDEN, RATE, WEIGHT, numbers, torch_steps

NAME = "speed/message_network_step"
NARROW = {"forcelaw-208": 208, "forcelaw-64": 64}
OURS, PEERS = ("forcelaw", "forcelaw-epoch", *NARROW, "plain"), ("pyg", "torch")
TITLES = {
    "forcelaw": "forcelaw, one jitted step",
    "forcelaw-epoch": "forcelaw, inside an epoch of `train`",
    **{name: f"forcelaw, epoch, {width} wide" for name, width in NARROW.items()},
    "plain": "plain JAX, `vmap` of `@`",
    "pyg": "PyTorch Geometric",
    "torch": "PyTorch, dense pairs",
}
SMOKE = ["--bodies", "3", "--batch", "2", "--turns", "1", "--steps", "1", "--only", OURS[1]]


# Each contender is `run(steps)`, which returns after the last step.
def jax_steps(name: str, bodies: int, batch: int) -> Callable[[int], None]:
    import equinox as eqx
    import jax
    import jax.numpy as jnp
    import optax

    from forcelaw.graph import Graph
    from forcelaw.laws import Attributes, MessageNetwork, State
    from forcelaw.particles import objectives

    graph = Graph.complete_graph(bodies)
    given = {name: jnp.asarray(value) for name, value in numbers(bodies, batch).items()}
    state = State(given["position"], given["velocity"])
    attributes = Attributes({"mass": given["mass"], "charge": given["charge"]})
    later = jax.tree.map(lambda leaf: leaf[:, None][:, :0], state)
    examples = objectives.Example(
        state, given["acceleration"], attributes, later, jnp.ones(batch, jnp.float32)
    )
    objective = objectives.Objective(
        objectives.acceleration,
        {"error": (1.0, objectives.mean_absolute), "messages": (WEIGHT, objectives.l1)},
    )
    made = {"hidden": (NARROW.get(name, HIDDEN),) * 3, "activation": "relu"}
    law = MessageNetwork(2, ("mass", "charge"), key=jax.random.key(1), **made)

    def our_loss(law: MessageNetwork, examples: objectives.Example) -> Any:
        return objectives.loss(objective, law, graph, examples)[0]

    def plain(perceptron: Any, value: Any) -> Any:
        layers = list(zip(perceptron.weights, perceptron.biases, strict=True))
        for weight, bias in layers[:-1]:
            value = jax.nn.relu(value @ weight + bias)
        return value @ layers[-1][0] + layers[-1][1]

    def plain_loss(law: MessageNetwork, examples: objectives.Example) -> Any:
        def one(example: objectives.Example) -> Any:
            position, own = example.state.position, example.attributes.node
            positive = jnp.log(own["mass"])[:, None]
            attributes = [positive, own["charge"][:, None]]
            features = jnp.concatenate([example.state.velocity, *attributes], axis=1)
            difference = position[graph.sender] - position[graph.receiver]
            length = jnp.sqrt(jnp.sum(difference**2, axis=1, keepdims=True))
            ends = [features[graph.receiver], features[graph.sender]]
            lines = [difference / length, jnp.log(length), jnp.log1p(length)]
            messages = plain(law.edge, jnp.concatenate([*ends, *lines], axis=1))
            powers = law.powers[jnp.asarray([0, 1, 3])]
            logs = [lines[1], positive[graph.receiver], positive[graph.sender]]
            messages = messages * jnp.exp(jnp.concatenate(logs, axis=1) @ powers)[:, None]
            total = jax.ops.segment_sum(messages, graph.receiver, num_segments=graph.nodes)
            force = total @ law.turn + plain(law.node, features)
            predicted = force / own["mass"][:, None]
            error = jnp.mean(jnp.abs(predicted - example.acceleration))
            return error + WEIGHT * jnp.mean(jnp.abs(messages))

        return jnp.mean(jax.vmap(one)(examples))

    if name == "forcelaw-epoch" or name in NARROW:
        return epoch_steps(law, our_loss, examples)
    function = our_loss if name == "forcelaw" else plain_loss
    optimizer = optax.adam(RATE)

    @eqx.filter_jit(donate="all-except-first")
    def step(examples: objectives.Example, law: MessageNetwork, state: Any) -> Any:
        slope = eqx.filter_grad(function)(law, examples)
        updates, state = optimizer.update(slope, state)
        return eqx.apply_updates(law, updates), state

    law = jax.tree.map(lambda leaf: leaf.copy() if eqx.is_array(leaf) else leaf, law)
    held = [law, optimizer.init(eqx.filter(law, eqx.is_inexact_array))]

    def run(steps: int) -> None:
        for _ in range(steps):
            held[:] = step(examples, *held)
        jax.block_until_ready(held)

    return run


def epoch_steps(law: Any, loss: Callable[..., Any], examples: Any) -> Callable[[int], None]:
    """Epochs of `forcelaw.train`, one batch after another of as many examples."""
    import jax
    import jax.numpy as jnp

    from forcelaw.training import Stage, StageValues, one_cycle
    from forcelaw.training.loop import ADAM
    from forcelaw.training.update import run_epoch, start

    def batch_loss(law: Any, data: Any, rows: Any, stage: Any, key: Any) -> Any:
        value = loss(law, jax.tree.map(lambda leaf: leaf[rows], data))
        return value, jnp.ones_like(value), {}

    size = examples.dt.shape[0]
    data = jax.tree.map(lambda leaf: jnp.concatenate([leaf] * 16), examples)
    numbers = StageValues.of(Stage(epochs=1)), jnp.asarray(RATE), jnp.asarray(1e6)
    held = [start(law, ADAM)]

    @functools.cache
    def batches(steps: int) -> Callable[..., Any]:
        return lambda data, key: jax.random.randint(key, (steps, size), 0, data.dt.shape[0])

    def run(steps: int) -> None:
        held[0], metrics = run_epoch(
            held[0],
            data,
            *numbers,
            jax.random.key(0),
            loss=batch_loss,
            batches=batches(steps),
            optimizer=ADAM,
            schedule=one_cycle,
            accumulate=1,
        )
        jax.block_until_ready(metrics)

    return run


def serve(
    name: str,
    bodies: int,
    batch: int,
    steps: int,
    device: str = "cpu",
    precision: str = "highest",
) -> None:
    """A contender: for every line `steps` on stdin it prints the milliseconds of each step.

    The device is PyTorch's; JAX has its own. `precision` is of products of float32 matrices, where
    a device has several: `high` has ten bits of mantissa.
    """
    if name in OURS:
        import jax

        jax.config.update("jax_default_matmul_precision", precision)
        run = jax_steps(name, bodies, batch)
    else:
        run = torch_steps(name, bodies, batch, device, precision)
    run(steps)
    print("ready", flush=True)
    for line in sys.stdin:
        steps = int(line)
        began = time.perf_counter(), time.process_time()
        run(steps)
        wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
        print(1e3 * wall / steps, 1e3 * cpu / steps, flush=True)


class Contender:
    """A contender's process."""

    def __init__(self, python: str, name: str, *sizes: int | str) -> None:
        command = command_of(NAME, "serve", name, *sizes, python=python)
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, text=True, env=environment()
        )
        if self._answer() != "ready":
            raise SystemExit(f"{name} did not start")

    def __call__(self, steps: int) -> tuple[float, float]:
        """Milliseconds of wall clock and of processors that each of `steps` steps takes."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        wall, cpu = map(float, self._answer().split())
        return wall, cpu

    def _answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--peers", help="a Python with torch and torch_geometric")
    parser.add_argument("--only", nargs="+", choices=OURS + PEERS)
    parser.add_argument("--bodies", type=int, nargs="+", default=[4, 8])
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--turns", type=int, default=25)
    parser.add_argument("--steps", type=int, default=5, help="steps a turn")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    asked = options.only or [*OURS, *(PEERS if options.peers else ())]
    sizes = {"batch": options.batch, "turns": options.turns, "steps": options.steps}
    cores = len(os.sched_getaffinity(0))
    for bodies in options.bodies:
        yield Case({"bodies": bodies, **sizes, "cores": cores, "contenders": list(asked)})


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Milliseconds a step of every contender, in turns."""
    given = case.arguments
    load = os.getloadavg()[0]
    pythons = dict.fromkeys(OURS, sys.executable) | dict.fromkeys(PEERS, str(options.peers))
    contenders = {
        name: Contender(pythons[name], name, given["bodies"], given["batch"], given["steps"])
        for name in given["contenders"]
    }
    names = list(contenders)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for turn in range(given["turns"]):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            times[name].append(contenders[name](given["steps"]))
    for contender in contenders.values():
        contender.close()
    return {"load": load, "contenders": {name: medians(times, name) for name in names}}


def medians(times: dict[str, list[tuple[float, float]]], name: str) -> dict[str, float]:
    """Times of one contender, and their shares of PyTorch Geometric's."""
    row = {}
    for column, clock in enumerate(("wall", "cpu")):
        values = np.asarray(times[name])[:, column]
        row |= {clock: np.median(values), f"{clock}_best": np.min(values)}
        if "pyg" in times:
            reference = np.asarray(times["pyg"])[:, column]
            row[f"{clock}_share"] = np.median(values / reference)
            row[f"{clock}_best_share"] = np.min(values) / np.min(reference)
    return {key: round(float(value), 3) for key, value in row.items()}


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a measurement and contender."""
    rows = []
    for record in records:
        where = record.date, record.machine, record.arguments["cores"], record.arguments["bodies"]
        for name, found in record.figures["contenders"].items():
            clock = "wall" if "wall" in found else "cpu"
            time, share = found[clock], found.get(f"{clock}_share")
            best = f" ({found[f'{clock}_best']:.1f})" if f"{clock}_best" in found else ""
            shown = "" if share is None else f"{share:.2f}"
            rows.append((*where, TITLES[name], clock, f"{time:.1f}{best}", shown))
    head = "day | machine | cores | bodies | network | clock | ms: median (best) | share"
    return {"table": table(head, rows)}
