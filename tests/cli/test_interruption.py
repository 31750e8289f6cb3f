"""Ctrl-C, where the interpreter looks for it and where compiled code keeps it from that."""

import json
import os
import signal
import sys
import time

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signals")
PROGRAM = """
import signal
import sys
# Who runs the tests in the background has told all processes to ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
from forcelaw.interruption import answer_interrupts, say_interrupted

answer_interrupts(say_interrupted)
"""
WAITING = """
import time
print("ready", flush=True)
time.sleep(2)
"""
PYTHON = """
import time
try:
    print("ready", flush=True)
    time.sleep(1000)
except KeyboardInterrupt:
    print("noticed", flush=True)
    time.sleep(2)
    sys.exit(7)
"""
CLEANING_UP = """
import hashlib, time
try:
    print("ready", flush=True)
    # One call, which sees no signal before it ends.
    hashlib.pbkdf2_hmac("sha256", b"", b"", 300_000)
    time.sleep(1000)
except KeyboardInterrupt:
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        try:
            time.sleep(0.1)
        except KeyboardInterrupt:
            pass
    print("done", flush=True)
    sys.exit(7)
"""
COMPILED = """
import numpy as np
matrix = np.random.default_rng(0).normal(size=(6000, 6000))
print("ready", flush=True)
np.linalg.eigvals(matrix)
"""
"""Minutes in one call."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_program_that_notices_has_all_the_time_it_needs(start_process, finish, number):
    start = "import signal; signal.signal(signal.SIGTERM, signal.default_int_handler)"
    child = start_process([sys.executable, "-c", start + PROGRAM + PYTHON])
    assert child.stdout.readline() == "ready\n"
    child.send_signal(number)
    code, out, err = finish(child)
    assert (code, out, err) == (7, "noticed\n", "")


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_compiled_code_is_ended_with_one_line(start_process, finish, words):
    child = start_process([sys.executable, "-c", PROGRAM + COMPILED, *words])
    assert child.stdout.readline() == "ready\n"
    # Until the call has begun.
    time.sleep(1)
    child.send_signal(signal.SIGINT)
    code, _, err = finish(child)
    assert code == 130
    assert err.count("\n") == 1
    said = json.loads(err)["error"] if words else err
    assert "interrupted; give the same command again" in said


def test_several_interrupts_in_a_row_are_one(start_process, finish):
    child = start_process([sys.executable, "-c", PROGRAM + CLEANING_UP])
    assert child.stdout.readline() == "ready\n"
    for _ in range(3):
        child.send_signal(signal.SIGINT)
        time.sleep(0.02)
    code, out, err = finish(child)
    assert (code, out, err) == (7, "done\n", "")


def test_a_signal_that_is_ignored_stays_so(start_process, finish):
    program = PROGRAM.replace("signal.default_int_handler", "signal.SIG_IGN")
    child = start_process([sys.executable, "-c", program + WAITING])
    assert child.stdout.readline() == "ready\n"
    child.send_signal(signal.SIGINT)
    assert finish(child)[0] == 0
