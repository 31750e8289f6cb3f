"""Run by test_devices.py with four virtual devices: one case, compared with a single device."""

import sys

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import install_import_hook

jax.config.update("jax_numpy_dtype_promotion", "strict")
jax.config.update("jax_numpy_rank_promotion", "raise")
with install_import_hook("forcelaw", "beartype.beartype"):
    from forcelaw.graph import Graph
    from forcelaw.laws import (
        Attributes,
        AttributeSpring,
        HamiltonianNetwork,
        MessageNetwork,
        NeuralSpring,
        State,
    )
    from forcelaw.motion import (
        RungeKutta4,
        SemiImplicitEuler,
        advance,
        advance_sharded,
        choose_devices,
        shard,
    )

DIM = 3
NAMES = ("log_degree",)


def random_pairs(nodes, share, random):
    first, second = np.triu_indices(nodes, 1)
    kept = random.random(len(first)) < share
    return np.stack([first[kept], second[kept]], axis=1)


def both_ways(pairs):
    return np.concatenate([pairs, pairs[:, ::-1]])


def known(graph, random):
    """Attributes for every law here."""
    kind = random.integers(0, 3, graph.edges)
    real = lambda values: jnp.asarray(values, float)  # noqa: E731
    edge = {name: real(kind == i) for i, name in enumerate(("friend", "enemy", "unknown"))}
    edge["feature"] = real(random.normal(size=(graph.edges, 5)))
    node = {
        "log_degree": real(random.random(graph.nodes)),
        "neighbourhood": real(random.random((graph.nodes, 3))),
    }
    return Attributes(node, edge)


def compare(law, graph, random, *, integrator, traced=False):
    """States and every gradient, of four devices and of one."""
    attributes = known(graph, random)
    draw = lambda: jnp.asarray(random.normal(size=(graph.nodes, DIM)), float)  # noqa: E731
    state, weight = State(draw(), draw()), draw()
    shards = shard(graph, choose_devices(4))
    assert shards.devices == 4
    fixed = {"dt": 0.01, "damping": 0.3, "integrator": integrator}

    def outcome(moved):
        return jnp.sum(weight * jnp.sin(moved.position)) + jnp.sum(moved.velocity**2), moved

    def together(parts, steps):
        law, state = parts
        local = shards.attributes(attributes)
        return outcome(advance_sharded(law, shards, state, local, steps=steps, capacity=8, **fixed))

    def alone(parts, steps):
        law, state = parts
        return outcome(advance(law, graph, state, attributes, steps=steps, capacity=8, **fixed))

    steps = jnp.asarray(6, jnp.int32) if traced else 6
    results = [
        eqx.filter_jit(eqx.filter_value_and_grad(run, has_aux=True))((law, state), steps)
        for run in (together, alone)
    ]
    tolerance = 1e-11 if jnp.zeros(()).dtype == jnp.float64 else 3e-5
    for there, here in zip(*map(jax.tree.leaves, results), strict=True):
        if eqx.is_inexact_array(here) and here.size:
            size = float(jnp.max(jnp.abs(here))) + 1e-6
            np.testing.assert_allclose(there, here, rtol=0, atol=tolerance * size)


def main(case):
    random = np.random.default_rng(0)
    key = jax.random.key(0)
    springs = AttributeSpring(5, key=key)
    euler = SemiImplicitEuler()
    if case in ("springs", "double"):
        graph = Graph.from_edges(both_ways(random_pairs(40, 0.15, random)), nodes=40, bucket=True)
        compare(springs, graph, random, integrator=euler, traced=True)
    elif case == "networks":
        graph = Graph.from_edges(both_ways(random_pairs(12, 0.4, random)), nodes=12)
        message = MessageNetwork(DIM, NAMES, key=key, hidden=(8,), message=4)
        compare(message, graph, random, integrator=RungeKutta4())
        law = HamiltonianNetwork(DIM, NAMES, key=key, one_body=True)
        compare(law, graph, random, integrator=None)
    elif case == "hub":
        spokes = np.stack([np.zeros(60, int), np.arange(1, 61)], axis=1)
        graph = Graph.from_edges(both_ways(spokes), nodes=61, bucket=True)
        compare(NeuralSpring(key=key), graph, random, integrator=euler)
    elif case == "isolated":
        graph = Graph.from_edges(both_ways(random_pairs(6, 0.8, random)), nodes=30)
        compare(springs, graph, random, integrator=euler)
        compare(springs, Graph.from_edges([], nodes=5), random, integrator=euler)
    elif case == "small":
        compare(springs, Graph.from_edges([(0, 1), (1, 0)], nodes=2), random, integrator=euler)
        compare(springs, Graph.from_edges([], nodes=1), random, integrator=euler)
    elif case == "one-way":
        graph = Graph.from_edges(random_pairs(20, 0.3, random), nodes=20)
        assert not graph.symmetric
        compare(springs, graph, random, integrator=euler)
    elif case == "complete":
        message = MessageNetwork(DIM, NAMES, key=key, hidden=(8,), message=4)
        compare(message, Graph.complete_graph(6), random, integrator=None)
    else:
        raise ValueError(case)


main(sys.argv[1])
