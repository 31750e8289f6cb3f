"""`forcelaw signed` from file to file."""

import csv
import json

import numpy as np
import pytest
import yaml

from forcelaw.signed import PRESETS


def test_fit_writes_a_whole_run(fitted):
    run, _ = fitted
    names = {entry.name for entry in run.iterdir()}
    assert {"config.yaml", "metrics.jsonl", "checkpoints", "law.safetensors", "law.json",
            "results.json", "report.html"} <= names  # fmt: skip
    config = yaml.safe_load((run / "config.yaml").read_text())
    assert config["dim"] == 2
    assert config["model"]["folds"] == 2
    assert len(config["model"]["stages"]) == 1
    results = json.loads((run / "results.json").read_text())
    assert results["kind"] == "signed"
    drawn = "embedding force held_out network reliability told"
    assert set(results["curves"]) == set(drawn.split())
    for method in ("forcelaw", "baseline"):
        assert set(results[method]["auc"]) == {"mean", "std", "count", "values"}
    metrics = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in metrics] == list(range(1, 13))


def test_the_same_command_shows_the_finished_run(forcelaw, fitted, small):
    run, network = fitted
    before = (run / "results.json").stat().st_mtime_ns
    arguments = ("signed", "fit", network, "--out", run, "--protocol", "pairs", *small)
    result = forcelaw(*arguments)
    assert result.code == 0
    assert "finished before" in result.err
    assert "feature baseline" in result.out
    assert (run / "results.json").stat().st_mtime_ns == before
    assert forcelaw(*arguments, "--json").document["nodes"] == 12


def test_another_setting_is_refused_without_force(forcelaw, fitted, small):
    run, network = fitted
    result = forcelaw("signed", "fit", network, "--out", run, *small, "--seed", "1")
    assert result.code == 2
    assert "seed = 0, expected seed = 1" in result.err
    assert "--force" in result.err


def test_the_settings_that_a_run_wrote_find_it_again(forcelaw, fitted, tmp_path):
    run, network = fitted
    copy = tmp_path / "settings.yaml"
    copy.write_bytes((run / "config.yaml").read_bytes())
    result = forcelaw("signed", "fit", network, "--out", run, "--config", copy)
    assert result.code == 0, result.err
    assert "finished before" in result.err


def test_pairs_to_train_on_are_written_where_they_are_not_the_presets(
    forcelaw, fitted, small, tmp_path
):
    run, network = fitted
    assert "training_pairs" not in yaml.safe_load((run / "config.yaml").read_text())["model"]
    arguments = ("signed", "fit", network, "--protocol", "pairs", *small)
    usual = PRESETS["default"].training_pairs
    same = forcelaw(*arguments, "--out", run, "--set", f"model.training_pairs={usual}")
    assert same.code == 0, same.err
    assert "finished before" in same.err
    for value in ("null", "50"):
        other = (*arguments, "--set", f"model.training_pairs={value}")
        result = forcelaw(*other, "--out", run)
        assert result.code == 2
        assert "found a run with model.training_pairs = '(absent)', expected" in result.err
    assert forcelaw(*other, "--out", tmp_path / "run").code == 0
    found = yaml.safe_load((tmp_path / "run" / "config.yaml").read_text())
    assert found["model"]["training_pairs"] == 50
    again = forcelaw(*other, "--out", tmp_path / "run")
    assert "finished before" in again.err


def test_a_file_in_place_of_a_run_is_called_one(forcelaw, network):
    result = forcelaw("signed", "law", network)
    assert result.code == 2
    assert f"{network}: found a file, expected a run folder" in result.err


def test_an_interrupted_fit_resumes_to_the_same_result(forcelaw, network, tmp_path, small, fitted):
    from forcelaw.training import run_log as _training_log

    arguments = ("signed", "fit", network, "--out", tmp_path / "run", "--protocol", "pairs", *small)
    original = _training_log.training_log

    def interrupting(progress, run=None):
        report = original(progress, run)

        def stop(epoch):
            report(epoch)
            raise KeyboardInterrupt

        return stop

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("forcelaw.signed.evaluation.runs.training_log", interrupting)
        result = forcelaw(*arguments)
    assert result.code == 130
    assert "same command again" in result.err
    assert not (tmp_path / "run" / "results.json").exists()
    result = forcelaw(*arguments)
    assert result.code == 0
    assert "unfinished, goes on" in result.err
    whole, resumed = (json.loads((folder / "metrics.jsonl").read_text().splitlines()[-1])
                      for folder in (fitted[0], tmp_path / "run"))  # fmt: skip
    assert resumed == whole
    same = (fitted[0] / "law.safetensors").read_bytes()
    assert (tmp_path / "run" / "law.safetensors").read_bytes() == same


