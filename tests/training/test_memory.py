import dataclasses
import json
import re
import subprocess
import sys
import textwrap
import types
from pathlib import Path
from typing import Any, cast

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.errors import InputError
from forcelaw.training import available_memory as free
from forcelaw.training import (
    default_budget,
    free_memory,
    held_memory,
    memory_of,
    parse_memory,
    peak_memory_mb,
    plan,
)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("4GB", 4 * 10**9),
        ("512 mb", 512 * 10**6),
        ("1.5GiB", 3 * 2**29),
        ("2T", 2 * 10**12),
        ("64k", 64_000),
        ("123", 123),
        ("7B", 7),
        (99, 99),
    ],
)
def test_sizes_are_read(text, size):
    assert parse_memory(text) == size


@pytest.mark.parametrize(
    "text", ["", "GB", "four", "-1GB", "0", "nan", "inf", "1 2GB", "3iB", "4PB"]
)
def test_other_sizes_are_refused(text):
    with pytest.raises(InputError, match="expected a size such as 4GB"):
        parse_memory(text)


def test_the_estimate_is_read_from_lowered_and_compiled_functions():
    def step(x):
        return jnp.sum(jnp.sort(x * 2))

    x = jnp.ones(1000, jnp.float32)
    lowered = jax.jit(step).lower(x)
    memory = memory_of(lowered)
    assert memory.arguments == 4000
    assert memory.outputs == 4
    assert memory.temporaries >= 4000
    assert memory.bytes == memory.arguments + memory.outputs + memory.temporaries
    assert memory_of(lowered.compile()) == memory
    assert memory_of(cast(Any, eqx.filter_jit(step)).lower(x)).arguments == 4000


def test_donated_arguments_count_once():
    x = jnp.ones(1000, jnp.float32)
    memory = memory_of(jax.jit(lambda x: x + 1, donate_argnums=0).lower(x))
    assert memory.aliases == 4000
    assert memory.bytes < 8000


class Compiler:
    """Memory by a formula; counts what it is asked."""

    def __init__(self, need):
        self.need, self.asked = need, []

    def __call__(self, segments, parts):
        self.asked.append((segments, parts))
        analysis = types.SimpleNamespace(
            argument_size_in_bytes=0,
            output_size_in_bytes=0,
            temp_size_in_bytes=round(self.need(segments, parts)),
            alias_size_in_bytes=0,
        )
        return types.SimpleNamespace(memory_analysis=lambda: analysis)


def states(segments, parts):
    """A rollout of 100 steps: states kept, and one step's own memory, divided by the parts."""
    return 50 + 1000 * (segments + 100 / segments + 30) / parts


@pytest.mark.parametrize(
    ("budget", "segments", "parts"),
    [(10**9, 100, 1), (132_000, 100, 1), (130_000, 10, 1), (51_000, 10, 1)],
)
def test_as_many_states_are_kept_as_fit(budget, segments, parts):
    compiler = Compiler(states)
    planned = plan(compiler, steps=100, budget=budget, held=0)
    assert (planned.segments, planned.parts) == (segments, parts)
    assert planned.bytes == round(states(segments, parts))
    assert compiler.asked == [(10, 1), (100, 1)]


@pytest.mark.parametrize("halo", [0.0, 0.3])
@pytest.mark.parametrize("budget", [49_000, 40_000, 30_000, 17_000])
def test_the_fewest_parts_that_fit_are_found(budget, halo):
    def need(segments, parts):
        return states(segments, parts ** (1 - halo))

    compiler = Compiler(need)
    planned = plan(compiler, steps=100, budget=budget, max_parts=50, held=0)
    fewest = next(parts for parts in range(1, 51) if need(10, parts) <= budget)
    assert (planned.segments, planned.parts) == (10, fewest)
    assert len(set(compiler.asked)) == len(compiler.asked) <= 10


def test_what_is_held_before_counts():
    assert plan(Compiler(states), steps=100, budget=60_000, held=0).segments == 10
    with pytest.raises(InputError):
        plan(Compiler(states), steps=100, budget=60_000, held=20_000)


