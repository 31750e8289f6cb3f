"""Four virtual devices move a graph as one device does; they live in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.errors import InputError
from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Spring, State
from forcelaw.motion import advance, advance_sharded, choose_devices, shard

WORK = Path(__file__).with_name("four_devices.py")
SLOW = ("networks", "hub", "isolated", "one-way", "complete", "double")
CASES = ("springs", "small", *(pytest.param(case, marks=pytest.mark.slow) for case in SLOW))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.slow
def test_four_devices_agree_with_one(case):
    flags = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count=4"
    environment = {**os.environ, "XLA_FLAGS": flags, "JAX_ENABLE_X64": str(case == "double")}
    done = subprocess.run(
        [sys.executable, WORK, case],
        env=environment,
        capture_output=True,
        check=False,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr


def test_one_device_is_a_case_like_any_other():
    graph = Graph.from_edges([(0, 1), (1, 0), (1, 2), (2, 1)], nodes=3)
    one = jnp.ones(4)
    attributes = Attributes(
        {"centrality": jnp.ones(3)}, {"friend": one, "enemy": 0 * one, "unknown": 0 * one}
    )
    start = State(jnp.asarray([[0.0, 0.0], [3.0, 0.0], [3.0, 5.0]]), jnp.zeros((3, 2)))
    shards = shard(graph, choose_devices())
    there = jax.jit(
        lambda start: advance_sharded(
            Spring(), shards, start, shards.attributes(attributes), steps=7, dt=0.01
        )
    )(start)
    here = advance(Spring(), graph, start, attributes, steps=7, dt=0.01)
    assert shards.devices == 1
    np.testing.assert_allclose(there.position, here.position, rtol=1e-6)


@pytest.mark.parametrize("count", [0, -3])
def test_less_than_one_device_is_refused(count):
    with pytest.raises(InputError, match=f"found {count}, expected 1 or more"):
        choose_devices(count)


def test_more_devices_than_exist_are_refused():
    count = len(jax.devices()) + 1
    with pytest.raises(InputError, match=f"devices: found {count}, expected at most"):
        choose_devices(count)
