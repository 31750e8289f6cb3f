"""Every benchmark runs at a tiny size, and every page says what the records hold."""

import ast
import re
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

import pytest

from benchmarks import harness

ROOT = Path(harness.__file__).parents[1]
NAMES = harness.names()
QUICK = ("speed/edge_operations", "speed/peers")
"""Those whose smallest run takes seconds."""
FILES = sorted((ROOT / "benchmarks").rglob("*.py"))
LONGEST, MOST = 300, 14


def smoke(name, folder):
    arguments = [word.replace("{folder}", str(folder)) for word in harness.load(name).SMOKE]
    made = harness.run(name, arguments, folder)
    assert made and not any(record.figures.get("error") for record in made)
    assert harness.run(name, arguments, folder) == [], "what is recorded is not measured again"
    kept = harness.read(name, folder)
    assert [record.case.key for record in kept] == [record.case.key for record in made]
    for text in harness.load(name).figures(kept).values():
        assert isinstance(text, str)


@pytest.mark.parametrize("name", QUICK)
def test_quick_benchmarks_run(name, tmp_path):
    smoke(name, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name not in QUICK])
def test_benchmarks_run(name, tmp_path):
    smoke(name, tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_benchmarks_keep_the_contract(name):
    module = harness.load(name)
    assert module.__doc__ is not None
    assert f"python -m benchmarks run {name}" in module.__doc__.replace("\n        ", " ")
    parser = ArgumentParser()
    getattr(module, "arguments", lambda parser: None)(parser)
    cases = list(module.cases(parser.parse_args([])))
    assert len({case.key for case in cases}) == len(cases) > 0
    assert callable(module.measure)
    assert module.SMOKE


@pytest.mark.parametrize("name", NAMES)
def test_records_are_of_their_benchmark(name):
    records = harness.read(name)
    assert {record.name for record in records} <= {name}
    for record in records:
        assert record.date and record.commit and isinstance(record.figures, dict)


def pages():
    paths = [*harness.documents(), *harness.pages()]
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


@pytest.mark.parametrize("path", pages())
def test_pages_say_what_the_records_hold(path):
    text = path.read_text("utf-8")
    filled = harness.fill(text, harness.Figures())
    assert filled == text, (
        f"`python -m benchmarks {'table' if 'results' in path.parts else 'readme'}`"
    )
    assert text.count("<!-- figure: ") == text.count("<!-- end -->")
    # A line that begins with a comment is no part of a paragraph in Markdown.
    broken = re.findall(r"^ {0,3}<!-- figure: [^>]*-->.+", text, re.MULTILINE)
    assert not broken, "a place inside a paragraph may not begin a line"


def test_places_are_filled_and_nothing_else():
    known = {"kind/name": {"one": "7 %", "table": harness.table("a | b", [(1, "x")])}}
    text = "A <!-- figure: kind/name.one -->old<!-- end --> b\n"
    text += "<!-- figure: kind/name.table -->\n<!-- end -->\n"
    filled = harness.fill(text, known.__getitem__)
    assert "A <!-- figure: kind/name.one -->7 %<!-- end --> b" in filled
    assert "\n\n| a | b |\n| --- | --- |\n| 1 | x |\n\n<!-- end -->" in filled
    assert harness.fill(filled, known.__getitem__) == filled
    with pytest.raises(KeyError):
        harness.fill("<!-- figure: kind/name.other --><!-- end -->", known.__getitem__)


def test_the_newest_record_of_a_case_counts(tmp_path):
    first = harness.Record("speed/x", {"a": 1}, 0, "2026-01-01", "c", {}, "m", 1.0, {"v": 1})
    other = harness.Record("speed/x", {"a": 2}, 0, "2026-01-01", "c", {}, "m", 1.0, {"v": 2})
    again = harness.Record("speed/x", {"a": 1}, 0, "2026-01-02", "d", {}, "m", 1.0, {"v": 3})
    for record in (first, other, again):
        harness.append(record, tmp_path)
    assert harness.read("speed/x", tmp_path) == [again, other]


def test_list_names_every_benchmark():
    command = [sys.executable, "-m", "benchmarks", "list"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert [line.split()[0] for line in done.stdout.splitlines()] == NAMES


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_benchmarks_import_nothing_private(file):
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            words = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
        elif isinstance(node, ast.Import):
            words = [part for alias in node.names for part in alias.name.split(".")]
        else:
            continue
        private = [word for word in words if word.startswith("_") and not word.startswith("__")]
        assert not private, f"{file}:{node.lineno} imports {private}"


@pytest.mark.parametrize("kind", harness.KINDS)
def test_folders_are_small_and_files_short(kind):
    files = [file for file in FILES if file.parent == ROOT / "benchmarks" / kind]
    assert 0 < len(files) <= MOST
    for file in files:
        assert file.read_text("utf-8").count("\n") <= LONGEST, f"{file} is long"
