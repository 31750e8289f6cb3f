"""Damaged inputs of every reader: read, or refused by the one error for wrong input.

A short run; `python tests/fuzz --inputs 1000000` is the long one, within bounds of time and memory.
"""

import sys
from pathlib import Path

import pytest
from fuzz_readers import READERS, inputs
from fuzz_run import table
from fuzz_work import make_input, put, read_valid

from forcelaw.errors import InputError

SHORT = 25
"""Inputs of a reader; a third of them where each compiles something."""


@pytest.fixture(autouse=True)
def no_data_folder(monkeypatch):
    # The reader of the catalogue sets it.
    monkeypatch.setenv("FORCELAW_DATA", "")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", READERS)
def test_damage_is_refused(name, tmp_path):
    reader, folder = READERS[name], tmp_path / "input"
    read_valid(reader, folder)
    valid = inputs(reader)
    refused = 0
    for index in range(SHORT if reader.share > 3 else SHORT // 3):
        files, draw = make_input(reader, 2, index, valid)
        put(files, folder)
        try:
            reader.read(folder, sorted(files), draw)
        except InputError as error:
            assert str(error)
            refused += 1
    assert refused > 0


def test_inputs_are_the_same_every_time():
    reader = READERS["edges"]
    valid = inputs(reader)
    made = [make_input(reader, 5, index, valid)[0] for index in range(20)]
    assert made == [make_input(reader, 5, index, valid)[0] for index in range(20)]
    assert made != [make_input(reader, 6, index, valid)[0] for index in range(20)]


def test_the_long_run_in_small(start_process, finish, tmp_path):
    folder = Path(__file__).parent
    child = start_process(
        [sys.executable, folder, "--inputs", 30, "--seconds", 30, "--reader", "metrics",
         "--keep", tmp_path]
    )  # fmt: skip
    status, out, err = finish(child)
    assert status == 0, err
    assert "| metrics | 30 |" in out
    assert not list(tmp_path.iterdir())


def test_what_a_run_tells(tmp_path):
    tally = {"inputs": 3, "read": 1, "refused": 1, "failed": 1, "slowest": 0.5, "largest": 7.0}
    told = table({"edges": tally})
    assert "| edges | 3 | 1 | 1 | 1 | 0.50 s | 7 MB |" in told
    assert "| all | 3 | 1 | 1 | 1 | 0.50 s | 7 MB |" in told


def test_memory_beyond_the_bound_is_refused_by_the_system(start_process, finish):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import fuzz_work; "
        "fuzz_work.bound_memory(50); bytearray(10**6); bytearray(10**9)"
    )
    child = start_process([sys.executable, "-c", code, Path(__file__).parent])
    status, _, err = finish(child)
    if not Path("/proc/self/statm").exists():
        pytest.skip("bounds are measured on Linux")
    assert status == 1
    assert "MemoryError" in err
