"""The same graph network five times: from a dictionary of edges to one compiled batch.

    python examples/from_dictionaries_to_arrays.py

prints the table of docs/from-dictionaries-to-arrays.md: gradients of one loss, all of them equal.
"""

from __future__ import annotations

import time

import jax
import jax.numpy as jnp
import numpy as np

BODIES, PARAMETERS, MESSAGE, HIDDEN, GRAPHS = 5, 5, 100, 300, 64
PAIRS = [(s, r) for r in range(BODIES) for s in range(BODIES) if s != r]
SENDER, RECEIVER = (jnp.asarray(end, jnp.int32) for end in zip(*PAIRS, strict=True))


def dense(key, sizes):
    keys = jax.random.split(key, len(sizes) - 1)
    pairs = zip(keys, sizes[:-1], sizes[1:], strict=True)
    return [(jax.random.normal(k, (i, o)) / i**0.5, jnp.zeros(o)) for k, i, o in pairs]


def mlp(layers, x):
    for weight, bias in layers[:-1]:
        x = jax.nn.relu(x @ weight + bias)
    return x @ layers[-1][0] + layers[-1][1]


def dictionary_loss(model, graph, after):
    """One message an edge, kept in a dictionary: easy to read, and everything is tiny."""
    messages = {}
    for s, r in PAIRS:
        messages[s, r] = mlp(model["edge"], jnp.concatenate([graph[r], graph[s]]))
    loss = 0.0
    for body in range(BODIES):
        total = sum(message for (_, r), message in messages.items() if r == body)
        predicted = mlp(model["node"], jnp.concatenate([graph[body], total]))
        loss += jnp.sum(jnp.abs(after[body] - predicted))
    return loss / BODIES


def array_loss(model, graph, after):
    """All edges are rows of one matrix: gather, one perceptron, sum by receiver."""
    pairs = jnp.concatenate([graph[RECEIVER], graph[SENDER]], axis=1)
    messages = mlp(model["edge"], pairs)
    total = jax.ops.segment_sum(messages, RECEIVER, BODIES)
    predicted = mlp(model["node"], jnp.concatenate([graph, total], axis=1))
    return jnp.sum(jnp.abs(after - predicted)) / BODIES


def over_batch(loss):
    """The mean over graphs, all computed at once."""
    return lambda model, graphs, after: jnp.mean(
        jax.vmap(loss, in_axes=(None, 0, 0))(model, graphs, after)
    )


def one_by_one(gradient):
    """The mean gradient, one graph after the other."""

    def run(model, graphs, after):
        found = [gradient(model, graph, a) for graph, a in zip(graphs, after, strict=True)]
        return jax.tree.map(lambda *parts: sum(parts) / len(parts), *found)

    return run


def timed(run, *arguments, repeats):
    start = time.perf_counter()
    result = jax.block_until_ready(run(*arguments))
    first = time.perf_counter() - start
    start = time.perf_counter()
    for _ in range(repeats):
        jax.block_until_ready(run(*arguments))
    return result, first, (time.perf_counter() - start) / repeats


def megabytes(loss, *arguments):
    """What the compiled gradient needs beside inputs and outputs."""
    compiled = jax.jit(jax.grad(loss)).lower(*arguments).compile()
    memory = compiled.memory_analysis()
    return None if memory is None else memory.temp_size_in_bytes / 1e6


def main() -> None:
    keys = jax.random.split(jax.random.key(0), 4)
    model = {
        "edge": dense(keys[0], [2 * PARAMETERS, HIDDEN, HIDDEN, MESSAGE]),
        "node": dense(keys[1], [PARAMETERS + MESSAGE, HIDDEN, HIDDEN, PARAMETERS]),
    }
    graphs, after = (jax.random.normal(key, (GRAPHS, BODIES, PARAMETERS)) for key in keys[2:])
    one = (model, graphs[0], after[0])
    every = (model, graphs, after)
    batch = over_batch(array_loss)
    rows = [
        ("dictionary", one_by_one(jax.grad(dictionary_loss)), 1, None),
        ("dictionary, compiled", one_by_one(jax.jit(jax.grad(dictionary_loss))), 3,
         megabytes(dictionary_loss, *one)),
        ("arrays, compiled", one_by_one(jax.jit(jax.grad(array_loss))), 3,
         megabytes(array_loss, *one)),
        ("dictionary, batched and compiled", jax.jit(jax.grad(over_batch(dictionary_loss))), 10,
         megabytes(over_batch(dictionary_loss), *every)),
        ("arrays, batched and compiled", jax.jit(jax.grad(batch)), 10, megabytes(batch, *every)),
    ]  # fmt: skip
    reference = None
    print("| version | first call, s | gradient of 64 graphs, ms | temporary memory, MB |")
    print("|---|---|---|---|")
    for name, run, repeats, memory in rows:
        found, first, seconds = timed(run, *every, repeats=repeats)
        reference = reference or found
        jax.tree.map(
            lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4), found, reference
        )
        shown = "-" if memory is None else f"{memory:.1f}"
        print(f"| {name} | {first:.1f} | {1e3 * seconds:.1f} | {shown} |", flush=True)


if __name__ == "__main__":
    main()
