"""Trainings of both jobs that are really killed end as if they had not been."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "robustness" / "kill_and_resume.py"


@pytest.mark.slow
@pytest.mark.parametrize("job", ["particles", "signed"])
def test_killed_and_resumed_equals_uninterrupted(job, tmp_path):
    table = tmp_path / "table.md"
    command = [sys.executable, SCRIPT, "--kills", "3", "--jobs", job, "--out", table]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    cells = table.read_text().splitlines()[-1].strip("| ").split(" | ")
    assert (cells[0], cells[1], cells[4]) == (job, "3", "nothing")
