"""Run by test_processes.py: one of several processes that share a graph."""

import sys
from pathlib import Path

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from forcelaw.errors import InputError
from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Spring, State
from forcelaw.motion import SemiImplicitEuler, advance, advance_sharded, choose_devices, shard
from forcelaw.storage.arrays import load_arrays, save_arrays
from forcelaw.training import join_processes

NODES, DIM = 40, 2


def problem():
    random = np.random.default_rng(0)
    first, second = np.triu_indices(NODES, 1)
    kept = random.random(len(first)) < 0.2
    pairs = np.stack([first[kept], second[kept]], axis=1)
    graph = Graph.from_edges(np.concatenate([pairs, pairs[:, ::-1]]), nodes=NODES)
    friend = jnp.asarray(random.random(graph.edges) < 0.8, float)
    attributes = Attributes(
        {"centrality": jnp.ones(NODES)},
        {"friend": friend, "enemy": 1 - friend, "unknown": jnp.zeros(graph.edges)},
    )
    start = State(jnp.asarray(random.normal(size=(NODES, DIM)), float), jnp.zeros((NODES, DIM)))
    return graph, attributes, start


def losses():
    graph, attributes, start = problem()
    shards = shard(graph, choose_devices())
    assert shards.devices == jax.process_count()
    fixed = {"steps": 12, "dt": 0.02, "integrator": SemiImplicitEuler()}

    def together(law, shards):
        moved = advance_sharded(law, shards, start, shards.attributes(attributes), **fixed)
        return jnp.mean(moved.position**2), moved

    def alone(law, shards):
        moved = advance(law, graph, start, attributes, **fixed)
        return jnp.mean(moved.position**2), moved

    slopes = [
        eqx.filter_jit(eqx.filter_value_and_grad(loss, has_aux=True)) for loss in (together, alone)
    ]
    return shards, slopes


def compare():
    shards, (together, alone) = losses()
    there = jax.device_get(together(Spring(), shards))
    here = jax.device_get(alone(Spring(), None))
    for one, other in zip(*map(jax.tree.leaves, (there, here)), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
    print("same")


def train(folder, epochs):
    """So many epochs more of gradient descent; process 0 keeps a checkpoint after each."""
    path = Path(folder) / "law.safetensors"
    law, epoch = Spring(), 0
    if path.exists():
        law, document = load_arrays(path, law)
        epoch = document["epoch"]
    shards, (together, _) = losses()
    last = epoch + epochs
    while epoch < last:
        (value, _), slope = together(law, shards)
        assert np.isfinite(jax.device_get(value))
        law = jax.device_get(jax.tree.map(lambda leaf, by: leaf - 0.01 * by, law, slope))
        law = jax.tree.map(jnp.asarray, law)
        epoch += 1
        if jax.process_index() == 0:
            save_arrays(path, law, {"epoch": epoch})
        print("epoch", epoch)


def main(address, processes, process, work, folder, epochs="0"):
    try:
        with join_processes(address, int(processes), int(process)):
            if work == "compare":
                compare()
            else:
                train(folder, int(epochs))
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.exit(1)


main(*sys.argv[1:])