def test_a_budget_too_small_is_told_the_least():
    def need(segments, parts):
        return 10**6 * states(segments, parts) / 1000 + 10**6 * parts

    with pytest.raises(InputError, match="a budget of 10 MB, expected at least") as told:
        plan(Compiler(need), steps=100, budget=10**7, max_parts=100, held=0)
    least = parse_memory(str(told.value).split("expected at least ")[1].split(" (")[0])
    planned = plan(Compiler(need), steps=100, budget=least, max_parts=100, held=0)
    assert planned.bytes <= least
    with pytest.raises(
        InputError, match=r"\(0 MB held beside it, 51 MB .* 10 states .* and 1 part\)"
    ):
        plan(Compiler(need), steps=100, budget=10**7, held=0)


def test_the_plan_is_one_line():
    planned = plan(
        Compiler(lambda s, p: 10**6 * states(s, p)), steps=100, budget=10**12, held=10**8
    )
    assert str(planned) == (
        "memory: 131.15 GB of 1000.00 GB (131.05 GB for a training step, 100 MB held beside); "
        "every step kept of 100, the graph whole"
    )
    divided = dataclasses.replace(planned, segments=10, parts=3)
    assert str(divided).endswith("10 states kept of 100, the graph in 3 parts")


def test_the_default_budget_is_a_share_of_what_is_free():
    assert held_memory() > 10**7
    assert free_memory() > 0
    assert default_budget() == pytest.approx(held_memory() + 0.6 * free_memory(), rel=0.2)


def test_a_container_s_limit_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(free, "CGROUP", tmp_path)
    assert free.container_free() is None
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("600\n")
    (tmp_path / "memory.stat").write_text("anon 100\ninactive_file 300\n")
    assert free.container_free() is None
    (tmp_path / "memory.max").write_text("1000\n")
    assert free.container_free() == 700
    assert free_memory() == 700


MEASURED = """
    import json, re, sys
    import equinox as eqx, jax, jax.numpy as jnp, numpy as np
    from forcelaw.graph import Graph
    from forcelaw.laws import Attributes, NeuralSpring, State
    from forcelaw.motion import SemiImplicitEuler, advance
    from forcelaw.training import memory_of

    nodes, pairs, steps = 6000, 20_000, 64
    random = np.random.default_rng(0)
    ends = np.unique(np.sort(random.integers(0, nodes, (pairs, 2)), axis=1), axis=0)
    ends = ends[ends[:, 0] != ends[:, 1]]
    graph = Graph.from_edges(np.concatenate([ends, ends[:, ::-1]]), nodes=nodes)
    friend = jnp.asarray(random.random(graph.edges) < 0.8, float)
    attributes = Attributes(
        {"neighbourhood": jnp.ones((nodes, 3))},
        {"friend": friend, "enemy": 1 - friend, "unknown": jnp.zeros_like(friend)},
    )
    start = jax.random.uniform(jax.random.key(0), (nodes, 64), minval=-1.0)

    def loss(law, start):
        still = State(start, jnp.zeros_like(start))
        moved = advance(
            law.bind(graph, attributes), graph, still, attributes, steps=steps, dt=0.01,
            integrator=SemiImplicitEuler(), segments=int(sys.argv[1]),
        )
        return jnp.mean(moved.position**2)

    def resident(name):
        return int(re.search(name + r":\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024

    law = NeuralSpring(key=jax.random.key(1))
    step = eqx.filter_jit(eqx.filter_value_and_grad(loss)).lower(law, start).compile()
    memory = memory_of(step)
    before = resident("VmRSS")
    assert resident("VmHWM") - before < 0.1 * memory.temporaries, "the compiler took more"
    jax.block_until_ready(step(law, start))
    # What the step was given lay there before.
    print(json.dumps([memory.bytes - memory.arguments, resident("VmHWM") - before]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
@pytest.mark.parametrize("segments", [8, 64])
def test_the_estimate_is_what_a_training_step_takes(segments):
    """In a fresh process, since a peak is remembered for a process's whole life."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(MEASURED), str(segments)],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    estimate, measured = json.loads(done.stdout)
    assert estimate > 5 * 10**7
    assert measured == pytest.approx(estimate, rel=0.25)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the kernel's own count")
def test_the_peak_is_in_megabytes():
    filled = np.ones(30_000_000)
    peak = peak_memory_mb()
    assert peak is not None and peak > filled.nbytes / 1e6
    status = Path("/proc/self/status").read_text()
    kib = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert kib is not None
    assert peak == pytest.approx(int(kib[1]) * 1024 / 1e6, rel=0.01)
