"""Trainings of both applications that are really killed end as if they had not been."""

import pytest

from benchmarks import harness


@pytest.mark.slow
@pytest.mark.parametrize("command", ["particles", "signed"])
def test_killed_and_resumed_equals_uninterrupted(command, tmp_path):
    arguments = ["--kills", "3", "--commands", command]
    (made,) = harness.run("robustness/kill_and_resume", arguments, tmp_path)
    assert made.figures["kills"] == 3
    assert made.figures["error"] == ""
