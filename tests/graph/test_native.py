import logging
import subprocess
import sys
import threading

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.graph import (
    Graph,
    edge_operations,
    messages,
    native_available,
    native_kernels,
    native_notice,
)

built = pytest.mark.skipif(not native_available(), reason=f"{native_notice()}")


def random_graph(nodes, edges, *, bucket=False, symmetric=False):
    pairs = np.random.default_rng(nodes).integers(0, nodes, (edges, 2))
    if symmetric:
        pairs = pairs[pairs[:, 0] != pairs[:, 1]]
        pairs = np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
    return Graph.from_edges(pairs, nodes=nodes, bucket=bucket)


def hub(spokes):
    out = [(0, i) for i in range(1, spokes)]
    return Graph.from_edges(out + [(i, 0) for _, i in out], nodes=spokes + 3)


GRAPHS = {
    "no edge": lambda: Graph.from_edges(np.zeros((0, 2), int), nodes=3),
    "one edge": lambda: Graph.from_edges([(2, 1)], nodes=4),
    "isolated nodes": lambda: random_graph(300, 40),
    "directed": lambda: random_graph(50, 400),
    "symmetric": lambda: random_graph(60, 400, symmetric=True),
    "padded": lambda: random_graph(60, 401, bucket=True, symmetric=True),
    "many pieces": lambda: random_graph(70, 20_000),
    "a hub over many pieces": lambda: hub(9_000),
}
OPERATIONS = {
    "lengths": (edge_operations.native_lengths, edge_operations.plain_lengths, "x"),
    "dot": (edge_operations.native_dot, edge_operations.plain_dot, "ax"),
    "sum": (edge_operations.native_sum, edge_operations.plain_sum, "wx"),
    "adjoint": (edge_operations.native_adjoint, edge_operations.plain_adjoint, "wx"),
    "messages": (
        lambda graph, m: messages.native_sorted_sum(graph.receiver, graph.offsets, m),
        lambda graph, m: messages.plain_sorted_sum(graph.receiver, graph.offsets, m),
        "m",
    ),
}


def operands(graph, kinds, dim, dtype, batch=()):
    shapes = {
        "x": (graph.nodes, dim),
        "a": (graph.nodes, dim),
        "w": (graph.edges,),
        "m": (graph.edges, dim),
    }
    rng = np.random.default_rng(0)
    return [jnp.asarray(rng.normal(size=batch + shapes[kind]), dtype) for kind in kinds]


def assert_same(one, other):
    assert one.dtype == other.dtype
    scale = 1 + np.max(np.abs(other), initial=0)
    tolerance = 1e-13 if one.dtype == np.float64 else 3e-5
    np.testing.assert_allclose(one, other, rtol=0, atol=tolerance * scale)


@built
@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_equal_plain_jax(name, graph, dtype, double_precision):
    native, plain, kinds = OPERATIONS[name]
    graph = GRAPHS[graph]()
    if name == "adjoint" and not graph.symmetric:
        pytest.skip("a directed graph's adjoint is made of the other operations")
    for dim in (3, 20):
        arguments = operands(graph, kinds, dim, dtype)
        assert_same(jax.jit(native)(graph, *arguments), jax.jit(plain)(graph, *arguments))


@built
@pytest.mark.parametrize("most", [0, 1, 2], ids=["baseline", "avx2", "avx512"])
@pytest.mark.parametrize("dtype", ["float32", pytest.param("float64", marks=pytest.mark.slow)])
def test_every_dimension_on_every_instruction_set(most, dtype, double_precision):
    library = native_kernels.load_library()[0]
    assert library is not None
    graph = random_graph(40, 300, symmetric=True)
    try:
        if library.forcelaw_instruction_set(most) != most:
            pytest.skip("this processor has no such instructions")
        for dim in (0, 1, 2, 3, 4, 5, 8, 16, 31, 32, 64, 100, 128):
            for native, plain, kinds in OPERATIONS.values():
                arguments = operands(graph, kinds, dim, dtype)
                assert_same(native(graph, *arguments), plain(graph, *arguments))
    finally:
        library.forcelaw_instruction_set(2)


@built
def test_a_batch_is_its_elements(double_precision):
    graph = random_graph(30, 3_000, symmetric=True)
    for native, _, kinds in OPERATIONS.values():
        arguments = operands(graph, kinds, 5, "float64", batch=(2, 3))
        over_all = jax.vmap(jax.vmap(lambda *a, f=native: f(graph, *a)))(*arguments)
        for i, j in np.ndindex(2, 3):
            np.testing.assert_array_equal(
                over_all[i, j], native(graph, *[a[i, j] for a in arguments])
            )
        if len(arguments) == 2:
            outer = jax.vmap(
                lambda a, b, f=native: jax.vmap(lambda c: f(graph, a, c))(b), in_axes=(0, None)
            )(arguments[0][:, 0], arguments[1][0])
            expected = native(graph, arguments[0][1, 0], arguments[1][0, 2])
            np.testing.assert_array_equal(outer[1, 2], expected)


