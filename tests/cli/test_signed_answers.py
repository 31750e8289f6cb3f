"""`forcelaw signed explain` and `suspects`, and what they refuse."""

import csv
from xml.etree import ElementTree

import pytest


@pytest.fixture
def asked(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("source,target\nn0,n1\nn3,n8\n")
    return path


def test_an_explanation_is_a_sum_with_evidence(forcelaw, fitted, asked):
    run, _ = fitted
    document = forcelaw("signed", "explain", run, asked, "--json").document
    assert [(pair["source"], pair["target"]) for pair in document["pairs"]] == [
        ("n0", "n1"), ("n3", "n8"),
    ]  # fmt: skip
    for pair in document["pairs"]:
        total = pair["base"] + sum(pair["groups"].values())
        assert total == pytest.approx(pair["log_odds"], abs=1e-9)
        evidence = pair["evidence"]
        known = evidence["friendly_triangles"] + evidence["hostile_triangles"]
        assert len(evidence["triangles"]) == known > 0
    result = forcelaw("signed", "explain", run, asked)
    assert result.code == 0
    assert "n0 -> n1" in result.out and "average pair" in result.out
    assert "common neighbours" in result.out


def test_tables_and_pictures_are_written(forcelaw, fitted, asked, tmp_path):
    pytest.importorskip("matplotlib")
    run, _ = fitted
    table, picture = tmp_path / "why.csv", tmp_path / "why.svg"
    arguments = ("signed", "explain", run, asked, "--out", table, "--plot", picture)
    document = forcelaw(*arguments, "--json").document
    assert document["out"] == str(table) and document["plot"] == str(picture)
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert float(rows[1]["log_odds"]) == pytest.approx(document["pairs"][1]["log_odds"], abs=1e-5)
    assert ElementTree.parse(picture).getroot().tag.endswith("svg")
    again = forcelaw(*arguments)
    assert again.code == 2 and "--force" in again.err


def test_names_in_pictures_are_no_formulas(forcelaw, tmp_path):
    pytest.importorskip("matplotlib")
    network, pairs = tmp_path / "edges.csv", tmp_path / "pairs.csv"
    network.write_text("source,target,sign\n$a_$,b,1\nb,c,-1\n$a_$,c,1\n$b$,c,-1\n")
    pairs.write_text("$a_$,$b$\n")
    picture = tmp_path / "why.png"
    result = forcelaw("signed", "explain", "default", pairs, network, "--plot", picture, "--quiet")
    assert result.code == 0, result.err
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("n0,n1\nn0,nobody\n", "found 1 pair with a node that camps does not have, the first "
         "n0,nobody, expected known nodes"),
        ("n0\n", "expected a source and a target"),
        ("n0,n0\n", "expected two different nodes"),
        ("source,target\n", "found no pairs"),
        ("\n".join(f"n0,n{k}" for k in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)) + "\nn1,n2\nn1,n3",
         "found 13 pairs to draw, expected 12 at most"),
    ],
)  # fmt: skip
def test_pairs_that_cannot_be_explained_are_one_clear_error(
    forcelaw, fitted, tmp_path, text, words
):
    pairs = tmp_path / "asked.csv"
    pairs.write_text(text)
    result = forcelaw("signed", "explain", fitted[0], pairs, "--plot", tmp_path / "why.svg")
    assert result.code == 2
    assert words in result.err and result.err.count("\n") == 1


def test_a_run_of_something_else_is_one_clear_error(forcelaw, asked, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "config.yaml").write_text("command: particles discover\n")
    result = forcelaw("signed", "explain", tmp_path / "run", asked)
    assert result.code == 2
    assert "expected one of 'signed fit'" in result.err
    result = forcelaw("signed", "explain", "default", asked)
    assert result.code == 2
    assert "found no SOURCE" in result.err


def test_suspects_are_listed_and_written(forcelaw, fitted, tmp_path):
    run, _ = fitted
    table = tmp_path / "suspects.csv"
    arguments = ("signed", "suspects", run, "--top", "3", "--out", table)
    document = forcelaw(*arguments, "--json", "--quiet").document
    assert len(document["suspect_edges"]) == len(document["suspect_nodes"]) == 3
    probabilities = [edge["probability"] for edge in document["suspect_edges"]]
    assert probabilities == sorted(probabilities)
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert len(rows) == document["edges"]
    result = forcelaw(*arguments, "--force")
    assert result.code == 0
    assert "probability of it" in result.out and "expected" in result.out


@pytest.mark.parametrize("top", ["0", "-1", "x"])
def test_a_top_that_there_is_not_is_one_clear_error(forcelaw, fitted, top):
    result = forcelaw("signed", "suspects", fitted[0], "--top", top)
    assert result.code == 2
    assert "--top" in result.err
