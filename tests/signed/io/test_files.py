from __future__ import annotations

import gzip

import numpy as np
import pytest
from edge_lists import edges, written
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.errors import InputError, suggest
from forcelaw.signed import SignedNetwork, check_trainable, read


@pytest.mark.parametrize("separator", [",", "\t", ";", " ", "   "])
@pytest.mark.parametrize("header", ["", "source,target,rating,time\n", "from,to,weight,date\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_and_headers(tmp_path, separator, header, end):
    text = "# comment\n% another\n" + header + "b,a,-3,10\n\na,c,2,11.5"
    file = written(tmp_path, text.replace(",", separator).replace("\n", end))
    network = read(file)
    assert edges(network) == {("b", "a", -1), ("a", "c", 1)}
    assert network.names == ("a", "b", "c")
    assert network.rating is not None and network.rating.tolist() == [2, -3]
    assert network.time is not None and network.time.tolist() == [11.5, 10]
    assert network.directed and network.name == "edges"


def test_header_says_which_column_is_which(tmp_path):
    network = read(written(tmp_path, "time,sign,target,source\n5,-1,b,a\n6,1,c,b\n"))
    assert edges(network) == {("a", "b", -1), ("b", "c", 1)}
    assert network.time is not None and network.time.tolist() == [5, 6]


def test_first_row_is_never_dropped(tmp_path):
    assert read(written(tmp_path, "6,2,4\n2,3,-1\n")).n_edges == 2
    assert read(written(tmp_path, "source,target,1\na,b,-1\n")).n_edges == 2
    with pytest.raises(InputError, match=r"edges.csv:1: found the rating 'x', expected a finite"):
        read(written(tmp_path, "a,b,x\nb,c,1\n"))
    with pytest.raises(InputError, match=r"edges.csv:1: found the rating 'x'"):
        read(written(tmp_path, "6,2,x\n7,8,1\n"))


def test_an_unknown_header_is_announced(tmp_path):
    with pytest.warns(
        UserWarning, match=r"edges.csv:2: read as a header \(source = 'who', target = "
    ):
        network = read(written(tmp_path, "# x\nwho,whom,how\na,b,1\nb,c,-1\n"))
    assert network.n_edges == 2


def test_ids_are_any_text(tmp_path):
    network = read(written(tmp_path, '"Smith, J.",Ünal,1\n"say ""hi""",#b,-1\n"#tag",007,1\n'))
    assert edges(network) == {
        ("Smith, J.", "Ünal", 1), ('say "hi"', "#b", -1), ("#tag", "007", 1)
    }  # fmt: skip
    assert len(read(written(tmp_path, "7,007,1\n")).names) == 2
    assert read(written(tmp_path, "﻿a,b,1\n")).names == ("a", "b")
    assert read(written(tmp_path, 'a b\t"c\t-1\n')).names == ('"c', "a b")


def test_gzip_is_recognised_by_content(tmp_path):
    plain = read(written(tmp_path, "a,b,1\n"))
    zipped = read(written(tmp_path, gzip.compress(b"a,b,1\n"), "edges.csv"))
    misnamed = read(written(tmp_path, "a,b,1\n", "edges.csv.gz"))
    assert plain.content_hash == zipped.content_hash == misnamed.content_hash
    assert misnamed.name == "edges"


def test_dates_become_seconds(tmp_path):
    network = read(written(tmp_path, "a,b,1,1970-01-02\nb,c,1,1970-01-01T00:00:01.5Z\n"))
    assert network.time is not None and network.time.tolist() == [86400, 1.5]


def test_clean_up_is_counted(tmp_path):
    network = read(written(tmp_path, "a,a,1\na,b,0\na,b,3\na,b,5\nc,a,1\nc,a,-2\nc,a,-4\nb,a,1\n"))
    assert edges(network) == {("a", "b", 1), ("b", "a", 1), ("c", "a", -1)}
    assert network.rating is not None and network.rating.tolist() == [4, 1, -3]
    assert network.cleanup == {
        "zero_ratings": 1, "self_loops": 1, "duplicates": 3, "conflicts": 1
    }  # fmt: skip
    pairs = network.pairs()
    assert edges(pairs) == {("a", "b", 1), ("a", "c", -1)}
    assert (pairs.cleanup["merged_directions"], pairs.cleanup["conflicting_pairs"]) == (1, 0)


def test_the_latest_row_decides(tmp_path):
    network = read(written(tmp_path, "a,b,-1,1\na,b,2,9\na,b,-1,3\nb,c,1,5\nb,c,-1,5\n"))
    assert edges(network) == {("a", "b", 1), ("b", "c", -1)}
    assert network.time is not None and network.time.tolist() == [9, 5]
    assert network.cleanup["conflicts"] == 2


def test_congress(tmp_path):
    file = written(tmp_path, "# 4\n0 1 1\n2 1 -1\n")
    network = read(file)
    assert not network.directed and network.names == ("0", "1", "2", "3")
    assert edges(network) == {("0", "1", 1), ("1", "2", -1)}
    assert read(file, directed=True).directed
    outside = written(tmp_path, "# 2\n0 1 1\n2 1 -1\n")
    assert read(outside).directed
    with pytest.raises(InputError, match=r"edges.csv:3: found node '2', expected a number from 0"):
        read(outside, format="congress")


def test_konect(tmp_path):
    network = read(written(tmp_path, "% sym signed\n% 2 4 4\n1 2\t1\n3 2\t-1\n"))
    assert not network.directed and network.names == ("1", "2", "3", "4")
    assert read(written(tmp_path, "% asym signed\n1 2 1 9\n")).directed
    kinds = read(written(tmp_path, "% bip signed\n1 2 1\n2 1 -1\n"))
    assert kinds.names == ("source:1", "source:2", "target:1", "target:2")
    with pytest.raises(InputError, match="expected '% sym signed'"):
        read(written(tmp_path, "1 2 1\n"), format="konect")


def record(source, target, vote, date="23:13, 19 April 2013"):
    return (
        f"SRC:{source}\nTGT:{target}\nVOT:{vote}\nRES:1\nYEA:2013\nDAT:{date}\nTXT:'''Yes''' SRC:\n"
    )


def test_wiki_rfa(tmp_path):
    text = "\n".join([
        record("A:b", "C", -1),
        record("", "C", 1),
        record("A:b", "C", 1, "23:14, 19 April 2013"),
        record("C", "D", 0),
        record("D", "C", -1, ""),
    ])  # fmt: skip
    network = read(written(tmp_path, text))
    assert edges(network) == {("A:b", "C", 1), ("D", "C", -1)}
    assert network.time is not None and network.time.tolist() == [1366413240, 1356998400]
    assert network.cleanup == {
        "zero_ratings": 1, "self_loops": 0, "duplicates": 1, "conflicts": 1,
        "empty_source": 1, "approximate_times": 1,
    }  # fmt: skip
    with pytest.raises(InputError, match=r":3: found the vote 'x', expected -1, 0 or 1"):
        read(written(tmp_path, record("A", "B", "x")))
    with pytest.raises(InputError, match=r":10: found 'VOT:1', expected the field TGT:"):
        read(written(tmp_path, record("A", "B", 1) + "\nSRC:a\nVOT:1\n"))


ERRORS = {
    "empty": (b"", r"found an empty file, expected an edge list"),
    "only comments": (b"# nothing\n", r"found no edges, expected lines of source, target"),
    "of networkx": (b"a b {'weight': 1}\n", "write the graph by networkx.write_weighted_edgelist"),
    "only header": (b"source,target,sign\n", r"found only a header, expected edges"),
    "two columns": (b"a,b\nb,c\n", r"edges.csv:1: found 2 columns separated by commas, expected"),
    "no sign": (b"source,target,time\na,b,1\n", r":1: found the columns 'source', 'target', 't"),
    "no third": (b"source,target\na,b\n", r":1: found only the columns 'source', 'target', ex"),
    "short line": (b"a,b,1\n\na,c\n", r":3: found 2 columns separated by commas, expected"),
    "ragged": (b"a,b,1\na,c,1,5\n", r":2: found 4 columns separated by commas, expected 3 as"),
    "many columns": (b"a,b,1,2,3\n", r":1: found 5 columns separated by commas, expected"),
    "text rating": (b"a,b,1\nb,c,good\n", r":2: found the rating 'good', expected a finite"),
    "nan rating": (b"a,b,1\nb,c,nan\n", r":2: found the rating 'nan', expected a finite"),
    "infinite rating": (b"a,b,1\nb,c,-inf\n", r":2: found the rating '-inf', expected a finite"),
    "bad time": (b"a,b,1,5\nb,c,1,later\n", r":2: found the time 'later', expected a finite"),
    "bad date": (b"a,b,1,2013-01-01\nb,c,1,2013-13-01\n", r":2: found the time '2013-13-01'"),
    "empty name": (b"a,b,1\n,c,1\n", r":2: found an empty source, expected the name of a node"),
    "bytes": (b"a,b,1\nb,\xff,1\n", r":2: found the byte 0xff, expected UTF-8 text; save the"),
    "quotation": (b'a,b,1\n"b,c,1\n', r":2: found a damaged quotation"),
    "truncated": (gzip.compress(b"a,b,1\n" * 99)[:-9], r"truncated or damaged gzip file .*; down"),
}


@pytest.mark.parametrize("case", ERRORS)
def test_errors_say_what_and_where(tmp_path, case):
    content, message = ERRORS[case]
    with pytest.raises(InputError, match=message) as caught:
        read(written(tmp_path, content))
    assert "\n" not in str(caught.value) and str(tmp_path) in str(caught.value)


def test_missing_file_folder_and_format(tmp_path):
    with pytest.raises(InputError, match="found no such file, expected an edge list; check"):
        read(tmp_path / "none.csv")
    with pytest.raises(InputError, match="found a folder, expected a file"):
        read(tmp_path)
    with pytest.raises(InputError, match=r"found format 'konnect'; did you mean 'konect'\?"):
        read(tmp_path, format="konnect")


def test_check_trainable(tmp_path):
    for text, words in {
        "a,b,1\n": r"found only positive edges \(1\), expected .* add edges of the other sign",
        "a,b,2\nb,c,0\n": "found only positive edges .* write enemies as -1",
        "a,b,5\nb,c,5\n": "found only positive edges .* declare it: --scale 1 5",
        "a,b,1\nb,c,5\n": "found ratings from 1 to 5.* declare it: --scale 1 5",
        "a,b,0\n": "found no edges",
    }.items():
        with pytest.raises(InputError, match=words):
            check_trainable(read(written(tmp_path, text)))


def test_suggest():
    assert suggest("bitcoin-oct", ["bitcoin-otc", "tribes"]) == "did you mean 'bitcoin-otc'?"
    assert suggest("zzz", ["b", "a"]) == "choose one of a, b"


NAME = st.text(st.characters(codec="utf-8", exclude_characters='\0\r\n",;\t'), min_size=1).map(
    lambda s: "x" + s.strip() if s.strip() else "x"
)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(NAME, NAME, st.integers(-10, 10), st.floats(-1e9, 1e9)), min_size=1, max_size=12
    ),
    order=st.randoms(use_true_random=False),
)
def test_line_order_does_not_matter_and_columns_round_trip(tmp_path_factory, rows, order):
    file = tmp_path_factory.mktemp("f") / "edges.tsv"
    lines = [f"{u}\t{v}\t{r}\t{t!r}" for u, v, r, t in rows]
    file.write_text("\n".join(lines), newline="")
    network = read(file, scale=(-10, 10))
    order.shuffle(lines)
    file.write_text("\n".join(lines), newline="")
    again = read(file, scale=(-10, 10))
    direct = SignedNetwork.from_edges(*zip(*rows, strict=True), scale=(-10, 10))
    for other in (again, direct):
        assert network.names == other.names
        assert edges(network) == edges(other)
        for label in ("source", "target", "sign", "time"):
            np.testing.assert_array_equal(getattr(network, label), getattr(other, label))
    counts = network.cleanup
    dropped = counts["zero_ratings"] + counts["self_loops"] + counts["duplicates"]
    assert network.n_edges == len(rows) - dropped


def test_a_scale_says_what_is_neither_friend_nor_enemy(tmp_path):
    path = tmp_path / "stars.csv"
    path.write_text("source,target,rating\na,b,5\nb,c,1\nc,a,3\n")
    network = read(path, scale=(1, 5))
    assert network.sign.tolist() == [1, -1]
    assert network.rating is not None and network.rating.tolist() == [2, -2]
    assert network.cleanup["zero_ratings"] == 1
    # Zero inside the scale stays what it is, wherever the middle lies.
    assert read(path, scale=(-1, 10)).sign.tolist() == [1, 1, 1]


def test_a_rating_outside_the_scale_is_named_with_its_line(tmp_path):
    path = tmp_path / "stars.csv"
    path.write_text("# stars\nsource,target,rating\na,b,5\nb,c,6\n")
    with pytest.raises(InputError, match=r"stars\.csv:4: found the rating 6, expected one from 1"):
        read(path, scale=(1, 5))
    with pytest.raises(InputError, match="smaller number first"):
        read(path, scale=(5, 1))
