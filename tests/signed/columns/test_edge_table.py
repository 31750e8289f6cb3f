"""Edge lists as people write them: headers, separators, quotes, decimal commas, ids, ratings."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma

import numpy as np
import pytest
from edge_lists import edges, written
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.errors import InputError
from forcelaw.signed import SignedNetwork, read
from forcelaw.signed.columns.node_column import MISSING

EDGES = {("a", "b", 1), ("b", "c", -1), ("c", "a", 1)}
HEADERS = {
    "sign first": "sign,node1,node2\n1,a,b\n-1,b,c\n1,c,a\n",
    "sign in the middle": "Source,Sign,Target\na,1,b\nb,-1,c\nc,1,a\n",
    "index without a name": ",u_id,v_id,sign\n0,a,b,1\n1,b,c,-1\n2,c,a,1\n",
    "index from 1, quoted": '"","from","to","vote"\n"1","a","b",1\n"2","b","c",-1\n"3","c","a",1\n',
    "index called id": "id,from,to,sign\n1,a,b,1\n2,b,c,-1\n3,c,a,1\n",
    "index called Unnamed": "Unnamed: 0,src,dst,rating\n0,a,b,1\n1,b,c,-1\n2,c,a,1\n",
    "spellings": "FromNodeId;TO_NODE;Edge Sign\na;b;1\nb;c;-1\nc;a;1\n",
    "others beside": "note,source,target,colour,sign\nx,a,b,red,1\ny,b,c,,-1\nz,c,a,blue,1\n",
    "in a comment": "# sign source target\n1 a b\n-1 b c\n1 c a\n",
    "of SNAP": "# FromNodeId\tToNodeId\tSign\na\tb\t1\nb\tc\t-1\nc\ta\t1\n",
    "empty label": "Source,Target,Type,Id,Label,Weight\na,b,Directed,0,,1\nb,c,Directed,1,,-1\n"
    "c,a,Directed,2,,1\n",
    "text label": "source,target,label,weight\na,b,likes,1\nb,c,hates,-1\nc,a,likes,1\n",
    "quotes in tabs": '"source"\t"target"\t"sign"\n"a"\t"b"\t"1"\n"b"\t"c"\t"-1"\n"c"\t"a"\t"1"\n',
    "quotes in spaces": '"a" "b" "1"\n"b"   "c" -1\n"c" "a" 1\n',
    "separator at the end": "a,b,1,\nb,c,-1,\nc,a,1,\n",
    "tab at the end": "a\tb\t1\t\nb\tc\t-1\t\nc\ta\t1\t\n",
    "plus and minus": "source,target,sign\na,b,+\nb,c,-\nc,a,+\n",
    "minus sign": "a,b,1\nb,c,\N{MINUS SIGN}1\nc,a,+1\n",
    "true and false": "source,target,sign\na,b,True\nb,c,FALSE\nc,a,true\n",
    "note of Excel": "sep=;\nsource;target;sign\na;b;1\nb;c;-1\nc;a;1\n",
    "bars": "a|b|1\nb|c|-1\nc|a|1\n",
}


@pytest.mark.filterwarnings("ignore:.*found the signs False and True")
@pytest.mark.parametrize("case", HEADERS)
def test_the_header_says_which_column_is_which(tmp_path, case):
    network = read(written(tmp_path, HEADERS[case]))
    assert edges(network) == EDGES
    assert network.rating is None and network.time is None and network.directed


def test_an_edge_is_no_header_whatever_its_nodes_are_called(tmp_path):
    network = read(written(tmp_path, "u,v,+\nfrom,to,-\n"))
    assert edges(network) == {("u", "v", 1), ("from", "to", -1)}


def test_gephi_says_undirected(tmp_path):
    text = "Source,Target,Type,Id,Label,Weight\na,b,{0},0,,1.5\nb,a,{1},1,,1.5\n"
    assert not read(written(tmp_path, text.format("Undirected", "Undirected"))).directed
    with pytest.raises(InputError, match=r":3: found the type 'directed', expected undirected, as"):
        read(written(tmp_path, text.format("Undirected", "Directed")))


def test_a_sign_beside_a_weight_decides(tmp_path):
    file = written(tmp_path, "source,target,weight,sign\na,b,3,1\nb,c,3,-1\n")
    with pytest.warns(UserWarning, match=r":1: the column 'sign' gives the signs; 'weight' is"):
        assert edges(read(file)) == {("a", "b", 1), ("b", "c", -1)}


AMBIGUOUS = {
    "a,b,c,d,e\nx,y,1,2,3\n": r":1: found the columns 'a', .*, expected a column for source and t",
    "a,b,1,2,3\nx,y,1,2,3\n": r":1: found 5 columns separated by commas, expected source, target",
    "source,from,target,sign\na,b,c,1\nb,c,d,-1\n": r"two columns for the source, 'source', 'from'"
    r" \(target = 'target', sign or rating = 'sign'\), expected one; remove or rename",
    "source,target,weight,score\na,b,3,1\nb,c,3,-1\n": r"two columns for the sign or rating, 'w",
    "source,target,sign,date,timestamp\na,b,1,2,3\n": r"two columns for the time, 'date', 'timest",
    "sign,p,q,r\n1,a,b,c\n-1,b,c,d\n": r"found the columns .* \(sign or rating = 'sign'\), exp"
    r"ected a column for source and target too",
    "-1,1,7\n1,2,7\n-1,3,8\n": r":1: found only -1 and 1 in column 1, but not in column 3",
    "0,4,7,-1\n1,5,9,1\n2,4,9,1\n": r":1: found the numbers of the rows in column 1 and signs in c",
    ",a,b\na,0,1\nb,-1,0\n": r":1: found a matrix of 2 rows and columns, expected a line for each",
}


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_what_could_be_read_in_two_ways_is_an_error(tmp_path, text):
    with pytest.raises(InputError, match=AMBIGUOUS[text]):
        read(written(tmp_path, text))


@pytest.mark.parametrize("separator", [";", "\t", " "])
def test_decimal_commas(tmp_path, separator):
    text = "a,b,-0|95,1000|5\nb,c,1,1001|0\nc,a,1|25,1001|5\n"
    text = text.replace(",", separator).replace("|", ",")
    network = read(written(tmp_path, text))
    assert network.rating is not None and network.time is not None
    np.testing.assert_allclose(network.rating, [-0.95, 1, 1.25])
    assert network.time.tolist() == [1000.5, 1001, 1001.5]


def test_a_comma_that_may_mean_thousands_is_an_error(tmp_path):
    with pytest.raises(
        InputError, match=r":2: found the rating '1,500', which is 1500 or 1.500, e"
    ):
        read(written(tmp_path, "a;b;-2\nb;c;1,500\n"))
    rating = read(written(tmp_path, "a;b;1,500\nb;c;-0,5\n")).rating
    assert rating is not None and rating.tolist() == [1.5, -0.5]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("source,target,sign\n1.0,2,1\n2.0,3,-1\n3.0,1,1\n1.0,3,-1\n", ("1", "2", "3")),
        ("1.0,2.0,1\n2.0,30.00,-1\n", ("1", "2", "30")),
        ("1,2,1\n2.0,3,-1\n", ("1", "2", "3")),
    ],
)
def test_whole_numbers_written_as_decimals_are_whole(tmp_path, text, names):
    with pytest.warns(UserWarning, match="are whole numbers written as decimals; read '"):
        assert read(written(tmp_path, text)).names == names


def test_names_that_only_look_like_numbers_stay(tmp_path):
    for text in ("1.0,1.5,1\n1.5,2.0,-1\n", "v1.0,1.0,1\n1.0,v1.0,-1\n"):
        names = {cell for line in text.split() for cell in line.split(",")[:2]}
        assert set(read(written(tmp_path, text)).names) == names


@pytest.mark.parametrize("missing", ["", "nan", "NaN", "None", "<NA>", "null", "NA", '""', " "])
@pytest.mark.parametrize("end", ["source", "target"])
def test_a_missing_id_is_an_error_with_its_line(tmp_path, missing, end):
    line = f"{missing},2,1" if end == "source" else f"2,{missing},1"
    with pytest.raises(InputError, match=rf":3: found (no|an empty) {end}.*, expected the name of"):
        read(written(tmp_path, f"source,target,sign\n1,2,-1\n{line}\n3,1,1\n"))


def test_a_country_may_be_called_na(tmp_path):
    assert "NA" in read(written(tmp_path, "NA,ZA,1\nZA,ZW,-1\n")).names


def test_rounded_ids_are_an_error(tmp_path):
    with pytest.raises(InputError, match=r":2: found the target '1.23457E\+15', a rounded number"):
        read(written(tmp_path, "1,2,1\n3,1.23457E+15,-1\n"))


@pytest.mark.parametrize("rating", ["1e39", "-4e38", "1e-320", "1e-39", "inf", "nan", "1_0", "0x1"])
def test_ratings_that_single_precision_cannot_hold_are_an_error(tmp_path, rating: str):
    with pytest.raises(InputError, match=rf":2: found the rating '{rating}', expected"):
        read(written(tmp_path, f"a,b,1\nb,c,{rating}\n"))
    number = {"1_0": "inf", "0x1": "nan"}.get(rating, rating)
    with pytest.raises(InputError, match=r"row 1 has rating .*, expected"):
        SignedNetwork.from_edges(["a", "b"], ["b", "c"], [1.0, float(number)])


@pytest.mark.parametrize("rating", ["3e38", "-1.2e-38", "0"])
def test_ratings_at_the_ends_keep_their_sign(tmp_path, rating):
    network = read(written(tmp_path, f"a,b,1\nb,c,{rating}\nc,d,-1\n"))
    assert network.cleanup["zero_ratings"] == (rating == "0")
    assert np.isfinite(network.rating).all() if network.rating is not None else rating == "0"
    assert ("b", "c", -1) in edges(network) or not rating.startswith("-")


@pytest.mark.parametrize("time", ["now", "today", "NaT", "03/04/2020", "2020-13-01", "2020-W01-1"])
def test_times_that_are_no_moments_are_an_error(tmp_path, time):
    for text in (f"a,b,1,{time}\nb,c,-1,{time}\n", f"a,b,1,2020-01-01\nb,c,-1,{time}\n"):
        with pytest.raises(InputError, match=r":[12]: found the time '.*', expected a finite num"):
            read(written(tmp_path, text))


def test_zones_of_dates_count(tmp_path):
    text = "a,b,1,1970-01-01T02:00+02:00\nb,c,-1,1970-01-01 00:00:02Z\nc,a,1,1970-02\n"
    time = read(written(tmp_path, text)).time
    assert time is not None and time.tolist() == [0, 2, 31 * 86400]


@pytest.mark.parametrize(
    "text",
    [
        "a,b," + "9" * 100_000 + "\n" + "a,b,1\n" * 1000,
        "a,b,1," + "9" * 100_000 + "\n" + "a,b,1,1\n" * 1000,
        "x" * 200_000 + '",b,"1\n',
        ",".join(f"c{i}" for i in range(50_000)) + "\n",
        '"' * 200_001 + ",b,1\n",
    ],
    ids=["rating", "time", "name", "header", "quotes"],
)
def test_long_cells_and_lines_are_short_errors(tmp_path, text):
    with pytest.raises(InputError) as caught:
        read(written(tmp_path, text))
    assert len(str(caught.value)) < 600 + len(str(tmp_path))


@pytest.mark.parametrize("space", [" ", "\u3000", "\u2028", "\u2029"])
def test_white_space_around_names_is_none_of_them(tmp_path, space):
    text = f"a{space},{space}b,1\nb,c,-1\n{space}c{space},a,1\n"
    assert edges(read(written(tmp_path, text))) == EDGES


WORDS = {
    "source": ["source", "Src", "from_node", "u"],
    "target": ["target", "DST", "to node", "v"],
    "sign": ["sign", "rating", "Weight", "Edge Sign"],
    "time": ["time", "timestamp", "Date"],
    "note": ["note", "remark"],
}
# White space around a name is none of it, line separators of Unicode too; "nan" is a missing one.
NAME = (
    st.text(
        st.characters(codec="utf-8", exclude_characters="\0\r\n", exclude_categories=["Zs", "Cc"]),
        min_size=1,
    )
    .map(lambda text: f"n{text}".strip())
    .filter(lambda name: name not in MISSING)
)
PACKERS = {"": bytes, ".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_same_network_however_it_is_written(tmp_path_factory, data):
    """In any order of columns, with any separator, quotes, encoding and compression."""
    names = data.draw(st.lists(NAME, min_size=3, max_size=6, unique=True))
    node = st.sampled_from(names)
    rows = data.draw(
        st.lists(
            st.tuples(node, node, st.floats(-9, 9, width=16).filter(bool), st.integers(0, 99)),
            min_size=2,
            max_size=9,
        )
    )
    # Ratings without an enemy ask for their scale.
    rows.append((names[0], names[1], -2.5, 50))
    values = {
        "source": [row[0] for row in rows],
        "target": [row[1] for row in rows],
        "sign": [str(row[2]) for row in rows],
        "time": [str(row[3]) for row in rows],
        "note": ["fine, really"] * len(rows),
    }
    order = data.draw(st.permutations(list(values)))
    comma = data.draw(st.booleans())
    separator = data.draw(st.sampled_from(";\t" if comma else ",;\t"))
    if comma:
        values["sign"] = [cell.replace(".", ",") for cell in values["sign"]]
    stream = io.StringIO()
    quoting = data.draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    writer = csv.writer(stream, delimiter=separator, quoting=quoting, lineterminator="\n")
    writer.writerow([data.draw(st.sampled_from(WORDS[role])) for role in order])
    writer.writerows(zip(*(values[role] for role in order), strict=True))
    text = stream.getvalue().encode(data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])))
    ending = data.draw(st.sampled_from(list(PACKERS)))
    file = tmp_path_factory.mktemp("f") / f"edges.csv{ending}"
    file.write_bytes(PACKERS[ending](text))
    network, direct = (
        read(file, scale=(-9, 9)),
        SignedNetwork.from_edges(*zip(*rows, strict=True), scale=(-9, 9)),
    )
    assert network.names == direct.names and network.name == "edges"
    for label in ("source", "target", "sign", "time"):
        np.testing.assert_array_equal(getattr(network, label), getattr(direct, label))
    if direct.rating is not None:
        np.testing.assert_array_equal(network.rating, direct.rating)
