"""`forcelaw signed balance`, `factions`: what signs say about groups."""

import csv

import pytest


def test_balance_tells_every_number_beside_chance(forcelaw, network):
    result = forcelaw("signed", "balance", network, "--json", "--quiet")
    assert result.code == 0, result.err
    document = result.document
    assert document["frustration"] == {"lower": 0, "upper": 0, "exact": True}
    assert document["balanced"] is True
    assert document["triangles"]["balanced"] == document["walks"]["balance"] == 1
    assert {"mean", "std", "z", "shuffled", "by_node"} == set(document["null"])
    assert document["null"]["z"] < 0
    shown = forcelaw("signed", "balance", network)
    assert "Balanced: two groups contradict no sign." in shown.out
    assert "signs shuffled" in shown.err


def test_balance_of_friends_alone_is_defined(forcelaw, tmp_path):
    file = tmp_path / "friends.csv"
    file.write_text("a,b,1\nb,c,1\nc,a,1\n")
    document = forcelaw("signed", "balance", file, "--json", "--quiet").document
    assert document["frustration"]["upper"] == 0
    assert document["null"]["z"] is None


def test_factions_are_told_and_written_once(forcelaw, network, tmp_path):
    out = tmp_path / "factions.csv"
    result = forcelaw("signed", "factions", network, "--out", out, "--json", "--quiet")
    assert result.code == 0, result.err
    document = result.document
    assert document["k"] == 2 and document["frustration"] == 0
    assert document["polarisation"] == 1
    even = {f"n{number}" for number in range(0, 12, 2)}
    assert even in [set(members) for members in document["members"]]
    with out.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["node"] for row in rows if row["faction"] == "1"} == set(document["members"][0])
    before = out.read_bytes()
    again = forcelaw("signed", "factions", network, "--out", out, "--k", "3")
    assert again.code == 2 and "exists already" in again.err
    assert out.read_bytes() == before
    forced = forcelaw("signed", "factions", network, "--out", out, "--k", "3", "--force")
    assert forced.code == 0 and "3 factions" in forced.out and out.read_bytes() != before
    many = forcelaw("signed", "factions", network, "--k", "13", "--quiet")
    assert many.code == 2 and "k: found 13, expected 1 to 12" in many.err


@pytest.mark.parametrize("name", ["balance", "factions"])
@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("a,b,0\nb,c,0\na,c,0\nc,d,-0\n", (), "expected"),
        ("a,b,1\nb,c,3\nc,a,5\n", (), "--scale"),
        ("", (), "expected"),
        ("a,b,1\nb,c,-1\n", ("--seed", "-1"), "--seed: found -1"),
    ],
)
def test_wrong_input_is_one_clear_line(forcelaw, tmp_path, name, text, options, message):
    file = tmp_path / "edges.csv"
    file.write_text(text)
    result = forcelaw("signed", name, file, *options, "--quiet")
    assert result.code == 2, result.out
    assert message in result.err and result.err.count("\n") == 1
    assert "Traceback" not in result.err


def test_no_number_is_no_time(forcelaw, network):
    result = forcelaw("signed", "balance", network, "--seconds", "nan", "--quiet")
    assert result.code == 2 and "--seconds: expected a number greater" in result.err
