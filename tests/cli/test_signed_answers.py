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
    assert document["schema"] == 1 and document["cleanup"] == {}
    # In pairs without directions n1,n0 is n0,n1.
    asked.write_text("n0,n1\nn3,n8\nn0,n1\nn1,n0\n")
    result = forcelaw("signed", "explain", run, asked)
    assert result.code == 0
    assert result.out.count("n0 -> n1") == 1 and "n1 -> n0" not in result.out
    assert "2 pairs given again, explained once" in result.err
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


def test_letters_that_no_font_has_are_written_by_their_numbers(forcelaw, tmp_path):
    pytest.importorskip("matplotlib")
    network, pairs, picture = (tmp_path / name for name in ("edges.csv", "pairs.csv", "why.svg"))
    # A number that stands for no letter yet, and Greek, which the default one has.
    network.write_text("source,target,sign\nα\u0378,β,1\nβ,c,-1\nα\u0378,c,1\nd,c,-1\n", "utf-8")
    pairs.write_text("α\u0378,d\n", "utf-8")
    result = forcelaw("signed", "explain", "default", pairs, network, "--plot", picture)
    assert result.code == 0, result.err
    assert "no installed font has all letters of 1 name" in result.err
    assert "such as \\u0378; install a font" in result.err
    # Warnings of missing glyphs would be errors here, and lines on stderr there.
    assert "Glyph" not in result.err


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
    # The network is balanced: no edge is contradicted.
    assert document["suspect_edges"] == [] and len(document["suspect_nodes"]) == 3
    assert document["schema"] == 1 and document["cleanup"] == {}
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert len(rows) == document["edges"]
    result = forcelaw(*arguments, "--force")
    assert result.code == 0
    assert "No sign is less probable than 0.5." in result.out and "expected" in result.out
    every = forcelaw(*arguments, "--force", "--below", "1", "--json", "--quiet").document
    probabilities = [edge["probability"] for edge in every["suspect_edges"]]
    assert len(probabilities) == 3 and probabilities == sorted(probabilities)
    wrong = forcelaw(*arguments, "--force", "--below", "2")
    assert wrong.code == 2 and "below: found 2" in wrong.err


@pytest.mark.parametrize("top", ["0", "-1", "x"])
def test_a_top_that_there_is_not_is_one_clear_error(forcelaw, fitted, top):
    result = forcelaw("signed", "suspects", fitted[0], "--top", top)
    assert result.code == 2
    assert "--top" in result.err


def test_two_kinds_of_nodes_are_named_as_in_a_file_or_as_in_what_is_written(forcelaw, tmp_path):
    network, pairs = tmp_path / "stars.csv", tmp_path / "pairs.csv"
    rows = [(user, item) for user in range(6) for item in range(5) if (user + item) % 3]
    lines = [f"{user},{item},{1 if user % 2 == item % 2 else -1}" for user, item in rows]
    network.write_text("user,item,sign\n" + "\n".join(lines) + "\n")
    pairs.write_text("source,target\n0,1\nsource:0,target:1\n2,2\n")
    arguments = ("signed", "explain", "default", pairs, network, "--bipartite", "--json")
    result = forcelaw(*arguments)
    assert result.code == 0, result.err
    asked = [(pair["source"], pair["target"]) for pair in result.document["pairs"]]
    assert asked == [("source:0", "target:1"), ("source:2", "target:2")]
    assert "1 pair given again, explained once" in result.err
    assert result.document["cleanup"]["duplicates"] == 0


@pytest.fixture
def rated(tmp_path):
    file = tmp_path / "rated.csv"
    rows = [(i % 8, 8 + (i * 5) % 9, (i * 5) % 9 - 3 or 1) for i in range(72)]
    file.write_text("".join(f"n{a},n{b},{rating}\n" for a, b, rating in rows))
    return file


def test_ratings_are_predicted_and_written_once(forcelaw, rated, tmp_path):
    pairs, out = tmp_path / "pairs.csv", tmp_path / "ratings.csv"
    pairs.write_text("source,target\nn0,n9\nn1,nobody\n")
    options = ("--scale", "-10", "10", "--quiet")
    result = forcelaw("signed", "ratings", rated, pairs, "--out", out, "--json", *options)
    assert result.code == 0, result.err
    first, second = result.document["pairs"]
    assert first["low"] <= first["high"] and first["known"] and not second["known"]
    assert out.read_text().startswith("source,target,rating,low,high,known\nn0,n9,")
    again = forcelaw("signed", "ratings", rated, pairs, "--out", out, *options)
    assert again.code == 2 and "exists already" in again.err
    both = forcelaw("signed", "ratings", rated, pairs, "--protocol", "directed", *options)
    assert both.code == 2 and "--protocol: found it beside PAIRS" in both.err
    alone = forcelaw("signed", "ratings", rated, "--out", tmp_path / "no.csv", *options)
    assert alone.code == 2 and "--out: found no PAIRS" in alone.err


def test_ratings_are_scored_beside_others(forcelaw, rated, network):
    options = ("--scale", "-10", "10", "--seeds", "1", "--quiet")
    document = forcelaw("signed", "ratings", rated, "--json", *options).document
    methods = ("forcelaw", "fairness_goodness", "factorisation", "mean")
    assert all(document[name]["rmse"]["count"] == 1 for name in methods)
    assert "factorisation" in forcelaw("signed", "ratings", rated, *options).out
    signs = forcelaw("signed", "ratings", network, "--quiet")
    assert signs.code == 2 and "found signs alone, expected a rating" in signs.err
    assert signs.err.count("\n") == 1
