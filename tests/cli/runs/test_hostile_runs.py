"""Runs that somebody else made: shown, or refused by file and key; no text of theirs acts."""

import copy
import io
import json
import re
import shutil

import pytest
from fuzz_readers import CORPUS

from forcelaw.cli.session import Session
from forcelaw.cli.streams import PlainConsole, visible
from forcelaw.errors import InputError
from forcelaw.report import kept_formulas, read_back
from forcelaw.report.signed_text import show_fit
from forcelaw.report.tables import new_table
from forcelaw.storage import read_run

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e[bold]x[/y] :smile: <script>"


def put(document, path, value):
    """A copy with another value at a path of keys and places; without it for `...`."""
    document = copy.deepcopy(document)
    *outer, last = path
    inner = document
    for key in outer:
        inner = inner[key]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return document


WRONG = [
    (("nodes",), "many", "'many'\" for nodes, expected a valid integer"),
    (("nodes",), ..., "nothing for nodes, expected a value"),
    (("nodes",), True, "'True' for nodes"),
    (("dataset",), ["x"], "for dataset"),
    (("dataset",), "x" * 100_001, "for dataset, expected .*100000 characters"),
    (("positive",), None, "nothing for positive"),
    (("forcelaw", "auc"), 0.9, "'0.9' for forcelaw.auc"),
    (("forcelaw", "auc", "mean"), "0.9", "for forcelaw.auc.mean"),
    (("forcelaw", "auc", "mean"), ..., "nothing for forcelaw.auc.mean"),
    (("seconds", "all"), "long", "for seconds.all"),
    (("cleanup",), {"duplicates": 1.5}, "for cleanup.duplicates"),
    (("notes",), {"a": "b"}, "for notes"),
    (("training",), {"skipped": -1}, "for training.skipped"),
    (("springs",), {"learned": 1}, "for springs.SpringsFound.learned"),
    (("springs",), {"learned": True, "auc": 9.0}, "'9.0' for springs.SpringsFound.auc"),
    (("forcelaw", "auc", "mean"), -0.1, "for forcelaw.auc.mean, expected greater than or equal"),
    (("positive",), 29.4, "'29.4' for positive"),
    (("schema",), 2, "'2' for schema, expected 1: another version of forcelaw wrote it"),
    (("schema",), True, "'True' for schema"),
    (("kind",), "particles", "found the results of particles, expected those of signed"),
    (("kind",), "other", "'other' for kind"),
    (("curves", "force", "x"), [[[1]]], "for curves.force.x.0"),
    (("curves", "embedding", "edges"), [[0, 99, 1]], "for curves.embedding, expected edges|edges"),
]


@pytest.fixture
def run(tmp_path):
    """A finished run of a signed network, and its results."""
    shutil.copytree(CORPUS / "run" / "signed", tmp_path / "run")
    return tmp_path / "run", json.loads((tmp_path / "run" / "results.json").read_text())


@pytest.mark.parametrize(("path", "value", "words"), WRONG)
def test_what_results_hold_is_checked(run, path, value, words):
    folder, document = run
    (folder / "results.json").write_text(json.dumps(put(document, path, value)))
    with pytest.raises(InputError) as caught:
        read_back(read_run(folder))
    said = str(caught.value)
    assert said.startswith(f"{folder / 'results.json'}: found ")
    assert re.search(words, said), said


def test_a_finished_run_with_wrong_results_ends_in_one_line(forcelaw, tmp_path):
    shutil.copytree(CORPUS / "run" / "particles", tmp_path / "run")
    shutil.copy(CORPUS / "config" / "particles" / "config.yaml", tmp_path / "run")
    with (tmp_path / "run" / "config.yaml").open("a") as file:
        file.write("command: particles fit\n")
    path = tmp_path / "run" / "results.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"pareto": [{"text": "r"}]}))
    found = forcelaw("particles", "distill", tmp_path / "run")
    assert found.code == 2
    assert found.err.startswith(f"forcelaw: {path}: found nothing for pareto.0.complexity")


@pytest.mark.parametrize("text", ["{", "[]", "NaN", '{"kind": "signed", "nodes": NaN}'])
def test_damaged_results_are_refused_where_they_are_only_read(forcelaw, run, text):
    folder, _ = run
    (folder / "results.json").write_text(text)
    found = forcelaw("report", folder)
    assert found.code == 2
    assert "results.json" in found.err
    if text != "[]":
        with pytest.raises(InputError) as caught:
            read_run(folder)
        assert str(caught.value) in found.err


def test_deep_lists_are_refused(forcelaw, run):
    folder, document = run
    deep = "[" * 5000 + "]" * 5000
    (folder / "results.json").write_text(json.dumps({**document, "x": 0})[:-2] + deep + "}")
    assert forcelaw("report", folder).code == 2


def test_lines_of_metrics_are_checked(forcelaw, run):
    folder, _ = run
    (folder / "metrics.jsonl").write_text('{"epoch": 1}\n{"epoch": [1]}\n')
    found = forcelaw("report", folder)
    assert found.code == 2
    assert "metrics.jsonl: found '[1]' for line.1.epoch" in found.err


def test_formulas_that_do_not_match_their_fits_are_refused(run):
    folder, document = run
    assert kept_formulas(read_run(folder)) == {
        key: document[key] for key in ("formulas", "formula_r2", "formula_reach")
    }
    document |= {"formula_r2": {"enemy": 1.0}}
    (folder / "results.json").write_text(json.dumps(document))
    with pytest.raises(InputError, match="found other names in formulas than in formula_r2"):
        kept_formulas(read_run(folder))


@pytest.mark.parametrize("as_json", [False, True])
def test_names_do_nothing_to_a_terminal(capsys, run, as_json):
    folder, document = run
    document |= {"dataset": EVIL, "notes": [EVIL], "preset": EVIL}
    Session(json=as_json).result(document, lambda console: show_fit(console, document, folder))
    found = capsys.readouterr().out
    assert not set(found) & set("\x1b\x07\x9b\u202e")
    assert "[bold]x[/y] :smile: <script>" in found
    if as_json:
        assert json.loads(found)["dataset"] == EVIL


def test_errors_do_nothing_to_a_terminal(forcelaw, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("time,body,x,y,\x1b[31ma,\x1b[31ma\n0,a,1,2,3,3\n")
    found = forcelaw("particles", "fit", path, "--out", tmp_path / "run")
    assert found.code == 2
    assert r"\x1b[31ma" in found.err
    assert "\x1b" not in found.err


def test_a_console_shows_text_as_it_is():
    for terminal in (False, True):
        file = io.StringIO()
        console = PlainConsole(file=file, width=200, force_terminal=terminal)
        table = new_table("a", "b>")
        table.add_row(EVIL, "1")
        console.print(EVIL, table)
        shown = file.getvalue()
        assert shown.count(visible(EVIL)) == 2
        assert "\x07" not in shown and "\x1b]" not in shown


def test_controls_in_notes_are_written_out(capsys):
    Session().note("a\x1b[2Jb\tc\nd é →")
    assert capsys.readouterr().err == "a\\x1b[2Jb\tc\nd é →\n".expandtabs()
