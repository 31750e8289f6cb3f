"""`forcelaw signed fit` on several devices and in several processes, as its users start it."""

import json
import os
import sys
import time

import numpy as np
import pytest

DEADLINE = 60
"""Seconds within which everything must have ended that cannot go on."""


@pytest.fixture
def start(start_process):
    """Starts `forcelaw` in a process of its own."""

    def start(*arguments, devices=1):
        given = os.environ.get("XLA_FLAGS", "")
        flags = f"{given} --xla_force_host_platform_device_count={devices}"
        return start_process([sys.executable, "-m", "forcelaw", *arguments], XLA_FLAGS=flags)

    return start


@pytest.fixture
def pair(start, free_address):
    """Starts two processes on loopback that share one fit."""

    def pair(*arguments):
        common = ("--coordinator", free_address, "--processes", 2, "--process")
        return [start("signed", "fit", *arguments, *common, process) for process in (0, 1)]

    return pair


def positions(run):
    from forcelaw import signed

    return signed.SpringEmbedding.load(run).positions_


@pytest.mark.slow
def test_devices_and_processes_find_what_one_device_finds(
    start, pair, finish, network, tmp_path, small
):
    fit = ("signed", "fit", network, *small, "--json", "--out")
    children = [start(*fit, tmp_path / "one"), start(*fit, tmp_path / "four", "--devices", 4,
                                                     devices=4)]  # fmt: skip
    for child in children:
        code, _, err = finish(child)
        assert code == 0, err
    first, second = pair(network, *small, "--json", "--out", tmp_path / "two")
    code, out, err = finish(first)
    assert code == 0, err
    assert json.loads(out)["nodes"] == 12
    assert finish(second) == (0, "", "")
    for other in ("four", "two"):
        np.testing.assert_allclose(
            positions(tmp_path / other), positions(tmp_path / "one"), rtol=1e-3, atol=1e-4
        )
    # All are told that the run is finished.
    again = pair(network, *small, "--json", "--out", tmp_path / "two")
    assert [finish(child)[0] for child in again] == [0, 0]


@pytest.mark.slow
@pytest.mark.parametrize("victim", [0, 1])
def test_a_death_ends_the_other_and_the_run_goes_on(pair, finish, network, tmp_path, small, victim):
    run = tmp_path / "run"
    fit = (network, *small, "--set", "model.stages.0.epochs=100",
           "--set", "model.trainings=1", "--out", run)  # fmt: skip
    children = pair(*fit)
    last = time.monotonic() + 200
    while not (run / "metrics.jsonl").exists():
        assert children[victim].poll() is None, children[victim].stderr.read()
        assert time.monotonic() < last
        time.sleep(0.2)
    children[victim].kill()
    code, _, err = finish(children[1 - victim], timeout=DEADLINE)
    assert code == 1
    assert err.count("another process has ended") == 1
    assert "same command" in err

    lines = (run / "metrics.jsonl").read_text().splitlines()
    marked = [json.dumps({**json.loads(lines[0]), "mark": True}), *lines[1:]]
    (run / "metrics.jsonl").write_text("\n".join(marked) + "\n")
    first, second = pair(*fit)
    code, _, err = finish(first, timeout=400)
    assert code == 0, err
    assert "unfinished, goes on" in err
    assert finish(second)[0] == 0
    metrics = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in metrics] == list(range(1, 101))
    # The first process keeps a checkpoint as it ends in order; killed, it may have none yet.
    assert not victim or "mark" in metrics[0], "the checkpoint was not used"


@pytest.mark.slow
def test_processes_with_other_settings_are_refused(
    start, finish, free_address, network, tmp_path, small
):
    fit = ("signed", "fit", network, *small, "--out", tmp_path / "run")
    shared = (*fit, "--coordinator", free_address, "--processes", 2)
    children = [start(*shared, "--process", process, "--seed", process) for process in (0, 1)]
    for child in children:
        code, _, err = finish(child, timeout=DEADLINE)
        assert code == 2
        assert err.count("found other settings") == 1
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_a_coordinator_that_does_not_answer_is_named(start, finish, network, tmp_path):
    child = start("signed", "fit", network, "--out", tmp_path / "run", "--coordinator",
                  "127.0.0.1:9", "--processes", 2, "--process", 1)  # fmt: skip
    code, out, err = finish(child, timeout=DEADLINE)
    assert (code, out) == (2, "")
    assert "found nothing that answers at 127.0.0.1:9" in err


def test_more_devices_than_exist_are_refused(forcelaw, network, tmp_path, small, fitted):
    result = forcelaw("signed", "fit", network, "--out", tmp_path / "run", *small, "--devices", 99)
    assert result.code == 2
    assert "devices: found 99, expected at most" in result.err
    assert not (tmp_path / "run").exists()
    out = tmp_path / "x.csv"
    result = forcelaw("signed", "embed", fitted[0], network, "--out", out, "--devices", 99)
    assert result.code == 2
    assert "devices: found 99" in result.err


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("--processes", 2), "found without --coordinator and --process"),
        (("--coordinator", "host:1", "--process", 0), "found without --processes"),
        (("--coordinator", "host", "--processes", 2, "--process", 0), "expected HOST:PORT"),
        (("--coordinator", "host:1", "--processes", 2, "--process", 2), "from 0 to 1"),
    ],
)
def test_options_of_processes_that_do_not_fit(forcelaw, network, tmp_path, given, message):
    result = forcelaw("signed", "fit", network, "--out", tmp_path / "run", *given)
    assert result.code == 2
    assert message in result.err
    assert not (tmp_path / "run").exists()
