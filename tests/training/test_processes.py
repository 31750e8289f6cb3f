"""Two real processes on one machine: the same numbers, and an orderly end when one dies."""

import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from forcelaw.errors import InputError
from forcelaw.training import join_processes

WORK = Path(__file__).with_name("two_processes.py")


@pytest.fixture
def start(start_process, free_address):
    """Starts a process of a run."""

    def start(process, *arguments):
        return start_process([sys.executable, "-u", WORK, free_address, 2, process, *arguments])

    return start


def wait_for(child, line):
    for found in child.stdout:
        if found.strip() == line:
            return
    raise AssertionError(f"{line!r} was not printed: {child.stderr.read()}")


@pytest.mark.slow
def test_two_processes_agree_with_one(start, finish, tmp_path):
    for child in [start(process, "compare", tmp_path) for process in (0, 1)]:
        code, out, err = finish(child)
        assert code == 0, err
        # Nothing of the runtime's own on the standard output.
        assert out == "same\n"


@pytest.mark.slow
@pytest.mark.parametrize("victim", [0, 1])
def test_a_death_ends_the_others_and_the_run_resumes(start, finish, tmp_path, victim):
    children = [start(process, "train", tmp_path, 10**6) for process in (0, 1)]
    for child in children:
        wait_for(child, "epoch 3")
    children[victim].kill()
    began = time.monotonic()
    code, _, err = finish(children[1 - victim], timeout=60)
    assert time.monotonic() - began < 60
    assert code == 1
    assert err.count("another process has ended") == 1
    assert "stack trace" not in err

    children = [start(process, "train", tmp_path, 2) for process in (0, 1)]
    for child in children:
        code, out, err = finish(child)
        assert code == 0, err
        first = int(out.split()[1])
        assert first > 3, "the checkpoint was not used"


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs a process that falls silent")
@pytest.mark.parametrize("victim", [0, 1])
def test_a_silent_process_ends_the_others_within_a_minute(start, finish, tmp_path, victim):
    children = [start(process, "train", tmp_path, 10**6) for process in (0, 1)]
    for child in children:
        wait_for(child, "epoch 3")
    children[victim].send_signal(signal.SIGSTOP)
    code, _, err = finish(children[1 - victim], timeout=60)
    assert code == 1
    assert err.count("another process has ended") == 1


@pytest.mark.slow
def test_processes_without_a_coordinator_say_so(start, finish):
    began = time.monotonic()
    code, out, err = finish(start(1, "compare", os.devnull))
    assert code == 2
    assert out == ""
    assert "expected process 0 there" in err
    assert time.monotonic() - began < 60


@pytest.mark.slow
def test_a_coordinator_without_processes_says_so(start, finish):
    began = time.monotonic()
    code, out, err = finish(start(0, "compare", os.devnull))
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert "not all 2 processes" in err
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere", 2, 0), "expected HOST:PORT"),
        (("host:99999", 2, 0), "expected HOST:PORT"),
        (("host:7000", 0, 0), "processes: found 0"),
        (("host:7000", 2, 2), "from 0 to 1"),
    ],
)
def test_wrong_arguments_are_named(arguments, message):
    with pytest.raises(InputError, match=message), join_processes(*arguments):
        pass


def test_a_port_in_use_is_named():
    with socket.socket() as other:
        other.bind(("", 0))
        other.listen()
        port = other.getsockname()[1]
        with (
            pytest.raises(InputError, match=f"port {port}"),
            join_processes(f"127.0.0.1:{port}", 2, 0),
        ):
            pass
