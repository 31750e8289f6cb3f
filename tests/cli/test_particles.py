"""`forcelaw particles` from source to formula."""

import json

import numpy as np
import pytest

from forcelaw.cli import main
from forcelaw.particles import simulate

SMALL = ("--trajectories", "20", "--set", "simulation.steps=10", "--set", "stages.0.epochs=3")
SPRING = ("2*(r - 1)", "2*r - 2")


@pytest.fixture(scope="module")
def discovered(tmp_path_factory):
    """A small discovery of the spring law."""
    folder = tmp_path_factory.mktemp("particles") / "run"
    with pytest.raises(SystemExit) as exit:
        main(["particles", "discover", "spring", *SMALL, "--out", str(folder), "--quiet", "--json"])
    assert not exit.value.code
    return folder


def test_laws(forcelaw):
    names = [law["name"] for law in forcelaw("particles", "laws", "--json").document["laws"]]
    assert names == ["spring", "1/r", "1/r2", "charge", "damped", "discontinuous", "string",
                     "string-ball", "superposition"]  # fmt: skip
    shown = forcelaw("particles", "laws").out
    assert all(name in shown for name in names)
    assert "-q_i*q_j/r**2" in shown


def test_simulate(forcelaw, tmp_path):
    out = tmp_path / "orbits.npz"
    arguments = ("particles", "simulate", "spring", "--trajectories", "2", "--steps", "5",
                 "--bodies", "3", "--dim", "3", "--out", out)  # fmt: skip
    result = forcelaw(*arguments)
    assert result.code == 0, result.err
    assert "2 trajectories of 3 bodies, 6 snapshots each" in result.out
    with np.load(out, allow_pickle=False) as data:
        assert data["position"].shape == (2, 6, 3, 3)
        assert data["mass"].shape == (2, 3)
    assert forcelaw(*arguments).code == 2
    assert forcelaw(*arguments, "--force", "--json").document["frames"] == 6


def test_discover_finds_the_spring(discovered, forcelaw):
    arguments = ("particles", "discover", "spring", *SMALL, "--out", discovered, "--json")
    document = forcelaw(*arguments).document
    assert document["formula"]["pair"] in SPRING
    assert document["formula"]["latex"]
    assert document["truth"]["pair"] in SPRING
    assert {"complexity", "error", "text"} <= set(document["pareto"][0])
    assert {"force", "force_trimmed", "acceleration", "acceleration_trimmed"} == set(document["r2"])
    assert document["error"]["test"] < 1e-6
    assert document["error"]["far"] < 1e-6
    assert document["energy_drift"] < 1e-2
    assert {"simulate", "fit", "distill"} <= set(document["seconds"])
    assert "curves" not in document


def test_a_discovery_is_a_whole_run(discovered):
    names = {entry.name for entry in discovered.iterdir()}
    assert {"config.yaml", "metrics.jsonl", "law.json", "law.safetensors", "formula",
            "results.json", "report.html"} <= names  # fmt: skip
    results = json.loads((discovered / "results.json").read_text())
    assert results["kind"] == "particles"
    assert {"force", "energy", "errors"} <= set(results["curves"])
    page = (discovered / "report.html").read_text("utf-8")
    assert "Force against distance" in page
    assert "<math" in page


def test_the_table_shows_formula_beside_truth(discovered, forcelaw):
    shown = forcelaw("particles", "discover", "spring", *SMALL, "--out", discovered).out
    assert "found " in shown
    assert "truth " in shown
    assert "power law" in shown


@pytest.mark.parametrize("law", ["formula", "network"])
def test_rollout(discovered, forcelaw, tmp_path, law):
    out = tmp_path / "motion.npz"
    result = forcelaw("particles", "rollout", discovered, "--steps", "20", "--law", law,
                      "--out", out, "--json")  # fmt: skip
    assert result.code == 0, result.err
    assert result.document["momentum_drift"] < (1e-4 if law == "formula" else 0.1)
    assert (result.document["energy_drift"] is None) == (law == "network")
    with np.load(out, allow_pickle=False) as data:
        assert data["position"].shape[1] == 21
        moved = data["mass"]
    # Attributes are no part of the motion: they come out to the last bit as they went in.
    given = simulate("spring", trajectories=20, steps=10, seed=0).attributes["mass"]
    assert len(moved) and all((row == given).all(axis=1).any() for row in moved)


@pytest.mark.slow
def test_fit_then_distill(forcelaw, tmp_path):
    run = tmp_path / "run"
    data = tmp_path / "data.csv"
    assert forcelaw("particles", "simulate", "spring", "--trajectories", "20", "--steps", "10",
                    "--out", data).code == 0  # fmt: skip
    assert forcelaw("particles", "fit", data, "--set", "stages.0.epochs=3", "--out", run).code == 0
    result = forcelaw("particles", "rollout", run, "--law", "formula", "--out", tmp_path / "m.npz")
    assert result.code == 2
    assert "distill" in result.err
    first = forcelaw("particles", "distill", run, "--json")
    assert first.code == 0, first.err
    assert first.document["formula"]["pair"]
    again = forcelaw("particles", "distill", run, "--json")
    assert "distilled before" in again.err
    assert again.document["formula"] == first.document["formula"]
    data.write_text(data.read_text() + "\n")
    changed = forcelaw("particles", "distill", run, "--force")
    assert changed.code == 2
    assert "has changed" in changed.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("fit", "sprng"), "did you mean 'spring'?"),
        (("fit", "1/r3"), "did you mean '1/r'?"),
        (("fit", "absent.npz"), "absent.npz: no such file"),
        (("fit", "spring", "--model", "other"), "'other'"),
        (("fit", "spring", "--bodies", "1"), "found 1"),
        (("fit", "spring", "--noise", "-1"), "greater than or equal to 0"),
        (("fit", "spring", "--set", "network.no=1", "--set", "simulation.stps=1"), "'steps'?"),
        (("distill", "absent"), "absent: found nothing"),
        (("simulate", "spring", "--out", "x.txt"), "expected .npz or .csv"),
        (("simulate", "sprng", "--out", "x.npz"), "spring"),
    ],
)
def test_wrong_input(forcelaw, arguments, message):
    result = forcelaw("particles", *arguments)
    assert result.code == 2
    assert result.out == ""
    assert message in result.err
    assert "Traceback" not in result.err


def test_simulation_options_need_a_simulation(forcelaw, tmp_path):
    data = tmp_path / "data.npz"
    data.write_bytes(b"")
    result = forcelaw("particles", "fit", data, "--bodies", "3")
    assert result.code == 2
    assert "--bodies" in result.err
    assert "only with a built-in law" in result.err


@pytest.mark.slow
def test_demo(forcelaw, tmp_path):
    result = forcelaw("demo", "--out", tmp_path / "demo", "--json")
    assert result.code == 0, result.err
    document = result.document
    assert document["particles"]["formula"]["pair"] in SPRING
    assert document["signed"]["forcelaw"]["auc"]["mean"] > 0.8
    page = (tmp_path / "demo" / "report.html").read_text("utf-8")
    assert page.count("<section>") == 2
    again = forcelaw("demo", "--out", tmp_path / "demo")
    assert "finished before" in again.err
    assert "found" in again.out
