"""`forcelaw signed balance`: what signs say about groups."""

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


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("a,b,0\nb,c,0\na,c,0\nc,d,-0\n", (), "expected"),
        ("a,b,1\nb,c,3\nc,a,5\n", (), "--scale"),
        ("", (), "expected"),
        ("a,b,1\nb,c,-1\n", ("--seconds", "nan"), "--seconds: expected a number greater"),
        ("a,b,1\nb,c,-1\n", ("--seed", "-1"), "--seed: found -1"),
    ],
)
def test_wrong_input_is_one_clear_line(forcelaw, tmp_path, text, options, message):
    file = tmp_path / "edges.csv"
    file.write_text(text)
    result = forcelaw("signed", "balance", file, *options, "--quiet")
    assert result.code == 2, result.out
    assert message in result.err and result.err.count("\n") == 1
    assert "Traceback" not in result.err