def test_json_is_pure(forcelaw, fitted, tmp_path):
    run, _ = fitted
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("source,target\nn0,n1\nn0,stranger\n")
    for arguments in (
        ("signed", "law", run),
        ("signed", "embed", run, "--out", tmp_path / "e.npz"),
        ("signed", "predict", run, pairs, "--out", tmp_path / "p.csv"),
        ("report", run),
    ):
        result = forcelaw(*arguments, "--json")
        assert result.code == 0, result.err
        assert isinstance(result.document, dict)


def test_predict(forcelaw, fitted, tmp_path):
    run, _ = fitted
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("source,target\nn0,n1\nn0,n2\nn0,stranger\n")
    result = forcelaw("signed", "predict", run, pairs, "--out", tmp_path / "out.csv")
    assert result.code == 0
    assert "of 3 pairs asked for, 1 with a node that camps does not have" in result.err
    with (tmp_path / "out.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["source", "target", "sign", "probability", "known", "deviation"]
    assert [row["known"] for row in rows] == ["true", "true", "false"]
    assert {row["sign"] for row in rows} <= {"1", "-1"}
    assert all(0 <= float(row["probability"]) <= 1 for row in rows)
    again = forcelaw("signed", "predict", run, pairs, "--out", tmp_path / "out.csv")
    assert again.code == 2
    assert "exists already" in again.err
    forced = forcelaw("signed", "predict", run, pairs, "--out", tmp_path / "out.csv", "--force")
    assert forced.code == 0


def test_wrong_pairs_are_named_with_their_line(forcelaw, fitted, tmp_path):
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("source,target\nn0,n1\nn0\n")
    result = forcelaw("signed", "predict", fitted[0], pairs, "--out", tmp_path / "out.csv")
    assert result.code == 2
    assert f"{pairs}:3" in result.err
    assert not (tmp_path / "out.csv").exists()


def test_embed(forcelaw, fitted, tmp_path):
    run, network = fitted
    assert forcelaw("signed", "embed", run, "--out", tmp_path / "a.npz").code == 0
    assert forcelaw("signed", "embed", run, network, "--out", tmp_path / "b.csv").code == 0
    with np.load(tmp_path / "a.npz", allow_pickle=False) as saved:
        assert saved["position"].shape == (12, 2)
        assert saved["node"][0] == "n0"
    with (tmp_path / "b.csv").open() as file:
        assert next(file).strip() == "node,x0,x1"
        assert len(list(file)) == 12
    for out, words in (("c.txt", "expected .npz or .csv"), ("absent/c.npz", "found no folder")):
        result = forcelaw("signed", "embed", run, "--out", tmp_path / out)
        assert result.code == 2
        assert words in result.err


def test_law(forcelaw, fitted, tmp_path):
    run, _ = fitted
    shown = forcelaw("signed", "law", run, "--plot", tmp_path / "force.png")
    assert shown.code == 0
    for word in ("distance", "friend", "enemy", "unknown"):
        assert word in shown.out
    document = forcelaw("signed", "law", run, "--json").document
    formulas = document["formulas"]
    assert set(formulas) == set(document["formula_r2"]) == {"friend", "enemy", "unknown"}
    # Of so short a training: how well formulas fit is asserted where springs are trained.
    assert all(r2 is None or 0.5 < r2 <= 1 for r2 in document["formula_r2"].values())
    assert document["formula_reach"] == pytest.approx(document["distance"][-1])
    assert formulas["friend"] in shown.out
    assert "friend" in (run / "report.html").read_text("utf-8")
    assert (tmp_path / "force.png").read_bytes().startswith(b"\x89PNG")
    assert forcelaw("signed", "law", run, "--plot", tmp_path / "force.txt").code == 2


def test_evaluate(forcelaw, network, small, tmp_path):
    with network.open("a") as file:
        file.write("far,away,1\n")
    arguments = ("signed", "evaluate", network, "--protocol", "pairs", "--seeds", "1", *small,
                 "--out", tmp_path / "run")  # fmt: skip
    result = forcelaw(*arguments, "--json")
    assert result.code == 0, result.err
    document = result.document
    assert {"dataset", "nodes", "edges", "positive", "protocol", "seeds", "forcelaw", "baseline",
            "reverse_share", "seconds", "peak_memory_mb"} <= set(document)  # fmt: skip
    for method in ("forcelaw", "baseline"):
        for score in ("auc", "f1_macro", "f1_binary", "f1_micro"):
            assert len(document[method][score]["values"]) == 1
    assert (document["nodes"], document["source_nodes"]) == (12, 14)
    assert "largest connected component of 14 nodes" in forcelaw(*arguments).out
    assert "nodes of all components" in (tmp_path / "run" / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"protocol": "pairs", "seeds": 3}, "protocol pairs; 3 splits"),
        ({"protocol": "temporal", "seeds": 3}, "protocol temporal; 3 seeds on the one split"),
        ({"protocol": "pairs", "seeds": 1, "given": True}, "pairs; 1 seed on the parts given"),
    ],
)
def test_scores_say_what_they_are_the_mean_of(document, words, capsys):
    from rich.console import Console

    from forcelaw.report.signed_text import show_scores

    show_scores(Console(), document)
    assert words in capsys.readouterr().out


