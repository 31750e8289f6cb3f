"""What `benchmarks/speed/gpu` does where something is wrong, and where there is a card."""

import argparse
import time

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from benchmarks import gpu_checks, gpu_forces, harness
from benchmarks.nvidia import Utilisation, card
from benchmarks.speed import gpu

SMI = """#!/bin/sh
case "$*" in
*name*) echo "NVIDIA Test 1" ;;
*) echo "[N/A]"; for n in 40 60 80; do echo "$n"; done; exec sleep 60 ;;
esac
"""


def options(*words):
    parser = argparse.ArgumentParser()
    gpu.arguments(parser)
    return parser.parse_args(words)


def test_numbers_that_differ_fail():
    ones = np.ones(3, np.float32)
    assert gpu_checks.relative(ones, ones) == 0
    assert gpu_checks.relative(10 * ones, 10 * ones + np.eye(3, dtype="f")[0]) == pytest.approx(0.1)
    assert gpu_checks.relative(ones, ones * np.nan) == np.inf


def test_a_device_that_computes_something_else_fails(monkeypatch):
    answers = iter(range(10))

    def other(size):
        return lambda x: next(answers) * x, (jnp.ones(size),)

    monkeypatch.setitem(gpu_checks.CHECKS, "edges", other)
    found = gpu.attempt({"kind": "correctness", "check": "edges", "size": 3}, "")
    assert found["error"] == "1 from the CPU, expected at most 0.0001"
    assert found["device"] == jax.devices()[0].device_kind


def test_a_case_that_fails_leaves_the_others(tmp_path):
    case = harness.Case({"kind": "bodies", "reach": "all", "bodies": -1, "rounds": 1, "card": "x"})
    found = gpu.measure(case, options())
    assert "negative" in found["error"]
    record = harness.Record(gpu.NAME, case.arguments, 0, "2026-01-01", "c", {}, "m", 1.0, found)
    text = gpu.figures([record])["bodies"]
    assert "all, -1, 1: ValueError" in text
    assert len({line.count("|") for line in text.splitlines()}) == 1


def test_the_card_is_asked(tmp_path, monkeypatch):
    program = tmp_path / "nvidia-smi"
    program.write_text(SMI)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert card() == "NVIDIA Test 1"
    with Utilisation() as busy:
        limit = time.monotonic() + 30
        while len(busy.samples) < 3 and time.monotonic() < limit:
            time.sleep(0.01)
    assert busy.mean == 60


def test_without_a_card_nothing_is_said_of_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert card() == "none"
    with Utilisation() as busy:
        pass
    assert busy.mean is None


def test_random_graphs_have_exactly_that_size():
    graph = gpu_forces.random_graph(40, 150)
    assert (graph.nodes, graph.edges, graph.symmetric) == (40, 300, True)