@built
def test_a_batch_of_graphs(double_precision):
    graphs = [
        Graph.from_edges(np.random.default_rng(i).integers(0, 9, (30, 2)), nodes=9)
        for i in range(3)
    ]
    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *graphs)
    position = jnp.asarray(np.random.default_rng(0).normal(size=(9, 4)))
    together = jax.vmap(edge_operations.edge_lengths, in_axes=(0, None))(stacked, position)
    for graph, lengths in zip(graphs, together, strict=True):
        assert_same(lengths, edge_operations.plain_lengths(graph, position))


def energy(graph, weight, position):
    """Reaches every operation in its first or second derivative."""
    length = edge_operations.edge_lengths(graph, position)
    pull = edge_operations.edge_sum(graph, weight * jnp.tanh(length), position)
    dots = edge_operations.edge_dot(graph, pull, position)
    return jnp.sum(jnp.where(graph.edge_mask, jnp.sin(dots), 0)) + jnp.sum(jnp.cos(pull))


@built
@pytest.mark.parametrize("name", ["isolated nodes", "directed", "symmetric", "padded"])
def test_derivatives_against_finite_differences(name, double_precision, check_gradients):
    graph = GRAPHS[name]()
    weight, position = operands(graph, "wx", 3, "float64")
    check_gradients(lambda w, x: energy(graph, w / 10, x / 10), (weight, position), order=2)


@built
def test_inside_a_checkpointed_scan(double_precision, monkeypatch):
    graph = GRAPHS["symmetric"]()
    weight, position = operands(graph, "wx", 4, "float64")

    def run(weight, position):
        @jax.checkpoint
        def step(x, _):
            return x + 0.01 * edge_operations.edge_sum(
                graph, weight - edge_operations.edge_lengths(graph, x), x
            ), None

        return jnp.sum(jax.lax.scan(step, position, None, length=9)[0] ** 2)

    fast = jax.jit(jax.grad(run, argnums=(0, 1)))(weight, position)
    monkeypatch.setattr(native_kernels, "native_available", lambda: False)
    jax.clear_caches()
    slow = jax.jit(jax.grad(run, argnums=(0, 1)))(weight, position)
    for one, other in zip(fast, slow, strict=True):
        assert_same(one, other)


@built
def test_two_threads_at_once():
    graph = GRAPHS["many pieces"]()
    weight, position = operands(graph, "wx", 16, "float32")
    run = jax.jit(edge_operations.edge_sum)
    expected = run(graph, weight, position)
    wrong = []

    def work():
        for _ in range(30):
            if not np.array_equal(run(graph, weight, position), expected):
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong and not any(thread.is_alive() for thread in threads)


@built
def test_one_thread_gives_the_same_bits():
    code = (
        "import jax.numpy as jnp, numpy as np; from forcelaw.graph import Graph, edge_sum;"
        "r = np.random.default_rng(0);"
        "g = Graph.from_edges(r.integers(0, 40, (9000, 2)), nodes=40);"
        "x = jnp.asarray(r.normal(size=(40, 64)), 'float32');"
        "w = jnp.asarray(r.normal(size=9000), 'float32');"
        "print(np.asarray(edge_sum(g, w, x)).tobytes().hex()[:4000])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path), "XLA_FLAGS": flags},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        ).stdout
        for flags in ("", "--xla_cpu_multi_thread_eigen=false")
    }
    assert len(outputs) == 1


@built
def test_only_cpus_run_the_loops():
    graph = GRAPHS["symmetric"]()
    weight, position = operands(graph, "wx", 4, "float32")
    traced = jax.jit(edge_operations.edge_sum).trace(graph, weight, position)
    assert "forcelaw_edge_sum" in traced.lower(lowering_platforms=("cpu",)).as_text()
    assert "forcelaw" not in traced.lower(lowering_platforms=("cuda",)).as_text().replace(
        "forcelaw/", ""
    )


def test_half_precision_and_complete_graphs_stay_plain():
    graph = GRAPHS["symmetric"]()
    (position,) = operands(graph, "x", 4, "float16")
    assert edge_operations.edge_lengths(graph, position).dtype == jnp.float16
    complete = Graph.complete_graph(4)
    (position,) = operands(complete, "x", 4, "float32")
    text = jax.jit(edge_operations.edge_lengths).trace(complete, position).lower().as_text()
    assert "custom_call" not in text


def test_without_the_library_a_notice_and_the_same_numbers(monkeypatch, caplog):
    graph = GRAPHS["directed"]()
    weight, position = operands(graph, "wx", 3, "float32")
    expected = edge_operations.plain_sum(graph, weight, position)
    monkeypatch.setattr(native_kernels, "load_library", lambda: (None, "there is no compiler"))
    native_kernels.tell_once.cache_clear()
    caplog.clear()
    notice = native_notice()
    assert not native_available()
    assert notice is not None and "there is no compiler" in notice
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            np.testing.assert_array_equal(
                edge_operations.edge_sum(graph, weight, position), expected
            )
    assert [record.message for record in caplog.records] == [notice]