@pytest.mark.slow
def test_the_parts_in_a_folder_are_taken_as_they_are(forcelaw, network, small, tmp_path):
    parts = tmp_path / "parts"
    made = forcelaw("signed", "split", network, "--protocol", "pairs", "--validation", "0.15",
                    "--out", parts, "--json").document  # fmt: skip
    fit = ("signed", "fit", parts, "--out", tmp_path / "run", *small)
    found = forcelaw(*fit, "--json").document
    assert found["protocol"] == "pairs"
    assert found["edges"] == made["train"] + made["validation"] + made["test"]
    for scores in (found, found["validation"]):
        for method in ("forcelaw", "baseline"):
            assert 0 <= scores[method]["recall_enemy"]["mean"] <= 1
    shown = forcelaw(*fit).out
    assert "validation" in shown
    assert "enemies: precision" in shown
    assert "<th>validation</th>" in (tmp_path / "run" / "report.html").read_text("utf-8")
    for words in (("--protocol", "directed"), ("--validation", "0.1"), ("--scale", "-1", "1")):
        refused = forcelaw("signed", "fit", parts, "--out", tmp_path / "other", *words)
        assert refused.code == 2
        assert "leave it out" in refused.err
    (parts / "test.csv").write_text("source,target,sign\nn0,n1,1\n")
    assert "sha256" in forcelaw(*fit).err
    for wrong in (("fit", tmp_path), ("evaluate", network), ("fit", network, "--validation", 0.1)):
        result = forcelaw("signed", *wrong)
        assert result.code == 2, wrong
        assert "expected" in result.err


def test_without_a_terminal_nobody_is_asked(process):
    result = process("signed", "fit")
    assert result.code == 2
    assert "found no SOURCE" in result.err
    assert "bitcoin-otc" in result.err


def test_the_shipped_law_needs_no_training(forcelaw, network, tmp_path):
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("n0,n2\nn0,n1\nn0,stranger\n")
    predicted = forcelaw(
        "signed", "predict", "default", pairs, network, "--out", tmp_path / "p.csv", "--json"
    )
    assert predicted.code == 0, predicted.err
    assert predicted.document["unknown_nodes"] == 1
    assert predicted.document["pairs"] == 3
    embedded = forcelaw("signed", "embed", "default", network, "--out", tmp_path / "e.npz")
    assert embedded.code == 0, embedded.err
    alone = forcelaw("signed", "predict", "default", pairs, "--out", tmp_path / "q.csv")
    assert alone.code == 2
    assert "found no SOURCE" in alone.err


def test_a_law_that_has_seen_the_test_part_is_refused(forcelaw, fitted, tmp_path, small):
    run, network = fitted
    arguments = ("signed", "fit", network, "--out", tmp_path / "run", "--start-from", run, *small)
    refused = forcelaw(*arguments, "--protocol", "pairs")
    assert refused.code == 2
    assert "has seen the signs" in refused.err
    assert not (tmp_path / "run").exists()


def test_a_run_of_another_kind_is_refused(forcelaw, tmp_path):
    (tmp_path / "config.yaml").write_text("command: particles fit\n")
    result = forcelaw("signed", "law", tmp_path)
    assert result.code == 2
    assert "found a run of 'particles fit'" in result.err
