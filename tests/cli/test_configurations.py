"""What a run writes down about itself: a later version must find the runs of an earlier one.

`open_run` compares whole configurations: no key may change its name, its type or its default.
"""

import json
import shlex
from pathlib import Path

import pytest
import yaml

COMMANDS = yaml.safe_load((Path(__file__).parent / "configurations.yaml").read_text("utf-8"))
SIGNED = {
    *("schema", "kind", "command", "version", "dataset", "content_hash", "source_nodes", "cleanup"),
    *("precision", "nodes", "edges", "positive", "seed", "dim", "preset", "protocol"),
    *("transductive", "training", "springs", "forcelaw", "baseline", "spectral", "reverse_share"),
    *("seconds", "peak_memory_mb", "curves", "versions"),
}
PARTICLES = {
    *("schema", "kind", "command", "version", "source", "model", "trajectories", "frames"),
    *("bodies", "dim", "noise", "seed", "precision", "error", "notes", "target", "training"),
    *("seconds", "content_hash", "versions"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_writes_the_configuration_of_the_first_release(
    forcelaw, network, tmp_path, monkeypatch, command
):
    written = []

    def stop(config):
        written.append(yaml.safe_dump(dict(config), sort_keys=False))
        raise KeyboardInterrupt

    monkeypatch.chdir(network.parent)
    monkeypatch.setattr("forcelaw.storage.run.config_text", stop)
    result = forcelaw(*shlex.split(command))
    assert result.code == 130, result.err
    assert written == [yaml.safe_dump(COMMANDS[command], sort_keys=False)]


def test_the_results_of_a_fit_have_the_keys_of_the_first_release(fitted):
    # Another test may have asked for the formulas, which are kept in the results.
    found = set(json.loads((fitted[0] / "results.json").read_text()))
    assert found - {"formulas", "formula_r2", "formula_reach"} == SIGNED


def test_the_results_of_a_law_of_particles_have_the_keys_of_the_first_release(forcelaw, tmp_path):
    result = forcelaw("particles", "fit", "spring", "--trajectories", "4", "--out", tmp_path,
                      "--set", "simulation.steps=10", "--set", "stages.0.epochs=1")  # fmt: skip
    assert result.code == 0, result.err
    assert set(json.loads((tmp_path / "results.json").read_text())) == PARTICLES
