"""What every command of `forcelaw signed` understands of a file, and says of it."""

import csv

import numpy as np
import pytest

from forcelaw.signed.settings import ReadingSettings
from forcelaw.storage.given_settings import Given

RING = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "e"), ("e", "f"), ("f", "d")]
CROSS = [("a", "d"), ("b", "e"), ("c", "f")]


def edges(folder, friend, enemy, *more, header="source,target,sign"):
    """Two camps, in a file."""
    rows = [f"{u},{v},{friend}" for u, v in RING] + [f"{u},{v},{enemy}" for u, v in CROSS]
    file = folder / "camps.csv"
    file.write_text("\n".join([header, *rows, *more]) + "\n")
    return file


def probabilities(file):
    return {
        (row["source"], row["target"]): float(row["probability"])
        for row in csv.DictReader(file.read_text().splitlines())
    }


@pytest.fixture
def asked(tmp_path):
    """Pairs to be predicted, in both directions."""
    file = tmp_path / "pairs.csv"
    file.write_text("source,target\na,e\ne,a\na,b\n")
    return file


@pytest.mark.parametrize(("friend", "enemy"), [(1, 0), ("True", "False"), (5, 1)], ids=str)
def test_predictions_do_not_depend_on_how_signs_are_written(
    forcelaw, tmp_path, asked, friend, enemy
):
    out = tmp_path / "out.csv"
    arguments = ("signed", "predict", "default", asked, edges(tmp_path, 1, -1), "--out", out)
    assert forcelaw(*arguments).code == 0
    expected = probabilities(out)
    scale = ("--scale", 1, 5) if friend == 5 else ()
    edges(tmp_path, friend, enemy)
    result = forcelaw(*arguments, *scale, "--force")
    assert result.code == 0, result.err
    assert probabilities(out) == expected
    if not scale:
        assert "Cleaned up: signs 0 or False read as -1: 3" in result.out
        assert f"rows of {enemy} are enemies" in result.err


@pytest.mark.parametrize(
    "command",
    [
        ("predict", "default", "PAIRS", "FILE"),
        ("embed", "default", "FILE"),
        ("layout", "FILE"),
        ("split", "FILE", "--protocol", "pairs"),
        ("fit", "FILE"),
        ("evaluate", "FILE", "--protocol", "pairs"),
    ],
    ids=lambda command: command[0],
)
def test_every_command_asks_for_the_scale_and_tells_what_it_cleaned_up(
    forcelaw, tmp_path, asked, command
):
    out = tmp_path / ("out.csv" if command[0] in ("predict", "embed", "layout") else "out")

    def run(file, *options):
        names = {"PAIRS": asked, "FILE": file}
        arguments = [names.get(word, word) for word in command]
        return forcelaw("signed", *arguments, "--out", out, *options)

    file = edges(tmp_path, 5, 1, "a,c,4")
    result = run(file)
    assert result.code == 2 and not out.exists()
    assert f"{file}: found ratings from 1 to 5" in result.err and "--scale 1 5" in result.err
    if command[0] in ("fit", "evaluate"):
        return  # What they print is tested where they are run anyway.
    result = run(edges(tmp_path, 1, -1, "a,a,1", "a,b,-1", "b,f,1"))
    assert result.code == 0, result.err
    for words in ("self-loops dropped: 1", "repeated rows merged: 1", "contradicting edges"):
        assert words in result.out


def test_undirected_files_give_the_same_probability_from_both_ends(forcelaw, tmp_path, asked):
    out = tmp_path / "out.csv"
    command = (
        "signed",
        "predict",
        "default",
        asked,
        edges(tmp_path, 1, -1, "b,a,-1"),
        "--out",
        out,
    )
    assert forcelaw(*command).code == 0
    assert probabilities(out)["a", "e"] != probabilities(out)["e", "a"]
    assert forcelaw(*command, "--undirected", "--force").code == 0
    assert probabilities(out)["a", "e"] == probabilities(out)["e", "a"]


def test_users_and_items_are_kept_apart_on_request(forcelaw, tmp_path):
    random = np.random.default_rng(0)
    rows = [f"{u},{i},{random.choice([-1, 1])}" for u in range(6) for i in range(6)]
    file = tmp_path / "ratings.csv"
    file.write_text("\n".join(["user,item,sign", *rows]) + "\n")
    pairs, out = tmp_path / "pairs.csv", tmp_path / "out.csv"
    pairs.write_text("source,target\n0,0\n3,5\n")
    merged = forcelaw(
        "signed", "embed", "default", file, "--out", tmp_path / "places.csv", "--json"
    )
    assert merged.document["nodes"] == 6 and merged.document["cleanup"]["shared_names"] == 6
    assert "--bipartite" in merged.err
    result = forcelaw("signed", "predict", "default", pairs, file, "--bipartite", "--strict",
                      "--out", out)  # fmt: skip
    assert result.code == 0, result.err
    assert set(probabilities(out)) == {("source:0", "target:0"), ("source:3", "target:5")}


@pytest.mark.slow
def test_a_run_remembers_that_users_and_items_are_two(forcelaw, tmp_path, small):
    file, pairs, out = tmp_path / "ratings.csv", tmp_path / "pairs.csv", tmp_path / "out.csv"
    rows = [f"{u},{i},{1 if (u + i) % 3 else -1}" for u in range(6) for i in range(6)]
    file.write_text("\n".join(["user,item,sign", *rows]) + "\n")
    pairs.write_text("source,target\n0,0\n")
    fit = ("signed", "fit", file, *small, "--out", tmp_path / "run", "--json", "--bipartite")
    assert forcelaw(*fit).document["nodes"] == 12
    assert (
        forcelaw("signed", "predict", tmp_path / "run", pairs, "--strict", "--out", out).code == 0
    )
    assert set(probabilities(out)) == {("source:0", "target:0")}


def test_datasets_are_known_already(forcelaw, tmp_path):
    for option in ("--undirected", "--bipartite"):
        out = tmp_path / "out.svg"
        result = forcelaw("signed", "layout", "tribes", option, "--out", out)
        assert result.code == 2 and f"{option}: found a dataset, tribes" in result.err


def test_a_file_of_settings_says_how_to_read(tmp_path):
    file = tmp_path / "settings.yaml"
    file.write_text("scale: [1.0, 5.0]\nundirected: true\ndim: 3\n")
    found = Given(file=file, assignments=["bipartite=true"]).part(ReadingSettings)
    assert found == ReadingSettings(scale=[1.0, 5.0], undirected=True, bipartite=True)


def test_given_parts_are_read_alike(tmp_path):
    from forcelaw.signed import read_split

    (tmp_path / "train.csv").write_text("a,b,1\nb,c,0\nc,d,1\na,a,1\n")
    (tmp_path / "test.csv").write_text("a,c,0\nb,d,0\n")
    with pytest.warns(UserWarning, match="3 rows of 0 are enemies"):
        parts = read_split(tmp_path)
    assert parts.test.sign.tolist() == [-1, -1] and parts.train.n_edges == 3
    assert parts.train.cleanup["false_labels"] == 3 and parts.train.cleanup["self_loops"] == 1
